import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import type { StatedOrder } from '../../../shared/stated/index.js';
import {
  deleteLines,
  deleteParts,
  eventsOf,
  insertNewLines,
  lockOrder,
  moneyMoved,
  moveOrder,
  ORDER_LINE_PREFIX,
  ORDER_PREFIX,
  paymentStatusChange,
  paymentStatusOf,
  pricedTotals,
  selectLinesToChange,
  updateOrder,
  updateOrderHeader,
  type LockedLine,
  type LockedOrder,
} from '../../orders/index.js';
import { sameLines, sameParts, takenAway, type StatedFigures } from '../stated-order.rules.js';
import { cancelOrder } from './cancel-order.js';

/**
 * Brings an order up to what its channel states now. What stands beside its lines may change at any time, the lines and
 * prices only until it is confirmed: from then on stock is promised, and only what has not left can be taken away. A Refusal says so.
 */
export async function updateStatedOrder(
  scope: ActionScope,
  orderId: string,
  order: StatedOrder,
  figures: StatedFigures,
  customerId: string | null,
): Promise<'updated' | 'unchanged'> {
  const { tx, now } = scope;
  const [orders, lineRows] = await tx.batch([lockOrder(orderId), selectLinesToChange([orderId])]);
  const stored = orders![0] as LockedOrder;
  const lines = lineRows as LockedLine[];
  const { open, personal } = headerChanges(stored, order, customerId);
  const isSame = sameContent(stored, lines, order, figures);
  if (stored.status === 'CANCELED' || (isSame && open.length + personal.length === 0)) return 'unchanged';
  if (!isSame && stored.status !== 'RECEIVED') return takeAway(scope, stored, lines, order, figures);
  if (!isSame && stored.currency !== order.currency) throw cannotFollow(stored);
  const changes = isSame ? open : [...open, ...contentChanges(stored, lines, order, figures)];
  const events = eventsOf(stored, scope).add({
    type: 'EDITED',
    message: 'Changed by the channel',
    changes,
    ...(personal.length > 0 && { personal: { changes: personal } }),
  });
  if (isSame) tx.defer(moveOrder(orderId, stored.status, now.toISOString(), events.count));
  else replaceContent(scope, stored, order, figures, events.count);
  tx.defer(headerStatement(stored, order, customerId));
  await appendEvents(tx, events.events);
  return 'updated';
}

function sameContent(stored: LockedOrder, lines: LockedLine[], order: StatedOrder, figures: StatedFigures): boolean {
  return (
    sameLines(lines, figures.lines) &&
    sameParts(stored.shipping_lines, figures.shipping) &&
    sameParts(stored.adjustments, figures.adjustments) &&
    stored.currency === order.currency &&
    stored.prices_include_tax === order.pricesIncludeTax
  );
}

/**
 * Of an order that is confirmed a channel may take away what has not left. What remains must come to what it states.
 */
async function takeAway(
  scope: ActionScope,
  stored: LockedOrder,
  lines: LockedLine[],
  order: StatedOrder,
  figures: StatedFigures,
): Promise<'updated' | 'unchanged'> {
  const { tx } = scope;
  const less = stored.currency === order.currency ? takenAway(lines, figures.lines) : null;
  if (less === null) throw cannotFollow(stored);
  const { totalMinor } = pricedTotals(figures, order.currency, order.pricesIncludeTax).order;
  let total = BigInt(stored.total_minor);
  if (less.length > 0) {
    await cancelOrder(scope, {
      orderId: typeId(ORDER_PREFIX, stored.id),
      lines: less.map(({ id, quantity }) => ({ lineId: typeId(ORDER_LINE_PREFIX, id), quantity })),
      reason: 'Taken off by the channel',
    });
    await tx.flush();
    total = BigInt((await tx.one(lockOrder(stored.id)))!.total_minor);
  }
  if (total === totalMinor) return less.length > 0 ? 'updated' : 'unchanged';
  const money = (minor: bigint) => moneyOfMinor(minor.toString(), order.currency).amount;
  throw refuse(
    'CONFLICT',
    `order ${stored.number}: the channel states a total of ${money(totalMinor)}, what is left of it comes to ${money(total)}`,
    ['stated', 'total'],
  );
}

