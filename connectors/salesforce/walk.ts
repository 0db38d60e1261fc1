import { z } from 'zod';
import { ConnectorFailure } from '#connect';
import { query, queryMore, quoted, type Context, type ObjectType } from './client.js';
import { modifiedOf, type Page, type SalesforceRecord } from './wire.js';

const MOST_STALLS = 8;

/**
 * Where a walk stands: behind the last record that came, and at the page that Salesforce keeps ready behind it. A kept
 * page ends after two days, or when too many are kept: the walk then goes on by a new query, from the record.
 */
const placeShape = z.strictObject({
  at: z.string().optional(),
  id: z.string().optional(),
  more: z.string().optional(),
  /** How often nothing new was behind this place. */
  stalls: z.int().optional(),
});
export type Place = z.infer<typeof placeShape>;

export interface Walked {
  type: ObjectType;
  fields: readonly string[];
  /** By the time of change, deleted ones among them; or by id, only those that are there. */
  by: 'changes' | 'ids';
}

export function placeOf(cursor: string): Place {
  return placeShape.parse(JSON.parse(cursor));
}

/** `isKept`: by the page that Salesforce has kept, not by a query of its own. */
export interface Answered {
  page: Page;
  isKept: boolean;
}

export async function pageAt(context: Context, walked: Walked, place: Place): Promise<Answered> {
  const kept = place.more === undefined ? null : await queryMore(context, walked.type, place.more);
  if (kept) return { page: kept, isKept: true };
  const page = await query(context, walked.type, { soql: soqlAt(walked, place), isAll: walked.by === 'changes' });
  return { page, isKept: false };
}

function soqlAt({ type, fields, by }: Walked, { at, id }: Place): string {
  const order = by === 'ids' ? 'Id' : 'SystemModstamp, Id';
  return `SELECT ${fields.join(',')} FROM ${type}${conditionAt(by, { at, id })} ORDER BY ${order}`;
}

function conditionAt(by: Walked['by'], { at, id }: Place): string {
  if (by === 'ids') return id === undefined ? '' : ` WHERE Id > ${quoted(id)}`;
  if (at === undefined) return '';
  if (id === undefined) return ` WHERE SystemModstamp >= ${at}`;
  return ` WHERE (SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${quoted(id)}))`;
}

/**
 * The place behind a page, null behind the last, and how far the walk has come. A page that leads to itself, or brings nothing new, is no reason to end:
 * the walk goes on by a query from where it really is. `oddIds`: records whose times on the page are not to be believed.
 */
export function placeBehind(
  { by }: Pick<Walked, 'by'>,
  place: Place,
  { page, isKept }: Answered,
  oddIds: ReadonlySet<string>,
): { next: Place | null; reached: Reached } {
  const next = page.nextRecordsUrl ?? null;
  const certain = reachedBy(by, page.records, { isKept, oddIds });
  const isFurther = certain !== null && isBehind(certain, place);
  const reached: Reached = isFurther ? certain : { at: place.at, id: place.id };
  if (page.done || next === null) return { next: null, reached };
  const isLoop = next === place.more;
  const hasMoved = isFurther || (isKept && !isLoop && page.records.length > 0);
  const stalls = hasMoved ? 0 : (place.stalls ?? 0) + 1;
  if (stalls > MOST_STALLS) {
    throw new ConnectorFailure('transient', `query: nothing new behind ${JSON.stringify(place)}, and yet more to come`);
  }
  return { next: { ...reached, ...(!isLoop && { more: next }), ...(stalls > 0 && { stalls }) }, reached };
}

type Reached = Pick<Place, 'at' | 'id'>;

/**
 * How far a page has come for certain. A kept page has its records in the order of the query and with the times that they
 * have now: one that changed since would lead over all those that did not, so the least of the times is taken.
 */
function reachedBy(
  by: Walked['by'],
  records: readonly SalesforceRecord[],
  { isKept, oddIds }: { isKept: boolean; oddIds: ReadonlySet<string> },
): Reached | null {
  const places =
    by === 'ids'
      ? records.map(({ Id: id }): Reached => ({ id }))
      : records
          .filter(({ Id: id }) => !oddIds.has(id))
          .map((record): Reached => ({ at: modifiedOf(record).toISOString(), id: record.Id }));
  const isLeast = isKept && by === 'changes';
  const first = places.shift();
  return first ? places.reduce((a, b) => (isBehind(b, a) === isLeast ? a : b), first) : null;
}

function isBehind({ at: atA = '', id: idA = '' }: Reached, { at: atB = '', id: idB = '' }: Reached): boolean {
  return atA === atB ? idA > idB : atA > atB;
}
