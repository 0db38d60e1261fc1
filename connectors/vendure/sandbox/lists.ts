import { GraphQLError } from 'graphql';
import type { Faults } from '#connect';

const MOST = 1000;

type Operators = {
  eq?: unknown;
  in?: unknown[];
  notIn?: unknown[];
  isNull?: boolean;
  after?: string;
  between?: { start: string; end: string };
};
export interface ListArgs {
  options?: {
    skip?: number;
    take?: number;
    sort?: Record<string, 'ASC' | 'DESC'>;
    filter?: Record<string, Operators>;
  };
}
type Row = Record<string, unknown> & { id: string };

/** A list that is filtered, sorted and paged; the wrong page where a fault strikes, and the right one the next time. */
export function listOf(rows: readonly Row[], { options = {} }: ListArgs, faults: Faults) {
  const { skip = 0, take = MOST, sort = {}, filter = {} } = options;
  if (take > MOST)
    throw new GraphQLError(`The take argument may not exceed ${MOST}`, { extensions: { code: 'USER_INPUT_ERROR' } });
  const sorted = rows.toSorted((a, b) => compare(a, b, Object.entries(sort)));
  const found = sorted.filter((row) => Object.entries(filter).every(([field, each]) => holds(row[field], each)));
  const page = found.slice(skip, skip + take);
  const totalItems = found.length;
  if (page.length === 0) return { items: page, totalItems };
  if (faults.strikes('empty-page')) return { items: [], totalItems };
  // What lies before the page: an earlier part of the same list.
  const before = sorted.slice(0, sorted.indexOf(page[0]!)).filter((row) => isEarlier(row, page[0]!, sort));
  if (before.length > 0) {
    if (faults.strikes('repeated-page')) return { items: before.slice(-take), totalItems };
    if (faults.strikes('cursor-loop')) return { items: before.slice(0, take), totalItems };
  }
  return { items: page, totalItems };
}

/** By enough that nobody takes it for the same moment. */
function isEarlier(row: Row, first: Row, sort: Record<string, unknown>): boolean {
  const [field] = Object.keys(sort);
  return field !== undefined && field !== 'id' && Number(timeOf(row[field])) < Number(timeOf(first[field])) - 1;
}

function compare(a: Row, b: Row, sort: [string, 'ASC' | 'DESC'][]): number {
  for (const [field, direction] of sort) {
    const [x, y] = [timeOf(a[field]), timeOf(b[field])];
    const by = Number(x) - Number(y);
    if (by !== 0) return direction === 'ASC' ? by : -by;
  }
  return 0;
}

function timeOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : Number(value ?? 0);
}

function holds(value: unknown, { eq, in: among, notIn, isNull, after, between }: Operators): boolean {
  if (eq !== undefined && value !== eq) return false;
  if (among && !among.includes(value)) return false;
  if (notIn && notIn.includes(value)) return false;
  if (isNull !== undefined && (value == null) !== isNull) return false;
  if (between && !(timeOf(value) >= Date.parse(between.start) && timeOf(value) <= Date.parse(between.end)))
    return false;
  return after === undefined || (value != null && timeOf(value) > Date.parse(after));
}
