import { addDecimals, compareDecimals, isZero, minDecimal, subtractDecimals } from '../../shared/decimal.js';
import { minorOfShare, spread } from '../../shared/money.js';
import { taxKey, type TaxFigure } from '../tax/index.js';

/** The money of a line, or of a part of it; `totalMinor` in the order's price basis. */
export interface Figures {
  discountMinor: bigint;
  totalMinor: bigint;
  taxLines: TaxFigure[];
}
export interface Portion {
  quantity: string;
  figures: Figures;
}

const NOTHING: Figures = { discountMinor: 0n, totalMinor: 0n, taxLines: [] };
export const NO_PORTION: Portion = { quantity: '0', figures: NOTHING };

export function sumTaxes(taxes: readonly TaxFigure[]): bigint {
  return taxes.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

export function isNothing({ discountMinor, totalMinor, taxLines }: Figures): boolean {
  return (
    discountMinor === 0n &&
    totalMinor === 0n &&
    taxLines.every(({ amount, taxable }) => amount === '0' && taxable === '0')
  );
}

/** What stands on a document in the end: with the taxes, where the prices do not include them. */
export function grossOf({ totalMinor, taxLines }: Figures, pricesIncludeTax: boolean): bigint {
  return pricesIncludeTax ? totalMinor : totalMinor + sumTaxes(taxLines);
}

/** One portion and another, `sign` −1 takes the other away. */
export function joined(one: Portion, other: Portion, sign: 1n | -1n = 1n): Portion {
  const quantity = (sign === 1n ? addDecimals : subtractDecimals)(one.quantity, other.quantity);
  return { quantity, figures: combine(one.figures, other.figures, (a, b) => a + sign * b) };
}

/**
 * The money of `quantity` more of a line of which `before` was taken already. The share is reckoned of all that is taken
 * then, rounded half up, less what was: so no rounding adds up, and the last portion takes the rest to the cent.
 */
export function nextShare(whole: Portion, before: Portion, quantity: string): Figures {
  const upTo = minDecimal(addDecimals(before.quantity, quantity), whole.quantity);
  const share = (minor: bigint) => (isZero(whole.quantity) ? 0n : minorOfShare(minor, upTo, whole.quantity));
  return combine(whole.figures, before.figures, (minor, taken) => share(minor) - taken);
}

/** How much is left of a whole; not less than nothing. */
export function leftOf(whole: string, taken: string): string {
  return compareDecimals(taken, whole) >= 0 ? '0' : subtractDecimals(whole, taken);
}

/**
 * Splits an amount, taxes included, over figures by what each is worth, and within each over its taxes, so that the
 * gross of the parts adds up to it.
 */
export function spreadGross(grossMinor: bigint, over: readonly Figures[], pricesIncludeTax: boolean): Figures[] {
  const worth = over.map((figures) => grossOf(figures, pricesIncludeTax));
  return spread(grossMinor, worth).map((gross, index) => {
    const share = (minor: string) => minorOfShare(BigInt(minor), gross.toString(), worth[index]!.toString());
    if (gross === 0n || worth[index] === 0n) return NOTHING;
    const taxLines = over[index]!.taxLines.map((tax) => ({
      ...tax,
      amount: share(tax.amount).toString(),
      taxable: share(tax.taxable).toString(),
    }));
    const totalMinor = pricesIncludeTax ? gross : gross - sumTaxes(taxLines);
    return { discountMinor: 0n, totalMinor, taxLines: settled(taxLines, totalMinor, over[index]!) };
  });
}

function combine(one: Figures, other: Figures, how: (a: bigint, b: bigint) => bigint): Figures {
  const keys = new Map([...other.taxLines, ...one.taxLines].map((tax) => [taxKey(tax), tax]));
  const find = (taxes: TaxFigure[], key: string | null) => taxes.find((tax) => taxKey(tax) === key);
  const taxLines = [...keys].map(([key, tax]) => {
    const [a, b] = [find(one.taxLines, key), find(other.taxLines, key)];
    const of = (field: 'taxable' | 'amount') => how(BigInt(a?.[field] ?? 0), BigInt(b?.[field] ?? 0)).toString();
    return { ...tax, taxable: of('taxable'), amount: of('amount') };
  });
  const totalMinor = how(one.totalMinor, other.totalMinor);
  return {
    discountMinor: how(one.discountMinor, other.discountMinor),
    totalMinor,
    taxLines: settled(taxLines, totalMinor, one),
  };
}

/** A single tax of the whole total is one of the whole share too: rounded by itself, the two could differ by a cent. */
function settled(
  taxLines: TaxFigure[],
  totalMinor: bigint,
  { totalMinor: whole, taxLines: taxes }: Figures,
): TaxFigure[] {
  const [only] = taxLines;
  const [tax] = taxes;
  if (taxLines.length !== 1 || taxes.length !== 1 || !only || !tax) return taxLines;
  if (BigInt(tax.taxable) === whole) return [{ ...only, taxable: totalMinor.toString() }];
  if (BigInt(tax.taxable) + BigInt(tax.amount) !== whole) return taxLines;
  return [{ ...only, taxable: (totalMinor - BigInt(only.amount)).toString() }];
}
