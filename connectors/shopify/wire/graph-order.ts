// An order as GraphQL tells it, brought into the shape that webhooks have, so that one set of rules reads both.
// https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Order
import type { z } from 'zod';
import { minorOfAmount, moneyOfMinor } from '#connect';
import type { Address, Customer, LineItem, MoneyBag, Order, ShippingLine, TaxLine } from './order.js';
import { amount, count, flag, gid, instant, list, listOrNone, nodes, rate, record, text, word } from './parts.js';

const bag = record({ shopMoney: record({ amount, currencyCode: text }) });
type Bag = z.infer<typeof bag>;
const taxLine = record({ title: text, rate: rate.nullish(), priceSet: bag });
const allocation = record({ allocatedAmountSet: bag });

const line = record({
  id: gid('LineItem'),
  sku: text.nullish(),
  name: text,
  title: text,
  quantity: count,
  currentQuantity: count,
  taxable: flag,
  requiresShipping: flag,
  variant: record({ id: gid('ProductVariant') }).nullish(),
  originalUnitPriceSet: bag,
  totalDiscountSet: bag,
  discountAllocations: list(allocation),
  taxLines: list(taxLine),
  duties: list(record({ taxLines: list(taxLine) })),
});
const shipping = record({
  title: text.nullish(),
  code: text.nullish(),
  isRemoved: flag,
  originalPriceSet: bag,
  discountedPriceSet: bag,
  discountAllocations: list(allocation),
  taxLines: list(taxLine),
});
export const graphAddress = record({
  name: text.nullish(),
  firstName: text.nullish(),
  lastName: text.nullish(),
  company: text.nullish(),
  address1: text.nullish(),
  address2: text.nullish(),
  city: text.nullish(),
  province: text.nullish(),
  provinceCode: text.nullish(),
  zip: text.nullish(),
  countryCodeV2: text.nullish(),
  phone: text.nullish(),
});
const customer = record({
  id: gid('Customer'),
  firstName: text.nullish(),
  lastName: text.nullish(),
  defaultEmailAddress: record({ emailAddress: text }).nullish(),
  defaultPhoneNumber: record({ phoneNumber: text }).nullish(),
  defaultAddress: record({ company: text.nullish(), phone: text.nullish() }).nullish(),
});
const refund = record({
  refundLineItems: nodes(
    record({
      quantity: count,
      restockType: word('CANCEL', 'LEGACY_RESTOCK', 'NO_RESTOCK', 'RETURN'),
      lineItem: record({ id: gid('LineItem') }),
    }),
  ),
});

export const graphOrder = record({
  id: gid('Order'),
  name: text,
  createdAt: instant,
  processedAt: instant,
  updatedAt: instant,
  cancelledAt: instant.nullish(),
  cancelReason: text.nullish(),
  currencyCode: text,
  taxesIncluded: flag,
  email: text.nullish(),
  note: text.nullish(),
  poNumber: text.nullish(),
  dutiesIncluded: flag,
  discountCodes: list(text),
  customer: customer.nullish(),
  billingAddress: graphAddress.nullish(),
  shippingAddress: graphAddress.nullish(),
  taxLines: list(taxLine),
  lineItems: nodes(line),
  shippingLines: nodes(shipping),
  refunds: listOrNone(refund),
  totalDiscountsSet: bag.nullish(),
  totalTaxSet: bag.nullish(),
  totalPriceSet: bag,
  totalTipReceivedSet: bag,
  originalTotalDutiesSet: bag.nullish(),
  originalTotalAdditionalFeesSet: bag.nullish(),
  currentTotalDiscountsSet: bag,
  currentTotalTaxSet: bag,
  currentTotalPriceSet: bag,
  currentTotalDutiesSet: bag.nullish(),
  currentTotalAdditionalFeesSet: bag.nullish(),
});
export type GraphOrder = z.infer<typeof graphOrder>;

