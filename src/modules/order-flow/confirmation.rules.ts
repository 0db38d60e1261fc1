import { isPositive, subtractDecimals } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { isWhole, type PricedProductRow } from '../catalog/index.js';
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
import { refuseUndeliverable } from './address.rules.js';
import { refuseBeyondCredit } from './credit.rules.js';
import type { AlikeRow } from './duplicate.queries.js';
import { refuseLikely } from './duplicate.rules.js';
import { refuseOffList } from './price-check.rules.js';
import { stockNeeds } from './verification.rules.js';
import type { VerificationSettings } from './verification.settings.js';

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
  verification: VerificationSettings;
  /** Orders that it may be the same as. */
  alike: readonly AlikeRow[];
  allowDuplicate: boolean;
  /** The prices of the lists, where they are compared. */
  listed: readonly PricedProductRow[];
}

/** The checks of a confirmation before stock: products, bundles, price, tax, credit, address, duplicates; what it would cost, and what it needs. */
export function checkConfirmation(facts: ConfirmFacts, refusals: Refusals): { figures: Figures; needs: StockNeed[] } {
  const { order, lines, parts, products, taxes, limit, used, sellerCountry } = facts;
  refuseEmpty(order, lines, refusals);
  checkProducts(order, lines, products, refusals);
  const figures = taxMissingParts(order, lines, products, taxes);
  if (!order.is_stated) {
    const country = order.shipping_address?.country ?? taxes.country ?? sellerCountry;
    refuseUntaxed(figures.untaxed, country, refusals);
  }
  const credit = { currency: order.currency, totalMinor: figures.totals.totalMinor };
  refuseBeyondCredit(credit, limit, used, refusals);
  refuseDivided(lines, parts, refusals);
  checkPlausibility(facts, figures.totals.totalMinor, refusals);
  return { figures, needs: needsOf(lines, parts, products) };
}

/** What people would ask back about: an address that nobody finds, an order that is there already, a price of nowhere. */
function checkPlausibility(facts: ConfirmFacts, totalMinor: bigint, refusals: Refusals): void {
  const { order, verification, alike, allowDuplicate, listed, taxes } = facts;
  const lines = facts.lines
    .map((line) => ({ ...line, quantity: subtractDecimals(line.quantity, line.canceled_quantity) }))
    .filter(({ quantity }) => isPositive(quantity));
  if (verification.checksAddresses && lines.some((line) => line.requires_shipping))
    refuseUndeliverable(order.shipping_address, refusals);
  const compared = {
    customerId: order.customer_id,
    purchaseOrderNumber: order.purchase_order_number,
    currency: order.currency,
    totalMinor,
    lines,
  };
  if (!allowDuplicate) refuseLikely(compared, alike, refusals);
  const tolerance = verification.priceTolerance ?? '0';
  refuseOffList(order, facts.lines, { listed, taxes, tolerance }, refusals);
}

/** A draft may have no lines yet. */
export function refuseEmpty({ number }: LockedOrder, lines: readonly unknown[], refusals: Refusals): void {
  if (lines.length === 0) refusals.add('REQUIRED', `order ${number} has no lines yet`, ['lines']);
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
