import { exact, rejected, spread, type StatedLine, type StatedShippingLine, type StatedTax } from '#connect';
import type { Settings } from '../settings.js';
import type { Order, OrderLine, ShippingLine, Surcharge, TaxLine } from '../wire/orders.js';
import { textOf } from '../wire/parts.js';
import { amountOf, fractionOf, minorAt, rounded, sum } from './amounts.js';

/** How an order's amounts are read: before or with tax, and as it stands or as it was placed. */
export interface Reading {
  order: Order;
  settings: Settings;
  isGross: boolean;
  asPlaced: boolean;
}
/** What is paid for, in minor units. */
export interface Priced<T> {
  stated: T;
  grossMinor: bigint;
  discountMinor: bigint;
  taxMinor: bigint;
}

const CALLED_OFF = 'CANCEL_ORDER';

/**
 * Whether unit prices with tax are the exact ones: a shop lists prices one way and rounds the other. What the channel
 * says now need not have been so when the order was placed, hence the proof by the lines.
 */
export function isGross({ lines, pricesIncludeTax }: Order): boolean {
  const holds = (withTax: boolean) =>
    lines.every((line) => {
      const unit = BigInt(withTax ? line.unitPriceWithTax : line.unitPrice);
      return unit * BigInt(line.quantity) === BigInt(withTax ? line.linePriceWithTax : line.linePrice);
    });
  if (holds(pricesIncludeTax)) return pricesIncludeTax;
  if (holds(!pricesIncludeTax)) return !pricesIncludeTax;
  throw rejected('lines: expected unit price times quantity to be the line price, with tax or without');
}

export function pricedLine(line: OrderLine, index: number, reading: Reading): Priced<StatedLine> {
  const { asPlaced, isGross: withTax } = reading;
  const at = `lines.${index}`;
  const minor = (field: keyof OrderLine & string) => minorOf(`${at}.${field}`, line[field] as string, reading);
  const quantity = asPlaced ? line.orderPlacedQuantity : line.quantity;
  const grossMinor = minor(withTax ? 'unitPriceWithTax' : 'unitPrice') * BigInt(quantity);
  // Of what was called off the shop tells no discount any more.
  const [net, full] = asPlaced
    ? taxedBy(line.taxLines, grossMinor, withTax)
    : [minor('proratedLinePrice'), minor('proratedLinePriceWithTax')];
  const discountMinor = grossMinor - (withTax ? full : net);
  refuseNegative(`${at}: a discount of`, discountMinor);
  const taxMinor = full - net;
  const { currencyCode: currency } = reading.order;
  const { productVariant: variant } = line;
  return {
    grossMinor,
    discountMinor,
    taxMinor,
    stated: {
      externalId: line.id,
      sku: textOf(variant.sku) ?? `vendure:${variant.id}`,
      description: textOf(variant.name) ?? variant.sku,
      quantity,
      unitPrice: amountOf(minor(withTax ? 'unitPriceWithTax' : 'unitPrice'), currency),
      discount: amountOf(discountMinor, currency),
      taxLines: taxesOf(at, line.taxLines, taxMinor, currency),
      requiresShipping: true,
    },
  };
}

/** What is charged on top is a line of its own, since it is taxed like one. */
export function pricedSurcharge(surcharge: Surcharge, index: number, reading: Reading): Priced<StatedLine> {
  const at = `surcharges.${index}`;
  const { currencyCode: currency } = reading.order;
  const net = minorOf(`${at}.price`, surcharge.price, reading);
  const full = minorOf(`${at}.priceWithTax`, surcharge.priceWithTax, reading);
  const grossMinor = reading.isGross ? full : net;
  const description = textOf(surcharge.description) ?? 'Surcharge';
  return {
    grossMinor,
    discountMinor: 0n,
    taxMinor: full - net,
    stated: {
      externalId: `surcharge:${surcharge.id}`,
      sku: textOf(surcharge.sku) ?? 'vendure:surcharge',
      description,
      quantity: '1',
      unitPrice: amountOf(grossMinor, currency),
      discount: amountOf(0n, currency),
      taxLines: taxesOf(at, surcharge.taxLines, full - net, currency),
      requiresShipping: false,
    },
  };
}

