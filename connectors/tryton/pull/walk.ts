import { z } from 'zod';
import { ConnectorFailure, readWire, type PulledPage, type PulledRecord } from '#connect';
import { count, search, type Context } from '../client.js';
import { ids as idList, latest, record, stampOf, times, id } from '../wire/parts.js';
import { datetimeOf, idOf, type Domain } from '../wire/values.js';

const MOST_STALLS = 5;
const TIMES = ['create_date', 'write_date'];

type Row = Record<string, unknown> & { id: string };

/** A model whose changes change documents: writing a line does not touch its order, nor an address its party. */
export interface Source {
  model: string;
  domain?: Domain;
  /** What tells which documents a row is part of. */
  field: string;
  owners(value: unknown): string[];
}

/** Documents of one kind, each of one record of the first source and what belongs to it. */
export interface Walked {
  sources: readonly [Source, ...Source[]];
  size: number;
  /** Whole, in the order of their ids; one that is not there is left out. */
  documents(context: Context, ids: readonly string[]): Promise<PulledRecord[]>;
}

/** A record that is its own document, or names the one it belongs to. */
export function itself(model: string, domain: Domain = []): Source {
  return { model, domain, field: 'id', owners: (value) => [readWire(id, value)] };
}
export function belonging(model: string, field: string, domain: Domain = []): Source {
  return { model, domain, field, owners: (value) => (value == null ? [] : [readWire(id, value)]) };
}
export function listing(model: string, field: string): Source {
  return { model, field, owners: (value) => readWire(idList, value) };
}

type By = 'id' | 'create_date' | 'write_date';
interface Part {
  source: Source;
  by: By;
}

/**
 * Where a walk stands: behind a record of a part, by id, or by time and id. Nothing is counted from the start of a list:
 * a record that changes meanwhile moves to its end, and would pull one that was not read yet over the edge of a page.
 */
const placeShape = z.strictObject({
  part: z.int(),
  at: z.string(),
  id: z.string(),
  stalls: z.int(),
});
type Place = z.infer<typeof placeShape>;

const rowShape = record({ id, ...times });

/** One page: of all there is, by id; else of what was made and of what was written since then, source by source. */
export async function step(
  context: Context,
  walked: Walked,
  { since, cursor }: { since: Date | null; cursor: string | null },
): Promise<PulledPage> {
  const parts = partsOf(walked, since);
  const place = cursor === null ? beginning(0, since) : placeShape.parse(JSON.parse(cursor));
  const part = parts[place.part];
  if (!part) throw new ConnectorFailure('unexpected_shape', `cursor: there is no part ${place.part}`);
  const { source, by } = part;
  const domain = behind(part, place);
  const fields = [...TIMES, ...(source.field === 'id' ? [] : [source.field])];
  const order: [string, string][] = by === 'id' ? [['id', 'ASC']] : [[by, 'ASC'], ['id', 'ASC']]; // prettier-ignore
  const rows = await search(context, source.model, { domain, fields, order, limit: walked.size });
  const isOff = rows.some((row) => !isBehind(part, place, row));
  const left = isOff || rows.length === walked.size ? rows.length : await count(context, source.model, domain);
  // A page that was not asked for, or one that ends though there is more: it is asked for once more.
  if (isOff || left > rows.length) return { records: [], next: JSON.stringify(stalled(place, source)) };
  const owners = rows.flatMap((row) => source.owners(row[source.field]));
  const records = await walked.documents(context, [...new Set(owners)]);
  const next = placeBehind(part, place, rows, walked.size);
  const isFirst = cursor === null && parts.length === 1;
  return {
    records,
    next: next ? JSON.stringify(next) : nextPart(parts, place, since),
    ...(isFirst && { total: await count(context, source.model, source.domain ?? []) }),
  };
}

/** What is there, with the versions that a walk tells. */
export async function censusOf(context: Context, walked: Walked, cursor: string | null) {
  const { records, next } = await step(context, walked, { since: null, cursor });
  return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
}

function partsOf({ sources }: Walked, since: Date | null): Part[] {
  if (since === null) return [{ source: sources[0], by: 'id' }];
  return sources.flatMap((source): Part[] => [
    { source, by: 'create_date' },
    { source, by: 'write_date' },
  ]);
}

function beginning(part: number, since: Date | null): Place {
  return { part, at: (since ?? new Date(0)).toISOString(), id: '0', stalls: 0 };
}

function nextPart(parts: readonly Part[], { part }: Place, since: Date | null): string | null {
  return part + 1 < parts.length ? JSON.stringify(beginning(part + 1, since)) : null;
}

function behind({ source: { domain = [] }, by }: Part, { at, id: last }: Place): Domain {
  const isLater = ['id', '>', Number(last)];
  if (by === 'id') return [...domain, isLater];
  const time = datetimeOf(at);
  // What was written is found by that time alone.
  const unwritten = by === 'create_date' ? [['write_date', '=', null]] : [];
  return [...domain, ...unwritten, ['OR', [[by, '>', time]], [[by, '=', time], isLater]]];
}

function isBehind({ by }: Part, { at, id: last }: Place, row: Row): boolean {
  const isLater = idOf(row.id) > Number(last);
  if (by === 'id') return isLater;
  const read = readWire(rowShape, row);
  if (by === 'create_date' && read.write_date !== null) return false;
  const time = read[by];
  const from = padded(at);
  return time !== null && (time > from || (time === from && isLater));
}

function stalled(place: Place, { model }: Source): Place {
  if (place.stalls < MOST_STALLS) return { ...place, stalls: place.stalls + 1 };
  throw new ConnectorFailure('transient', `${model}: nothing behind ${place.at} and ${place.id}, and yet more to come`);
}

function placeBehind({ by }: Part, place: Place, rows: readonly Row[], size: number): Place | null {
  const last = rows.at(-1);
  if (!last || rows.length < size) return null;
  const at = by === 'id' ? place.at : stampOf(readWire(rowShape, last));
  return { ...place, at, id: last.id, stalls: 0 };
}

/** With the server’s six digits behind the second, so that texts sort. */
function padded(at: string): string {
  const [second, fraction = ''] = at.replace('Z', '').split('.');
  return `${second}.${fraction.padEnd(6, '0')}Z`;
}

/** The newest time of a document’s rows. */
export function newest(rows: readonly unknown[]): string {
  return latest(rows.map((row) => stampOf(readWire(rowShape, row))));
}
