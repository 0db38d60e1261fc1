import { isPositive, subtractDecimals } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { isWhole } from '../catalog/index.js';
import {
  refuseUntaxed,
  taxMissingParts,
  type ConfirmProduct,
  type CreditLimitRow,
  type CreditUsedRow,
  type Figures,
  type LinePart,
  type LinePartRow,
  type LockedLine,
  type LockedOrder,
} from '../orders/index.js';
import type { TaxProvider } from '../tax/index.js';
import type { StockNeed } from '../stock/index.js';
import { refuseBeyondCredit } from './credit.rules.js';
import { stockNeeds } from './verification.rules.js';

/** All that a confirmation looks at, but stock. */
export interface ConfirmFacts {
  order: LockedOrder;
  lines: LockedLine[];
  /** Those that the lines were ordered with, and those that they take now. */
  parts: LinePartRow[];
  products: Map<string, ConfirmProduct>;
  taxes: TaxProvider;
  limit: CreditLimitRow | undefined;
  used: CreditUsedRow | undefined;
  sellerCountry: string;
}

/** The checks of a confirmation before stock: products, bundles, tax and credit; what it would cost, and what it needs. */
export function checkConfirmation(
  { order, lines, parts, products, taxes, limit, used, sellerCountry }: ConfirmFacts,
  refusals: Refusals,
): { figures: Figures; needs: StockNeed[] } {
  checkProducts(order, lines, products, refusals);
  const figures = taxMissingParts(order, lines, products, taxes);
  if (!order.is_stated) {
    const country = order.shipping_address?.country ?? taxes.country ?? sellerCountry;
    refuseUntaxed(figures.untaxed, country, refusals);
  }
  const credit = { currency: order.currency, totalMinor: figures.totals.totalMinor };
  refuseBeyondCredit(credit, limit, used, refusals);
  refuseDivided(lines, parts, refusals);
  return { figures, needs: needsOf(lines, parts, products) };
}

function needsOf(lines: LockedLine[], parts: LinePartRow[], products: Map<string, ConfirmProduct>): StockNeed[] {
  const byLine = Map.groupBy(parts, (part) => part.order_line_id);
  const needy = lines.map((line, index) => ({
    id: line.id,
    productId: line.product_id,
    parts: (byLine.get(line.id) ?? []).map(partOf),
    sku: line.sku,
    quantity: subtractDecimals(line.quantity, line.canceled_quantity),
    field: ['lines', String(index)],
  }));
  const counted = [...products.values()].filter((product) => product.is_stocked).map((product) => product.id);
  return stockNeeds(needy, new Set(counted)).filter((need) => isPositive(need.quantity));
}

/** Of an order that a channel states, nobody has looked yet. */
function refuseDivided(lines: LockedLine[], parts: LinePartRow[], refusals: Refusals): void {
  lines.forEach(({ id, sku, quantity }, index) => {
    if (!isWhole(quantity) && parts.some((part) => part.order_line_id === id))
      refusals.add('INVALID', `quantity of ${sku}: expected a whole number of a bundle, got ${quantity}`, [
        'lines',
        String(index),
        'quantity',
      ]);
  });
}

export function partOf({ product_id, sku, quantity }: LinePartRow): LinePart {
  return { productId: product_id, sku, quantity };
}

/** What a channel sells beside goods, a gift wrap say, need not be a product of the hub. */
function checkProducts(
  order: LockedOrder,
  lines: LockedLine[],
  products: Map<string, ConfirmProduct>,
  refusals: Refusals,
): void {
  lines.forEach((line, index) => {
    if (!isPositive(subtractDecimals(line.quantity, line.canceled_quantity))) return;
    const field = ['lines', String(index), 'sku'];
    const product = line.product_id === null ? undefined : products.get(line.product_id);
    if (!product && order.is_stated && !line.requires_shipping) return;
    if (!product) refusals.add('NOT_FOUND', `no product has the SKU "${line.sku}"`, field);
    else if (!product.is_active) refusals.add('PRODUCT_INACTIVE', `${line.sku} is no longer sold`, field);
  });
}
