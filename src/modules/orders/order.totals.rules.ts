import { isZero, subtractDecimals } from '../../shared/decimal.js';
import { minorOfQuantity, minorOfShare, spread } from '../../shared/money.js';
import { taxAmounts, taxKey, type TaxFigure, type TaxMode } from '../tax/index.js';
import { taxedShares } from './fee-tax.rules.js';

export interface ShippingFigure {
  id: string;
  method: string;
  /** After its own discounts. */
  price_minor: string;
  discount_minor: string;
  tax_lines: TaxFigure[];
}
export interface AdjustmentFigure {
  id: string;
  kind: 'DISCOUNT' | 'FEE' | 'ROUNDING';
  label: string;
  /** Positive for a discount given and for a fee charged; a rounding has its sign. */
  amount_minor: string;
  tax_lines: TaxFigure[];
}

/** A line's money as it was ordered, whole. */
export interface LineFigures {
  quantity: string;
  canceledQuantity: string;
  unitPrice: string;
  /** Its own discount and its share of the order's, of the whole ordered quantity. */
  orderedDiscountMinor: bigint;
  orderedTaxLines: TaxFigure[];
}
export interface LineTotals {
  grossMinor: bigint;
  discountMinor: bigint;
  taxLines: TaxFigure[];
  taxMinor: bigint;
  /** After discounts, in the order's price basis. */
  totalMinor: bigint;
}
export interface OrderTotals {
  subtotalMinor: bigint;
  discountMinor: bigint;
  shippingMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  taxLines: TaxFigure[];
}

/** A line's totals of what is not canceled: its share of discount and tax as ordered, rounded half up. */
export function lineTotals(line: LineFigures, currency: string): LineTotals {
  const left = subtractDecimals(line.quantity, line.canceledQuantity);
  const share = (minor: bigint) => (isZero(line.canceledQuantity) ? minor : minorOfShare(minor, left, line.quantity));
  const grossMinor = minorOfQuantity(line.unitPrice, left, currency);
  const discountMinor = share(line.orderedDiscountMinor);
  const taxLines = isZero(left)
    ? []
    : line.orderedTaxLines.map((tax) => ({
        ...tax,
        taxable: share(BigInt(tax.taxable)).toString(),
        amount: share(BigInt(tax.amount)).toString(),
      }));
  return { grossMinor, discountMinor, taxLines, taxMinor: sumTax(taxLines), totalMinor: grossMinor - discountMinor };
}

interface TaxedParts {
  totals: LineTotals[];
  shipping: ShippingFigure[];
  adjustments: AdjustmentFigure[];
}

/** Where taxes are rounded once over the order: those of what is left of it. Else they stand as they are. */
export function roundedTaxes(parts: TaxedParts, mode: TaxMode): TaxedParts {
  if (mode.rounding === 'LINE') return parts;
  const { totals, shipping, adjustments } = parts;
  const shares = adjustments.map((one) => taxedShares(one.tax_lines, mode.pricesIncludeTax));
  const taxed = taxAmounts(
    [
      ...totals.map(({ totalMinor, taxLines }) => ({ minor: totalMinor, tax: taxLines[0] ?? null })),
      ...shares.flat(),
      ...shipping.map((line) => ({ minor: BigInt(line.price_minor), tax: line.tax_lines[0] ?? null })),
    ],
    mode,
  ).values();
  const next = () => taxed.next().value!;
  return {
    totals: totals.map((line) => {
      const taxLines = next();
      return { ...line, taxLines, taxMinor: sumTax(taxLines) };
    }),
    adjustments: adjustments.map((one, index) => ({ ...one, tax_lines: shares[index]!.flatMap(next) })),
    shipping: shipping.map((line) => ({ ...line, tax_lines: next() })),
  };
}

/** The order's totals from its lines; an order of which everything is canceled owes nothing. */
export function orderTotals(
  lines: LineTotals[],
  shipping: ShippingFigure[],
  adjustments: AdjustmentFigure[],
  pricesIncludeTax: boolean,
): OrderTotals {
  const taxLines = mergeTaxes([
    ...lines.flatMap((line) => line.taxLines),
    ...shipping.flatMap((line) => line.tax_lines),
    ...adjustments.flatMap((adjustment) => adjustment.tax_lines),
  ]);
  const subtotalMinor = sum(lines.map((line) => line.grossMinor));
  const discountMinor =
    sum(lines.map((line) => line.discountMinor)) + sum(shipping.map((line) => BigInt(line.discount_minor)));
  const shippingMinor = sum(shipping.map((line) => BigInt(line.price_minor) + BigInt(line.discount_minor)));
  const extraMinor = sum(adjustments.filter(({ kind }) => kind !== 'DISCOUNT').map((one) => BigInt(one.amount_minor)));
  const taxMinor = sumTax(taxLines);
  const basis = subtotalMinor - discountMinor + shippingMinor + extraMinor;
  return {
    subtotalMinor,
    discountMinor,
    shippingMinor,
    taxMinor,
    totalMinor: pricesIncludeTax ? basis : basis + taxMinor,
    taxLines,
  };
}

/** Shares of the order's discounts for its lines, by what each is worth, without losing a unit. */
export function spreadDiscount(discountMinor: bigint, netMinors: bigint[]): bigint[] {
  return spread(discountMinor, netMinors);
}

function mergeTaxes(taxes: TaxFigure[]): TaxFigure[] {
  const merged = new Map<string | null, TaxFigure>();
  for (const tax of taxes) {
    const key = taxKey(tax);
    const known = merged.get(key);
    merged.set(key, {
      ...tax,
      taxable: (BigInt(known?.taxable ?? 0) + BigInt(tax.taxable)).toString(),
      amount: (BigInt(known?.amount ?? 0) + BigInt(tax.amount)).toString(),
    });
  }
  return [...merged.values()];
}

export function sumTax(taxes: TaxFigure[]): bigint {
  return sum(taxes.map((tax) => BigInt(tax.amount)));
}

function sum(values: bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}
