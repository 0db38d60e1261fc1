import type { ActionScope } from '../../../graph/mutation.js';
import { parseInstant } from '../../../shared/clock.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import type { StatedOrder } from '../../../shared/stated/index.js';
import { selectProductsBySku } from '../../catalog/index.js';
import { CUSTOMER, upsertCustomer } from '../../customers/index.js';
import { lockOrder, ORDER, ORDER_PREFIX, selectChannelByCode, type ChannelRow } from '../../orders/index.js';
import {
  findReference,
  lockForeignRecord,
  markSynced,
  recordProvenance,
  selectProvenance,
  SOURCE_STATES_IT,
  successorsOf,
  type ReferenceRow,
} from '../../references/index.js';
import { checkStatedTotals, statedFigures } from '../stated-order.rules.js';
import { cancelOrder } from './cancel-order.js';
import { partsOf, STATED_FIELDS, writeStatedOrders, type StatedChannel } from './record-new-orders.js';
import { updateStatedOrder } from './update-stated-order.js';

export interface StatedOrigin extends StatedChannel {
  /** When the state was seen there. */
  observedAt: Date;
}
export interface StatedEffect {
  orderId: string;
  effect: 'created' | 'updated' | 'unchanged' | 'stale';
}

/**
 * Takes an order over as a channel states it, or brings the hub's copy up to a newer state. An older state than the
 * newest applied is stale and changes nothing. Throws a Refusal for what cannot be taken.
 */
export async function recordStatedOrder(
  scope: ActionScope,
  order: StatedOrder,
  origin: StatedOrigin,
): Promise<StatedEffect> {
  const { tx } = scope;
  const { customer } = order;
  const [, references, channels, products, , customers] = await tx.batch([
    lockForeignRecord(`${origin.integrationId} ${ORDER} ${order.externalId}`),
    findReference(origin.integrationCode, ORDER, order.externalId),
    selectChannelByCode(origin.channelCode),
    selectProductsBySku(order.lines.map((line) => line.sku)),
    ...(customer
      ? [
          lockForeignRecord(`${origin.integrationId} ${CUSTOMER} ${customer.externalId}`),
          findReference(origin.integrationCode, CUSTOMER, customer.externalId),
        ]
      : []),
  ]);
  const reference = references![0] as ReferenceRow | undefined;
  if (reference && (await isStale(scope, reference, order, origin))) {
    return { orderId: reference.record_id, effect: 'stale' };
  }
  const productIds = new Map((products as { sku: string; id: string }[]).map(({ sku, id }) => [sku, id]));
  const ids = await tx.ids.take(partsOf(order));
  const figures = statedFigures(order, productIds, ids);
  const refusals = new Refusals();
  checkStatedTotals(order, figures, refusals);
  refusals.throwIfAny();
  const known = customers?.[0] as ReferenceRow | undefined;
  const customerId = known?.record_id ?? (await takeCustomer(scope, order, origin));
  if (!reference) {
    const channel = channels![0] as ChannelRow | undefined;
    if (!channel) throw refuse('NOT_FOUND', `no channel has the code "${origin.channelCode}"`, ['channel']);
    const news = [{ order, observedAt: origin.observedAt, figures, customerId }];
    const [orderId] = await writeStatedOrders(scope, channel, news, origin);
    return cancelIfCanceled(scope, order, { orderId: orderId!, effect: 'created' });
  }
  const orderId = reference.record_id;
  const effect = await updateStatedOrder(scope, orderId, order, figures, customerId);
  markSynced(tx, {
    integrationId: origin.integrationId,
    kind: ORDER,
    externalId: order.externalId,
    sourceVersion: order.sourceVersion,
    at: scope.now,
    observedAt: origin.observedAt,
    ...(order.externalUrl && { externalUrl: order.externalUrl }),
  });
  if (effect !== 'unchanged') {
    const source = { integrationId: origin.integrationId, observedAt: origin.observedAt, rule: SOURCE_STATES_IT };
    recordProvenance(tx, { kind: ORDER, id: orderId }, STATED_FIELDS, source, { by: scope.actor, at: scope.now });
  }
  return cancelIfCanceled(scope, order, { orderId, effect });
}

/** Versions may be as coarse as a second: of two states with the same one, the one observed later stands. */
async function isStale(
  { tx }: ActionScope,
  reference: ReferenceRow,
  order: StatedOrder,
  origin: StatedOrigin,
): Promise<boolean> {
  if (reference.source_version === null) return false;
  const applied = parseInstant(reference.source_version).getTime();
  if (applied !== order.sourceVersion.getTime()) return applied > order.sourceVersion.getTime();
  const provenance = await tx.query(selectProvenance(ORDER, [reference.record_id]));
  return provenance.some((row) => row.field === 'lines' && parseInstant(row.observed_at) > origin.observedAt);
}

/** The customer that the order's goes on as where it was merged there, or a new one. */
async function takeCustomer(
  scope: ActionScope,
  { customer, shippingAddress, billingAddress }: StatedOrder,
  origin: StatedOrigin,
): Promise<string | null> {
  if (!customer) return null;
  const { integrationId, integrationCode: integration } = origin;
  const externalId = (await successorsOf(scope.tx, integration, CUSTOMER, [customer.externalId]))(customer.externalId);
  if (externalId !== customer.externalId) {
    await scope.tx.query(lockForeignRecord(`${integrationId} ${CUSTOMER} ${externalId}`));
    const successor = await scope.tx.one(findReference(integration, CUSTOMER, externalId));
    if (successor) return successor.record_id;
  }
  const { customerId } = await upsertCustomer(scope, {
    external: { integration, externalId },
    name: customer.name,
    kind: (customer.kind ?? 'PERSON') as never,
    email: customer.email ?? null,
    phone: customer.phone ?? null,
    taxId: customer.taxId ?? null,
    billingAddress: billingAddress ?? null,
    shippingAddresses: shippingAddress ? [shippingAddress] : [],
  });
  return customerId;
}

async function cancelIfCanceled(scope: ActionScope, order: StatedOrder, result: StatedEffect): Promise<StatedEffect> {
  if (!order.canceledAt) return result;
  await scope.tx.flush();
  const stored = (await scope.tx.one(lockOrder(result.orderId)))!;
  if (stored.status === 'CANCELED') return result;
  await cancelOrder(scope, {
    orderId: typeId(ORDER_PREFIX, result.orderId),
    reason: order.cancelReason ?? 'Canceled in the channel',
  });
  return { orderId: result.orderId, effect: result.effect === 'created' ? 'created' : 'updated' };
}
