import type { ActionScope } from '../../../graph/mutation.js';
import { addDecimals, compareDecimals, exact } from '../../../shared/decimal.js';
import { NotYet, refuse } from '../../../shared/failures.js';
import type { StatedStock } from '../../../shared/stated/index.js';
import { SKU } from '../../catalog/index.js';
import { lockForeignRecord, meetForeign, noteForeign, type Origin, type StatedEffect } from '../../references/index.js';
import {
  availableOf,
  STOCK,
  lockedLevel,
  selectCountedProduct,
  StockMovementKind,
  type CountedProduct,
} from '../../stock/index.js';
import { lockOrdersWaitingFor } from '../backorder.queries.js';
import { receiveStock } from './receive-stock.js';

/**
 * Takes over how much a system has of a product at a place, by a movement in the ledger. What it says is free to sell lies
 * there besides what the hub has promised; where that is what the hub says itself, it is an echo and changes nothing.
 * Throws NotYet where the hub does not know the product.
 */
export async function recordStatedStock(
  scope: ActionScope,
  stated: StatedStock,
  origin: Origin,
): Promise<{ levelId: string | null; effect: StatedEffect }> {
  const { tx } = scope;
  const { sku, location } = stated;
  const met = await meetForeign(scope, STOCK, stated, origin);
  const { reference } = met;
  if (met.isStale || met.endedAt) return { levelId: reference?.record_id ?? null, effect: 'stale' };
  const [, products] = await tx.batch([
    lockForeignRecord(`${origin.integrationId} ${SKU} ${sku}`),
    selectCountedProduct(sku),
  ]);
  const product = products![0] as CountedProduct | undefined;
  if (!product) throw new NotYet(SKU, sku);
  if (product.is_bundle || !product.is_stocked) return { levelId: null, effect: 'unchanged' };
  // Orders are locked before levels, here as in every step.
  await tx.query(lockOrdersWaitingFor(sku, null));
  const level = await lockedLevel(scope, stated);
  const setTo = onHandOf(stated, level);
  const isCounted = setTo !== null && compareDecimals(setTo, level.on_hand) !== 0;
  if (isCounted) {
    const reason = `Stated by ${origin.integrationCode}`;
    await receiveStock(scope, { sku, location, setTo, kind: StockMovementKind.COUNT, reason });
  }
  const { available } = stated;
  const free = available === undefined ? null : { available };
  await noteForeign(scope, { kind: STOCK, id: level.id, stated: free }, stated, origin, met);
  if (!reference) return { levelId: level.id, effect: 'created' };
  return { levelId: level.id, effect: isCounted ? 'updated' : 'unchanged' };
}

/** Null where it says what the hub says. Systems that sell beyond what they have count below zero; nothing lies there then. */
function onHandOf(
  { onHand, available }: StatedStock,
  level: { on_hand: string; reserved: string; safety_stock: string },
): string | null {
  if ((onHand === undefined) === (available === undefined)) {
    throw refuse('INVALID', 'expected exactly one of onHand and available', ['onHand']);
  }
  if (onHand !== undefined) return atLeastZero(onHand);
  const free = atLeastZero(available!);
  if (compareDecimals(free, availableOf(level)) === 0) return null;
  return addDecimals(free, level.reserved);
}

function atLeastZero(amount: string): string {
  return exact(amount).isNegative() ? '0' : amount;
}
