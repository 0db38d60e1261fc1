import { unnamed, type Statement } from '../db/statement.js';
import { defineLoader, type GraphContext, type ReadScope } from './context.js';

/** A column that a list can be sorted by; `type` is PostgreSQL's, for the cursor's value. */
export interface SortColumn {
  column: string;
  type: 'text' | 'bigint' | 'timestamptz' | 'numeric';
}

/** A list as SQL: what is selected, from where, under which conditions, in which order (ties by `id`). */
export interface ListQuery {
  select: string;
  from: string;
  where: Condition[];
  /** Whose list it is, where it is a field of a record: the lists of all records of a level are read together. */
  parent?: Parent;
  sort: SortColumn;
  id: string;
  descending: boolean;
  /** Makes a statement that counts the same more quickly, as one row with `count`, if there is one; not for the lists of a parent. */
  count?: () => Condition | null;
  /** How many rows a value finds differs so much that PostgreSQL must plan for each value. */
  isPlannedByValue?: boolean;
}

/** Columns that hold bigint keys, and the keys of one record; the columns are the same for all records. */
export interface Parent {
  columns: string[];
  keys: string[];
}

/** A condition whose parameters are written $1, $2 … of its own values. */
export interface Condition {
  text: string;
  values: unknown[];
}

export function condition(text: string, ...values: unknown[]): Condition {
  return { text, values };
}

/** Conditions of a range input over one column. */
export function rangeConditions(
  column: string,
  range: { gte?: unknown; gt?: unknown; lte?: unknown; lt?: unknown } | null | undefined,
): Condition[] {
  if (!range) return [];
  const operators = { gte: '>=', gt: '>', lte: '<=', lt: '<' } as const;
  return Object.entries(operators).flatMap(([name, operator]) => {
    const value = range[name as keyof typeof operators];
    return value == null ? [] : [condition(`${column} ${operator} $1`, value)];
  });
}

