import { z } from 'zod';
import { ConnectorFailure } from '#connect';
import { query, queryMore, quoted, type Context, type ObjectType } from './client.js';
import type { Page, SalesforceRecord } from './wire.js';

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

export async function pageAt(context: Context, walked: Walked, place: Place): Promise<Page> {
  const kept = place.more === undefined ? null : await queryMore(context, walked.type, place.more);
  return kept ?? query(context, walked.type, { soql: soqlAt(walked, place), isAll: walked.by === 'changes' });
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
 * The place behind a page, given its records as they were read in the end; null behind the last. A page that leads to
 * itself, or brings nothing new, is no reason to end: the walk goes on by a query from where it really is.
 */
export function placeBehind(
  { by }: Pick<Walked, 'by'>,
  place: Place,
  { page, records }: { page: Page; records: readonly Pick<SalesforceRecord, 'Id' | 'SystemModstamp'>[] },
): Place | null {
  const next = page.nextRecordsUrl ?? null;
  if (page.done || next === null) return null;
  const { at, id } = records.reduce<Reached>((last, record) => further(by, last, record), {
    at: place.at,
    id: place.id,
  });
  const hasMoved = at !== place.at || id !== place.id;
  const stalls = hasMoved ? 0 : (place.stalls ?? 0) + 1;
  if (stalls > MOST_STALLS) {
    throw new ConnectorFailure('transient', `query: nothing new behind ${JSON.stringify(place)}, and yet more to come`);
  }
  const isLoop = next === place.more;
  return { at, id, ...(!isLoop && { more: next }), ...(stalls > 0 && { stalls }) };
}

type Reached = Pick<Place, 'at' | 'id'>;

function further(
  by: Walked['by'],
  last: Reached,
  { Id: id, SystemModstamp }: Pick<SalesforceRecord, 'Id' | 'SystemModstamp'>,
): Reached {
  if (by === 'ids') return last.id === undefined || id > last.id ? { id } : last;
  const at = SystemModstamp;
  if (last.at === undefined || at > last.at) return { at, id };
  return at === last.at && (last.id === undefined || id > last.id) ? { at, id } : last;
}
