import type { ActionScope } from '../../../graph/mutation.js';
import { addDecimals, compareDecimals, exact, multiplyDecimals, subtractDecimals } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import {
  insertReservations,
  lockLevelsAt,
  selectReservations,
  writeReservations,
  type ReservationRow,
} from '../stock.queries.js';
import { availableOf, levelChange, type LevelChange, type LockedLevel } from '../stock.rules.js';
import { insufficientStock } from '../stock.type.js';
import { changeLevels } from './reserve-stock.js';

/**
 * Takes what an order's lines have reserved at one location, so many units of each, from another one. Throws
 * INSUFFICIENT_STOCK where that has too little available. The order must be locked; its levels are, in the fixed order.
 */
export async function moveReservations(
  { tx, now }: ActionScope,
  { orderId, units, from, to }: { orderId: string; units: ReadonlyMap<string, string>; from: string; to: string },
): Promise<{ released: LevelChange[]; reserved: LevelChange[] }> {
  const rows = (await tx.query(selectReservations(orderId))).filter(
    (row) => row.location_id === from && units.has(row.order_line_id),
  );
  if (rows.length === 0) return { released: [], reserved: [] };
  const levels = await tx.query(lockLevelsAt([...new Set(rows.map((row) => row.product_id))], [from, to]));
  const moved = rows.map((row) => ({ row, quantity: multiplyDecimals(units.get(row.order_line_id)!, row.per_unit) }));
  const sums = new Map<string, string>();
  for (const { row, quantity } of moved)
    sums.set(row.product_id, addDecimals(sums.get(row.product_id) ?? '0', quantity));
  const at = (productId: string, place: string) =>
    levels.find((level) => level.product_id === productId && level.location_id === place);
  refuseMissing(sums, levels, to);
  const deltas = new Map<LockedLevel, string>();
  for (const [productId, quantity] of sums) {
    deltas.set(at(productId, from)!, exact(quantity).negated().toFixed());
    deltas.set(at(productId, to)!, quantity);
  }
  tx.defer(changeLevels(deltas, now), ...writeReservations(moved.map(rest)), placed(moved, to));
  const changes = [...deltas].map(([level, delta]) => levelChange(level, delta));
  return {
    released: changes.filter(({ before }) => before.location_id === from),
    reserved: changes.filter(({ before }) => before.location_id === to),
  };
}

interface Moved {
  row: ReservationRow;
  quantity: string;
}

function rest({ row, quantity }: Moved): ReservationRow {
  return { ...row, quantity: subtractDecimals(row.quantity, quantity) };
}

function placed(moved: Moved[], to: string) {
  return insertReservations(
    moved.map(({ row }) => row.order_line_id),
    moved.map(({ row }) => row.product_id),
    moved.map(() => to),
    moved.map(({ quantity }) => quantity),
  );
}

function refuseMissing(sums: ReadonlyMap<string, string>, levels: readonly LockedLevel[], to: string): void {
  const refusals = new Refusals();
  for (const [productId, quantity] of sums) {
    const level = levels.find((one) => one.product_id === productId && one.location_id === to);
    const available = level ? availableOf(level) : '0';
    const { sku } = level ?? levels.find((one) => one.product_id === productId)!;
    if (compareDecimals(quantity, available) > 0)
      refusals.push(insufficientStock(sku, quantity, available, ['location']));
  }
  refusals.throwIfAny();
}
