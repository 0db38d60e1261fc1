import { bag, type ShopLine, type ShopOrder, type ShopRefund } from './orders.js';
import { connection, type ListArgs, type Reading, type Row } from './lists.js';
import {
  gid,
  graphTime,
  graphTimeOf,
  LOCATIONS,
  plain,
  type Customer,
  type Fulfillment,
  type Shop,
  type Transaction,
} from './shop.js';
import { variantView } from './views-of-goods.js';

const EPOCH = new Date(0);

type Bag = { shop_money: { amount: string; currency_code: string } };
const money = ({ shop_money: { amount, currency_code: currencyCode } }: Bag) => ({
  shopMoney: { amount: shortened(amount), currencyCode },
});
/** GraphQL writes 24.40 as 24.4 and 24.00 as 24.0. */
const shortened = (amount: string): string => amount.replace(/(\.\d+?)0+$/, '$1');
const zero = (currency: string) => money(bag(0, currency));
/** A list below a record. */
const below = (rows: { id: string; view(): unknown }[]) => (args: ListArgs, reading: Reading) =>
  connection(
    rows.map(({ id, view }): Row => ({ id, updatedAt: EPOCH, node: view })),
    args,
    reading,
  );

export function orderView(shop: Shop, order: ShopOrder): Record<string, unknown> {
  const { currency } = order;
  const id = plain(order.id);
  const amount = (text: string) => ({ shopMoney: { amount: shortened(text), currencyCode: currency } });
  const customer = shop.customers.get(plain(order.customer.id));
  return {
    __typename: 'Order',
    id: gid('Order', id),
    name: order.name,
    createdAt: graphTimeOf(order.created_at),
    processedAt: graphTimeOf(order.processed_at),
    updatedAt: graphTimeOf(order.updated_at),
    cancelledAt: order.cancelled_at && graphTimeOf(order.cancelled_at),
    cancelReason: order.cancel_reason?.toUpperCase() ?? null,
    currencyCode: currency,
    taxesIncluded: order.taxes_included,
    email: order.email,
    note: order.note,
    poNumber: order.po_number,
    dutiesIncluded: false,
    discountCodes: order.discount_codes.map(({ code }) => code),
    customer: customer ? () => customerView(customer) : null,
    billingAddress: addressView(order.billing_address),
    shippingAddress: addressView(order.shipping_address),
    taxLines: order.line_items.flatMap(({ tax_lines: taxes }) => taxes.map(taxView)),
    totalDiscountsSet: amount(order.total_discounts),
    totalTaxSet: amount(order.total_tax),
    totalPriceSet: amount(order.total_price),
    totalTipReceivedSet: zero(currency),
    currentTotalDiscountsSet: amount(order.current_total_discounts),
    currentTotalTaxSet: amount(order.current_total_tax),
    currentTotalPriceSet: amount(order.current_total_price),
    lineItems: below(order.line_items.map((line) => ({ id: plain(line.id), view: () => lineView(shop, line) }))),
    shippingLines: below(order.shipping_lines.map((line) => ({ id: plain(line.id), view: () => shippingView(line) }))),
    transactions: ({ first }: { first?: number }) =>
      shop
        .transactionsOf(id)
        .slice(0, first)
        .map((each) => transactionView(each, currency)),
    refunds: ({ first }: { first?: number }) => order.refunds.slice(0, first).map(refundView),
    fulfillments: ({ first }: { first?: number }) =>
      shop
        .fulfillmentsOf(id)
        .slice(0, first)
        .map((each) => fulfillmentView(shop, each)),
    fulfillmentOrders: below([{ id, view: () => fulfillmentOrderView(shop, order) }]),
  };
}

function refundView(refund: ShopRefund) {
  return {
    id: gid('Refund', plain(refund.id)),
    refundLineItems: below(
      refund.refund_line_items.map(({ line_item_id: lineId, quantity, restock_type: type }, index) => ({
        id: String(index + 1),
        view: () => ({ quantity, restockType: type.toUpperCase(), lineItem: { id: gid('LineItem', plain(lineId)) } }),
      })),
    ),
  };
}

function lineView(shop: Shop, line: ShopLine) {
  const product = [...shop.products.values()].find(({ variantId }) => variantId === plain(line.variant_id));
  return {
    id: gid('LineItem', plain(line.id)),
    sku: line.sku,
    name: line.name,
    title: line.title,
    quantity: line.quantity,
    currentQuantity: line.current_quantity,
    taxable: line.taxable,
    requiresShipping: line.requires_shipping,
    variant: product ? () => variantView(shop, product) : null,
    originalUnitPriceSet: money(line.price_set),
    totalDiscountSet: zero(shop.currency),
    discountAllocations: line.discount_allocations.map((each) => ({ allocatedAmountSet: money(each.amount_set) })),
    taxLines: line.tax_lines.map(taxView),
    duties: [],
  };
}

