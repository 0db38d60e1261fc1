import { isPositive } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { hasUnitPriceDigits, minorOfAmount, minorOfQuantity, minorOfRate, type Money } from '../../shared/money.js';
import { bundlePrice, chosenParts, isWhole, type PricedProductRow } from '../catalog/index.js';
import { unitPriceWith, type TaxItem, type TaxMode, type TaxProvider } from '../tax/index.js';
import type { LinePart, NewLine } from './actions/write-order.js';
import { withBuiltIn, withSurcharge } from './configured-line.rules.js';
import { feeShares } from './fee-tax.rules.js';
import { spreadDiscount, type AdjustmentFigure, type ShippingFigure } from './order.totals.rules.js';

/** Five hundred lines of it, with tax, are still an amount that the database holds. */
const MOST_MINOR = 10n ** 16n;

export interface LineRequest {
  sku: string;
  quantity: string;
  /** Left out: the price the product has for the customer. */
  unitPrice?: Money | null;
  /** A fraction of the line. */
  discountRate?: string;
  quoteLineId?: string;
  /** What was chosen adds to the price that the product has for the customer; not to one that is stated. */
  surcharge?: string | null;
  /** What was chosen is built in: one of each leaves the shelf with each unit. */
  builtIn?: readonly LinePart[];
  /** SKUs of a bundle's optional parts that are wanted. */
  optionalParts?: readonly string[];
  /** Path of the line in the input. */
  field: string[];
}

export interface AdjustmentRequest {
  kind: AdjustmentFigure['kind'];
  label: string;
  amount: Money;
}

export interface PriceRequest {
  currency: string;
  lines: LineRequest[];
  adjustments: (AdjustmentRequest & { minor: bigint })[];
  shipping: { method: string; minor: bigint } | null;
  /** Whether all these prices include tax, and how taxes are rounded. */
  tax: TaxMode;
}

export interface Pricing {
  lines: NewLine[];
  shipping: ShippingFigure[];
  adjustments: AdjustmentFigure[];
  /** Of each line, what the product costs the customer by the lists, in the price basis; null where none has a price. */
  listPrices: (string | null)[];
  /** Tax categories for which the place has no rate. */
  untaxed: string[];
}

/** What can be said of lines before anything is read; a draft may have none yet. */
export function checkLines(lines: LineRequest[], currency: string, refusals: Refusals, isDraft = false): void {
  if (lines.length === 0 && !isDraft) refusals.add('REQUIRED', 'lines: expected at least one', ['lines']);
  if (lines.length > 500) refusals.add('INVALID', `lines: expected at most 500, got ${lines.length}`, ['lines']);
  for (const { quantity, unitPrice, sku, field } of lines) {
    if (!isPositive(quantity))
      refusals.add('INVALID', `quantity of ${sku}: expected more than zero, got ${quantity}`, [...field, 'quantity']);
    if (unitPrice) checkUnitPrice(unitPrice, currency, [...field, 'unitPrice'], refusals);
  }
}

export function checkUnitPrice(
  { amount, currency }: Money,
  expected: string,
  field: string[],
  refusals: Refusals,
): void {
  if (currency !== expected) {
    refusals.add('CURRENCY_MISMATCH', `unitPrice: expected ${expected}, got ${currency}`, [...field, 'currency']);
  } else if (!hasUnitPriceDigits(amount, currency) || amount.startsWith('-')) {
    refusals.add(
      'INVALID',
      `unitPrice: expected zero or more with at most six digits beyond ${currency}, got ${amount}`,
      [...field, 'amount'],
    );
  }
}

function isTooMuch(minor: bigint): boolean {
  return minor > MOST_MINOR || minor < -MOST_MINOR;
}

