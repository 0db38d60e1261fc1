import type { FieldChange } from '../../events/append.js';
import type { Address } from '../../graph/values.type.js';
import { parseInstant } from '../../shared/clock.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, moneyOfUnitPrice, type Money } from '../../shared/money.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../customers/index.js';
import {
  ORDER_LINE_PREFIX,
  type AdjustmentFigure,
  type OrderContentInput,
  type Pricing,
  type ShippingFigure,
} from '../orders/index.js';
import { isSameValue } from '../references/index.js';
import type { StoredDraft } from './draft-order.rules.js';

/** What a draft says beside its lines and money. */
export interface DraftHeader {
  channel: { id: string; code: string };
  customerId: string | null;
  contactId: string | null;
  email: string | null;
  billingAddress: Address | null;
  shippingAddress: Address | null;
  purchaseOrderNumber: string | null;
  note: string | null;
  requestedDeliveryAt: string | null;
  allowBackorder: boolean;
}

/** A draft as its timeline compares it. */
interface DraftState extends Omit<DraftHeader, 'channel'> {
  channel: string;
  lines: object[];
  adjustments: object[];
  shipping: object[];
  total: Money;
}

export function stateOfDraft({ order, lines, optionalParts }: StoredDraft): DraftState {
  return {
    channel: order.channel_code,
    customerId: order.customer_id,
    contactId: order.contact_id,
    email: order.email,
    billingAddress: order.billing_address,
    shippingAddress: order.shipping_address,
    purchaseOrderNumber: order.purchase_order_number,
    note: order.note,
    requestedDeliveryAt: order.requested_delivery_at && parseInstant(order.requested_delivery_at).toISOString(),
    allowBackorder: order.allow_backorder,
    lines: lines.map(({ id, sku, quantity, unit_price: price, has_own_price: hasOwnPrice }) =>
      shownLine({ id, sku, quantity, price, hasOwnPrice, optionalParts: optionalParts.get(id) ?? [] }, order.currency),
    ),
    adjustments: order.adjustments.map((one) => shownAdjustment(one, order.currency)),
    shipping: order.shipping_lines.map((one) => shownShipping(one, order.currency)),
    total: moneyOfMinor(order.total_minor, order.currency),
  };
}

/** The same of what it is to be. */
export function stateToBe(
  { channel, ...header }: DraftHeader,
  { lines, adjustments, shipping }: Pricing,
  content: OrderContentInput,
  totalMinor: bigint,
): DraftState {
  const { currency } = content;
  return {
    ...header,
    channel: channel.code,
    lines: lines.map(({ id, sku, quantity, unitPrice: price, hasOwnPrice = false }, index) =>
      shownLine(
        { id, sku, quantity, price, hasOwnPrice, optionalParts: content.lines[index]!.optionalParts ?? [] },
        currency,
      ),
    ),
    adjustments: adjustments.map((one) => shownAdjustment(one, currency)),
    shipping: shipping.map((one) => shownShipping(one, currency)),
    total: moneyOfMinor(totalMinor.toString(), currency),
  };
}

interface ComparedLine {
  id: string;
  sku: string;
  quantity: string;
  price: string;
  hasOwnPrice: boolean;
  optionalParts: readonly string[];
}

function shownLine({ id, sku, quantity, price, hasOwnPrice, optionalParts }: ComparedLine, currency: string): object {
  return {
    id: typeId(ORDER_LINE_PREFIX, id),
    sku,
    quantity: decimalText(quantity),
    unitPrice: moneyOfUnitPrice(price, currency),
    ...(hasOwnPrice && { hasOwnPrice }),
    ...(optionalParts.length > 0 && { optionalParts: [...optionalParts].sort() }),
  };
}

function shownAdjustment({ kind, label, amount_minor: minor }: AdjustmentFigure, currency: string): object {
  return { kind, label, amount: moneyOfMinor(minor, currency) };
}

function shownShipping({ method, price_minor: minor }: ShippingFigure, currency: string): object {
  return { method, price: moneyOfMinor(minor, currency) };
}

const PERSONAL = ['email', 'note', 'billingAddress', 'shippingAddress'] as const;
const OPEN = [
  'channel',
  'customerId',
  'contactId',
  'purchaseOrderNumber',
  'requestedDeliveryAt',
  'allowBackorder',
  'lines',
  'adjustments',
  'shipping',
  'total',
] as const;
/** Fields that name a record, as the graph calls both. */
const RECORDS: Partial<Record<keyof DraftState, { field: string; prefix: string }>> = {
  customerId: { field: 'customer', prefix: CUSTOMER_PREFIX },
  contactId: { field: 'contact', prefix: CONTACT_PREFIX },
};

/** What is different; values that name a person apart from the others. */
export function draftChanges(before: DraftState, after: DraftState): { open: FieldChange[]; personal: FieldChange[] } {
  const changed = (field: keyof DraftState) => !isSameValue(before[field], after[field]);
  const change = (field: keyof DraftState): FieldChange => {
    const record = RECORDS[field];
    if (!record) return { field, from: before[field], to: after[field] };
    const shown = (id: unknown) => (id === null ? null : typeId(record.prefix, id as string));
    return { field: record.field, from: shown(before[field]), to: shown(after[field]) };
  };
  return {
    open: OPEN.filter(changed).map(change),
    personal: PERSONAL.filter(changed).map(change),
  };
}
