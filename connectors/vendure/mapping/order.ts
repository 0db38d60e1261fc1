import {
  isCurrency,
  readWire,
  rejected,
  ConnectorFailure,
  show,
  type Change,
  type StatedAdjustment,
  type StatedOrder,
} from '#connect';
import { adminUrl, type Settings } from '../settings.js';
import { orderShape, type Order } from '../wire/orders.js';
import { amountOf, minorAt, sum } from './amounts.js';
import { isGross, pricedLine, pricedShipping, pricedSurcharge, type Reading } from './lines.js';
import { paymentsOf } from './payments.js';
import { customerOf, latest, orderAddress } from './people.js';

const CANCELED = 'Cancelled';
/** Nothing happens to an order in these any more that a change of it does not show. */
export const FINAL_STATES = ['Delivered', CANCELED];
export const STATES = [
  'Created',
  'Draft',
  'AddingItems',
  'ArrangingPayment',
  'PaymentAuthorized',
  'PaymentSettled',
  'PartiallyShipped',
  'Shipped',
  'PartiallyDelivered',
  'Modifying',
  'ArrangingAdditionalPayment',
  ...FINAL_STATES,
];

/** The order and its payments; nothing of a cart, nor of the part of an order that one of several sellers has. */
export function orderChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const order = readWire(orderShape, raw);
  const states = [...STATES, ...(settings.orderStates ?? [])];
  if (!states.includes(order.state)) {
    throw new ConnectorFailure(
      'unexpected_shape',
      `state: expected one of ${states.join(', ')}, got ${show(order.state)}`,
    );
  }
  if (!order.orderPlacedAt || order.type === 'Seller') return [];
  return [
    { kind: 'order', order: statedOrder(order, order.orderPlacedAt, settings) },
    ...paymentsOf(order, settings).map((payment): Change => ({ kind: 'payment', payment })),
  ];
}

function statedOrder(order: Order, placedAt: Date, settings: Settings): StatedOrder {
  const { currencyCode: currency } = order;
  if (!isCurrency(currency)) throw rejected(`currencyCode: expected an ISO 4217 code, got "${currency}"`);
  const isCanceled = order.state === CANCELED;
  return {
    externalId: order.id,
    ...adminUrl(settings, 'orders', order.id),
    sourceVersion: versionOf(order),
    placedAt,
    channelNumber: order.code,
    email: order.customer?.emailAddress.trim() || undefined,
    currency,
    customer: order.customer ? customerOf(order.customer) : undefined,
    ...statementOf(order, isCanceled, settings),
    billingAddress: orderAddress('billingAddress', order.billingAddress),
    shippingAddress: orderAddress('shippingAddress', order.shippingAddress),
    canceledAt: isCanceled ? order.updatedAt : undefined,
  };
}

/** The order's own time does not move with its payments and fulfillments. */
export function versionOf({ updatedAt, orderPlacedAt, payments, fulfillments }: Order): Date {
  return latest([
    updatedAt,
    ...(orderPlacedAt ? [orderPlacedAt] : []),
    ...payments.flatMap((payment) => [payment.updatedAt, ...payment.refunds.map((refund) => refund.updatedAt)]),
    ...fulfillments.map((fulfillment) => fulfillment.updatedAt),
  ]);
}

type Statement = Pick<StatedOrder, 'pricesIncludeTax' | 'lines' | 'shippingLines' | 'adjustments' | 'stated'>;

/** An order that was called off has nothing of its lines left: it counts as it was placed. */
function statementOf(order: Order, isCanceled: boolean, settings: Settings): Statement {
  const asPlaced = isCanceled && order.lines.every(({ quantity }) => BigInt(quantity) === 0n);
  const reading: Reading = { order, settings, asPlaced, isGross: isGross(order) };
  const { currencyCode: currency } = order;
  const kept = order.lines.filter((line) => BigInt(asPlaced ? line.orderPlacedQuantity : line.quantity) > 0n);
  const charged = order.surcharges.filter(({ price }) => BigInt(price) >= 0n);
  const lines = [
    ...kept.map((line) => pricedLine(line, order.lines.indexOf(line), reading)),
    ...charged.map((each) => pricedSurcharge(each, order.surcharges.indexOf(each), reading)),
  ];
  if (lines.length === 0) throw rejected('lines: expected at least one of which something is left');
  const shipping = order.shippingLines.map((line, index) => pricedShipping(line, index, reading));
  const given = givenOff(reading);
  const all = [...lines, ...shipping];
  const subtotal = sum(lines.map(({ grossMinor }) => grossMinor));
  const shippingTotal = sum(shipping.map(({ grossMinor }) => grossMinor));
  const discountTotal = sum([...all.map(({ discountMinor }) => discountMinor), ...given.map(({ minor }) => minor)]);
  const taxTotal = sum(all.map(({ taxMinor }) => taxMinor));
  const exactTotal = subtotal - discountTotal + shippingTotal + (reading.isGross ? 0n : taxTotal);
  const rounding = asPlaced ? 0n : roundingOf(reading, exactTotal, all.length);
  const amount = (minor: bigint) => amountOf(minor, currency);
  const adjustments: StatedAdjustment[] = given.map(({ label, minor }) => ({
    kind: 'DISCOUNT',
    label,
    amount: amount(minor),
  }));
  if (rounding !== 0n) adjustments.push({ kind: 'ROUNDING', label: 'Rounding', amount: amount(rounding) });
  return {
    pricesIncludeTax: reading.isGross,
    lines: lines.map(({ stated }) => stated),
    shippingLines: shipping.map(({ stated }) => stated),
    adjustments,
    stated: {
      subtotal: amount(subtotal),
      discountTotal: amount(discountTotal),
      shippingTotal: amount(shippingTotal),
      taxTotal: amount(taxTotal),
      total: amount(exactTotal + rounding),
    },
  };
}

/** A surcharge below nothing is a discount; one with tax has no place. */
function givenOff({ order, settings }: Reading): { label: string; minor: bigint }[] {
  return order.surcharges.flatMap(({ price, priceWithTax, description }, index) => {
    if (BigInt(price) >= 0n) return [];
    if (price !== priceWithTax) {
      throw rejected(
        `surcharges.${index}: expected no tax on a surcharge below nothing, got ${price} and ${priceWithTax}`,
      );
    }
    const minor = -minorAt(`surcharges.${index}.price`, price, order.currencyCode, settings);
    return [{ label: description || 'Discount', minor }];
  });
}

/** A shop may tax an order as a whole: then its total is a few cents off the sum of its parts, and no more. */
function roundingOf({ order, settings }: Reading, exactTotal: bigint, parts: number): bigint {
  const stated = minorAt('totalWithTax', order.totalWithTax, order.currencyCode, settings);
  const rest = stated - exactTotal;
  if (rest > BigInt(parts) || -rest > BigInt(parts)) {
    const amount = (minor: bigint) => amountOf(minor, order.currencyCode);
    throw rejected(`totalWithTax: says ${amount(stated)}, its parts come to ${amount(exactTotal)}`);
  }
  return rest;
}
