import { sql } from '../../db/statement.js';
import { condition, numbered, rangeConditions, type Condition } from '../../graph/list-query.js';
import type { DateTimeRange } from '../../graph/values.type.js';
import type { OrderFilter } from './order-list.type.js';

const DAY_MS = 86_400_000;
const DAY = `date '1970-01-01' + $1::int`;
const KEY = 'day, status, channel_id, fulfillment_status, is_held';
/** Both in one statement: it sees a change either folded or not yet, never twice or not at all. */
const COUNTED = `(select ${KEY}, orders from order_count union all select ${KEY}, orders from order_count_change)`;

/** Filters by which orders are counted beforehand; with any other the rows themselves are counted. */
const COUNTED_BY: readonly string[] = ['status', 'channel', 'fulfillmentStatus', 'onHold', 'placedAt'];

/**
 * Counts orders from what is counted beforehand: the whole days of a range, and the rows of the parts of days at its ends.
 * Null where a filter is given that is not counted by.
 */
export function orderCount(filter: OrderFilter | null | undefined): Condition | null {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value != null);
  if (given.some(([name]) => !COUNTED_BY.includes(name))) return null;
  const { isWithinADay, days, ends } = splitByDay(filter?.placedAt);
  const values: unknown[] = [];
  const sum = (conditions: Condition[], table: string, figure: string): string =>
    `(select ${figure} from ${table} where ${['true', ...conditions.map((one) => numbered(one, values))].join(' and ')})`;
  const terms = ends.map((end) => sum([...end, ...axes(filter, 'o.open_holds > 0')], 'orders o', 'count(*)'));
  if (!isWithinADay)
    terms.push(sum([...days, ...axes(filter, 'o.is_held')], `${COUNTED} o`, 'coalesce(sum(o.orders), 0)'));
  return condition(`select (${terms.join(' + ')})::int as count`, ...values);
}

/** The conditions but for the time, over columns that orders and their counts name alike. */
function axes(filter: OrderFilter | null | undefined, held: string): Condition[] {
  const all: Condition[] = [];
  if (filter?.status) all.push(condition('o.status = any($1::text[])', filter.status));
  if (filter?.fulfillmentStatus)
    all.push(condition('o.fulfillment_status = any($1::text[])', filter.fulfillmentStatus));
  if (filter?.channel)
    all.push(
      condition('o.channel_id = any(array(select id from channel where code = any($1::text[])))', filter.channel),
    );
  if (filter?.onHold != null) all.push(condition(filter.onHold ? held : `not (${held})`));
  return all;
}

interface SplitRange {
  /** No whole day lies within: `ends` has all of it. */
  isWithinADay: boolean;
  days: Condition[];
  ends: Condition[][];
}

/** Days are those of UTC, instants have milliseconds. */
function splitByDay(range: DateTimeRange | null | undefined): SplitRange {
  const whole: Condition[] = [];
  const ends: Condition[][] = [];
  const part = (gte: number, lt: number) => rangeConditions('o.placed_at', { gte: new Date(gte), lt: new Date(lt) });
  const from = lowest(range);
  const to = highest(range);
  const firstDay = Math.ceil(from / DAY_MS) * DAY_MS;
  const endDay = Math.floor(to / DAY_MS) * DAY_MS;
  if (firstDay >= endDay) return { isWithinADay: true, days: [], ends: [part(from, Math.max(from, to))] };
  if (Number.isFinite(from)) {
    whole.push(condition(`o.day >= ${DAY}`, firstDay / DAY_MS));
    if (from < firstDay) ends.push(part(from, firstDay));
  }
  if (Number.isFinite(to)) {
    whole.push(condition(`o.day < ${DAY}`, endDay / DAY_MS));
    if (endDay < to) ends.push(part(endDay, to));
  }
  return { isWithinADay: false, days: whole, ends };
}

function lowest(range: DateTimeRange | null | undefined): number {
  return Math.max(range?.gte?.getTime() ?? -Infinity, (range?.gt?.getTime() ?? -Infinity) + 1);
}
function highest(range: DateTimeRange | null | undefined): number {
  return Math.min(range?.lt?.getTime() ?? Infinity, (range?.lte?.getTime() ?? Infinity) + 1);
}

/** One process at a time; the lock goes with the transaction. */
export const tryCountLock = sql<{ is_mine: boolean }>(
  'orders.count-lock',
  `select pg_try_advisory_xact_lock(7120002) as is_mine`,
);
export const foldCounts = sql(
  'orders.fold-counts',
  `with gone as (delete from order_count_change returning ${KEY}, orders)
   insert into order_count (${KEY}, orders)
   select ${KEY}, sum(orders) from gone group by ${KEY} having sum(orders) <> 0
   on conflict (${KEY}) do update set orders = order_count.orders + excluded.orders`,
);

export interface CountCorrection {
  day: string;
  status: string;
  orders: string;
}
/** Adds what the counts differ by from the orders themselves, as changes: what others add meanwhile stays right. */
export const correctCounts = sql<CountCorrection>(
  'orders.correct-counts',
  `with counted as (select ${KEY}, sum(orders) as orders from ${COUNTED} c group by ${KEY}),
   actual as (select (placed_at at time zone 'UTC')::date as day, status, channel_id, fulfillment_status,
                     open_holds > 0 as is_held, count(*) as orders from orders group by 1, 2, 3, 4, 5)
   insert into order_count_change (${KEY}, orders)
   select ${KEY}, coalesce(a.orders, 0) - coalesce(c.orders, 0) from actual a full join counted c using (${KEY})
    where coalesce(a.orders, 0) <> coalesce(c.orders, 0)
   returning day::text, status, orders`,
);
export const removeEmptyCounts = sql('orders.remove-empty-counts', `delete from order_count where orders = 0`);
