import type { Statement } from '../../../db/statement.js';
import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { Address } from '../../../graph/values.type.js';
import type { Actor } from '../../../shared/actor.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { OrderEvents } from '../order.events.js';
import { fulfillmentStatusOf, type LineProgress } from '../order.fulfillment.rules.js';
import { NO_MONEY_MOVED, paymentStatusOf } from '../order.payment.rules.js';
import type { OrderStatus } from '../order.states.js';
import type { TaxFigure, TaxRounding } from '../../tax/index.js';
import {
  lineTotals,
  orderTotals,
  type OrderTotals,
  type AdjustmentFigure,
  type ShippingFigure,
} from '../order.totals.rules.js';
import { insertLines, insertOrder, insertParts } from '../order-write.queries.js';

/** A part of a line's bundle. */
export interface LinePart {
  productId: string;
  sku: string;
  /** In one unit of the line. */
  quantity: string;
}

/** A line that has its price, discount and taxes. */
export interface NewLine {
  id: string;
  productId: string | null;
  quoteLineId?: string | null;
  /** What a bundle is made of; left out or empty: the line is its own part. */
  parts?: LinePart[];
  /** Its id in the system the order came from. */
  externalId?: string | null;
  sku: string;
  description: string;
  requiresShipping: boolean;
  quantity: string;
  unitPrice: string;
  /** Somebody said the price; it is not the lists'. */
  hasOwnPrice?: boolean;
  discountMinor: bigint;
  taxLines: TaxFigure[];
  reserved?: string;
  backordered?: string;
  delivered?: string;
}

/** An order that is ready to be written: every check has passed. */
export interface NewOrder {
  id: string;
  channel: { id: string; code: string };
  status: OrderStatus;
  customerId: string | null;
  contactId: string | null;
  email: string | null;
  purchaseOrderNumber: string | null;
  note: string | null;
  currency: string;
  pricesIncludeTax: boolean;
  isStated: boolean;
  /** LINE where a channel states the taxes. */
  taxRounding: TaxRounding;
  lines: NewLine[];
  shipping: ShippingFigure[];
  adjustments: AdjustmentFigure[];
  billingAddress: Address | null;
  shippingAddress: Address | null;
  quoteId: string | null;
  allowBackorder: boolean;
  requestedDeliveryAt: Date | null;
  placedAt: Date;
}

/** What the first event of an order says. */
interface Created {
  status: OrderStatus;
  message: string;
  data?: object;
}

/**
 * Leaves the order, its lines and events to the transaction's last trip. `follow` adds the events behind CREATED and
 * `statements` the writes behind the lines (reservations, say).
 */
export async function writeOrder(
  scope: ActionScope,
  order: NewOrder,
  created: Created,
  follow: (events: OrderEvents) => void = () => {},
  statements: Statement[] = [],
): Promise<void> {
  await writeOrders(scope, [{ order, created }], follow, statements);
}

/** The same for several orders at once: their lines and events go in one statement each. */
export async function writeOrders(
  scope: ActionScope,
  all: readonly { order: NewOrder; created: Created }[],
  follow: (events: OrderEvents) => void = () => {},
  statements: Statement[] = [],
): Promise<void> {
  const { tx, actor, now } = scope;
  const written = all.map(({ order, created }) => {
    const { lines: figures, order: totals } = pricedTotals(order, order.currency, order.pricesIncludeTax);
    const events = createdEvents(order, created, totals, { by: actor, at: now });
    follow(events);
    const lines = order.lines.map((line, index) => ({ orderId: order.id, line, totals: figures[index]! }));
    return { lines, events: events.events, statement: orderStatement(order, totals, now, events.count) };
  });
  const lines = written.flatMap((one) => one.lines);
  tx.defer(
    ...written.map(({ statement }) => statement),
    insertNewLines(lines),
    ...partsStatement(lines.flatMap(({ line: { id, parts = [] } }) => parts.map((part) => ({ lineId: id, part })))),
    ...statements,
  );
  await appendEvents(
    tx,
    written.flatMap(({ events }) => events),
  );
}

function createdEvents(
  order: NewOrder,
  created: Created,
  totals: OrderTotals,
  written: { by: Actor; at: Date },
): OrderEvents {
  return new OrderEvents(
    { id: order.id, channel: order.channel.code, customerId: order.customerId },
    { status: null, eventCount: 0 },
    written,
  ).add({
    type: 'CREATED',
    message: created.message,
    to: created.status,
    data: {
      channel: order.channel.code,
      total: moneyOfMinor(totals.totalMinor.toString(), order.currency),
      lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
      ...created.data,
    },
  });
}

