import { spread } from '../../shared/money.js';
import { taxKey, type TaxFigure, type TaxItem, type TaxProvider } from '../tax/index.js';

/** What a fee is spread over: a line's worth after its discounts, and how it is taxed. */
export interface FeeBearer {
  minor: bigint;
  category: string | undefined;
}

/**
 * A fee as what is taxed of it: its shares of the lines by their worth, those of one tax together, so that nothing is lost
 * and each tax is rounded once. Where fees have a rate of their own it is one share. What has no tax yet is left whole.
 */
export function feeShares(minor: bigint, bearers: readonly FeeBearer[], taxes: TaxProvider): TaxItem[] {
  const shares = spread(
    minor,
    bearers.map((one) => one.minor),
  );
  const byTax = new Map<string, TaxItem>();
  for (const [index, { category }] of bearers.entries()) {
    const item: TaxItem = { kind: 'FEE', minor: shares[index]!, ...(category !== undefined && { category }) };
    const key = taxKey(taxes.taxFor(item));
    if (key === null) return [{ ...item, minor }];
    if (item.minor === 0n) continue;
    const known = byTax.get(key);
    byTax.set(key, known ? { ...known, minor: known.minor + item.minor } : item);
  }
  return byTax.size > 0 ? [...byTax.values()] : [{ kind: 'FEE', minor }];
}

/** What the taxes of a part that bears several were taken of, each by itself. */
export function taxedShares(
  taxLines: readonly TaxFigure[],
  pricesIncludeTax: boolean,
): { minor: bigint; tax: TaxFigure }[] {
  return taxLines.map((tax) => ({
    minor: BigInt(tax.taxable) + (pricesIncludeTax ? BigInt(tax.amount) : 0n),
    tax,
  }));
}
