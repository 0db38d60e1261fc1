import type { z } from 'zod';
import { exact, rejected, type OutgoingShipment, type PushDefinition, type Sent } from '#connect';
import { ask, change, refusal, type Context, type Refused } from '../client.js';
import { fulfill, moveFulfillment, whatIsSent } from '../documents.js';
import type { Credentials, Settings } from '../settings.js';
import { count, id, instant, list, listOrNone, record, text } from '../wire/parts.js';
import { eachInTurn } from './outcomes.js';

/** Before it has left there is nothing to tell. */
const NOT_YET = new Set(['PENDING', 'PICKING', 'PACKED']);
const CANCELED = 'CANCELED';
const USUAL_HANDLER = 'manual-fulfillment';

/** Parcels that the hub sends for orders of the shop, with what finds them under way; never two of one order at once. */
export const shipments: PushDefinition<Settings, Credentials, 'shipment'> = {
  of: 'shipment',
  most: 10,

  concerns: ({ order, status }) => order.externalId !== null && !NOT_YET.has(status),

  send: (context, batch) => eachInTurn(batch, ({ record: shipment }) => tell(context, shipment)),
};

const moved = record({ id, updatedAt: instant, state: text, nextStates: list(text) });
type Moved = z.infer<typeof moved>;
const known = moved.extend({
  method: text,
  trackingCode: text.nullish(),
  lines: list(record({ orderLineId: id, quantity: count })),
});
const line = record({ id, quantity: count, productVariant: record({ id, sku: text }) });
const orderShape = record({ id, state: text, lines: list(line), fulfillments: listOrNone(known) });
type Order = z.infer<typeof orderShape>;

async function tell(context: Context, shipment: OutgoingShipment): Promise<Sent> {
  const order = await orderOf(context, shipment);
  const there = ownOf(order, shipment);
  if (shipment.status === CANCELED) {
    return there ? sentAs(await moveTo(context, there, ['Cancelled'])) : { externalId: shipment.externalId };
  }
  const own: Moved = there ?? (await make(context, order, shipment));
  return sentAs(await moveTo(context, own, shipment.status === 'DELIVERED' ? ['Delivered'] : ['Shipped', 'Delivered']));
}

async function orderOf({ http }: Context, { number, order: { externalId } }: OutgoingShipment): Promise<Order> {
  const { order } = await ask(http, whatIsSent, { id: externalId }, record({ order: orderShape.nullish() }));
  if (!order) throw rejected(`shipment ${number}: the shop has no order ${externalId}`);
  return order;
}

/**
 * The fulfillment that the shipment became, be it that nobody heard of it: by its tracking code, or where it has none by
 * the hub's number, which then stands in the method.
 */
function ownOf({ fulfillments }: Order, shipment: OutgoingShipment): Moved | undefined {
  if (shipment.externalId !== null) {
    const found = fulfillments.find((each) => each.id === shipment.externalId);
    if (!found) throw rejected(`shipment ${shipment.number}: the shop has no fulfillment ${shipment.externalId}`);
    return found;
  }
  const { trackingNumber } = shipment;
  return fulfillments.find(({ state, trackingCode, method }) => {
    if (state === 'Cancelled') return false;
    return trackingNumber === null ? method === methodOf(shipment) : trackingCode === trackingNumber;
  });
}

async function make(context: Context, order: Order, shipment: OutgoingShipment): Promise<Moved> {
  const { http, settings } = context;
  const input = {
    lines: linesOf(order, shipment),
    handler: {
      code: settings.fulfillmentHandler ?? USUAL_HANDLER,
      arguments: [
        { name: 'method', value: methodOf(shipment) },
        { name: 'trackingCode', value: shipment.trackingNumber ?? '' },
      ],
    },
  };
  const result = await change(
    http,
    fulfill,
    { input },
    { field: 'addFulfillmentToOrder', type: 'Fulfillment', shape: moved },
  );
  if ('made' in result) return result.made;
  // Another attempt may have been first.
  const made = isTaken(result.refused) ? ownOf(await orderOf(context, shipment), shipment) : undefined;
  if (made) return made;
  throw refusal(fulfill, result.refused);
}

function isTaken({ errorCode }: Refused): boolean {
  return errorCode === 'ITEMS_ALREADY_FULFILLED_ERROR';
}

function linesOf(order: Order, { number, lines }: OutgoingShipment): { orderLineId: string; quantity: number }[] {
  const found = lines.flatMap(({ lineExternalId, sku, quantity }) => {
    // What is charged on top is no article.
    if (lineExternalId?.startsWith('surcharge:')) return [];
    const of = lineExternalId
      ? order.lines.find((each) => each.id === lineExternalId)
      : order.lines.find(({ productVariant }) => productVariant.sku === sku);
    if (!of) throw rejected(`shipment ${number}: the shop’s order ${order.id} has no line of ${sku}`);
    const whole = exact(quantity);
    if (!whole.isInteger()) throw rejected(`shipment ${number}: expected a whole number of ${sku}, got ${quantity}`);
    return [{ orderLineId: of.id, quantity: whole.toNumber() }];
  });
  if (found.length === 0) throw rejected(`shipment ${number}: expected a line at least, got none`);
  return found;
}

/** Nothing where it is there already, in one of the states; what cannot go there is refused. */
async function moveTo({ http }: Context, fulfillment: Moved, [state, ...further]: string[]): Promise<Moved> {
  if (fulfillment.state === state || further.includes(fulfillment.state)) return fulfillment;
  const result = await change(
    http,
    moveFulfillment,
    { id: fulfillment.id, state },
    { field: 'transitionFulfillmentToState', type: 'Fulfillment', shape: moved },
  );
  if ('refused' in result) throw refusal(moveFulfillment, result.refused);
  return result.made;
}

function methodOf({ carrier, service, trackingNumber, number }: OutgoingShipment): string {
  const said = [carrier, service].filter((part) => part !== null).join(' ') || 'Shipment';
  return trackingNumber === null ? `${said} ${number}` : said;
}

function sentAs({ id: externalId, updatedAt }: Moved): Sent {
  return { externalId, modifiedAt: updatedAt };
}
