import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { subtractDecimals } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import {
  assertOrderMove,
  eventsOf,
  headlineOf,
  lockCreditLimit,
  lockOrderForAction,
  partsStatement,
  promiseOrder,
  selectPartsOfOrders,
  selectUnstatedParts,
  NOTHING_SHIPPED,
  refuseOnHold,
  selectConfirmProducts,
  selectCreditUsed,
  selectLinesToChange,
  sellerSettings,
  writeOrderFigures,
  type ConfirmProduct,
  type CreditLimitRow,
  type CreditUsedRow,
  type LinePartRow,
  type LockedLine,
  type OrderActionInput,
} from '../../orders/index.js';
import { ratedTaxes, selectTaxRates, type KnownRateRow } from '../../tax/index.js';
import { lockLevelsOfProducts, reserveStock, type LockedLevel } from '../../stock/index.js';
import { checkConfirmation, partOf } from '../confirmation.rules.js';

/** From DRAFT or RECEIVED: verifies products, tax and availability, and reserves the stock; all or nothing. */
export async function confirmOrder(scope: ActionScope, input: OrderActionInput): Promise<{ orderId: string }> {
  const { tx, now } = scope;
  const sellerCountry = scope.service(sellerSettings).country;
  const order = await lockOrderForAction(scope, input);
  assertOrderMove(order, 'CONFIRMED');
  refuseOnHold(order);
  const [lineRows, productRows, rateRows, limits, used, partRows, unstatedRows] = await tx.batch([
    selectLinesToChange([order.id]),
    selectConfirmProducts([order.id]),
    selectTaxRates(
      order.shipping_address?.country ?? null,
      order.shipping_address?.region ?? null,
      order.customer_id,
      sellerCountry,
      order.placed_at.slice(0, 10),
    ),
    lockCreditLimit(order.customer_id),
    selectCreditUsed([order.customer_id]),
    selectPartsOfOrders([order.id]),
    selectUnstatedParts([order.id]),
  ]);
  const unstated = unstatedRows as LinePartRow[];
  const refusals = new Refusals();
  const { figures, needs } = checkConfirmation(
    {
      order,
      lines: lineRows as LockedLine[],
      parts: [...(partRows as LinePartRow[]), ...unstated],
      products: new Map((productRows as ConfirmProduct[]).map((product) => [product.id, product])),
      taxes: ratedTaxes(rateRows as KnownRateRow[], sellerCountry),
      limit: limits![0] as CreditLimitRow | undefined,
      used: used![0] as CreditUsedRow | undefined,
      sellerCountry,
    },
    refusals,
  );
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
