import type { ActionScope } from '../../../graph/mutation.js';
import { parseInstant } from '../../../shared/clock.js';
import { addDecimals, compareDecimals, isPositive, subtractDecimals } from '../../../shared/decimal.js';
import { NotYet, refuse } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import type { StatedShipment, StatedShipmentLine } from '../../../shared/stated/index.js';
import { SKU } from '../../catalog/index.js';
import {
  createShipment,
  isBehind,
  isOnItsWay,
  isPreparing,
  selectWhereabouts,
  SHIPMENT,
  SHIPMENT_PREFIX,
  updateShipment,
  type ShipmentStatus,
} from '../../fulfillment/index.js';
import {
  linkLines,
  lockOrder,
  ORDER,
  ORDER_LINE_PREFIX,
  ORDER_PREFIX,
  selectLinesToChange,
  type LockedLine,
  type LockedOrder,
} from '../../orders/index.js';
import { findReference, linkRecord, lockForeignRecord, markSynced, type ReferenceRow } from '../../references/index.js';
import { confirmSentOrder } from './confirm-order.js';
import { endStockHolds, giveUpPromised, linesUncountedAt } from './left-before-count.js';
import { putBackPacked, putBackSent, type SentLine } from './put-back-counted.js';
import type { StatedOrigin } from './record-stated-order.js';

export interface StatedShipmentEffect {
  effect: 'created' | 'updated' | 'unchanged' | 'stale';
}

/**
 * Takes a parcel over as a system states it, or moves the hub's on to where it is now. Throws NotYet where its order
 * or a product of it is not here, and a Refusal where the order cannot be shipped.
 */
export async function recordStatedShipment(
  scope: ActionScope,
  shipment: StatedShipment,
  origin: StatedOrigin,
): Promise<StatedShipmentEffect> {
  const { tx } = scope;
  const [, orders, known] = await tx.batch([
    lockForeignRecord(`${origin.integrationId} ${SHIPMENT} ${shipment.externalId}`),
    findReference(origin.integrationCode, ORDER, shipment.orderExternalId),
    findReference(origin.integrationCode, SHIPMENT, shipment.externalId),
  ]);
  const order = orders![0] as ReferenceRow | undefined;
  const reference = known![0] as ReferenceRow | undefined;
  if (!order) throw new NotYet(ORDER, shipment.orderExternalId);
  if (reference && isOlder(reference, shipment)) return { effect: 'stale' };
  if (!reference && shipment.status === 'CANCELED') return { effect: 'unchanged' };
  const shipmentId = reference?.record_id ?? (await create(scope, order.record_id, shipment, origin));
  if (reference) await putBackPacked(scope, shipmentId, shipment, origin);
  await moveOn(scope, shipmentId, shipment);
  markSynced(tx, {
    integrationId: origin.integrationId,
    kind: SHIPMENT,
    externalId: shipment.externalId,
    sourceVersion: shipment.sourceVersion,
    at: scope.now,
    ...(shipment.externalUrl && { externalUrl: shipment.externalUrl }),
  });
  return { effect: reference ? 'updated' : 'created' };
}

function isOlder(reference: ReferenceRow, shipment: StatedShipment): boolean {
  return reference.source_version !== null && parseInstant(reference.source_version) > shipment.sourceVersion;
}

async function create(
  scope: ActionScope,
  orderId: string,
  shipment: StatedShipment,
  origin: StatedOrigin,
): Promise<string> {
  const order = (await scope.tx.one(lockOrder(orderId)))!;
  const known = await linesOf(scope, order);
  const lines = named(known, shipment.lines);
  await putBackSent(scope, { orderId, lines }, shipment, origin);
  const uncounted = await linesUncountedAt(scope, { order, lines: known }, shipment, origin);
  const units = new Map(
    lines.filter(({ line }) => uncounted.has(line.id)).map((each) => [each.line.id, each.quantity]),
  );
  if (order.status === 'RECEIVED') {
    // What has left has been confirmed by whoever sent it.
    if (uncounted.size > 0) await endStockHolds(scope, orderId);
    const sent = { orderId: typeId(ORDER_PREFIX, orderId), reason: 'Sent by the channel' };
    await confirmSentOrder(scope, sent, { units, mayWait: uncounted.size > 0 });
    await scope.tx.flush();
  } else if (units.size > 0) await giveUpPromised(scope, orderId, units);
  const input = {
    orderId: typeId(ORDER_PREFIX, orderId),
    location: shipment.location ?? null,
    lines: lines.map(({ line, quantity }) => ({ lineId: typeId(ORDER_LINE_PREFIX, line.id), quantity })),
    carrier: shipment.carrier ?? null,
    service: shipment.service ?? null,
    trackingNumber: shipment.trackingNumber ?? null,
  };
  const { shipmentId } = await createShipment(scope, input, {
    uncounted: new Set(units.keys()),
    hasLeft: isOnItsWay(shipment.status),
  });
  await scope.tx.flush();
  await linkRecord(scope.tx, {
    kind: SHIPMENT,
    recordId: shipmentId,
    external: { integration: origin.integrationCode, externalId: shipment.externalId },
    at: scope.now,
    sourceVersion: shipment.sourceVersion,
  });
  return shipmentId;
}

