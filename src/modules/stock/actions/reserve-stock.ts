import type { Statement } from '../../../db/statement.js';
import { addDecimals, isPositive, multiplyDecimals, subtractDecimals } from '../../../shared/decimal.js';
import type { Refusals } from '../../../shared/failures.js';
import { changeReserved, insertReservations } from '../stock.queries.js';
import {
  levelChange,
  planReservation,
  totalAvailable,
  type Allocation,
  type LevelChange,
  type LockedLevel,
  type Need,
} from '../stock.rules.js';
import { insufficientStock } from '../stock.type.js';

/** What one order line needs of the shelf. */
export interface StockNeed extends Need {
  lineId: string;
  sku: string;
  /** Where the input named it, for the error. */
  field?: string[];
}

export interface Reserved {
  /** By line, in its units: how much is reserved, how much waits for stock. */
  lines: Map<string, { reserved: string; backordered: string }>;
  levels: LevelChange[];
  /** The writes, to be deferred behind the lines they refer to. */
  statements: Statement[];
}

/**
 * Promises stock to order lines. The levels must have been locked in this transaction. Adds a refusal for each line
 * that gets too little, unless what is missing may wait.
 */
export function reserveStock(
  needs: StockNeed[],
  levels: LockedLevel[],
  options: { now: Date; allowBackorder: boolean; refusals: Refusals },
): Reserved {
  const { allocations, missing } = planReservation(needs, levels);
  if (!options.allowBackorder) refuseMissing(needs, levels, missing, options.refusals);
  const deltas = new Map<LockedLevel, string>();
  for (const { level, quantity } of allocations) deltas.set(level, addDecimals(deltas.get(level) ?? '0', quantity));
  return {
    lines: new Map(
      needs.map((need, index) => [
        need.lineId,
        { reserved: subtractDecimals(need.quantity, missing[index]!), backordered: missing[index]! },
      ]),
    ),
    levels: [...deltas].map(([level, delta]) => levelChange(level, delta)),
    statements:
      allocations.length === 0 ? [] : [changeLevels(deltas, options.now), insertAllocations(needs, allocations)],
  };
}

export function changeLevels(deltas: Map<LockedLevel, string>, now: Date): Statement {
  const changed = [...deltas];
  return changeReserved(
    changed.map(([level]) => level.product_id),
    changed.map(([level]) => level.location_id),
    changed.map(([, delta]) => delta),
    now.toISOString(),
  );
}

function insertAllocations(needs: StockNeed[], allocations: Allocation[]): Statement {
  return insertReservations(
    allocations.map(({ need }) => needs[need]!.lineId),
    allocations.map(({ level }) => level.product_id),
    allocations.map(({ level }) => level.location_id),
    allocations.map(({ quantity }) => quantity),
  );
}

function refuseMissing(needs: StockNeed[], levels: LockedLevel[], missing: string[], refusals: Refusals): void {
  needs.forEach((need, index) => {
    if (!isPositive(missing[index]!)) return;
    if (need.isBundle) {
      const available = subtractDecimals(need.quantity, missing[index]!);
      return refusals.push(insufficientStock(need.sku, need.quantity, available, need.field));
    }
    const { productId } = need.pieces[0]!;
    const requested = needs.reduce((sum, other) => addDecimals(sum, askedOf(other, productId)), '0');
    refusals.push(insufficientStock(need.sku, requested, totalAvailable(levels, productId), need.field));
  });
}

function askedOf({ pieces, quantity }: StockNeed, productId: string): string {
  const piece = pieces.find((one) => one.productId === productId);
  return piece ? multiplyDecimals(quantity, piece.perUnit) : '0';
}
