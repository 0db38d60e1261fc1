import {
  isCurrency,
  rejected,
  type Change,
  type StatedAdjustment,
  type StatedOrder,
  type StatedShippingLine,
} from '#connect';
import { orderUrl, type Settings } from '../settings.js';
import type { Item, Money, Order } from '../wire.js';
import { positive, purseOf, sum, type Purse } from './amounts.js';
import { pricedItem, statedLines, taxLines, taxName, textOf, type PricedItem } from './items.js';
import { addressOf, customerOf } from './people.js';

/** Whose prices are without tax, where nothing in the order tells: the United States and Canada. */
const WITHOUT_TAX = new Set(['ATVPDKIKX0DER', 'A2EUQ1WTGCTBG2']);

/**
 * What an order says. Nothing while it is pending: it is not paid, may have no prices yet and must not be shipped. Nothing
 * either of one that was called off before it had any.
 */
export function orderChanges(order: Order, settings: Settings): Change[] {
  const { fulfillmentStatus: status } = order.fulfillment;
  if (status === 'PENDING' || status === 'PENDING_AVAILABILITY') return [];
  // Other channels' orders that Amazon only ships are not sold here.
  if (order.salesChannel.channelName === 'NON_AMAZON') return [];
  const isCanceled = status === 'CANCELLED';
  if (isCanceled && (!order.orderItems.some(isPriced) || standing(order).length === 0)) return [];
  return [{ kind: 'order', order: statedOrder(order, settings, isCanceled) }];
}

function statedOrder(order: Order, settings: Settings, isCanceled: boolean): StatedOrder {
  const { buyer, recipient } = order;
  const customer = customerOf(order);
  return {
    externalId: order.orderId,
    externalUrl: orderUrl(settings, order.orderId),
    sourceVersion: order.lastUpdatedTime,
    placedAt: order.createdTime,
    channelNumber: order.orderId,
    email: customer?.email,
    note: noteOf(order),
    purchaseOrderNumber: textOf(buyer?.buyerPurchaseOrderNumber),
    customer,
    ...statementOf(order, settings),
    shippingAddress: addressOf(recipient?.deliveryAddress),
    canceledAt: isCanceled ? order.lastUpdatedTime : undefined,
    cancelReason: isCanceled ? cancelReasonOf(order) : undefined,
  };
}

type Statement = Pick<
  StatedOrder,
  'currency' | 'pricesIncludeTax' | 'lines' | 'shippingLines' | 'adjustments' | 'stated'
>;

function statementOf(order: Order, settings: Settings): Statement {
  const purse = purseOf(currencyOf(order, settings));
  const items = standing(order).map(({ item, at }) => {
    if (!isPriced(item) && !isReplacement(order))
      throw rejected(`${at}.proceeds: expected what it is sold for, got nothing`);
    return pricedItem(item, at, purse);
  });
  const pricesIncludeTax = basisOf(order, items);
  const adjustments = adjustmentsOf(order, items, purse);
  const givenMinor = sum(adjustments.filter(({ kind }) => kind === 'DISCOUNT').map(({ minor }) => minor));
  const feesMinor = sum(adjustments.filter(({ kind }) => kind === 'FEE').map(({ minor }) => minor));
  const subtotal = sum(items.map(({ gross }) => gross.ITEM + gross.GIFT_WRAP));
  const shipping = sum(items.map(({ gross }) => gross.SHIPPING));
  const discount = sum(items.map((item) => item.discount + item.shippingDiscount)) + givenMinor;
  const tax = sum(items.map((item) => item.tax + item.shippingTax + item.giftWrapTax));
  const total = subtotal + shipping - discount + feesMinor + (pricesIncludeTax ? 0n : tax);
  checkGrandTotal(order, { total, tax }, purse);
  return {
    currency: purse.currency,
    pricesIncludeTax,
    lines: items.flatMap((item) => statedLines(item, purse, pricesIncludeTax)),
    shippingLines: shippingOf(order, items, purse, pricesIncludeTax),
    adjustments: adjustments.map(({ minor, ...rest }) => ({ ...rest, amount: purse.text(minor) })),
    stated: {
      subtotal: purse.text(subtotal),
      discountTotal: purse.text(discount),
      shippingTotal: purse.text(shipping),
      taxTotal: purse.text(tax),
      total: purse.text(total),
    },
  };
}

/** What still stands of the order: items that were called off alone are left out, the whole order counts as placed. */
function standing(order: Order): { item: Item; at: string }[] {
  const isCanceled = order.fulfillment.fulfillmentStatus === 'CANCELLED';
  return order.orderItems
    .map((item, index) => ({ item, at: `orderItems.${index}` }))
    .filter(({ item }) => item.quantityOrdered !== '0' && (isCanceled || !wasCalledOff(item)));
}

function wasCalledOff({ cancellation, fulfillment }: Item): boolean {
  if (!cancellation?.cancellationExecution) return false;
  const left = [fulfillment?.quantityFulfilled, fulfillment?.quantityUnfulfilled];
  return left.every((quantity) => quantity == null || quantity === '0');
}

