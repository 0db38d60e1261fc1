import type { Statement } from '../../db/statement.js';
import { exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { moneyOfUnitPrice } from '../../shared/money.js';
import { selectPricedProducts, type PricedProductRow } from '../catalog/index.js';
import type { LockedLine, LockedOrder } from '../orders/index.js';
import { unitPriceWith, type TaxProvider } from '../tax/index.js';
import type { VerificationSettings } from './verification.settings.js';

/** Prices that the hub made are the lists' or somebody's who may say so; those of channels are compared where that is asked for. */
export function comparesPrices(order: LockedOrder, { priceTolerance }: VerificationSettings): boolean {
  return order.is_stated && priceTolerance !== null;
}

export function selectListed(order: LockedOrder, lines: readonly LockedLine[], now: Date): Statement<PricedProductRow> {
  return selectPricedProducts(
    lines.map(({ sku }) => sku),
    lines.map(({ quantity }) => quantity),
    order.currency,
    order.customer_id,
    now.toISOString(),
  );
}

/** Refuses unit prices that a channel states further from the lists' than the fraction; what no list has a price of is let be. */
export function refuseOffList(
  { currency, prices_include_tax: includesTax }: LockedOrder,
  lines: readonly LockedLine[],
  { listed, taxes, tolerance }: { listed: readonly PricedProductRow[]; taxes: TaxProvider; tolerance: string },
  refusals: Refusals,
): void {
  for (const product of listed) {
    const index = Number(product.ordinal) - 1;
    const { sku, unit_price: stated } = lines[index]!;
    const rate = includesTax ? taxes.taxFor({ kind: 'LINE', category: product.tax_category }) : null;
    if (product.unit_price === null || (includesTax && !rate)) continue;
    const list = rate ? unitPriceWith(product.unit_price, rate, currency) : product.unit_price;
    const difference = exact(stated).minus(exact(list)).abs();
    if (difference.lessThanOrEqualTo(exact(list).times(exact(tolerance)))) continue;
    const [said, known] = [stated, list].map((price) => moneyOfUnitPrice(price, currency).amount);
    const message = `unitPrice of ${sku}: the channel states ${said} ${currency}, the lists ${known}`;
    refusals.add('PRICE_CHANGED', message, ['lines', String(index), 'unitPrice']);
  }
}
