import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import {
  addDecimals,
  compareDecimals,
  exact,
  isPositive,
  isZero,
  minDecimal,
  subtractDecimals,
} from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { claimsByLine, selectClaims, selectProgress, settleWork, type ClaimRow } from '../../fulfillment/index.js';
import {
  assertOrderMove,
  balanceDueOf,
  eventsOf,
  figuresOf,
  headlineOf,
  lineAsItIs,
  lockOrderForAction,
  moneyMoved,
  paymentStatusChange,
  readLineQuantities,
  selectLinesToChange,
  selectPartsOfOrders,
  writeOrderFigures,
  type CancelOrderInput,
  type LineChange,
  type LinePartRow,
  type LockedLine,
  type LockedOrder,
  type OrderStatus,
} from '../../orders/index.js';
import { giveUpPayments, selectCash } from '../../payments/index.js';
import { releaseStock } from '../../stock/index.js';

/**
 * Cancels what has not left of an order, whole or some quantity of its lines; what was reserved for it is free again. Of
 * an order of which something has left, the rest.
 */
export async function cancelOrder(scope: ActionScope, input: CancelOrderInput): Promise<{ orderId: string }> {
  const { tx, now } = scope;
  const order = await lockOrderForAction(scope, input);
  if (!SHIPPING.has(order.status)) assertOrderMove(order, 'CANCELED');
  const [lineRows, claimRows, progress, parts, payments, attempts] = await tx.batch([
    selectLinesToChange([order.id]),
    selectClaims(order.id),
    selectProgress(order.id, null),
    selectPartsOfOrders([order.id]),
    ...selectCash(order.id),
  ]);
  const lines = lineRows as LockedLine[];
  const stored = { lines, claims: claimRows as ClaimRow[], parts: parts as LinePartRow[] };
  const quantities = quantitiesToCancel(input, order, stored);
  const release = new Map(lines.map((line) => [line.id, stockToRelease(line, quantities.get(line.id) ?? '0')]));
  const { levels } = await releaseStock(tx, order.id, release, { now, held: claimRows as ClaimRow[] });
  const changed = lines.map((line) => cancelIn(line, quantities.get(line.id) ?? '0', release.get(line.id)!));
  const warehouses = await withWarehouses(scope, order, changed, progress![0] as ProgressRow);
  const whole = changed.every((line) => isZero(subtractDecimals(line.quantity, line.canceled)));
  const figures = figuresOf(order, changed, whole ? { shipping: [], adjustments: [] } : undefined);
  const headline = whole ? 'CANCELED' : headlineAfter(order, changed, progress![0] as ProgressRow, warehouses.isActive);
  const { paidMinor, refundedMinor } = moneyMoved(order);
  const toRefund = balanceDueOf(figures.totals.totalMinor, { paidMinor, refundedMinor });
  const events = eventsOf(order, scope);
  events.stockReleased(levels);
  events.add({
    type: 'EDITED',
    message: whole ? 'All that was left is canceled' : 'Some of the order is canceled',
    changes: [
      {
        field: 'total',
        from: moneyOfMinor(order.total_minor, order.currency),
        to: moneyOfMinor(figures.totals.totalMinor.toString(), order.currency),
      },
      ...paymentStatusChange(order, figures.totals.totalMinor),
      ...warehouses.moves,
    ],
    data: {
      canceled: lines.flatMap((line) =>
        quantities.has(line.id) ? [{ sku: line.sku, quantity: quantities.get(line.id) }] : [],
      ),
      ...(toRefund < 0n && { toRefund: moneyOfMinor((-toRefund).toString(), order.currency) }),
      ...(input.reason && { reason: input.reason }),
    },
  });
  events.walked(order.status, headline, input.reason);
  writeOrderFigures(scope, order, headline, figures, events.count);
  if (whole) await giveUpPayments(scope, payments!, attempts!);
  await appendEvents(tx, events.events);
  return { orderId: order.id };
}

/** Something of it has left, and the rest of it can still be canceled. */
const SHIPPING = new Set<OrderStatus>(['PARTIALLY_SHIPPED', 'SHIPPED']);

interface ProgressRow {
  is_preparing: boolean;
  has_left: boolean;
  has_work: boolean;
}

/** Takes from the warehouses what is canceled. */
async function withWarehouses(
  scope: ActionScope,
  order: LockedOrder,
  lines: LineChange[],
  progress: ProgressRow,
): ReturnType<typeof settleWork> {
  if (!progress.has_work) return { isActive: false, moves: [] };
  await scope.tx.flush();
  return settleWork(scope, order.id, lines);
}

function headlineAfter(
  order: LockedOrder,
  lines: LineChange[],
  progress: ProgressRow,
  isReleased: boolean,
): OrderStatus {
  if (order.status === 'DRAFT' || order.status === 'RECEIVED') return order.status;
  return headlineOf(lines, { isPreparing: progress.is_preparing || isReleased, hasLeft: progress.has_left });
}

function quantitiesToCancel(
  input: CancelOrderInput,
  order: LockedOrder,
  { lines, claims, parts }: { lines: LockedLine[]; claims: ClaimRow[]; parts: LinePartRow[] },
): Map<string, string> {
  const refusals = new Refusals();
  const claimed = claimsByLine(claims);
  const open = (line: LockedLine) =>
    subtractDecimals(subtractDecimals(line.quantity, line.canceled_quantity), line.shipped_quantity);
  const asked =
    input.lines == null
      ? new Map(lines.map((line) => [line.id, { quantity: open(line), field: ['orderId'] }]))
      : readLineQuantities(input.lines, new Set(lines.map((line) => line.id)), parts, refusals);
  const quantities = new Map<string, string>();
  for (const line of lines) {
    const { quantity, field } = asked.get(line.id) ?? { quantity: '0', field: [] };
    if (!isPositive(quantity)) continue;
    const claim = claimed.get(line.id);
    const free = subtractDecimals(open(line), claim?.quantity ?? '0');
    if (compareDecimals(quantity, open(line)) > 0)
      refusals.add('INVALID', `quantity: ${quantity} asked for, ${open(line)} left of the line`, field);
    else if (compareDecimals(quantity, free) > 0) {
      const held = `${line.sku}: ${claim!.quantity} are being prepared in shipment ${claim!.numbers.join(', ')}`;
      refusals.add('CONFLICT', `${held}; cancel that first`, field);
    }
    quantities.set(line.id, quantity);
  }
  if (input.lines == null && quantities.size === 0)
    refusals.add('CONFLICT', `order ${order.number}: nothing is left that could be canceled`, ['orderId']);
  refusals.throwIfAny();
  return quantities;
}

/** What waits for stock goes first, so that no more is given back than must be. */
function stockToRelease(line: LockedLine, canceled: string): string {
  const beyond = exact(canceled).minus(exact(line.backordered_quantity));
  return beyond.isPositive() ? minDecimal(beyond.toFixed(), line.reserved_quantity) : '0';
}

function cancelIn(line: LockedLine, canceled: string, released: string): LineChange {
  const before = lineAsItIs(line);
  const left = subtractDecimals(subtractDecimals(line.quantity, line.canceled_quantity), canceled);
  return {
    ...before,
    canceled: addDecimals(before.canceled, canceled),
    reserved: subtractDecimals(before.reserved, released),
    backordered: subtractDecimals(before.backordered, minDecimal(canceled, before.backordered)),
    // Of what needs no shipping, what is left is there.
    delivered: before.requiresShipping ? before.delivered : minDecimal(before.delivered, left),
  };
}