function orderStatement(order: NewOrder, totals: OrderTotals, now: Date, eventCount: number): Statement {
  const isConfirmed = order.status !== 'DRAFT' && order.status !== 'RECEIVED';
  const promisedAt = isConfirmed ? (order.requestedDeliveryAt?.toISOString() ?? null) : null;
  return insertOrder(
    order.id,
    order.channel.id,
    order.status,
    order.customerId,
    order.contactId,
    order.email,
    order.purchaseOrderNumber,
    order.note,
    order.currency,
    order.pricesIncludeTax,
    order.isStated,
    totals.subtotalMinor,
    totals.discountMinor,
    totals.shippingMinor,
    totals.taxMinor,
    totals.totalMinor,
    JSON.stringify(order.shipping),
    JSON.stringify(order.adjustments),
    JSON.stringify(totals.taxLines),
    json(order.billingAddress),
    json(order.shippingAddress),
    order.quoteId,
    order.allowBackorder,
    order.requestedDeliveryAt?.toISOString() ?? null,
    order.placedAt.toISOString(),
    now.toISOString(),
    eventCount,
    fulfillmentStatusOf(order.lines.map(progressOf)),
    promisedAt,
    paymentStatusOf(totals.totalMinor, NO_MONEY_MOVED),
    order.taxRounding,
  );
}

export function progressOf(line: NewLine): LineProgress {
  const { requiresShipping, quantity, delivered = '0' } = line;
  return { requiresShipping, quantity, canceled: '0', shipped: '0', delivered };
}

export function totalsOf(line: NewLine, currency: string) {
  return lineTotals(
    {
      quantity: line.quantity,
      canceledQuantity: '0',
      unitPrice: line.unitPrice,
      orderedDiscountMinor: line.discountMinor,
      orderedTaxLines: line.taxLines,
    },
    currency,
  );
}

export function insertNewLines(
  lines: readonly { orderId: string; line: NewLine; totals: ReturnType<typeof totalsOf> }[],
): Statement {
  const places = new Map<string, number>();
  const placeIn = (orderId: string): number => {
    const place = (places.get(orderId) ?? 0) + 1;
    places.set(orderId, place);
    return place;
  };
  return insertLines(
    lines.map(({ orderId }) => orderId),
    lines.map(({ line }) => line.id),
    lines.map(({ orderId }) => placeIn(orderId)),
    lines.map(({ line }) => line.productId),
    lines.map(({ line }) => line.quoteLineId ?? null),
    lines.map(({ line }) => line.sku),
    lines.map(({ line }) => line.description),
    lines.map(({ line }) => line.requiresShipping),
    lines.map(({ line }) => line.quantity),
    lines.map(({ line }) => line.unitPrice),
    lines.map(({ line }) => line.discountMinor),
    lines.map(({ totals }) => totals.taxMinor),
    lines.map(({ totals }) => totals.totalMinor),
    lines.map(({ line }) => JSON.stringify(line.taxLines)),
    lines.map(({ line }) => line.reserved ?? '0'),
    lines.map(({ line }) => line.backordered ?? '0'),
    lines.map(({ line }) => line.delivered ?? '0'),
    lines.map(({ line }) => line.externalId ?? null),
    lines.map(({ line }) => line.hasOwnPrice ?? false),
  );
}

/** No statement where there is nothing to write. */
export function partsStatement(parts: { lineId: string; part: LinePart }[]): Statement[] {
  if (parts.length === 0) return [];
  return [
    insertParts(
      parts.map(({ lineId }) => lineId),
      parts.map(({ part }) => part.productId),
      parts.map(({ part }) => part.sku),
      parts.map(({ part }) => part.quantity),
    ),
  ];
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** Totals of lines, shipping and adjustments that have been priced but belong to no order yet. */
export function pricedTotals(
  pricing: Pick<NewOrder, 'lines' | 'shipping' | 'adjustments'>,
  currency: string,
  pricesIncludeTax = false,
) {
  const lines = pricing.lines.map((line) => totalsOf(line, currency));
  return { lines, order: orderTotals(lines, pricing.shipping, pricing.adjustments, pricesIncludeTax) };
}
