import type { ActionScope } from '../../../graph/mutation.js';
import { addDecimals, compareDecimals, exact, subtractDecimals } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import {
  giveUpReserved,
  insertMovements,
  lockReservedLevels,
  selectReservations,
  writeReservations,
  type ReservationRow,
} from '../stock.queries.js';
import { levelChange, type LevelChange, type LockedLevel } from '../stock.rules.js';
import { insufficientStock, StockMovementKind } from '../stock.type.js';

/** Goods that leave a location for an order's line, out of what the line has reserved there. */
export interface Leaving {
  lineId: string;
  productId: string;
  quantity: string;
}

/**
 * Takes goods off the shelf: a movement for each product, and what was reserved for them is no longer. Throws
 * INSUFFICIENT_STOCK where a count has found less than was promised.
 */
export async function shipStock(
  { tx, now, actor }: ActionScope,
  { orderId, locationId, leaving }: { orderId: string; locationId: string; leaving: Leaving[] },
): Promise<LevelChange[]> {
  const [levelRows, reservationRows] = await tx.batch([lockReservedLevels(orderId), selectReservations(orderId)]);
  const levels = levelRows as LockedLevel[];
  const reservations = reservationRows as ReservationRow[];
  const sums = new Map<LockedLevel, string>();
  const left = new Set<ReservationRow>();
  for (const { lineId, productId, quantity } of leaving) {
    const here = (row: { product_id: string; location_id: string }) =>
      row.product_id === productId && row.location_id === locationId;
    const level = levels.find(here);
    const reservation = reservations.find((row) => row.order_line_id === lineId && here(row));
    if (!level || !reservation || compareDecimals(reservation.quantity, quantity) < 0)
      throw new Error(`line ${lineId} has less than ${quantity} of product ${productId} reserved at ${locationId}`);
    reservation.quantity = subtractDecimals(reservation.quantity, quantity);
    left.add(reservation);
    sums.set(level, addDecimals(sums.get(level) ?? '0', quantity));
  }
  refuseMissing(sums);
  if (sums.size === 0) return [];
  const moved = [...sums];
  const ids = await tx.ids.take(moved.length);
  const productIds = moved.map(([level]) => level.product_id);
  tx.defer(
    ...writeReservations([...left]),
    insertMovements(
      ids,
      productIds,
      moved.map(([, quantity]) => negative(quantity)),
      locationId,
      StockMovementKind.SHIPMENT,
      orderId,
      actor.kind,
      actor.id,
      actor.name,
      now.toISOString(),
    ),
    giveUpReserved(
      productIds,
      moved.map(() => locationId),
      moved.map(([, quantity]) => quantity),
    ),
  );
  return moved.map(([level, quantity]) => levelChange(level, negative(quantity), negative(quantity)));
}

function refuseMissing(sums: Map<LockedLevel, string>): void {
  const refusals = new Refusals();
  for (const [level, quantity] of sums) {
    if (compareDecimals(level.on_hand, quantity) < 0)
      refusals.push(insufficientStock(level.sku, quantity, level.on_hand, ['status']));
  }
  refusals.throwIfAny();
}

function negative(quantity: string): string {
  return exact(quantity).negated().toFixed();
}
