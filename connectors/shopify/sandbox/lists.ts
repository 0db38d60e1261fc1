import type { Faults } from '#connect';
import { GraphQLError } from 'graphql';

export interface ListArgs {
  first?: number;
  after?: string | null;
  query?: string | null;
}
export interface Row {
  id: string;
  updatedAt: Date;
  sku?: string;
  node(): unknown;
}
/** What a document is carried out with; a bulk operation gets every list whole and meets no fault. */
export interface Reading {
  isBulk: boolean;
  faults: Faults;
}

interface Position {
  last_id: string;
  last_value: number;
  /** Pages that were asked for at one place differ in it. */
  n: number;
}

/** A list that is searched and paged. `isSearched`: of the shop's own lists, in which faults strike. */
export function connection(
  rows: readonly Row[],
  args: ListArgs,
  reading: Reading,
  { sort = 'id', isSearched = false }: { sort?: 'id' | 'updated'; isSearched?: boolean } = {},
) {
  const found = rows.filter((row) => matches(row, args.query)).sort((a, b) => order(a, b, sort));
  if (reading.isBulk) return pageOf(found, null);
  const { first } = args;
  if (first === undefined || first === null) throw new GraphQLError('you must provide one of first or last');
  if (first > 250) throw new GraphQLError(`first: expected at most 250, got ${first}`);
  const at = args.after ? positionOf(args.after) : null;
  const seen = late(found, args, reading, isSearched);
  const rest = at ? seen.filter((row) => isBehind(row, at, sort)) : seen;
  const page = rest.slice(0, first);
  const last = page.at(-1);
  const end = last ? positionAt(last, sort) : at;
  const next = rest.length > first && end ? end : null;
  if (!isSearched || page.length === 0) return pageOf(page, next, end);
  return misled({ page, rest: seen, at, next, end, first, sort }, reading.faults);
}

/** The wrong page where a fault strikes; the walk is brought to its end by the next one all the same. */
function misled(
  turn: {
    page: Row[];
    rest: readonly Row[];
    at: Position | null;
    next: Position | null;
    end: Position | null;
    first: number;
    sort: 'id' | 'updated';
  },
  faults: Faults,
) {
  const { page, rest, at, next, end, first, sort } = turn;
  const start: Position = at ?? { last_id: '0', last_value: 0, n: 0 };
  const sidestep = { ...start, n: start.n + 1 };
  if (faults.strikes('empty-page')) return pageOf([], sidestep, sidestep);
  if (at && faults.strikes('repeated-page')) {
    const before = rest.filter((row) => !isBehind(row, at, sort)).slice(-first);
    return pageOf(before, sidestep, sidestep);
  }
  if (faults.strikes('cursor-loop')) return pageOf(page, start, start);
  return pageOf(page, next, end);
}

/** The index of a search is behind: what changed last is not in it yet. */
function late(found: readonly Row[], { query }: ListArgs, { faults }: Reading, isSearched: boolean): readonly Row[] {
  const isLate = isSearched && query && found.length > 1 && faults.strikes('delay');
  return isLate ? found.slice(0, -1) : found;
}

function pageOf(page: readonly Row[], next: Position | null, end: Position | null = next) {
  return {
    nodes: () => page.map((row) => row.node()),
    edges: () => page.map((row) => ({ node: () => row.node() })),
    pageInfo: { hasNextPage: next !== null, endCursor: end && cursorOf(end) },
  };
}

/** `updated_at:>='…'`, or SKUs with OR between them; the shop's whole language is larger. */
function matches({ updatedAt, sku }: Row, query: string | null | undefined): boolean {
  if (!query) return true;
  const since = /updated_at:>='([^']+)'/.exec(query)?.[1];
  if (since !== undefined) return updatedAt.getTime() >= Math.floor(Date.parse(since) / 1000) * 1000;
  const skus = [...query.matchAll(/sku:"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!.replace(/\\(.)/g, '$1'));
  return sku !== undefined && skus.includes(sku);
}

function order(a: Row, b: Row, sort: 'id' | 'updated'): number {
  const byTime = sort === 'updated' ? a.updatedAt.getTime() - b.updatedAt.getTime() : 0;
  return byTime || (BigInt(a.id) < BigInt(b.id) ? -1 : 1);
}

function isBehind(row: Row, at: Position, sort: 'id' | 'updated'): boolean {
  const time = row.updatedAt.getTime();
  if (sort === 'updated' && time !== at.last_value) return time > at.last_value;
  return BigInt(row.id) > BigInt(at.last_id);
}

function positionAt(row: Row, sort: 'id' | 'updated'): Position {
  return { last_id: row.id, last_value: sort === 'updated' ? row.updatedAt.getTime() : 0, n: 0 };
}

function cursorOf(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function positionOf(cursor: string): Position {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Position;
  } catch {
    throw new GraphQLError('Invalid cursor for current pagination sort.');
  }
}
