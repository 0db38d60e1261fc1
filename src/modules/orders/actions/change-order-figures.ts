import type { Statement } from '../../../db/statement.js';
import type { FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { isZero, subtractDecimals } from '../../../shared/decimal.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import type { TaxFigure, TaxItem, TaxMode, TaxProvider } from '../../tax/index.js';
import { OrderEvents } from '../order.events.js';
import { feeShares } from '../fee-tax.rules.js';
import type { OrderActionInput } from '../order-input.type.js';
import { lockOrder, type LockedLine, type LockedOrder } from '../order.queries.js';
import { fulfillmentStatusOf, type LineProgress } from '../order.fulfillment.rules.js';
import { paymentStatusOf, type MoneyMoved } from '../order.payment.rules.js';
import type { OrderStatus } from '../order.states.js';
import {
  lineTotals,
  orderTotals,
  roundedTaxes,
  type AdjustmentFigure,
  type OrderTotals,
  type ShippingFigure,
} from '../order.totals.rules.js';
import { ORDER_PREFIX } from '../order.type.js';
import { updateLines, updateOrder } from '../order-write.queries.js';

/**
 * Locks the order a step is about. Throws NOT_FOUND where there is none that the caller may see, and VERSION_CONFLICT
 * where it has changed since.
 */
export async function lockOrderForAction(scope: ActionScope, input: OrderActionInput): Promise<LockedOrder> {
  return (await lockOrderAnd(scope, input, () => [])).order;
}

/** The same, and what the statements behind the lock answer, in one trip. */
export async function lockOrderAnd(
  { tx, customerId }: ActionScope,
  input: OrderActionInput,
  read: (orderId: string) => Statement[],
): Promise<{ order: LockedOrder; rows: unknown[][] }> {
  const id = idOf(ORDER_PREFIX, input.orderId);
  const [locked, ...rows] = id === null ? [] : await tx.batch([lockOrder(id), ...read(id)]);
  const order = locked?.[0] as LockedOrder | undefined;
  if (!order || (customerId !== null && order.customer_id !== customerId)) {
    throw refuse('NOT_FOUND', `no order has the id ${input.orderId}`, ['orderId']);
  }
  if (input.expectedVersion != null && input.expectedVersion !== order.version) {
    throw new Refusal([versionConflict(`order ${order.number}`, input.expectedVersion, order.version)]);
  }
  return { order, rows };
}

export function eventsOf(order: LockedOrder, { actor, now }: ActionScope): OrderEvents {
  return new OrderEvents(
    { id: order.id, channel: order.channel_code, customerId: order.customer_id },
    { status: order.status, eventCount: order.event_count },
    { by: actor, at: now },
  );
}

/** What its payments have come to so far. */
export function moneyMoved(order: LockedOrder): MoneyMoved {
  return {
    paidMinor: BigInt(order.paid_minor),
    refundedMinor: BigInt(order.refunded_minor),
    authorizedMinor: BigInt(order.authorized_minor),
    unpaid: order.unpaid_status,
  };
}

/** What a new total changes of how far the order is paid, for its event. */
export function paymentStatusChange(order: LockedOrder, totalMinor: bigint): FieldChange[] {
  const to = paymentStatusOf(totalMinor, moneyMoved(order));
  return to === order.payment_status ? [] : [{ field: 'paymentStatus', from: order.payment_status, to }];
}

/** A line as a step leaves it. */
export interface LineChange extends LineProgress {
  id: string;
  unitPrice: string;
  orderedDiscountMinor: bigint;
  orderedTaxLines: TaxFigure[];
  reserved: string;
  backordered: string;
}
export interface Figures {
  lines: (LineChange & { totals: ReturnType<typeof lineTotals> })[];
  shipping: ShippingFigure[];
  adjustments: AdjustmentFigure[];
  totals: OrderTotals;
}

export function lineAsItIs(line: LockedLine): LineChange {
  return {
    id: line.id,
    requiresShipping: line.requires_shipping,
    quantity: line.quantity,
    canceled: line.canceled_quantity,
    unitPrice: line.unit_price,
    orderedDiscountMinor: BigInt(line.ordered_discount_minor),
    orderedTaxLines: line.ordered_tax_lines,
    reserved: line.reserved_quantity,
    backordered: line.backordered_quantity,
    shipped: line.shipped_quantity,
    delivered: line.delivered_quantity,
  };
}

/** The order's money with its lines as they are now. */
export function figuresOf(
  order: LockedOrder,
  lines: LineChange[],
  { shipping, adjustments } = { shipping: order.shipping_lines, adjustments: order.adjustments },
): Figures {
  const computed = lines.map((line) => ({
    ...line,
    totals: lineTotals({ ...line, canceledQuantity: line.canceled }, order.currency),
  }));
  const mode = taxModeOf(order);
  const rounded = roundedTaxes({ totals: computed.map((line) => line.totals), shipping, adjustments }, mode);
  return {
    lines: computed.map((line, index) => ({ ...line, totals: rounded.totals[index]! })),
    shipping: rounded.shipping,
    adjustments: rounded.adjustments,
    totals: orderTotals(rounded.totals, rounded.shipping, rounded.adjustments, order.prices_include_tax),
  };
}

function taxModeOf(order: LockedOrder): TaxMode {
  return { rounding: order.tax_rounding, pricesIncludeTax: order.prices_include_tax };
}

/** Fills in the taxes that were not known when the order came; those it has, and those a channel stated, stand. */
export function taxMissingParts(
  order: LockedOrder,
  lines: LockedLine[],
  products: Map<string, { tax_category: string }>,
  taxes: TaxProvider,
): Figures & { untaxed: string[] } {
  const untaxed = new Set<string>();
  const mode = taxModeOf(order);
  const tax = (known: TaxFigure[], ...items: TaxItem[]): TaxFigure[] => {
    if (order.is_stated || known.length > 0) return known;
    const answer = taxes.quote(items, mode);
    for (const category of answer.untaxed) untaxed.add(category);
    return answer.taxes.flat();
  };
  const categoryOf = (line: LockedLine) => products.get(line.product_id ?? '')?.tax_category;
  const wholeOf = (line: LineChange) =>
    lineTotals({ ...line, canceledQuantity: '0', orderedTaxLines: [] }, order.currency).totalMinor;
  const bearers = lines.map((line) => ({ minor: wholeOf(lineAsItIs(line)), category: categoryOf(line) }));
  const taxed = lines.map((line): LineChange => {
    const untouched = lineAsItIs(line);
    if (isZero(subtractDecimals(line.quantity, line.canceled_quantity))) {
      return untouched;
    }
    return {
      ...untouched,
      orderedTaxLines: tax(line.ordered_tax_lines, {
        kind: 'LINE',
        minor: wholeOf(untouched),
        category: categoryOf(line),
      }),
    };
  });
  const shipping = order.shipping_lines.map((line) =>
    line.price_minor === '0'
      ? line
      : { ...line, tax_lines: tax(line.tax_lines, { kind: 'SHIPPING', minor: BigInt(line.price_minor) }) },
  );
  const adjustments = order.adjustments.map((one) =>
    one.kind === 'FEE'
      ? { ...one, tax_lines: tax(one.tax_lines, ...feeShares(BigInt(one.amount_minor), bearers, taxes)) }
      : one,
  );
  return { ...figuresOf(order, taxed, { shipping, adjustments }), untaxed: [...untaxed] };
}

/** Leaves the order's status and money, and its lines, to the transaction's last trip; the version rises by one. */
export function writeOrderFigures(
  { tx, now }: ActionScope,
  order: LockedOrder,
  status: OrderStatus,
  figures: Figures,
  eventCount: number,
): void {
  const { totals, lines } = figures;
  tx.defer(
    updateLines(
      lines.map((line) => line.id),
      lines.map((line) => line.totals.discountMinor),
      lines.map((line) => line.totals.taxMinor),
      lines.map((line) => line.totals.totalMinor),
      lines.map((line) => JSON.stringify(line.totals.taxLines)),
      lines.map((line) => JSON.stringify(line.orderedTaxLines)),
      lines.map((line) => line.reserved),
      lines.map((line) => line.canceled),
      lines.map((line) => line.backordered),
      lines.map((line) => line.delivered),
    ),
    updateOrder(
      order.id,
      status,
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
      fulfillmentStatusOf(lines),
      paymentStatusOf(totals.totalMinor, moneyMoved(order)),
    ),
  );
}