export function pricedShipping(line: ShippingLine, index: number, reading: Reading): Priced<StatedShippingLine> {
  const { order, isGross: withTax } = reading;
  const { currencyCode: currency } = order;
  const at = `shippingLines.${index}`;
  const minor = (name: string, value: string) => minorOf(`${at}.${name}`, value, reading);
  const grossMinor = withTax ? minor('priceWithTax', line.priceWithTax) : minor('price', line.price);
  const [net, full] = reading.asPlaced
    ? beforeCallingOff(line, minor)
    : [minor('discountedPrice', line.discountedPrice), minor('discountedPriceWithTax', line.discountedPriceWithTax)];
  const discountMinor = grossMinor - (withTax ? full : net);
  refuseNegative(`${at}: a discount of`, discountMinor);
  const taxMinor = full - net;
  const taxLines = taxMinor === 0n ? [] : [shippingTax(at, order, net, taxMinor)];
  return {
    grossMinor,
    discountMinor,
    taxMinor,
    stated: {
      method: textOf(line.shippingMethod.name) ?? line.shippingMethod.code,
      price: amountOf(grossMinor, currency),
      discount: amountOf(discountMinor, currency),
      taxLines,
    },
  };
}

/** Calling an order off discounts its shipping to nothing: what it was before is left by leaving that out. */
function beforeCallingOff(line: ShippingLine, minor: (name: string, value: string) => bigint): [bigint, bigint] {
  const own = line.discounts.filter(({ adjustmentSource }) => adjustmentSource !== CALLED_OFF);
  return [
    minor('price', line.price) + sum(own.map(({ amount }) => minor('discounts.amount', amount))),
    minor('priceWithTax', line.priceWithTax) +
      sum(own.map(({ amountWithTax }) => minor('discounts.amountWithTax', amountWithTax))),
  ];
}

/** A shipping line does not tell by which rate it was taxed: the order's rates are tried on it. */
function shippingTax(at: string, { taxSummary, currencyCode: currency }: Order, net: bigint, tax: bigint): StatedTax {
  const amount = amountOf(tax, currency);
  const fits = taxSummary.find(({ taxRate }) => rounded(net, exact(fractionOf(taxRate))) === tax);
  if (fits) return { name: fits.description, rate: fractionOf(fits.taxRate), amount };
  if (net <= 0n) throw rejected(`${at}: expected no tax on nothing, got ${amount}`);
  return { name: 'Tax', rate: exact(tax).dividedBy(exact(net)).toDecimalPlaces(4).toFixed(), amount };
}

function taxesOf(at: string, lines: readonly TaxLine[], tax: bigint, currency: string): StatedTax[] {
  refuseNegative(`${at}: a tax of`, tax);
  if (lines.length === 0) {
    if (tax > 0n) throw rejected(`${at}.taxLines: expected at least one for a tax of ${amountOf(tax, currency)}`);
    return [];
  }
  const weights = lines.map(({ taxRate }) => BigInt(exact(taxRate).times(1_000_000).toFixed(0)));
  const shares = spread(tax, weights);
  return lines.map(({ description, taxRate }, index) => ({
    name: textOf(description) ?? 'Tax',
    rate: fractionOf(taxRate),
    amount: amountOf(shares[index]!, currency),
  }));
}

/** An amount before and with its tax, rounded per line as the shop does. */
function taxedBy(taxLines: readonly TaxLine[], minor: bigint, withTax: boolean): [net: bigint, full: bigint] {
  const factor = taxLines.reduce((all, { taxRate }) => all.plus(exact(fractionOf(taxRate))), exact(1));
  return withTax ? [rounded(minor, exact(1).dividedBy(factor)), minor] : [minor, rounded(minor, factor)];
}

function minorOf(field: string, value: string, { order, settings }: Reading): bigint {
  return minorAt(field, value, order.currencyCode, settings);
}

function refuseNegative(what: string, minor: bigint): void {
  if (minor < 0n) throw rejected(`${what} at least nothing was expected, got ${minor}`);
}
