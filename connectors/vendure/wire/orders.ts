import type { z } from 'zod';
import { count, flag, id, instant, list, listOrNone, minor, percent, record, text, word } from './parts.js';

const address = record({
  fullName: text.nullish(),
  company: text.nullish(),
  streetLine1: text.nullish(),
  streetLine2: text.nullish(),
  city: text.nullish(),
  province: text.nullish(),
  postalCode: text.nullish(),
  countryCode: text.nullish(),
  phoneNumber: text.nullish(),
});
export type OrderAddress = z.infer<typeof address>;

const taxLine = record({ description: text, taxRate: percent });
export type TaxLine = z.infer<typeof taxLine>;

const line = record({
  id,
  quantity: count,
  orderPlacedQuantity: count,
  unitPrice: minor,
  unitPriceWithTax: minor,
  linePrice: minor,
  linePriceWithTax: minor,
  proratedLinePrice: minor,
  proratedLinePriceWithTax: minor,
  taxLines: list(taxLine),
  productVariant: record({ id, sku: text, name: text }),
});
export type OrderLine = z.infer<typeof line>;

const surcharge = record({
  id,
  description: text,
  sku: text.nullish(),
  price: minor,
  priceWithTax: minor,
  taxLines: list(taxLine),
});
export type Surcharge = z.infer<typeof surcharge>;

const shippingLine = record({
  id,
  price: minor,
  priceWithTax: minor,
  discountedPrice: minor,
  discountedPriceWithTax: minor,
  discounts: list(record({ adjustmentSource: text, amount: minor, amountWithTax: minor })),
  shippingMethod: record({ code: text, name: text }),
});
export type ShippingLine = z.infer<typeof shippingLine>;

const payment = record({
  id,
  createdAt: instant,
  updatedAt: instant,
  method: text,
  amount: minor,
  state: word('Created', 'Authorized', 'Settled', 'Declined', 'Error', 'Cancelled'),
  transactionId: text.nullish(),
  refunds: list(record({ id, updatedAt: instant, total: minor, state: word('Pending', 'Settled', 'Failed') })),
});
export type Payment = z.infer<typeof payment>;

export const buyer = record({
  id,
  firstName: text,
  lastName: text,
  emailAddress: text,
  phoneNumber: text.nullish(),
  addresses: listOrNone(record({ company: text.nullish(), defaultBillingAddress: flag.nullish() })),
});
export type Buyer = z.infer<typeof buyer>;

export const orderShape = record({
  id,
  code: text,
  type: word('Regular', 'Seller', 'Aggregate'),
  state: text,
  createdAt: instant,
  updatedAt: instant,
  orderPlacedAt: instant.nullish(),
  currencyCode: text,
  /** Of the channel; an order does not tell by itself. */
  pricesIncludeTax: flag,
  totalWithTax: minor,
  customer: buyer.nullish(),
  shippingAddress: address.nullish(),
  billingAddress: address.nullish(),
  lines: list(line),
  surcharges: list(surcharge),
  shippingLines: list(shippingLine),
  taxSummary: list(taxLine),
  payments: listOrNone(payment),
  fulfillments: listOrNone(record({ id, state: text, updatedAt: instant })),
});
export type Order = z.infer<typeof orderShape>;

export const fulfillmentShape = record({
  id,
  createdAt: instant,
  updatedAt: instant,
  state: word('Created', 'Pending', 'Shipped', 'Delivered', 'Cancelled'),
  method: text,
  trackingCode: text.nullish(),
  lines: list(
    record({ orderLineId: id, quantity: count, orderLine: record({ productVariant: record({ sku: text }) }) }),
  ),
  /** Which it was found at. */
  order: record({ id }),
});
export type Fulfillment = z.infer<typeof fulfillmentShape>;
