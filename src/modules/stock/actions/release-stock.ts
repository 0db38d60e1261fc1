import type { Statement } from '../../../db/statement.js';
import type { Transaction } from '../../../db/transaction.js';
import { addDecimals, exact, isPositive, minDecimal, subtractDecimals } from '../../../shared/decimal.js';
import {
  deleteReservation,
  lockReservedLevels,
  selectReservations,
  updateReservation,
  type ReservationRow,
} from '../stock.queries.js';
import { levelChange, type LevelChange, type LockedLevel } from '../stock.rules.js';
import { changeLevels } from './reserve-stock.js';

/**
 * Gives back what an order's lines have reserved, up to the quantity of each line; the writes go out with the commit.
 * Locks the levels in the fixed order, so that it cannot deadlock with a reservation.
 */
export async function releaseStock(
  tx: Transaction,
  orderId: string,
  byLine: Map<string, string>,
  now: Date,
): Promise<{ levels: LevelChange[]; released: Map<string, string> }> {
  const [levels, rows] = (await tx.batch([lockReservedLevels(orderId), selectReservations(orderId)])) as [
    LockedLevel[],
    ReservationRow[],
  ];
  const released = new Map<string, string>();
  const deltas = new Map<LockedLevel, string>();
  const statements: Statement[] = [];
  for (const row of rows) {
    const wanted = subtractDecimals(byLine.get(row.order_line_id) ?? '0', released.get(row.order_line_id) ?? '0');
    if (!isPositive(wanted)) continue;
    const taken = minDecimal(wanted, row.quantity);
    const rest = subtractDecimals(row.quantity, taken);
    const place = [row.order_line_id, row.product_id, row.location_id] as const;
    statements.push(isPositive(rest) ? updateReservation(...place, rest) : deleteReservation(...place));
    released.set(row.order_line_id, addDecimals(released.get(row.order_line_id) ?? '0', taken));
    const level = levels.find((one) => one.product_id === row.product_id && one.location_id === row.location_id)!;
    deltas.set(level, addDecimals(deltas.get(level) ?? '0', exact(taken).negated().toFixed()));
  }
  if (deltas.size > 0) tx.defer(changeLevels(deltas, now), ...statements);
  return { levels: [...deltas].map(([level, delta]) => levelChange(level, delta)), released };
}
