import type { z } from 'zod';
import {
  ConnectorFailure,
  rejected,
  type ConnectorHttp,
  type OutgoingShipment,
  type PushDefinition,
  type Sending,
  type Sent,
} from '#connect';
import { ask, refuse, userErrors } from '../client.js';
import type { Document } from '../documents/document.js';
import { callOffFulfillment, fulfill, oneFulfillment, track, whatIsLeft } from '../documents/fulfillments.js';
import type { Credentials, Settings } from '../settings.js';
import { gid, gidOf, instant, list, record, text } from '../wire/parts.js';
import { allotted, leftShape, ownParcels, type Left } from './allot.js';
import { secondsText } from './sent.js';

/** Before it has left there is nothing to tell. */
const NOT_YET = new Set(['PENDING', 'PICKING', 'PACKED']);

/** Parcels that the hub sends for orders of the shop, with what finds them under way. */
export const shipments: PushDefinition<Settings, Credentials, 'shipment'> = {
  of: 'shipment',
  most: 10,

  concerns: ({ order, status }) => order.externalId !== null && !NOT_YET.has(status),

  async send({ http, settings }, batch) {
    const outcomes: (Sent | ConnectorFailure)[] = [];
    for (const sending of batch) {
      try {
        outcomes.push(await tell(http, settings, sending));
      } catch (error) {
        if (!(error instanceof ConnectorFailure)) throw error;
        outcomes.push(error);
      }
    }
    return outcomes;
  },
};

const written = record({ id: gid('Fulfillment'), updatedAt: instant });
type Written = z.infer<typeof written>;

async function tell(http: ConnectorHttp, settings: Settings, sending: Sending<'shipment'>): Promise<Sent> {
  const { record: shipment } = sending;
  if (shipment.externalId !== null) return update(http, shipment.externalId, shipment);
  const shape = record({ order: leftShape.nullish() });
  const { order } = await ask(http, whatIsLeft, { id: gidOf('Order', shipment.order.externalId!) }, shape);
  if (!order) throw rejected(`shipment ${shipment.number}: the shop has no order ${shipment.order.externalId}`);
  // What an earlier attempt made that nobody heard of is known by its tracking number, or by holding the same.
  const own = ownParcels(order, sending);
  if (shipment.status === 'CANCELED') {
    for (const { id } of own) await callOff(http, id);
    return { externalId: own[0]?.id ?? null };
  }
  const made = await sendWhatIsMissing(http, settings, { order, own, shipment });
  const first = made[0] ?? own[0];
  if (!first) throw rejected(`shipment ${shipment.number}: expected a line at least, got none`);
  return sentAs(first);
}

/** One fulfillment for each place that the rest is to leave from: the shop makes none over several. */
async function sendWhatIsMissing(
  http: ConnectorHttp,
  settings: Settings,
  { order, own, shipment }: { order: Left; own: Left['fulfillments']; shipment: OutgoingShipment },
): Promise<Written[]> {
  const made: Written[] = [];
  for (const lines of allotted(order, { shipment, own, preferred: settings.locations?.[shipment.location] })) {
    const fulfillment = {
      notifyCustomer: false,
      lineItemsByFulfillmentOrder: lines.map(({ fulfillmentOrderId, lines: part }) => ({
        fulfillmentOrderId,
        fulfillmentOrderLineItems: part,
      })),
      ...(trackingOf(shipment) && { trackingInfo: trackingOf(shipment) }),
    };
    made.push(await write(http, fulfill, { fulfillment }, 'fulfillmentCreate'));
  }
  return made;
}

async function update(http: ConnectorHttp, id: string, shipment: OutgoingShipment): Promise<Sent> {
  const known = record({ fulfillment: knownShape.nullish() });
  const { fulfillment } = await ask(http, oneFulfillment, { id: gidOf('Fulfillment', id) }, known);
  if (!fulfillment) throw rejected(`shipment ${shipment.number}: the shop has no fulfillment ${id}`);
  if (shipment.status === 'CANCELED') {
    return fulfillment.status === 'CANCELLED' ? sentAs(fulfillment) : sentAs(await callOff(http, id));
  }
  const tracking = trackingOf(shipment);
  const [there] = fulfillment.trackingInfo;
  const isSame = (Object.keys(tracking ?? {}) as ('company' | 'number' | 'url')[]).every(
    (name) => there?.[name] === tracking![name],
  );
  if (!tracking || isSame) return sentAs(fulfillment);
  return sentAs(await write(http, track, { id: gidOf('Fulfillment', id), tracking }, 'fulfillmentTrackingInfoUpdate'));
}

const knownShape = written.extend({
  status: text,
  trackingInfo: list(record({ company: text.nullish(), number: text.nullish(), url: text.nullish() })),
});

function callOff(http: ConnectorHttp, id: string): Promise<Written> {
  return write(http, callOffFulfillment, { id: gidOf('Fulfillment', id) }, 'fulfillmentCancel');
}

async function write(
  http: ConnectorHttp,
  document: Document,
  variables: Record<string, unknown>,
  field: string,
): Promise<Written> {
  const shape = record({ [field]: record({ fulfillment: written.nullish(), userErrors }) });
  const answer = (await ask(http, document, variables, shape))[field]!;
  refuse(document, answer.userErrors);
  if (!answer.fulfillment)
    throw new ConnectorFailure('unexpected_shape', `${document.name}: expected a fulfillment, got none`);
  return answer.fulfillment;
}

function trackingOf({ carrier, trackingNumber, trackingUrl }: OutgoingShipment) {
  if (trackingNumber === null) return null;
  return {
    number: trackingNumber,
    ...(carrier !== null && { company: carrier }),
    ...(trackingUrl !== null && { url: trackingUrl }),
  };
}

function sentAs({ id, updatedAt }: Written): Sent {
  return { externalId: id, version: secondsText(updatedAt), modifiedAt: updatedAt };
}
