import { addDecimals, compareDecimals } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import type { AlikeRow } from './duplicate.queries.js';

/** An order as it is compared with others. */
export interface ComparedOrder {
  customerId: string | null;
  purchaseOrderNumber: string | null;
  currency: string;
  totalMinor: bigint;
  lines: readonly { sku: string; quantity: string }[];
}

/** Refuses an order that looks like another one: under the same number of the customer's, or with the same lines and total. */
export function refuseLikely(order: ComparedOrder, alike: readonly AlikeRow[], refusals: Refusals): void {
  const same = alike.flatMap((other) => {
    const what = whatIsSame(order, other);
    return what === null ? [] : [{ other, what }];
  });
  if (same.length === 0) return;
  const named = same.map(({ other, what }) => `${other.number} (${what})`).join(', ');
  refusals.push({
    code: 'LIKELY_DUPLICATE',
    message: `it may be the same as ${named}: allowDuplicate says that it is not`,
    field: ['allowDuplicate'],
    type: 'DuplicateOrderError',
    facts: { orderIds: same.map(({ other }) => other.id) },
  });
}

function whatIsSame(order: ComparedOrder, other: AlikeRow): string | null {
  const { purchaseOrderNumber: number } = order;
  if (number !== null && order.customerId === other.customer_id && number === other.purchase_order_number)
    return `purchase order ${number}`;
  if (!other.is_near || other.currency !== order.currency || BigInt(other.total_minor) !== order.totalMinor)
    return null;
  return hasSameLines(order.lines, other.lines) ? 'same lines and total' : null;
}

function hasSameLines(lines: ComparedOrder['lines'], others: ComparedOrder['lines']): boolean {
  const [these, those] = [quantities(lines), quantities(others)];
  return (
    these.size === those.size &&
    [...these].every(([sku, quantity]) => compareDecimals(quantity, those.get(sku) ?? '-1') === 0)
  );
}

function quantities(lines: ComparedOrder['lines']): Map<string, string> {
  const bySku = new Map<string, string>();
  for (const { sku, quantity } of lines) bySku.set(sku, addDecimals(bySku.get(sku) ?? '0', quantity));
  return bySku;
}