/**
 * The order's lines; those of an order that nobody has confirmed yet with the products that came behind it. Throws NotYet
 * where one that has to be sent names none: it could not be confirmed.
 */
async function linesOf({ tx }: ActionScope, { id, status }: LockedOrder): Promise<LockedLine[]> {
  if (status === 'RECEIVED') await tx.query(linkLines(id));
  const lines = await tx.query(selectLinesToChange([id]));
  const isMissing = (line: LockedLine) =>
    line.requires_shipping &&
    line.product_id === null &&
    isPositive(subtractDecimals(line.quantity, line.canceled_quantity));
  const missing = status === 'RECEIVED' ? lines.find(isMissing) : undefined;
  if (missing) throw new NotYet(SKU, missing.sku);
  return lines;
}

async function moveOn(scope: ActionScope, shipmentId: string, shipment: StatedShipment): Promise<void> {
  const { at, carrier, service, trackingNumber, trackingUrl } = shipment;
  const status = shipment.status as ShipmentStatus;
  const known = (await scope.tx.one(selectWhereabouts(shipmentId)))!;
  await sendOff(scope, shipmentId, known.status, { status, at });
  const update = {
    shipmentId: typeId(SHIPMENT_PREFIX, shipmentId),
    // What the hub sent may be told of from before that: nothing moves back.
    ...(status !== 'PENDING' && !isBehind(status, known.status) && { status, at }),
    ...(carrier !== undefined && { carrier }),
    ...(service !== undefined && { service }),
    ...(trackingNumber !== undefined && { trackingNumber }),
    ...(trackingUrl !== undefined && { trackingUrl }),
  };
  await updateShipment(scope, update, { hasLeft: isOnItsWay(status) });
}

/** A parcel of which nobody told that it left has left all the same, where it is further by now. */
async function sendOff(
  scope: ActionScope,
  shipmentId: string,
  known: ShipmentStatus,
  { status, at }: { status: ShipmentStatus; at: Date },
): Promise<void> {
  if (status === 'SHIPPED' || !isOnItsWay(status) || !isPreparing(known)) return;
  await updateShipment(
    scope,
    { shipmentId: typeId(SHIPMENT_PREFIX, shipmentId), status: 'SHIPPED', at },
    { hasLeft: true },
  );
  await scope.tx.flush();
}

/** The order's lines that are meant; a SKU that stands on several is spread over them in their order. */
function named(lines: LockedLine[], stated: StatedShipmentLine[]): SentLine[] {
  const taken = new Map<string, string>();
  for (const [index, each] of stated.entries()) {
    const field = ['lines', String(index)];
    let left = each.quantity;
    for (const line of lines.filter((candidate) => isMeant(candidate, each))) {
      const room = subtractDecimals(
        subtractDecimals(subtractDecimals(line.quantity, line.canceled_quantity), line.shipped_quantity),
        taken.get(line.id) ?? '0',
      );
      const part = compareDecimals(room, left) < 0 ? room : left;
      if (!isPositive(part)) continue;
      taken.set(line.id, addDecimals(taken.get(line.id) ?? '0', part));
      left = subtractDecimals(left, part);
    }
    if (isPositive(left)) {
      const name = each.lineExternalId ?? each.sku ?? 'nothing';
      throw refuse('CONFLICT', `lines: ${left} of "${name}" is more than the order has left to ship`, field);
    }
  }
  return lines.flatMap((line) => (taken.has(line.id) ? [{ line, quantity: taken.get(line.id)! }] : []));
}

function isMeant(line: LockedLine, { lineExternalId, sku }: StatedShipmentLine): boolean {
  return lineExternalId !== undefined ? line.external_id === lineExternalId : line.sku === sku;
}
