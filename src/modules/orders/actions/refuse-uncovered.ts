import { refuse } from '../../../shared/failures.js';
import { moneyOfMinor } from '../../../shared/money.js';
import type { LockedOrder } from '../order.queries.js';
import { uncoveredOf } from '../order.payment.rules.js';

/** Throws PAYMENT_REQUIRED where the hub takes money for the order and it does not cover the total; before goods leave. */
export function refuseUncovered(order: LockedOrder): void {
  const missing = uncoveredOf(order);
  if (missing === 0n) return;
  const { amount, currency } = moneyOfMinor(missing.toString(), order.currency);
  throw refuse('PAYMENT_REQUIRED', `order ${order.number}: ${amount} ${currency} are neither paid nor authorized`, [
    'orderId',
  ]);
}
