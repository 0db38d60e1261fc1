// The order as webhooks deliver it: the REST shape, also for subscriptions made by GraphQL. API version 2026-10.
// https://shopify.dev/docs/api/admin-rest/latest/resources/order
// The rules of mapping work on this shape; wire/graph-order.ts brings what GraphQL says into it.
// Only what the mapping reads. Older payloads lack much of it, so that what may be missing says so.
import { z } from 'zod';
import { amount, count, flag, id, instant, list, listOrNone, rate, record, text } from './parts.js';

/** One amount in two currencies. The hub keeps the shop's; the buyer's (`presentment_money`) is left where it is. */
const moneyBag = record({ shop_money: record({ amount, currency_code: text }) });
export type MoneyBag = z.infer<typeof moneyBag>;

const taxLine = record({ title: text, price: amount, price_set: moneyBag.nullish(), rate });
export type TaxLine = z.infer<typeof taxLine>;
const discountAllocation = record({ amount, amount_set: moneyBag.nullish() });

const lineItem = record({
  id,
  variant_id: id.nullish(),
  sku: text.nullish(),
  name: text.nullish(),
  title: text.nullish(),
  quantity: count,
  current_quantity: count.nullish(),
  price: amount,
  price_set: moneyBag.nullish(),
  total_discount: amount.nullish(),
  discount_allocations: listOrNone(discountAllocation),
  tax_lines: listOrNone(taxLine),
  taxable: flag.nullish(),
  requires_shipping: flag.nullish(),
  duties: listOrNone(record({ tax_lines: listOrNone(taxLine) })),
  tip: z.looseObject({}).nullish(),
});
export type LineItem = z.infer<typeof lineItem>;

const shippingLine = record({
  title: text.nullish(),
  code: text.nullish(),
  price: amount,
  price_set: moneyBag.nullish(),
  discounted_price: amount.nullish(),
  discount_allocations: listOrNone(discountAllocation),
  tax_lines: listOrNone(taxLine),
  is_removed: flag.nullish(),
});
export type ShippingLine = z.infer<typeof shippingLine>;

export const addressShape = record({
  name: text.nullish(),
  first_name: text.nullish(),
  last_name: text.nullish(),
  company: text.nullish(),
  address1: text.nullish(),
  address2: text.nullish(),
  city: text.nullish(),
  province: text.nullish(),
  province_code: text.nullish(),
  zip: text.nullish(),
  country_code: text.nullish(),
  phone: text.nullish(),
});
export type Address = z.infer<typeof addressShape>;

const customer = record({
  id,
  first_name: text.nullish(),
  last_name: text.nullish(),
  email: text.nullish(),
  phone: text.nullish(),
  default_address: record({ company: text.nullish(), phone: text.nullish() }).nullish(),
});
export type Customer = z.infer<typeof customer>;

const refund = record({
  refund_line_items: listOrNone(record({ line_item_id: id, quantity: count, restock_type: text.nullish() })),
});

export const orderShape = record({
  id,
  name: text,
  created_at: instant,
  processed_at: instant.nullish(),
  updated_at: instant,
  cancelled_at: instant.nullish(),
  cancel_reason: text.nullish(),
  currency: text,
  taxes_included: flag,
  email: text.nullish(),
  contact_email: text.nullish(),
  note: text.nullish(),
  po_number: text.nullish(),
  customer: customer.nullish(),
  billing_address: addressShape.nullish(),
  shipping_address: addressShape.nullish(),
  line_items: list(lineItem),
  shipping_lines: listOrNone(shippingLine),
  tax_lines: listOrNone(taxLine),
  discount_codes: listOrNone(record({ code: text.nullish() })),
  refunds: listOrNone(refund),
  duties_included: flag.nullish(),
  total_line_items_price: amount.nullish(),
  total_discounts: amount,
  total_discounts_set: moneyBag.nullish(),
  total_tax: amount,
  total_tax_set: moneyBag.nullish(),
  total_price: amount,
  total_price_set: moneyBag.nullish(),
  total_tip_received: amount.nullish(),
  original_total_duties_set: moneyBag.nullish(),
  original_total_additional_fees_set: moneyBag.nullish(),
  current_total_discounts: amount.nullish(),
  current_total_tax: amount.nullish(),
  current_total_price: amount.nullish(),
  current_total_duties_set: moneyBag.nullish(),
  current_total_additional_fees_set: moneyBag.nullish(),
});
export type Order = z.infer<typeof orderShape>;
