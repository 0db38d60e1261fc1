import type { Transaction } from '../../../db/transaction.js';
import {
  addDecimals,
  exact,
  isPositive,
  minDecimal,
  multiplyDecimals,
  subtractDecimals,
} from '../../../shared/decimal.js';
import { lockReservedLevels, selectReservations, writeReservations, type ReservationRow } from '../stock.queries.js';
import { levelChange, type LevelChange, type LockedLevel } from '../stock.rules.js';
import { changeLevels } from './reserve-stock.js';

/** How much of a line's units at a location is held for a parcel. */
export interface HeldUnits {
  order_line_id: string;
  location_id: string;
  quantity: string;
}

/**
 * Gives back what an order's lines have reserved, up to the units given for each line and never what is held for a parcel;
 * of a bundle the same units of each part, at each location. The writes go out with the commit. Locks the levels in the
 * fixed order, so that it cannot deadlock with a reservation.
 */
export async function releaseStock(
  tx: Transaction,
  orderId: string,
  byLine: Map<string, string>,
  { now, held }: { now: Date; held: readonly HeldUnits[] },
): Promise<{ levels: LevelChange[] }> {
  const [levelRows, rows] = await tx.batch([lockReservedLevels(orderId), selectReservations(orderId)]);
  const levels = levelRows as LockedLevel[];
  const byOwner = Map.groupBy(rows as ReservationRow[], (row) => row.order_line_id);
  const deltas = new Map<LockedLevel, string>();
  const reduced: ReservationRow[] = [];
  for (const [lineId, wanted] of byLine) {
    let rest = wanted;
    for (const [locationId, here] of Map.groupBy(byOwner.get(lineId) ?? [], (row) => row.location_id)) {
      const taken = minDecimal(rest, freeUnits(here, lineId, locationId, held));
      if (!isPositive(taken)) continue;
      rest = subtractDecimals(rest, taken);
      for (const row of here) {
        const quantity = multiplyDecimals(taken, row.per_unit);
        reduced.push({ ...row, quantity: subtractDecimals(row.quantity, quantity) });
        const level = levels.find((one) => one.product_id === row.product_id && one.location_id === locationId)!;
        deltas.set(level, addDecimals(deltas.get(level) ?? '0', exact(quantity).negated().toFixed()));
      }
    }
  }
  if (deltas.size > 0) tx.defer(changeLevels(deltas, now), ...writeReservations(reduced));
  return { levels: [...deltas].map(([level, delta]) => levelChange(level, delta)) };
}

function freeUnits(here: ReservationRow[], lineId: string, locationId: string, held: readonly HeldUnits[]): string {
  const { quantity, per_unit } = here[0]!;
  const units = exact(quantity).dividedBy(exact(per_unit)).toFixed();
  return held
    .filter((one) => one.order_line_id === lineId && one.location_id === locationId)
    .reduce((rest, one) => subtractDecimals(rest, one.quantity), units);
}
