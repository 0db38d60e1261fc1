import type { FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { minDecimal, isPositive, subtractDecimals } from '../../../shared/decimal.js';
import type { LineChange, LockedOrder, OrderEvents } from '../../orders/index.js';
import { selectAllLocations, type StockLocationRow } from '../../stock/index.js';
import { selectWork, takeNumbers, type WorkRow } from '../fulfillment-order.queries.js';
import { addUnits, settle, uncovered, type Uncovered, type Work } from '../fulfillment-order.rules.js';
import { isActive } from '../fulfillment-order.states.js';
import { goodsOf, orderGoods, selectOrderGoods, type OrderGoods } from './order-goods.js';
import { OrderWork } from './order-work.js';
import { shownWork } from './locked-work.js';

/** Where goods go that are not counted: with the rest of the order, or to the first location that is in use. */
export function placeOfUncounted(
  { works }: OrderWork,
  { shelf }: OrderGoods,
  locations: readonly StockLocationRow[],
): string | null {
  const codes = new Set([
    ...shelf.map((row) => row.location_code),
    ...works.filter(isActive).map((one) => one.locationCode),
  ]);
  const withRest = [...codes].sort()[0];
  const place = locations.find(({ code, is_active }) => (withRest === undefined ? is_active : code === withRest));
  return place?.id ?? null;
}

/** Gives warehouses what no fulfillment order covers: one that is open there grows, or a new one is made. */
export async function cover(
  { tx }: ActionScope,
  work: OrderWork,
  parts: readonly Uncovered[],
  locations: readonly StockLocationRow[],
): Promise<Work[]> {
  const byPlace = [...Map.groupBy(parts, (part) => part.locationId)];
  const openAt = (place: string) =>
    work.works.find((one) => one.locationId === place && one.status === 'OPEN' && one.isReleased);
  const added = byPlace.filter(([place]) => !openAt(place));
  const ids = await tx.ids.take(added.length);
  const numbers = added.length > 0 ? await tx.query(takeNumbers(added.length)) : [];
  added.forEach(([locationId], index) => {
    const locationCode = locations.find(({ id }) => id === locationId)!.code;
    work.add({ id: ids[index]!, number: numbers[index]!.number, locationId, locationCode, isReleased: true });
  });
  return byPlace.map(([place, here]) => {
    const one = openAt(place)!;
    for (const { orderLineId, isCounted, units } of here) addUnits(one, orderLineId, isCounted, units);
    return one;
  });
}

/** Tells in the timeline what warehouses were given. */
export function tellReleased(events: OrderEvents, given: readonly Work[], moves: FieldChange[] = []): void {
  const places = given.map(({ locationCode }) => locationCode).join(', ');
  events.add({
    type: 'FULFILLMENT_RELEASED',
    message: `Released to ${places}`,
    changes: moves,
    data: { fulfillmentOrders: given.map(shownWork) },
  });
}

/**
 * Brings an order's fulfillment orders in line behind a cancel. `lines` are the order's as they will be; what was reserved
 * must have been written. Answers whether a warehouse still has something of it to send, and which of them moved.
 */
export async function settleWork(
  scope: ActionScope,
  orderId: string,
  lines: readonly LineChange[],
): Promise<{ isActive: boolean; moves: FieldChange[] }> {
  const [workRows, ...rows] = await scope.tx.batch([selectWork(orderId), ...selectOrderGoods(orderId)]);
  const work = new OrderWork(workRows as WorkRow[]);
  const goods = orderGoods(rows, lines);
  settle(work.works, goodsOf(goods));
  await work.save(scope, orderId, goods.shippable);
  const { isActive: isAtWork, moves } = work;
  return { isActive: isAtWork, moves };
}

/**
 * Gives warehouses what an order waited for and has now, by line; only of an order that was released. The lines and what
 * they have reserved must have been written.
 */
export async function coverFilled(
  scope: ActionScope,
  order: LockedOrder,
  filled: ReadonlyMap<string, string>,
  events: OrderEvents,
): Promise<void> {
  const [workRows, locationRows, ...rows] = await scope.tx.batch([
    selectWork(order.id),
    selectAllLocations(),
    ...selectOrderGoods(order.id),
  ]);
  const work = new OrderWork(workRows as WorkRow[]);
  const goods = orderGoods(rows);
  const there = goodsOf(goods);
  const ready = settle(work.works, there);
  const parts = work.works.some((one) => one.isReleased)
    ? atMost(uncovered(work.works, there, null), filled, ready)
    : [];
  const { moves } = work;
  if (parts.length > 0)
    tellReleased(events, await cover(scope, work, parts, locationRows as StockLocationRow[]), moves);
  else if (moves.length > 0)
    events.add({ type: 'FULFILLMENT_UPDATED', message: 'What was waited for is found elsewhere', changes: moves });
  await work.save(scope, order.id, goods.shippable);
}

/** No more of a line than came in for it and is not with its fulfillment order already. */
function atMost(
  parts: readonly Uncovered[],
  filled: ReadonlyMap<string, string>,
  ready: ReadonlyMap<string, string>,
): Uncovered[] {
  const left = new Map(
    [...filled].map(([lineId, units]) => [lineId, subtractDecimals(units, ready.get(lineId) ?? '0')]),
  );
  return parts.flatMap((part) => {
    const units = minDecimal(part.units, left.get(part.orderLineId) ?? '0');
    if (!isPositive(units)) return [];
    left.set(part.orderLineId, subtractDecimals(left.get(part.orderLineId)!, units));
    return [{ ...part, units }];
  });
}