function isPriced({ proceeds, product }: Item): boolean {
  return (proceeds?.breakdowns?.length ?? 0) > 0 || proceeds?.proceedsTotal != null || product.price?.unitPrice != null;
}

/** Sent in place of another order, for nothing. */
function isReplacement({ associatedOrders }: Order): boolean {
  return (associatedOrders ?? []).some(({ associationType }) => associationType?.startsWith('REPLACEMENT'));
}

function currencyOf(order: Order, settings: Settings): string {
  const amounts: (Money | null | undefined)[] = [
    order.proceeds?.grandTotal,
    ...order.orderItems.flatMap(({ proceeds, product }) => [
      proceeds?.proceedsTotal,
      proceeds?.breakdowns?.[0]?.subtotal,
      product.price?.unitPrice,
    ]),
  ];
  const currency = amounts.find((money) => money != null)?.currencyCode ?? settings.currency;
  if (currency === undefined) throw rejected('proceeds: expected an amount or the setting "currency", got neither');
  if (!isCurrency(currency)) throw rejected(`currencyCode: expected an ISO 4217 code, got "${currency}"`);
  return currency;
}

function basisOf({ salesChannel }: Order, items: PricedItem[]): boolean {
  const told = new Set(items.flatMap(({ includesTax }) => includesTax ?? []));
  if (told.size > 1) throw rejected('orderItems: expected tax either in all prices or in none');
  const [includesTax] = told;
  return includesTax ?? !WITHOUT_TAX.has(salesChannel.marketplaceId ?? '');
}

function shippingOf(
  { fulfillment }: Order,
  items: PricedItem[],
  purse: Purse,
  pricesIncludeTax: boolean,
): StatedShippingLine[] {
  const price = sum(items.map(({ gross }) => gross.SHIPPING));
  const discount = sum(items.map(({ shippingDiscount }) => shippingDiscount));
  const tax = sum(items.map(({ shippingTax }) => shippingTax));
  if (price === 0n && discount === 0n && tax === 0n) return [];
  const name = taxName(items[0]!.item);
  return [
    {
      method: textOf(fulfillment.fulfillmentServiceLevel) ?? 'Shipping',
      price: purse.text(price),
      discount: purse.text(discount),
      taxLines: taxLines({ name, tax, net: price - discount }, purse, pricesIncludeTax),
    },
  ];
}

type Adjustment = Omit<StatedAdjustment, 'amount'> & { minor: bigint };

function adjustmentsOf({ proceeds }: Order, items: PricedItem[], purse: Purse): Adjustment[] {
  const tips = (proceeds?.breakdowns ?? []).filter(({ type }) => type === 'DELIVERY_TIP');
  const tip = sum(tips.map(({ subtotal }) => purse.minor('proceeds.breakdowns DELIVERY_TIP', subtotal)));
  const of = (label: string, minor: bigint): Adjustment => ({
    kind: minor < 0n ? 'DISCOUNT' : 'FEE',
    label,
    minor: positive(minor),
  });
  return [
    of('Cash on delivery', sum(items.map(({ gross }) => gross.COD_FEE))),
    of('Other', sum(items.map(({ gross }) => gross.OTHER))),
    of('Delivery tip', tip),
  ].filter(({ minor }) => minor > 0n);
}

/** It is what the seller receives: without the tax that Amazon keeps, with or without a tip that is charged later. */
function checkGrandTotal(order: Order, { total, tax }: { total: bigint; tax: bigint }, purse: Purse): void {
  const stated = order.proceeds?.grandTotal;
  const isPartial = standing(order).length < order.orderItems.length;
  if (!stated || isPartial || order.fulfillment.fulfillmentStatus === 'CANCELLED') return;
  const tips = (order.proceeds?.breakdowns ?? []).filter(({ type }) => type === 'DELIVERY_TIP');
  const tip = sum(tips.map(({ subtotal }) => purse.minor('proceeds.breakdowns DELIVERY_TIP', subtotal)));
  const grand = purse.minor('proceeds.grandTotal', stated);
  if ([total, total - tax, total - tip, total - tax - tip].includes(grand)) return;
  throw rejected(`proceeds.grandTotal: ${stated.amount} is stated, the items come to ${purse.text(total)}`);
}

function noteOf({ orderItems }: Order): string | undefined {
  const messages = orderItems.flatMap(({ fulfillment }) => textOf(fulfillment?.packing?.giftOption?.giftMessage) ?? []);
  return messages.length > 0 ? `Gift message: ${[...new Set(messages)].join(' / ')}` : undefined;
}

function cancelReasonOf({ orderItems }: Order): string | undefined {
  const [first] = orderItems.flatMap(({ cancellation }) => cancellation?.cancellationExecution ?? []);
  if (!first) return undefined;
  return [textOf(first.cancelledBy), textOf(first.cancelReason)].filter(Boolean).join(': ') || undefined;
}
