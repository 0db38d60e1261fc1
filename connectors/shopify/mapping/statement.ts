import { ConnectorFailure, rejected, type StatedAdjustment, type StatedOrder } from '#connect';
import { amountOf, minorAt, shopMinor, sum } from './amounts.js';
import {
  keepLines,
  keepShipping,
  spreadOrderTaxes,
  statedLine,
  statedShipping,
  type KeptLine,
  type KeptShipping,
} from './lines.js';
import type { LineItem, MoneyBag, Order } from '../wire/order.js';

type Statement = Pick<StatedOrder, 'lines' | 'shippingLines' | 'adjustments' | 'stated'>;

/** The totals that the shop states for one view of an order, with their names for messages. */
interface Totals {
  prefix: '' | 'current_';
  items: string | null;
  discounts: string;
  tax: string;
  price: string;
  duties: MoneyBag | null | undefined;
  fees: MoneyBag | null | undefined;
}

/**
 * What was ordered, in amounts that add up to a total the shop states. An edited order counts as it stands now, goods
 * that came back count as ordered (a return changes no order), and a cancelled order counts as it was placed.
 */
export function statementOf(order: Order): Statement {
  const removed = order.line_items.map((item, index) => removedOf(order, item, index));
  const wasEdited = order.cancelled_at == null && removed.some(({ isRemoved }) => isRemoved);
  if (!wasEdited) {
    try {
      return stateAsPlaced(order);
    } catch (error) {
      // Lines that an edit added stand in the current totals alone.
      if (!(error instanceof ConnectorFailure) || !isEditedUpwards(order)) throw error;
    }
  }
  const returned = removed.findIndex(({ isReturned }) => isReturned);
  if (returned >= 0) {
    throw rejected(
      `line_items.${returned}.current_quantity: goods were returned and others removed; no total is stated for what was ordered`,
    );
  }
  return stateAsOfNow(order);
}

function removedOf(order: Order, item: LineItem, index: number): { isRemoved: boolean; isReturned: boolean } {
  const current = BigInt(item.current_quantity ?? item.quantity);
  const refunds = order.refunds.flatMap((refund) => refund.refund_line_items);
  const returns = refunds.filter((refund) => refund.line_item_id === item.id && refund.restock_type === 'return');
  const returned = sum(returns.map((refund) => BigInt(refund.quantity)));
  const removed = BigInt(item.quantity) - current - returned;
  if (removed < 0n) {
    const field = `line_items.${index}.current_quantity`;
    throw rejected(`${field}: ${item.quantity} ordered and ${returned} returned cannot leave ${current}`);
  }
  return { isRemoved: removed > 0n, isReturned: returned > 0n };
}

function isEditedUpwards(order: Order): boolean {
  const { current_total_price: current, currency } = order;
  return (
    order.cancelled_at == null &&
    order.refunds.length === 0 &&
    current != null &&
    minorAt('current_total_price', current, currency) > minorAt('total_price', order.total_price, currency)
  );
}

function stateAsPlaced(order: Order): Statement {
  const lines = keepLines(order, (item) => BigInt(item.quantity));
  return state(
    order,
    lines,
    keepShipping(order, () => true),
    {
      prefix: '',
      items: order.total_line_items_price ?? null,
      discounts: order.total_discounts,
      tax: order.total_tax,
      price: order.total_price,
      duties: order.original_total_duties_set,
      fees: order.original_total_additional_fees_set,
    },
  );
}

function stateAsOfNow(order: Order): Statement {
  const { current_total_discounts: discounts, current_total_tax: tax, current_total_price: price } = order;
  if (discounts == null || tax == null || price == null) {
    throw rejected('current_total_price: the order was edited, and its totals since are not all there');
  }
  const lines = keepLines(order, (item) => BigInt(item.current_quantity ?? item.quantity));
  return state(
    order,
    lines,
    keepShipping(order, (line) => line.is_removed !== true),
    {
      prefix: 'current_',
      items: null,
      discounts,
      tax,
      price,
      duties: order.current_total_duties_set,
      fees: order.current_total_additional_fees_set,
    },
  );
}

