import { instant, WORDS } from './random-records.js';

export type Below = (bound: number) => number;
export type SortKey = string | number | bigint;

/** What a filter says in the graph, and which records it holds for. */
export interface RandomFilter<Row> {
  value: unknown;
  holds(row: Row): boolean;
}

/** A connection of the graph, and how memory answers it. */
export interface ReferenceList<Row extends { id: string } = { id: string }> {
  field: string;
  rows: Row[];
  prefix: string;
  /** Around the list, where it is a field of a record. */
  within?: { field: string; arguments: string };
  /** The graph’s types of `filter` and `orderBy`; a list without them has none. */
  filterType?: string;
  sortType?: string;
  filters: Record<string, (below: Below) => RandomFilter<Row>>;
  /** The filters are arguments of their own, of this type, not fields of one input. */
  argumentType?: string;
  /** An argument that is always given. */
  always?: string;
  sorts: Record<string, (row: Row) => SortKey>;
  /** How the list is sorted where nothing is said. */
  unsorted: { key: (row: Row) => SortKey; descending: boolean };
  /** A filter that is given where another does not say otherwise. */
  base?: Record<string, unknown>;
  /** What breaks ties, if not the record’s id. */
  tie?: (row: Row) => bigint;
}

export const one = <T>(below: Below, of: readonly T[]): T => of[below(of.length)]!;
export const some = <T>(below: Below, of: readonly T[]): T[] => of.filter(() => below(2) === 0);

export function oneOf<Row>(all: readonly string[], read: (row: Row) => string) {
  return (below: Below): RandomFilter<Row> => {
    const value = some(below, all);
    return { value, holds: (row) => value.includes(read(row)) };
  };
}

/** A value that is missing lies in no range. */
export function within<Row>(
  pick: (below: Below) => string,
  read: (row: Row) => number,
  measure: (text: string) => number,
) {
  return (below: Below): RandomFilter<Row> => {
    const names = some(below, ['gte', 'gt', 'lte', 'lt'] as const).slice(0, 2);
    const value = Object.fromEntries(names.map((name) => [name, pick(below)]));
    const tests = {
      gte: (d: number) => d >= 0,
      gt: (d: number) => d > 0,
      lte: (d: number) => d <= 0,
      lt: (d: number) => d < 0,
    };
    return { value, holds: (row) => names.every((name) => tests[name](read(row) - measure(value[name]!))) };
  };
}
export const during = <Row>(read: (row: Row) => string) =>
  within<Row>(instant, (row) => Date.parse(read(row)), Date.parse);

export const truth =
  <Row>(read: (row: Row) => boolean) =>
  (below: Below): RandomFilter<Row> => {
    const value = below(2) === 0;
    return { value, holds: (row) => read(row) === value };
  };

/** A piece of some value, in another case now and then, with blanks around; or a text that nothing has. */
export function text<Row>(rows: Row[], read: (row: Row) => (string | null)[]) {
  return (below: Below): RandomFilter<Row> => {
    const values = read(one(below, rows)).filter((value) => value !== null);
    const whole =
      below(6) === 0 || values.length === 0 ? one(below, [...WORDS, 'nobody has this', 'example']) : one(below, values);
    const letters = [...whole];
    const from = below(2) === 0 ? 0 : below(letters.length);
    const piece = letters.slice(from, from + 1 + below(8)).join('');
    const cased = below(3) === 0 ? piece.toUpperCase() : piece;
    const value = /[\p{L}\p{N}]/u.test(cased) ? cased : `${cased}1`;
    return { value: below(4) === 0 ? `  ${value}\n` : value, holds: (row) => hasText(read(row), value) };
  };
}

function hasText(values: (string | null)[], text: string): boolean {
  const sought = text.trim().toLowerCase();
  const isShort = [...sought].length < 3;
  return values.some((value) => {
    const lower = value?.toLowerCase();
    return lower !== undefined && (isShort ? lower.startsWith(sought) : lower.includes(sought));
  });
}
