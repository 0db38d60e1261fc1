import type { ActionScope } from '../../../graph/mutation.js';
import { isPositive } from '../../../shared/decimal.js';
import { adjustStock, type StockAdjustment } from '../../stock/index.js';
import { lockOrdersWaitingFor } from '../backorder.queries.js';
import { fillBackorders } from './fill-backorders.js';

/** Moves stock in or out, or to a counted figure; what comes in goes to the orders that wait for it. */
export async function receiveStock(scope: ActionScope, input: StockAdjustment): Promise<{ levelId: string }> {
  // Orders are locked before levels, here as in every step.
  await scope.tx.query(lockOrdersWaitingFor(input.sku, null));
  const { levelId, productId, delta } = await adjustStock(scope, input);
  if (isPositive(delta)) {
    await scope.tx.flush();
    await fillBackorders(scope, productId);
  }
  return { levelId };
}
