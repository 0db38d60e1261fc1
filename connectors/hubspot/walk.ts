import { z } from 'zod';
import { ConnectorFailure } from '#connect';
import { search, type Context } from './client.js';
import { instantOf, type CrmObject, type ObjectType } from './wire.js';

/** Search answers no more than so many results of one query: a walk that counts pages ends there, this one never does. */
const MOST_STALLS = 5;
const SAME_TIME_MS = 60_000;

/**
 * Where a walk stands: at a time of change, and where more records than a page have that very time, at an id among them.
 * No page is counted from the start of the query: a record that changes meanwhile moves to the end, and would pull one
 * that was not read yet over the edge of a page that was. It also never comes near the 10,000 results.
 */
const placeShape = z.strictObject({
  at: z.int(),
  behindId: z.string().optional(),
  /** How often nothing new was behind this place. */
  stalls: z.int().optional(),
});
type Place = z.infer<typeof placeShape>;

export interface Step {
  objects: CrmObject[];
  next: string | null;
  total?: number;
}

export interface Walked {
  type: ObjectType;
  /** The property that holds when an object was changed. */
  modified: string;
  properties: readonly string[];
}

/** One page of what changed, oldest change first. */
export async function step(
  context: Context,
  walked: Walked,
  from: { since: Date | null; cursor: string | null },
): Promise<Step> {
  const place = from.cursor === null ? { at: from.since?.getTime() ?? 0 } : placeOf(from.cursor);
  const { type, modified, properties } = walked;
  const { results, paging, total } = await search(context, type, {
    filters: filtersAt(place, modified),
    sortBy: place.behindId === undefined ? modified : 'hs_object_id',
    properties,
  });
  const next = placeBehind(place, results, { modified, hasMore: paging?.next != null });
  return {
    objects: results,
    next: next && JSON.stringify(next),
    ...(from.cursor === null && total !== undefined && { total: Number(total) }),
  };
}

function filtersAt({ at, behindId }: Place, modified: string) {
  const value = String(at);
  if (behindId === undefined) return [{ propertyName: modified, operator: 'GTE' as const, value }];
  return [
    { propertyName: modified, operator: 'EQ' as const, value },
    { propertyName: 'hs_object_id', operator: 'GT' as const, value: behindId },
  ];
}

function placeBehind(
  place: Place,
  results: readonly CrmObject[],
  { modified, hasMore }: { modified: string; hasMore: boolean },
): Place | null {
  const { at, behindId, stalls = 0 } = place;
  if (!hasMore) return behindId === undefined ? null : { at: at + 1 };
  const stalled = (): Place => {
    if (stalls < MOST_STALLS) return { ...place, stalls: stalls + 1 };
    throw new ConnectorFailure(
      'transient',
      `search: nothing new behind ${JSON.stringify(place)}, and yet more to come`,
    );
  };
  if (results.length === 0) return stalled();
  if (behindId !== undefined) {
    const last = results.at(-1)!.id;
    return BigInt(last) > BigInt(behindId) ? { at, behindId: last } : stalled();
  }
  const reached = Math.max(...results.map((object) => modifiedOf(object, modified).getTime()));
  if (reached > at) return { at: reached };
  return reached === at ? { at, behindId: '0' } : stalled();
}

function placeOf(cursor: string): Place {
  return placeShape.parse(JSON.parse(cursor));
}

/**
 * When an object was changed. It is said twice, by the property and by `updatedAt`; where the two are far apart, the
 * earlier is believed: what is newer than it seems is read again, what seems newer than it is would hide what follows.
 */
export function modifiedOf(object: CrmObject, modified: string): Date {
  const updatedAt = instantOf(object.updatedAt)!;
  const stated = instantOf(object.properties[modified] ?? '');
  if (stated === null || isFar(stated, updatedAt)) return stated !== null && stated < updatedAt ? stated : updatedAt;
  return stated;
}

export function isTimeOdd(object: CrmObject, modified: string): boolean {
  const stated = instantOf(object.properties[modified] ?? '');
  return stated === null || isFar(stated, instantOf(object.updatedAt)!);
}

function isFar(a: Date, b: Date): boolean {
  return Math.abs(a.getTime() - b.getTime()) > SAME_TIME_MS;
}
