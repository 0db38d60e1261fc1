import type { z } from 'zod';
import { exact, rejected, type OutgoingShipment, type Sending } from '#connect';
import { count, gid, instant, list, nodes, record, text } from '../wire/parts.js';

const line = record({ id: gid('LineItem'), sku: text.nullish() });
export const leftShape = record({
  fulfillments: list(
    record({
      id: gid('Fulfillment'),
      status: text,
      updatedAt: instant,
      trackingInfo: list(record({ number: text.nullish() })),
      fulfillmentLineItems: nodes(record({ quantity: count, lineItem: line })),
    }),
  ),
  fulfillmentOrders: nodes(
    record({
      id: text,
      status: text,
      assignedLocation: record({ location: record({ id: gid('Location') }).nullish() }),
      lineItems: nodes(record({ id: text, remainingQuantity: count, lineItem: line })),
    }),
  ),
});
export type Left = z.infer<typeof leftShape>;
type Line = z.infer<typeof line>;
type Wanted = OutgoingShipment['lines'][number];

const OPEN = new Set(['OPEN', 'IN_PROGRESS']);

export interface Part {
  fulfillmentOrderId: string;
  lines: { id: string; quantity: number }[];
}

/**
 * What of the shop's parcels is this one: by its tracking number; without one, by holding just the same, where an earlier
 * attempt may have made it.
 */
export function ownParcels(
  { fulfillments }: Left,
  { record: shipment, mayHaveArrived }: Sending<'shipment'>,
): Left['fulfillments'] {
  const alive = fulfillments.filter(({ status }) => status === 'SUCCESS' || status === 'OPEN' || status === 'PENDING');
  if (shipment.trackingNumber !== null) {
    return alive.filter(({ trackingInfo }) => trackingInfo.some(({ number }) => number === shipment.trackingNumber));
  }
  if (!mayHaveArrived) return [];
  return alive.filter(({ trackingInfo, fulfillmentLineItems: { nodes: held } }) => {
    const isSame = shipment.lines.every((wanted) => exact(wanted.quantity).equals(heldOf(held, wanted)));
    return trackingInfo.length === 0 && held.length === shipment.lines.length && isSame;
  });
}

/**
 * The fulfillment orders' lines that the parcel takes, one list for each place. Throws where the shop has less left than
 * the parcel holds.
 */
export function allotted(
  { fulfillmentOrders }: Left,
  {
    shipment,
    own,
    preferred,
  }: { shipment: OutgoingShipment; own: Left['fulfillments']; preferred: string | undefined },
): Part[][] {
  const open = fulfillmentOrders.nodes
    .filter(({ status }) => OPEN.has(status))
    .map((each) => ({ ...each, place: each.assignedLocation.location?.id ?? '' }))
    .sort((a, b) => Number(b.place === preferred) - Number(a.place === preferred));
  const parts = new Map<string, Map<string, Part>>();
  const taken = new Map<string, number>();
  const held = own.flatMap(({ fulfillmentLineItems }) => fulfillmentLineItems.nodes);
  for (const wanted of shipment.lines) {
    let missing = wholeOf(wanted, shipment) - heldOf(held, wanted);
    for (const { id: fulfillmentOrderId, place, lineItems } of open) {
      for (const { id, remainingQuantity, lineItem } of lineItems.nodes) {
        const part = Math.min(missing, Number(remainingQuantity) - (taken.get(id) ?? 0));
        if (part <= 0 || !isMeant(lineItem, wanted)) continue;
        const atPlace = getOr(parts, place, () => new Map<string, Part>());
        getOr(atPlace, fulfillmentOrderId, () => ({ fulfillmentOrderId, lines: [] })).lines.push({
          id,
          quantity: part,
        });
        taken.set(id, (taken.get(id) ?? 0) + part);
        missing -= part;
      }
    }
    if (missing > 0) {
      throw rejected(
        `shipment ${shipment.number}: the shop has ${missing} of "${wanted.sku}" less left to send than the parcel holds`,
      );
    }
  }
  return [...parts.values()].map((atPlace) => [...atPlace.values()]);
}

function heldOf(held: readonly { quantity: string; lineItem: Line }[], wanted: Wanted): number {
  return held
    .filter(({ lineItem }) => isMeant(lineItem, wanted))
    .reduce((sum, { quantity }) => sum + Number(quantity), 0);
}

function isMeant({ id, sku }: Line, { lineExternalId, sku: wantedSku }: Wanted): boolean {
  return lineExternalId === null ? sku === wantedSku : id === lineExternalId;
}

function wholeOf({ sku, quantity }: Wanted, { number }: OutgoingShipment): number {
  const whole = exact(quantity);
  if (!whole.isInteger())
    throw rejected(`shipment ${number}: the shop sends whole pieces, got ${quantity} of "${sku}"`);
  return whole.toNumber();
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
