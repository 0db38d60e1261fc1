import type { Refusals } from '../../shared/failures.js';
import type { Address } from '../../graph/values.type.js';
import { pricedTotals, refuseUntaxed, type Pricing } from '../orders/index.js';
import type { StockNeed } from '../stock/index.js';
import { refuseUndeliverable } from './address.rules.js';
import { refuseBeyondCredit } from './credit.rules.js';
import { selectOrdersAlike, type AlikeRow } from './duplicate.queries.js';
import { refuseLikely } from './duplicate.rules.js';
import type { CreditAndStock, Foundations } from './order-foundations.rules.js';
import type { Asking, OrderRequest } from './order-request.rules.js';
import { stockedIds, stockNeeds } from './verification.rules.js';
import { verificationSettings } from './verification.settings.js';

export type Known = Foundations & CreditAndStock & { alike: readonly AlikeRow[] };

/** A statement for the orders that a new one may be the same as; none where nobody looks. */
export function selectAlikeOfNew(asking: Asking, request: OrderRequest) {
  const { duplicateWindowMs } = asking.service(verificationSettings);
  if (duplicateWindowMs === 0) return [];
  const question = {
    id: null,
    customerId: request.customerId,
    // Others may have the same address; a customer is told of its own orders alone.
    email: asking.customerId === null ? (request.input.email ?? null) : null,
    purchaseOrderNumber: request.input.purchaseOrderNumber ?? null,
    placedAt: request.placedAt.toISOString(),
    createdAt: asking.now.toISOString(),
  };
  return [selectOrdersAlike([question], duplicateWindowMs)];
}

/** The checks of a confirmation behind pricing and before stock, of an order that is not there yet; what it needs of stock. */
export function checkNewOrder(
  asking: Asking,
  { request, pricing, shippingAddress, allowDuplicate }: NewOrderFacts,
  known: Known,
  refusals: Refusals,
): StockNeed[] {
  const { input, lines, tax, customerId } = request;
  const { totalMinor } = pricedTotals(pricing, input.currency, tax.pricesIncludeTax).order;
  refuseUntaxed(pricing.untaxed, known.taxes.country ?? shippingAddress?.country ?? known.sellerCountry, refusals);
  const credit = { currency: input.currency, totalMinor, field: ['confirm'] };
  refuseBeyondCredit(credit, known.limit, known.used, refusals);
  const { checksAddresses } = asking.service(verificationSettings);
  if (checksAddresses && pricing.lines.some((line) => line.requiresShipping))
    refuseUndeliverable(shippingAddress, refusals);
  const purchaseOrderNumber = input.purchaseOrderNumber ?? null;
  const compared = { customerId, purchaseOrderNumber, currency: input.currency, totalMinor, lines };
  if (!allowDuplicate) refuseLikely(compared, known.alike, refusals);
  return stockNeeds(
    pricing.lines.map((line, index) => ({ ...line, field: lines[index]!.field })),
    stockedIds(known.products),
  );
}

export interface NewOrderFacts {
  request: OrderRequest;
  pricing: Pricing;
  shippingAddress: Address | null;
  allowDuplicate: boolean;
}
