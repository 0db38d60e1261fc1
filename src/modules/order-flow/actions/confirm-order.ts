import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { isPositive, subtractDecimals } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import { isWhole, selectTaxRates, type TaxRateRow } from '../../catalog/index.js';
import {
  assertOrderMove,
  eventsOf,
  headlineOf,
  lockCreditLimit,
  lockOrderForAction,
  partsStatement,
  promiseOrder,
  selectPartsOfOrder,
  selectUnstatedParts,
  NOTHING_SHIPPED,
  refuseOnHold,
  refuseUntaxed,
  selectConfirmProducts,
  selectCreditUsed,
  selectLinesToChange,
  sellerSettings,
  taxMissingParts,
  writeOrderFigures,
  type ConfirmProduct,
  type CreditLimitRow,
  type CreditUsedRow,
  type LinePart,
  type LinePartRow,
  type LockedLine,
  type OrderActionInput,
} from '../../orders/index.js';
import { lockLevelsOfProducts, reserveStock, type LockedLevel, type StockNeed } from '../../stock/index.js';
import { refuseBeyondCredit } from '../credit.rules.js';
import { stockNeeds } from '../verification.rules.js';

/** From DRAFT or RECEIVED: verifies products, tax and availability, and reserves the stock; all or nothing. */
export async function confirmOrder(scope: ActionScope, input: OrderActionInput): Promise<{ orderId: string }> {
  const { tx, now, service } = scope;
  const order = await lockOrderForAction(scope, input);
  assertOrderMove(order, 'CONFIRMED');
  refuseOnHold(order);
  const [lineRows, productRows, rateRows, limits, used, partRows, unstatedRows] = await tx.batch([
    selectLinesToChange(order.id),
    selectConfirmProducts(order.id),
    selectTaxRates(
      order.shipping_address?.country ?? null,
      order.customer_id,
      service(sellerSettings).country,
      order.placed_at.slice(0, 10),
    ),
    lockCreditLimit(order.customer_id),
    selectCreditUsed([order.customer_id]),
    selectPartsOfOrder(order.id),
    selectUnstatedParts(order.id),
  ]);
  const lines = lineRows as LockedLine[];
  const products = new Map((productRows as ConfirmProduct[]).map((product) => [product.id, product]));
  const refusals = new Refusals();
  checkProducts(lines, products, refusals);
  const figures = taxMissingParts(order, lines, products, rateRows as TaxRateRow[]);
  if (!order.is_stated) {
    const country =
      order.shipping_address?.country ?? (rateRows as TaxRateRow[])[0]?.country ?? service(sellerSettings).country;
    refuseUntaxed(figures.untaxed, country, refusals);
  }
  refuseBeyondCredit(
    { currency: order.currency, totalMinor: figures.totals.totalMinor },
    limits![0] as CreditLimitRow | undefined,
    used![0] as CreditUsedRow | undefined,
    refusals,
  );
  const unstated = unstatedRows as LinePartRow[];
  const parts = [...(partRows as LinePartRow[]), ...unstated];
  refuseDivided(lines, parts, refusals);
  const needs = needsOf(lines, parts, products);
  const productIds = needs.flatMap(({ pieces }) => pieces.map((piece) => piece.productId));
  const levels = (await tx.query(lockLevelsOfProducts(productIds))) as LockedLevel[];
  const reserved = reserveStock(needs, levels, { now, allowBackorder: order.allow_backorder, refusals });
  refusals.throwIfAny();
  for (const line of figures.lines) {
    const got = reserved.lines.get(line.id);
    line.reserved = got?.reserved ?? '0';
    line.backordered = got?.backordered ?? '0';
    if (!line.requiresShipping) line.delivered = subtractDecimals(line.quantity, line.canceled);
  }
  const headline = headlineOf(figures.lines, NOTHING_SHIPPED);
  const events = eventsOf(order, scope);
  if (order.status === 'DRAFT') events.moved('DRAFT', 'RECEIVED', input.reason);
  events.stockReserved(reserved.levels).moved('RECEIVED', 'CONFIRMED', input.reason).walked('CONFIRMED', headline);
  writeOrderFigures(scope, order, headline, figures, events.count);
  tx.defer(...partsStatement(unstated.map((row) => ({ lineId: row.order_line_id, part: partOf(row) }))));
  tx.defer(...reserved.statements);
  if (order.requested_delivery_at !== null) tx.defer(promiseOrder(order.id, order.requested_delivery_at));
  await appendEvents(tx, events.events);
  return { orderId: order.id };
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

function partOf({ product_id, sku, quantity }: LinePartRow): LinePart {
  return { productId: product_id, sku, quantity };
}

function checkProducts(lines: LockedLine[], products: Map<string, ConfirmProduct>, refusals: Refusals): void {
  lines.forEach((line, index) => {
    if (!isPositive(subtractDecimals(line.quantity, line.canceled_quantity))) return;
    const field = ['lines', String(index), 'sku'];
    const product = line.product_id === null ? undefined : products.get(line.product_id);
    if (!product) refusals.add('NOT_FOUND', `no product has the SKU "${line.sku}"`, field);
    else if (!product.is_active) refusals.add('PRODUCT_INACTIVE', `${line.sku} is no longer sold`, field);
  });
}