/** An amount in minor units; adds a refusal and answers zero where currency or digits do not fit. */
export function minorOf({ amount, currency }: Money, expected: string, field: string[], refusals: Refusals): bigint {
  if (currency !== expected) {
    refusals.add('CURRENCY_MISMATCH', `expected ${expected}, got ${currency}`, [...field, 'currency']);
    return 0n;
  }
  const minor = minorOfAmount(amount, currency);
  if (minor === null) refusals.add('INVALID', `${amount} has more digits than ${currency}`, [...field, 'amount']);
  else if (isTooMuch(minor)) refusals.add('INVALID', `${amount} is more than an order may have`, [...field, 'amount']);
  return minor ?? 0n;
}

/**
 * Prices and taxes lines, shipping and adjustments. `ids` gives one id for each line, adjustment and way of shipping.
 * Products that are unknown, not sold or without a price are refused.
 */
export function priceOrder(
  request: PriceRequest,
  known: { products: PricedProductRow[]; taxes: TaxProvider },
  ids: string[],
  refusals: Refusals,
): Pricing {
  const nextId = ids.values();
  const drafts = draftLines(request, known, refusals);
  const given = request.adjustments
    .filter(({ kind }) => kind === 'DISCOUNT')
    .reduce((sum, { minor }) => sum + minor, 0n);
  const nets = drafts.map(({ net }) => net);
  if (given > nets.reduce((sum, net) => sum + net, 0n)) {
    refusals.add('INVALID', 'adjustments: the discounts are more than the lines are worth', ['adjustments']);
  }
  const shares = spreadDiscount(given, nets);
  const { lineTaxes, feeTaxes, shippingTaxes, untaxed } = taxesOf(request, drafts, shares, known.taxes);
  return {
    lines: drafts.map(({ line, product, parts, unitPrice, discount }, index) => ({
      id: nextId.next().value!,
      productId: product?.id ?? null,
      quoteLineId: line.quoteLineId ?? null,
      parts,
      sku: line.sku,
      description: product?.name ?? line.sku,
      requiresShipping: product?.requires_shipping ?? true,
      quantity: line.quantity,
      unitPrice,
      hasOwnPrice: line.unitPrice != null,
      discountMinor: discount + shares[index]!,
      taxLines: lineTaxes[index]!,
    })),
    adjustments: request.adjustments.map(({ kind, label, minor }) => ({
      id: nextId.next().value!,
      kind,
      label,
      amount_minor: minor.toString(),
      tax_lines: kind === 'FEE' ? feeTaxes.next().value! : [],
    })),
    shipping: (request.shipping ? [request.shipping] : []).map(({ method, minor }) => ({
      id: nextId.next().value!,
      method,
      price_minor: minor.toString(),
      discount_minor: '0',
      tax_lines: shippingTaxes ?? [],
    })),
    listPrices: drafts.map(({ listPrice }) => listPrice),
    untaxed,
  };
}

/** Taxed together, since a tax may be rounded once over all of them. */
function taxesOf(
  { adjustments, shipping, tax }: PriceRequest,
  drafts: ReturnType<typeof draftLines>,
  shares: bigint[],
  taxes: TaxProvider,
) {
  const lines = drafts.map(({ net, product }, index) => ({
    minor: net - shares[index]!,
    category: product?.tax_category,
  }));
  const fees = adjustments.filter(({ kind }) => kind === 'FEE').map(({ minor }) => feeShares(minor, lines, taxes));
  const items: TaxItem[] = [
    ...lines.map((line) => ({ kind: 'LINE' as const, ...line })),
    ...fees.flat(),
    ...(shipping && shipping.minor !== 0n ? [{ kind: 'SHIPPING' as const, minor: shipping.minor }] : []),
  ];
  const { taxes: taxed, untaxed } = taxes.quote(items, tax);
  const ofKind = (wanted: TaxItem['kind']) => taxed.filter((_, index) => items[index]!.kind === wanted);
  const taxedFees = ofKind('FEE').values();
  return {
    lineTaxes: ofKind('LINE'),
    feeTaxes: fees.map((own) => own.flatMap(() => taxedFees.next().value!)).values(),
    shippingTaxes: ofKind('SHIPPING')[0],
    untaxed,
  };
}