function state(order: Order, lines: KeptLine[], shipping: KeptShipping[], totals: Totals): Statement {
  const { currency } = order;
  if (lines.length === 0) throw rejected('line_items: expected at least one line of which something is left');
  refuseDutyTaxes(order);
  spreadOrderTaxes(order, lines, shipping);
  const grossMinor = sum(lines.map((line) => line.grossMinor));
  if (totals.items !== null)
    expectEqual('total_line_items_price', totals.items, grossMinor, 'its lines come', currency);
  const shippingMinor = sum(shipping.map((line) => line.priceMinor));
  const adjustments = adjustmentsOf(order, lines, shipping, totals);
  const discountMinor = minorAt(`${totals.prefix}total_discounts`, totals.discounts, currency);
  const feeMinor = sum(adjustments.filter(({ kind }) => kind === 'FEE').map(({ minor }) => minor));
  const taxMinor = sum([...lines, ...shipping].flatMap(({ taxes }) => taxes.map(({ minor }) => minor)));
  expectEqual(`${totals.prefix}total_tax`, totals.tax, taxMinor, 'its tax lines come', currency);
  const totalMinor = grossMinor - discountMinor + shippingMinor + feeMinor + (order.taxes_included ? 0n : taxMinor);
  expectEqual(`${totals.prefix}total_price`, totals.price, totalMinor, 'its parts come', currency);
  const amount = (minor: bigint) => amountOf(minor, currency);
  return {
    lines: lines.map((line) => statedLine(line, currency)),
    shippingLines: shipping.map((line) => statedShipping(line, currency)),
    adjustments: adjustments.map(({ kind, label, minor }) => ({ kind, label, amount: amount(minor) })),
    stated: {
      subtotal: amount(grossMinor),
      discountTotal: amount(discountMinor),
      shippingTotal: amount(shippingMinor),
      taxTotal: amount(taxMinor),
      total: amount(totalMinor),
    },
  };
}

function adjustmentsOf(
  order: Order,
  lines: KeptLine[],
  shipping: KeptShipping[],
  totals: Totals,
): { kind: StatedAdjustment['kind']; label: string; minor: bigint }[] {
  const { currency } = order;
  const field = `${totals.prefix}total_discounts`;
  const below = sum([...lines, ...shipping].map(({ discountMinor }) => discountMinor));
  const rest = minorAt(field, totals.discounts, currency) - below;
  if (rest < 0n)
    throw rejected(`${field}: says ${totals.discounts}, lines and shipping come to ${amountOf(below, currency)}`);
  const codes = order.discount_codes.flatMap(({ code }) => (code ? [code] : [])).join(', ');
  const feeOf = (name: string, set: MoneyBag | null | undefined) => (set ? shopMinor(name, set, currency) : 0n);
  const dutiesMinor = order.duties_included ? 0n : feeOf('original_total_duties_set', totals.duties);
  return [
    { kind: 'DISCOUNT' as const, label: codes || 'Discount', minor: rest },
    {
      kind: 'FEE' as const,
      label: 'Tip',
      minor: minorAt('total_tip_received', order.total_tip_received ?? '0', currency),
    },
    { kind: 'FEE' as const, label: 'Duties', minor: dutiesMinor },
    { kind: 'FEE' as const, label: 'Additional fees', minor: feeOf('original_total_additional_fees_set', totals.fees) },
  ].filter(({ minor }) => minor > 0n);
}

/** The hub's fees carry no tax of their own. */
function refuseDutyTaxes({ line_items: items, currency }: Order): void {
  for (const [index, item] of items.entries()) {
    for (const [n, duty] of item.duties.entries()) {
      const field = `line_items.${index}.duties.${n}.tax_lines`;
      const tax = sum(duty.tax_lines.map(({ price }, t) => minorAt(`${field}.${t}.price`, price, currency)));
      if (tax > 0n)
        throw rejected(`${field}: tax on duties has no place in an order of the hub, got ${amountOf(tax, currency)}`);
    }
  }
}

function expectEqual(field: string, stated: string, minor: bigint, what: string, currency: string): void {
  if (minorAt(field, stated, currency) === minor) return;
  throw rejected(`${field}: the order says ${stated}, ${what} to ${amountOf(minor, currency)}`);
}
