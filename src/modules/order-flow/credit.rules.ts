import type { Refusals } from '../../shared/failures.js';
import { moneyOfMinor } from '../../shared/money.js';
import type { CreditLimitRow, CreditUsedRow } from '../orders/index.js';

/** Refuses an order that would take the customer beyond the limit; one of another currency does not count. */
export function refuseBeyondCredit(
  order: { currency: string; totalMinor: bigint; field?: string[] },
  limit: CreditLimitRow | undefined,
  used: CreditUsedRow | undefined,
  refusals: Refusals,
): void {
  if (!limit || limit.credit_limit_currency !== order.currency) return;
  const usedMinor = used?.used_minor ?? '0';
  if (BigInt(usedMinor) + order.totalMinor <= BigInt(limit.credit_limit_minor)) return;
  const money = (minor: string) => moneyOfMinor(minor, order.currency);
  const facts = { limit: money(limit.credit_limit_minor), used: money(usedMinor) };
  const total = money(order.totalMinor.toString());
  refusals.push({
    code: 'CREDIT_LIMIT_EXCEEDED',
    message: `the credit limit is ${facts.limit.amount} ${order.currency}, ${facts.used.amount} of it is used, the order comes to ${total.amount}`,
    ...(order.field && { field: order.field }),
    type: 'CreditLimitError',
    facts,
  });
}
