import { exact } from '../../shared/decimal.js';
import { minorOfIncludedRate, minorOfRate, roundedUnitPrice, spread } from '../../shared/money.js';

/** Each amount's tax by itself, or each tax once over all amounts, its shares spread by their worth. */
export type TaxRounding = 'LINE' | 'ORDER';

export interface Tax {
  name: string;
  rate: string;
  /** Why it is a tax of nothing. */
  exemption?: 'REVERSE_CHARGE';
}

/** A tax as it is stored; amounts in minor units, as text. */
export interface TaxFigure extends Tax {
  taxable: string;
  amount: string;
}

export interface TaxMode {
  rounding: TaxRounding;
  pricesIncludeTax: boolean;
}

/** Tax of an amount, rounded half up; an amount that includes the tax is taxed on what is left of it without. */
export function taxOf(minor: bigint, tax: Tax, pricesIncludeTax = false): TaxFigure {
  return figure(minor, tax, amountOf(minor, tax.rate, pricesIncludeTax), pricesIncludeTax);
}

/** The taxes of amounts, in their order; an amount without one has none. */
export function taxAmounts(
  items: readonly { minor: bigint; tax: Tax | null }[],
  { rounding, pricesIncludeTax }: TaxMode,
): TaxFigure[][] {
  if (rounding === 'LINE') return items.map(({ minor, tax }) => (tax ? [taxOf(minor, tax, pricesIncludeTax)] : []));
  const taxed: TaxFigure[][] = items.map(() => []);
  const groups = Map.groupBy(items.keys(), (index) => taxKey(items[index]!.tax));
  for (const [key, indices] of groups) {
    if (key === null) continue;
    const minors = indices.map((index) => items[index]!.minor);
    const { rate } = items[indices[0]!]!.tax!;
    const whole = minors.reduce((sum, minor) => sum + minor, 0n);
    const shares = spread(amountOf(whole, rate, pricesIncludeTax), minors);
    indices.forEach((index, place) => {
      const { minor, tax } = items[index]!;
      taxed[index] = [figure(minor, tax!, shares[place]!, pricesIncludeTax)];
    });
  }
  return taxed;
}

/** A price before tax, with it. */
export function unitPriceWith(unitPrice: string, { rate }: Tax, currency: string): string {
  return roundedUnitPrice(exact(unitPrice).times(exact(rate).plus(1)), currency);
}

/** What makes two taxes the same. */
export function taxKey(tax: Tax | null): string | null {
  return tax && `${tax.name}\n${exact(tax.rate).toFixed()}`;
}

function amountOf(minor: bigint, rate: string, pricesIncludeTax: boolean): bigint {
  return pricesIncludeTax ? minorOfIncludedRate(minor, rate) : minorOfRate(minor, rate);
}

function figure(minor: bigint, { name, rate, exemption }: Tax, amount: bigint, pricesIncludeTax: boolean): TaxFigure {
  return {
    name,
    rate: exact(rate).toFixed(),
    taxable: (pricesIncludeTax ? minor - amount : minor).toString(),
    amount: amount.toString(),
    ...(exemption && { exemption }),
  };
}
