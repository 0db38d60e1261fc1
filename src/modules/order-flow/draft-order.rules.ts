import { parseInstant } from '../../shared/clock.js';
import { decimalText } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { idOf, typeId } from '../../shared/ids.js';
import { moneyOfMinor, moneyOfUnitPrice, type Money } from '../../shared/money.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../customers/index.js';
import {
  ORDER_LINE_PREFIX,
  type LockedLine,
  type LockedOrder,
  type OrderContentInput,
  type OrderLineInput,
} from '../orders/index.js';
import type { DraftLineInput, UpdateDraftOrderInput } from './draft-order.type.js';

/** A draft as it stands. */
export interface StoredDraft {
  order: LockedOrder;
  lines: LockedLine[];
  /** SKUs of the optional parts that a line was ordered with. */
  optionalParts: Map<string, string[]>;
}

/** What a draft is to be, in the words in which a new order is asked for; of each line the one that it was, if any. */
export interface DraftContent {
  content: OrderContentInput;
  lineIds: (string | null)[];
}

/** What stands, with what is to be different. `customerId` is the customer's that it is to be from now on. */
export function draftContent(
  stored: StoredDraft,
  input: UpdateDraftOrderInput,
  customerId: string | null,
  refusals: Refusals,
): DraftContent {
  const { order } = stored;
  const lines = readLines(stored, input.lines, refusals);
  const keep = <T>(given: T | undefined, standing: T): T => (given === undefined ? standing : given);
  const own = ownFields(order, customerId);
  return {
    lineIds: lines.map(({ id }) => id),
    content: {
      channel: input.channel ?? order.channel_code,
      currency: order.currency,
      pricesIncludeTax: order.prices_include_tax,
      placedAt: parseInstant(order.placed_at),
      customerId: customerId === null ? null : typeId(CUSTOMER_PREFIX, customerId),
      contactId: keep(input.contactId, own.contactId),
      email: keep(input.email, own.email),
      billingAddress: keep(input.billingAddress, own.billingAddress),
      shippingAddress: keep(input.shippingAddress, own.shippingAddress),
      purchaseOrderNumber: keep(input.purchaseOrderNumber, order.purchase_order_number),
      note: keep(input.note, order.note),
      requestedDeliveryAt: keep(
        input.requestedDeliveryAt,
        order.requested_delivery_at === null ? null : parseInstant(order.requested_delivery_at),
      ),
      allowBackorder: input.allowBackorder ?? order.allow_backorder,
      lines: lines.map(({ line }) => line),
      adjustments:
        input.adjustments === undefined
          ? order.adjustments.map(({ kind, label, amount_minor: minor }) => ({
              kind: kind as never,
              label,
              amount: moneyOfMinor(minor, order.currency),
            }))
          : input.adjustments,
      ...shippingOf(order, input),
    },
  };
}

/** What goes with the customer: another one's is no longer right, what was said before there was one still is. */
function ownFields(order: LockedOrder, customerId: string | null) {
  const isAnother = order.customer_id !== null && order.customer_id !== customerId;
  if (isAnother) return { contactId: null, email: null, billingAddress: null, shippingAddress: null };
  return {
    contactId: order.contact_id === null ? null : typeId(CONTACT_PREFIX, order.contact_id),
    email: order.email,
    billingAddress: order.billing_address,
    shippingAddress: order.shipping_address,
  };
}

function shippingOf(
  { shipping_lines: [stored], currency }: LockedOrder,
  { shippingMethod, shippingPrice }: UpdateDraftOrderInput,
): { shippingMethod: string | null; shippingPrice: Money | null } {
  return {
    shippingMethod: shippingMethod === undefined ? (stored?.method ?? null) : shippingMethod,
    shippingPrice:
      shippingPrice === undefined ? (stored ? moneyOfMinor(stored.price_minor, currency) : null) : shippingPrice,
  };
}

interface ReadLine {
  id: string | null;
  line: OrderLineInput;
}

function readLines(
  { order, lines, optionalParts }: StoredDraft,
  given: DraftLineInput[] | null | undefined,
  refusals: Refusals,
): ReadLine[] {
  const standing = new Map(lines.map((line) => [line.id, line]));
  const kept = (line: LockedLine) => ({
    sku: line.sku,
    quantity: decimalText(line.quantity),
    unitPrice: line.has_own_price ? moneyOfUnitPrice(line.unit_price, order.currency) : null,
    optionalParts: optionalParts.get(line.id) ?? [],
  });
  if (given === undefined) return lines.map((line) => ({ id: line.id, line: kept(line) }));
  return (given ?? []).map((one, index) => {
    const field = ['lines', String(index)];
    const id = one.lineId == null ? null : idOf(ORDER_LINE_PREFIX, one.lineId);
    const before = id === null ? undefined : standing.get(id);
    if (before) standing.delete(before.id);
    else if (one.lineId != null)
      refusals.add('NOT_FOUND', `order ${order.number} has no line ${one.lineId}, or it is named twice`, [
        ...field,
        'lineId',
      ]);
    else for (const name of ['sku', 'quantity'] as const) requireOfNew(one, name, field, refusals);
    const isSameProduct = before !== undefined && (one.sku == null || one.sku === before.sku);
    const stays = isSameProduct ? kept(before) : { unitPrice: null, optionalParts: [] };
    return {
      id: before?.id ?? null,
      line: {
        sku: one.sku ?? before?.sku ?? '',
        quantity: one.quantity ?? (before ? decimalText(before.quantity) : '1'),
        unitPrice: one.unitPrice === undefined ? stays.unitPrice : one.unitPrice,
        optionalParts: one.optionalParts === undefined ? stays.optionalParts : one.optionalParts,
      },
    };
  });
}

function requireOfNew(one: DraftLineInput, name: 'sku' | 'quantity', field: string[], refusals: Refusals): void {
  if (one[name] == null) refusals.add('REQUIRED', `${name}: a new line needs one`, [...field, name]);
}
