import type { Statement } from '../../db/statement.js';
import type { Refusals } from '../../shared/failures.js';
import { selectPricedProducts, type PricedProductRow } from '../catalog/index.js';
import type { CustomerRow } from '../customers/index.js';
import {
  selectChannelByCode,
  selectOrderCustomer,
  sellerSettings,
  type ChannelRow,
  type CreditLimitRow,
  type CreditUsedRow,
} from '../orders/index.js';
import type { LockedLevel } from '../stock/index.js';
import { ratedTaxes, selectTaxRates, type KnownRateRow, type TaxProvider } from '../tax/index.js';
import type { Asking, OrderRequest } from './order-request.rules.js';

/** What the hub knows that a new order rests on. */
export interface Foundations {
  channel: ChannelRow | undefined;
  customer: (CustomerRow & { contact_found: boolean }) | undefined;
  products: PricedProductRow[];
  taxes: TaxProvider;
  sellerCountry: string;
}

/** What a confirmation looks at beside. */
export interface CreditAndStock {
  limit: CreditLimitRow | undefined;
  used: CreditUsedRow | undefined;
  levels: LockedLevel[];
}

/** The statements whose rows `foundationsOf` takes, in their order. */
export function selectFoundations(asking: Asking, request: OrderRequest): Statement[] {
  const { input, lines, customerId, contactId } = request;
  return [
    selectChannelByCode(input.channel),
    selectOrderCustomer(customerId, contactId),
    selectPricedProducts(
      lines.map((line) => line.sku),
      lines.map((line) => line.quantity),
      input.currency,
      customerId,
      asking.now.toISOString(),
    ),
    selectTaxRates(
      input.shippingAddress?.country ?? null,
      input.shippingAddress?.region ?? null,
      customerId,
      asking.service(sellerSettings).country,
      request.placedAt.toISOString().slice(0, 10),
    ),
  ];
}

/** How many of the rows are those of `selectFoundations`. */
export const FOUNDATIONS = 4;

export function foundationsOf([channels, customers, products, rates]: unknown[][], asking: Asking): Foundations {
  const sellerCountry = asking.service(sellerSettings).country;
  return {
    channel: channels![0] as Foundations['channel'],
    customer: customers![0] as Foundations['customer'],
    products: products as PricedProductRow[],
    taxes: ratedTaxes(rates as KnownRateRow[], sellerCountry),
    sellerCountry,
  };
}

export function checkParties(
  { input, customerId, contactId }: OrderRequest,
  { channel, customer }: Foundations,
  refusals: Refusals,
): void {
  if (!channel) refusals.add('NOT_FOUND', `no channel has the code "${input.channel}"`, ['channel']);
  else if (!channel.is_active) refusals.add('INVALID', `channel ${channel.code} takes no more orders`, ['channel']);
  if (customerId !== null && !customer)
    refusals.add('NOT_FOUND', `no customer has the id ${input.customerId}`, ['customerId']);
  if (customer && !customer.is_active)
    refusals.add('INVALID', `customer ${customer.number} is not active`, ['customerId']);
  if (contactId !== null && !customer?.contact_found)
    refusals.add('NOT_FOUND', `the customer has no contact ${input.contactId}`, ['contactId']);
}