function shippingView(line: ShopOrder['shipping_lines'][number]) {
  return {
    id: gid('ShippingLine', plain(line.id)),
    title: line.title,
    code: line.code,
    isRemoved: false,
    originalPriceSet: money(line.price_set),
    discountedPriceSet: {
      shopMoney: { amount: shortened(line.discounted_price), currencyCode: line.price_set.shop_money.currency_code },
    },
    discountAllocations: line.discount_allocations.map((each) => ({ allocatedAmountSet: money(each.amount_set) })),
    taxLines: line.tax_lines.map(taxView),
  };
}

function taxView({ title, rate, price_set: set }: ShopLine['tax_lines'][number]) {
  return { title, rate, priceSet: money(set) };
}

function transactionView({ id, kind, cents, parentId, at }: Transaction, currency: string) {
  return {
    id: gid('OrderTransaction', id),
    kind,
    status: 'SUCCESS',
    gateway: 'shopify_payments',
    formattedGateway: 'Shopify Payments',
    createdAt: graphTime(at),
    amountSet: money(bag(cents, currency)),
    parentTransaction: parentId && { id: gid('OrderTransaction', parentId) },
    paymentDetails: {
      __typename: 'CardPaymentDetails',
      company: 'Visa',
      number: '•••• •••• •••• 4242',
      paymentMethodName: 'card',
    },
  };
}

function addressView(address: Customer['address']) {
  return {
    id: 'gid://shopify/MailingAddress/1?model_name=Address',
    name: address.name,
    firstName: address.first_name,
    lastName: address.last_name,
    company: address.company,
    address1: address.address1,
    address2: address.address2,
    city: address.city,
    province: address.province,
    provinceCode: address.province_code,
    zip: address.zip,
    countryCodeV2: address.country_code,
    phone: address.phone,
  };
}

export function customerView(customer: Customer): Record<string, unknown> {
  return {
    id: gid('Customer', customer.id),
    firstName: customer.firstName,
    lastName: customer.lastName,
    defaultEmailAddress: { emailAddress: customer.email },
    defaultPhoneNumber: customer.phone === null ? null : { phoneNumber: customer.phone },
    defaultAddress: addressView(customer.address),
    addressesV2: below([{ id: '1', view: () => addressView(customer.address) }]),
    tags: customer.tags,
    updatedAt: graphTime(customer.updatedAt),
  };
}

export function fulfillmentView(shop: Shop, each: Fulfillment): Record<string, unknown> {
  const order = shop.orders.get(each.orderId)!;
  const index = shop.fulfillmentsOf(each.orderId).indexOf(each);
  return {
    id: gid('Fulfillment', each.id),
    name: `${order.name}-F${index + 1}`,
    status: each.status,
    displayStatus: each.displayStatus,
    createdAt: graphTime(each.createdAt),
    updatedAt: graphTime(each.updatedAt),
    deliveredAt: each.displayStatus === 'DELIVERED' ? graphTime(each.updatedAt) : null,
    location: { id: gid('Location', each.locationId) },
    order: () => orderView(shop, order),
    trackingInfo: each.tracking ? [each.tracking] : [],
    fulfillmentLineItems: below(
      each.lines.map(({ lineId, quantity }, n) => ({
        id: String(n + 1),
        view: () => ({
          id: gid('FulfillmentLineItem', `${each.id}${n}`),
          quantity,
          lineItem: () =>
            lineView(
              shop,
              order.line_items.find(({ id }) => plain(id) === lineId)!,
            ),
        }),
      })),
    ),
  };
}

/** The shop sends from one place: one fulfillment order for each order, of the order's own number. */
export function fulfillmentOrderView(shop: Shop, order: ShopOrder): Record<string, unknown> {
  const id = plain(order.id);
  const lines = order.line_items.filter((line) => line.requires_shipping);
  const isOpen = lines.some((line) => shop.remaining(order, plain(line.id)) > 0);
  return {
    id: gid('FulfillmentOrder', id),
    status: order.cancelled_at !== null || !isOpen ? 'CLOSED' : 'OPEN',
    assignedLocation: { location: { id: gid('Location', LOCATIONS[0]) } },
    lineItems: below(
      lines.map((line) => ({
        id: plain(line.id),
        view: () => ({
          id: gid('FulfillmentOrderLineItem', plain(line.id)),
          remainingQuantity: shop.remaining(order, plain(line.id)),
          lineItem: () => lineView(shop, line),
        }),
      })),
    ),
    fulfillments: below(
      shop.fulfillmentsOf(id).map((each) => ({ id: each.id, view: () => fulfillmentView(shop, each) })),
    ),
  };
}