type Known = Parameters<typeof priceOrder>[1];

function draftLines({ lines, currency, tax }: PriceRequest, known: Known, refusals: Refusals) {
  const products = new Map(known.products.map((product) => [Number(product.ordinal) - 1, product]));
  return lines.map((line, index) => {
    const product = products.get(index);
    const parts = chosenParts(product?.components ?? [], new Set(line.optionalParts));
    const priced = parts.length > 0 ? bundlePrice(product!.unit_price, parts, currency) : undefined;
    const listed = priced ? priced.unitPrice : (product?.unit_price ?? null);
    const own = withSurcharge(line, listed, refusals);
    const rate = tax.pricesIncludeTax ? known.taxes.taxFor({ kind: 'LINE', category: product?.tax_category }) : null;
    const listPrice = own && rate ? unitPriceWith(own, rate, currency) : own;
    const unitPrice = line.unitPrice?.amount ?? listPrice;
    refuseUnsellable(line, product, refusals);
    if (product) refuseUndivided(line, product, refusals);
    if (product?.is_active && unitPrice === null)
      refuseUnpriced(line, priced?.missing ?? [line.sku], currency, refusals);
    const gross = unitPrice === null ? 0n : minorOfQuantity(unitPrice, line.quantity, currency);
    if (isTooMuch(gross))
      refusals.add('INVALID', `${line.sku} comes to more than a line may`, [...line.field, 'quantity']);
    const discount = minorOfRate(gross, line.discountRate ?? '0');
    const made = withBuiltIn(product, parts, line.builtIn ?? []);
    return { line, product, parts: made, listPrice, unitPrice: unitPrice ?? '0', discount, net: gross - discount };
  });
}

function refuseUnsellable(
  { sku, field }: LineRequest,
  product: PricedProductRow | undefined,
  refusals: Refusals,
): void {
  if (!product) refusals.add('NOT_FOUND', `no product has the SKU "${sku}"`, [...field, 'sku']);
  else if (!product.is_active) refusals.add('PRODUCT_INACTIVE', `${sku} is no longer sold`, [...field, 'sku']);
}

/** `missing`: the SKUs that have no price, parts of a bundle among them. */
function refuseUnpriced(
  { field, quantity }: LineRequest,
  missing: string[],
  currency: string,
  refusals: Refusals,
): void {
  const of = missing.join(', ');
  refusals.add('PRICE_MISSING', `${of}: no price list has a price in ${currency} for ${quantity}`, [
    ...field,
    'unitPrice',
  ]);
}

/** Optional parts must be such of the bundle, and a bundle is not divided. */
function refuseUndivided(
  { sku, field, quantity, optionalParts }: LineRequest,
  { components }: PricedProductRow,
  refusals: Refusals,
): void {
  if (components && !isWhole(quantity))
    refusals.add('INVALID', `quantity of ${sku}: expected a whole number of a bundle, got ${quantity}`, [
      ...field,
      'quantity',
    ]);
  const optional = (components ?? []).filter((part) => part.isOptional).map((part) => part.sku);
  (optionalParts ?? []).forEach((part, index) => {
    if (optional.includes(part)) return;
    const expected = optional.length > 0 ? `one of ${optional.join(', ')}` : 'none, it has no optional parts';
    refusals.add('INVALID', `optionalParts of ${sku}: expected ${expected}, got "${part}"`, [
      ...field,
      'optionalParts',
      String(index),
    ]);
  });
}

export function refuseUntaxed(untaxed: string[], country: string | null, refusals: Refusals): void {
  for (const category of untaxed) {
    refusals.add('TAX_MISSING', `no ${category} tax rate is known for ${country ?? 'an unknown country'}`, [
      'shippingAddress',
      'country',
    ]);
  }
}