/** The same order as a webhook would have told it. */
export function asDelivered(order: GraphOrder): Order {
  const currency = order.currencyCode;
  const zero: Bag = { shopMoney: { amount: '0', currencyCode: currency } };
  const discounts = order.totalDiscountsSet ?? zero;
  const tax = order.totalTaxSet ?? zero;
  return {
    id: order.id,
    name: order.name,
    created_at: order.createdAt,
    processed_at: order.processedAt,
    updated_at: order.updatedAt,
    cancelled_at: order.cancelledAt,
    cancel_reason: order.cancelReason?.toLowerCase(),
    currency,
    taxes_included: order.taxesIncluded,
    email: order.email,
    note: order.note,
    po_number: order.poNumber,
    customer: order.customer ? customerAsDelivered(order.customer) : null,
    billing_address: order.billingAddress ? addressAsDelivered(order.billingAddress) : null,
    shipping_address: order.shippingAddress ? addressAsDelivered(order.shippingAddress) : null,
    line_items: order.lineItems.nodes.map((each) => lineAsDelivered(each, currency)),
    shipping_lines: order.shippingLines.nodes.map((each) => shippingAsDelivered(each, currency)),
    tax_lines: order.taxLines.map((each) => taxAsDelivered(each, currency)),
    discount_codes: order.discountCodes.map((code) => ({ code })),
    refunds: order.refunds.map(({ refundLineItems }) => ({
      refund_line_items: refundLineItems.nodes.map(({ quantity, restockType, lineItem }) => ({
        line_item_id: lineItem.id,
        quantity,
        restock_type: restockType.toLowerCase(),
      })),
    })),
    duties_included: order.dutiesIncluded,
    total_discounts: plain(discounts, currency),
    total_discounts_set: pair(discounts),
    total_tax: plain(tax, currency),
    total_tax_set: pair(tax),
    total_price: plain(order.totalPriceSet, currency),
    total_price_set: pair(order.totalPriceSet),
    total_tip_received: plain(order.totalTipReceivedSet, currency),
    original_total_duties_set: order.originalTotalDutiesSet && pair(order.originalTotalDutiesSet),
    original_total_additional_fees_set:
      order.originalTotalAdditionalFeesSet && pair(order.originalTotalAdditionalFeesSet),
    current_total_discounts: plain(order.currentTotalDiscountsSet, currency),
    current_total_tax: plain(order.currentTotalTaxSet, currency),
    current_total_price: plain(order.currentTotalPriceSet, currency),
    current_total_duties_set: order.currentTotalDutiesSet && pair(order.currentTotalDutiesSet),
    current_total_additional_fees_set: order.currentTotalAdditionalFeesSet && pair(order.currentTotalAdditionalFeesSet),
  };
}

/** "24.4" as a webhook writes it: "24.40". What has more digits than the currency stays as it is. */
function plain({ shopMoney }: Bag, currency: string): string {
  const minor = minorOfAmount(shopMoney.amount, currency);
  return minor === null ? shopMoney.amount : moneyOfMinor(minor.toString(), currency).amount;
}

function pair({ shopMoney }: Bag): MoneyBag {
  return { shop_money: { amount: shopMoney.amount, currency_code: shopMoney.currencyCode } };
}

function taxAsDelivered({ title, rate: share, priceSet }: z.infer<typeof taxLine>, currency: string): TaxLine {
  return { title, rate: share ?? '0', price: plain(priceSet, currency), price_set: pair(priceSet) };
}

function allocationsAsDelivered(allocations: z.infer<typeof allocation>[], currency: string) {
  return allocations.map(({ allocatedAmountSet: set }) => ({ amount: plain(set, currency), amount_set: pair(set) }));
}

function lineAsDelivered(each: z.infer<typeof line>, currency: string): LineItem {
  return {
    id: each.id,
    variant_id: each.variant?.id,
    sku: each.sku,
    name: each.name,
    title: each.title,
    quantity: each.quantity,
    current_quantity: each.currentQuantity,
    price: plain(each.originalUnitPriceSet, currency),
    price_set: pair(each.originalUnitPriceSet),
    total_discount: plain(each.totalDiscountSet, currency),
    discount_allocations: allocationsAsDelivered(each.discountAllocations, currency),
    tax_lines: each.taxLines.map((tax) => taxAsDelivered(tax, currency)),
    taxable: each.taxable,
    requires_shipping: each.requiresShipping,
    duties: each.duties.map(({ taxLines }) => ({ tax_lines: taxLines.map((tax) => taxAsDelivered(tax, currency)) })),
  };
}

function shippingAsDelivered(each: z.infer<typeof shipping>, currency: string): ShippingLine {
  return {
    title: each.title,
    code: each.code,
    price: plain(each.originalPriceSet, currency),
    price_set: pair(each.originalPriceSet),
    discounted_price: plain(each.discountedPriceSet, currency),
    discount_allocations: allocationsAsDelivered(each.discountAllocations, currency),
    tax_lines: each.taxLines.map((tax) => taxAsDelivered(tax, currency)),
    is_removed: each.isRemoved,
  };
}

export function addressAsDelivered(address: z.infer<typeof graphAddress>): Address {
  return {
    name: address.name,
    first_name: address.firstName,
    last_name: address.lastName,
    company: address.company,
    address1: address.address1,
    address2: address.address2,
    city: address.city,
    province: address.province,
    province_code: address.provinceCode,
    zip: address.zip,
    country_code: address.countryCodeV2,
    phone: address.phone,
  };
}

function customerAsDelivered(each: z.infer<typeof customer>): Customer {
  return {
    id: each.id,
    first_name: each.firstName,
    last_name: each.lastName,
    email: each.defaultEmailAddress?.emailAddress,
    phone: each.defaultPhoneNumber?.phoneNumber,
    default_address: each.defaultAddress,
  };
}