function cannotFollow({ number, status }: LockedOrder): Error {
  const reason = 'what the channel changed of its lines cannot be taken over';
  return refuse('CONFLICT', `order ${number} is ${status}: ${reason}`, ['lines']);
}

function contentChanges(
  stored: LockedOrder,
  lines: LockedLine[],
  order: StatedOrder,
  figures: StatedFigures,
): FieldChange[] {
  const { order: totals } = pricedTotals(figures, order.currency, order.pricesIncludeTax);
  const money = (minor: string) => moneyOfMinor(minor, order.currency);
  const short = (all: { sku: string; quantity: string }[]) => all.map(({ sku, quantity }) => ({ sku, quantity }));
  return [
    { field: 'total', from: money(stored.total_minor), to: money(totals.totalMinor.toString()) },
    ...paymentStatusChange(stored, totals.totalMinor),
    { field: 'lines', from: short(lines), to: short(figures.lines) },
  ];
}

function replaceContent(
  { tx, now }: ActionScope,
  stored: LockedOrder,
  order: StatedOrder,
  figures: StatedFigures,
  eventCount: number,
): void {
  const { lines, order: totals } = pricedTotals(figures, order.currency, order.pricesIncludeTax);
  const withTotals = figures.lines.map((line, index) => ({ orderId: stored.id, line, totals: lines[index]! }));
  tx.defer(
    deleteParts(stored.id),
    deleteLines(stored.id),
    insertNewLines(withTotals),
    updateOrder(
      stored.id,
      stored.status,
      totals.subtotalMinor,
      totals.discountMinor,
      totals.shippingMinor,
      totals.taxMinor,
      totals.totalMinor,
      JSON.stringify(figures.shipping),
      JSON.stringify(figures.adjustments),
      JSON.stringify(totals.taxLines),
      now.toISOString(),
      eventCount,
      null,
      paymentStatusOf(totals.totalMinor, moneyMoved(stored)),
    ),
  );
}

function headerStatement(stored: LockedOrder, order: StatedOrder, customerId: string | null) {
  return updateOrderHeader(
    stored.id,
    order.email ?? null,
    order.note ?? null,
    order.purchaseOrderNumber ?? null,
    json(order.billingAddress),
    json(order.shippingAddress),
    customerId ?? stored.customer_id,
    order.pricesIncludeTax,
  );
}

function headerChanges(
  stored: LockedOrder,
  order: StatedOrder,
  customerId: string | null,
): { open: FieldChange[]; personal: FieldChange[] } {
  const compare = (field: string, from: unknown, to: unknown): FieldChange[] =>
    sameValue(from, to) ? [] : [{ field, from, to }];
  return {
    open: [
      ...compare('purchaseOrderNumber', stored.purchase_order_number, order.purchaseOrderNumber ?? null),
      ...compare('customer', stored.customer_id, customerId ?? stored.customer_id),
    ],
    personal: [
      ...compare('email', stored.email, order.email ?? null),
      ...compare('note', stored.note, order.note ?? null),
      ...compare('billingAddress', stored.billing_address, order.billingAddress ?? null),
      ...compare('shippingAddress', stored.shipping_address, order.shippingAddress ?? null),
    ],
  };
}

/** Objects as the database gives them back have their keys in another order. */
function sameValue(a: unknown, b: unknown): boolean {
  const text = (value: unknown) =>
    value !== null && typeof value === 'object'
      ? JSON.stringify(
          Object.entries(value)
            .filter(([, item]) => item !== undefined)
            .sort(),
        )
      : JSON.stringify(value);
  return text(a) === text(b);
}

function json(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value);
}
