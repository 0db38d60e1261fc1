import type { ActionScope } from '../../../graph/mutation.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import type { StatedOrder } from '../../../shared/stated/index.js';
import { selectProductsBySku } from '../../catalog/index.js';
import { CUSTOMER } from '../../customers/index.js';
import { ORDER, selectChannelByCode, writeOrders, type ChannelRow, type NewOrder } from '../../orders/index.js';
import {
  linkNewRecords,
  lockForeignRecords,
  recordProvenances,
  selectRecordsByExternalId,
  shareForeignRecords,
  SOURCE_STATES_IT,
} from '../../references/index.js';
import { checkStatedTotals, statedFigures, type StatedFigures } from '../stated-order.rules.js';

/** Which system says so, and the channel that its orders come from. */
export interface StatedChannel {
  integrationId: string;
  integrationCode: string;
  channelCode: string;
}
export interface SeenOrder {
  order: StatedOrder;
  /** When the state was seen there. */
  observedAt: Date;
}
/** An order that the hub does not have, with all that it needs to be written. */
export interface NewStatedOrder extends SeenOrder {
  figures: StatedFigures;
  customerId: string | null;
}

/** What a channel states of an order. */
export const STATED_FIELDS = [
  'customer',
  'email',
  'note',
  'purchaseOrderNumber',
  'lines',
  'shippingLines',
  'adjustments',
  'taxLines',
  'total',
  'billingAddress',
  'shippingAddress',
  'placedAt',
];

/**
 * Takes over those of the orders that are new here, of customers that are known, by the rules of `recordStatedOrder` and
 * with as many trips for all of them as that has for one. Answers those it took; the others are left as if they had not
 * been given, whatever the reason.
 */
export async function recordNewOrders(
  scope: ActionScope,
  seen: readonly SeenOrder[],
  origin: StatedChannel,
): Promise<Set<StatedOrder>> {
  const { channel, isKnown, customers, productIds } = await readFoundations(scope, seen, origin);
  if (!channel) return new Set();
  const mayBeTaken = seen.filter(
    ({ order: { externalId, customer, canceledAt } }) =>
      !canceledAt && !isKnown(externalId) && (!customer || customers.has(customer.externalId)),
  );
  const taken: NewStatedOrder[] = [];
  for (const { order, observedAt } of mayBeTaken) {
    const figures = figuresOf(order, productIds, await scope.tx.ids.take(partsOf(order)));
    const customerId = order.customer ? customers.get(order.customer.externalId)! : null;
    if (figures) taken.push({ order, observedAt, figures, customerId });
  }
  if (taken.length > 0) await writeStatedOrders(scope, channel, taken, origin);
  return new Set(taken.map(({ order }) => order));
}

/** Writes orders that the hub does not have, whose foreign records are locked; answers their ids. */
export async function writeStatedOrders(
  scope: ActionScope,
  channel: ChannelRow,
  orders: readonly NewStatedOrder[],
  { integrationId }: StatedChannel,
): Promise<string[]> {
  const { tx, now } = scope;
  const ids = await tx.ids.take(orders.length);
  const links = orders.map(({ order, observedAt }, index) => ({
    externalId: order.externalId,
    recordId: ids[index]!,
    externalUrl: order.externalUrl ?? null,
    sourceVersion: order.sourceVersion,
    observedAt,
  }));
  linkNewRecords(tx, { integrationId, kind: ORDER, at: now }, links);
  const created = orders.map((one, index) => ({
    order: newOrder(ids[index]!, channel, one),
    created: {
      status: 'RECEIVED' as const,
      message: `Order ${one.order.channelNumber} received from ${channel.name}`,
      data: { channelNumber: one.order.channelNumber },
    },
  }));
  await writeOrders(scope, created);
  const records = orders.map(({ observedAt }, index) => ({ id: ids[index]!, observedAt }));
  const source = { integrationId, rule: SOURCE_STATES_IT };
  recordProvenances(tx, ORDER, records, STATED_FIELDS, source, { by: scope.actor, at: now });
  return ids;
}

/** Reads all that the orders rest on, with the foreign records locked: the orders' alone, the customers' as they are. */
async function readFoundations({ tx }: ActionScope, seen: readonly SeenOrder[], origin: StatedChannel) {
  const { integrationId, integrationCode: code, channelCode } = origin;
  const orderIds = seen.map(({ order }) => order.externalId);
  const customerIds = [...new Set(seen.flatMap(({ order: { customer } }) => customer?.externalId ?? []))];
  const skus = [...new Set(seen.flatMap(({ order }) => order.lines.map(({ sku }) => sku)))];
  const [, , orders, customers, channels, products] = await tx.batch([
    lockForeignRecords(orderIds.map((id) => `${integrationId} ${ORDER} ${id}`)),
    shareForeignRecords(customerIds.map((id) => `${integrationId} ${CUSTOMER} ${id}`)),
    selectRecordsByExternalId(ORDER, Array(orderIds.length).fill(code), orderIds),
    selectRecordsByExternalId(CUSTOMER, Array(customerIds.length).fill(code), customerIds),
    selectChannelByCode(channelCode),
    selectProductsBySku(skus),
  ]);
  const known = new Set((orders as { external_id: string }[]).map((row) => row.external_id));
  return {
    channel: channels![0] as ChannelRow | undefined,
    isKnown: (externalId: string) => known.has(externalId),
    customers: new Map(
      (customers as { external_id: string; record_id: string }[]).map((row) => [row.external_id, row.record_id]),
    ),
    productIds: new Map((products as { sku: string; id: string }[]).map(({ sku, id }) => [sku, id])),
  };
}

/** Null for what is to be refused. */
function figuresOf(order: StatedOrder, productIds: Map<string, string>, ids: string[]): StatedFigures | null {
  try {
    const figures = statedFigures(order, productIds, ids);
    const refusals = new Refusals();
    checkStatedTotals(order, figures, refusals);
    refusals.throwIfAny();
    return figures;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** How many ids the parts of an order need. */
export function partsOf({ lines, shippingLines, adjustments }: StatedOrder): number {
  return lines.length + shippingLines.length + adjustments.length;
}

function newOrder(id: string, channel: ChannelRow, { order, figures, customerId }: NewStatedOrder): NewOrder {
  return {
    id,
    channel,
    status: 'RECEIVED',
    customerId,
    contactId: null,
    email: order.email ?? null,
    purchaseOrderNumber: order.purchaseOrderNumber ?? null,
    note: order.note ?? null,
    currency: order.currency,
    pricesIncludeTax: order.pricesIncludeTax,
    isStated: true,
    taxRounding: 'LINE',
    ...figures,
    billingAddress: order.billingAddress ?? null,
    shippingAddress: order.shippingAddress ?? null,
    quoteId: null,
    allowBackorder: false,
    requestedDeliveryAt: null,
    placedAt: order.placedAt,
  };
}