export interface Page<Row> {
  rows: (Row & Cursored)[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

export interface Cursored {
  cursor_value: string;
  cursor_id: string;
}

export interface Bounds {
  limit: number;
  backwards: boolean;
  after: [string, string] | null;
  before: [string, string] | null;
}

/** Reads one page by keyset: its cost does not grow with its depth, and rows added meanwhile do not shift it. */
export async function readPage<Row>(context: GraphContext, list: ListQuery, bounds: Bounds): Promise<Page<Row>> {
  const { text, order, values } = pageSql(list, bounds);
  const rows = (
    list.parent
      ? [...(await context.load(rowsByParent, { text, order, values, parent: list.parent }))]
      : await context.db.read(statementOf(list, text, values))
  ) as (Row & Cursored)[];
  const more = rows.length > bounds.limit;
  if (more) rows.pop();
  if (bounds.backwards) rows.reverse();
  return {
    rows,
    hasNextPage: bounds.backwards ? bounds.before !== null : more,
    hasPreviousPage: bounds.backwards ? more : bounds.after !== null,
  };
}

export async function readCount(context: GraphContext, list: ListQuery): Promise<number> {
  const { text, values } = (!list.parent && list.count?.()) || countSql(list);
  const [row] = list.parent
    ? await context.load(rowsByParent, { text, order: '', values, parent: list.parent })
    : await context.db.read(statementOf(list, text, values));
  return (row as { count: number }).count;
}

/** Counts the rows of a list. */
export function countSql(list: Pick<ListQuery, 'from' | 'where' | 'parent'>): Condition {
  const values: unknown[] = [];
  return { text: `select count(*)::int as count from ${list.from} ${whereSql(list, list.where, values)}`, values };
}

function statementOf(list: ListQuery, text: string, values: unknown[]): Statement<object> {
  return list.isPlannedByValue ? unnamed(text, values) : named(text, values);
}

/** A statement over one record's rows, which names the record's keys as parent.k1, parent.k2 …, and the order of its rows. */
interface ByParent {
  text: string;
  order: string;
  values: unknown[];
  parent: Parent;
}

/** Runs each text once for all records that ask for it, and gives every record its rows. */
const rowsByParent = defineLoader<ByParent, object[]>('rowsByParent', async (asked, scope) => {
  const answers = new Map<ByParent, object[]>(asked.map((one) => [one, []]));
  const groups = Map.groupBy(asked, ({ text, values }) => JSON.stringify([text, values]));
  await Promise.all([...groups.values()].map((group) => readGroup(scope, group, answers)));
  return asked.map((one) => answers.get(one)!);
});

async function readGroup(scope: ReadScope, group: ByParent[], answers: Map<ByParent, object[]>): Promise<void> {
  const { text, order, values, parent } = group[0]!;
  const keys = parent.columns.map((_, column) => group.map((one) => one.parent.keys[column]));
  const arrays = keys.map((_, index) => `$${values.length + index + 1}::bigint[]`).join(', ');
  const aliases = keys.map((_, index) => `k${index + 1}`).join(', ');
  const together =
    `select r.*, parent.place::int as parent_place from unnest(${arrays}) with ordinality as parent(${aliases}, place), ` +
    `lateral (${text}) r order by parent.place${order}`;
  for (const row of await scope.db.read<{ parent_place: number }>(named(together, [...values, ...keys]))) {
    answers.get(group[row.parent_place - 1]!)!.push(row);
  }
}

function pageSql(list: ListQuery, bounds: Bounds): { text: string; order: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions = [...list.where];
  const { column, type } = list.sort;
  const keyset = (cursor: [string, string], ahead: boolean): Condition =>
    condition(`(${column}, ${list.id}) ${ahead ? '>' : '<'} ($1::${type}, $2::bigint)`, ...cursor);
  if (bounds.after) conditions.push(keyset(bounds.after, !list.descending));
  if (bounds.before) conditions.push(keyset(bounds.before, list.descending));
  const direction = list.descending !== bounds.backwards ? 'desc' : 'asc';
  const where = whereSql(list, conditions, values);
  const text =
    `select ${list.select}, ${column} as cursor_value, ${list.id} as cursor_id from ${list.from} ${where} ` +
    `order by ${column} ${direction}, ${list.id} ${direction} limit ${limitSql(list, bounds.limit + 1, values)}`;
  return { text, order: `, r.cursor_value ${direction}, r.cursor_id ${direction}`, values };
}

const USUAL_LIMITS = new Set([10, 20, 25, 50, 100].map((first) => first + 1));

/**
 * Behind an unknown limit a plan that fits all values looks dear, and PostgreSQL plans each time. A filtered list has to be
 * planned so: how many rows a status has decides which index is best.
 */
function limitSql({ where }: ListQuery, limit: number, values: unknown[]): string {
  if (where.length === 0 && USUAL_LIMITS.has(limit)) return String(limit);
  values.push(limit);
  return `$${values.length}`;
}

function whereSql({ parent }: Pick<ListQuery, 'parent'>, conditions: Condition[], values: unknown[]): string {
  const own = (parent?.columns ?? []).map((column, index) => `${column} = parent.k${index + 1}`);
  const parts = [...own, ...conditions.map((one) => numbered(one, values))];
  return parts.length === 0 ? '' : `where ${parts.join(' and ')}`;
}

/** A condition's text with its parameters numbered behind the values there are, to which it adds its own. */
export function numbered({ text, values: given }: Condition, values: unknown[]): string {
  const offset = values.length;
  values.push(...given);
  return text.replace(/\$(\d+)/g, (_, n: string) => `$${offset + Number(n)}`);
}

const names = new Map<string, string>();
const MAX_PREPARED = 200;

/** Named while there are few texts; later ones are sent unnamed and planned each time. */
function named<Row extends object>(text: string, values: unknown[]): Statement<Row> {
  let name = names.get(text);
  if (name === undefined && names.size < MAX_PREPARED) names.set(text, (name = `page.${names.size + 1}`));
  return { name: name ?? '', text, values };
}
