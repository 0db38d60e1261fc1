import { rejected, type OutgoingShipment, type PushDefinition, type Sent } from '#connect';
import { find, press, write, type Context } from '../client.js';
import { MODEL, shipments as pull } from '../pull/shipments.js';
import type { Credentials, Settings } from '../settings.js';
import { id, ids, text } from '../wire/parts.js';
import { idOf } from '../wire/values.js';
import { eachInTurn } from './outcomes.js';
import { makeUpFor } from './make-up.js';
import { moveTo, pickOnly, type Leaving } from './moves.js';

/** Before it has left there is nothing to tell. */
const NOT_YET = new Set(['PENDING', 'PICKING', 'PACKED']);
const CANCELED = 'CANCELED';

/**
 * What leaves by the hub’s shipments leaves Tryton’s stock: the shipment that Tryton has planned of the sale is picked,
 * packed and done with what the hub sent. Of what is left Tryton plans the next one by itself.
 */
export const shipments: PushDefinition<Settings, Credentials, 'shipment'> = {
  of: 'shipment',
  most: 10,

  concerns: ({ order, status, externalId, location }, { settings }) =>
    order.externalId !== null &&
    !NOT_YET.has(status) &&
    (status !== CANCELED || externalId !== null) &&
    settings.locations?.[location] !== undefined,

  send: (context, batch) => eachInTurn(batch, ({ record }) => tell(context, record)),
};

const shape = { number: text.nullish(), reference: text.nullish(), state: text, warehouse: id };
interface Found {
  id: string;
  state: string;
  warehouse: string;
  reference?: string | null | undefined;
}

async function tell(context: Context, shipment: OutgoingShipment): Promise<Sent> {
  const found = await shipmentOf(context, shipment);
  if (shipment.status === CANCELED) {
    await callOff(context, shipment, found);
  } else {
    if (found.state !== 'done') {
      await prepare(context, shipment, found);
      await send(context, shipment, found.id);
    }
    await makeUpFor(context, shipment, found.id);
  }
  const now = await pull.one!(context, found.id);
  if (!now) throw rejected(`shipment ${shipment.number}: Tryton has no shipment ${found.id}`);
  return { externalId: found.id, version: now.version, modifiedAt: now.modifiedAt };
}

/** The one that it became, be it that nobody heard of it, by the hub’s number; else the one that is planned. */
async function shipmentOf(context: Context, { externalId, number, order }: OutgoingShipment): Promise<Found> {
  const sales = await find(
    context,
    'sale.sale',
    { domain: [['id', '=', idOf(order.externalId!)]], fields: ['shipments'] },
    { shipments: ids },
  );
  const of = externalId === null ? (sales[0]?.shipments ?? []) : [externalId.split(':')[0]!];
  const asked = { domain: [['id', 'in', of.map(idOf)]], fields: Object.keys(shape) };
  const known = of.length === 0 ? [] : await find(context, MODEL, asked, shape);
  const own = externalId === null ? known.find(({ reference }) => reference === number) : known[0];
  if (own) return own;
  if (externalId !== null) throw rejected(`shipment ${number}: Tryton has no shipment ${externalId}`);
  // One that bears another number is another of the hub's under way.
  const planned = known.find(({ state, reference }) => ['draft', 'waiting', 'assigned'].includes(state) && !reference);
  if (planned) return planned;
  throw rejected(`shipment ${number}: sale ${order.externalId} has nothing left to send there`);
}

/** Has what the hub sent and nothing else, from where the hub sent it. Until the number stands in it, it is nobody’s. */
async function prepare(context: Context, shipment: OutgoingShipment, found: Found): Promise<void> {
  const { number, location, lines } = shipment;
  const warehouse = context.settings.locations![location]!;
  let { state } = found;
  if (!['draft', 'waiting', 'assigned'].includes(state)) return;
  await write(context, MODEL, [found.id], { reference: number });
  if (state === 'assigned') state = await step(context, shipment, found.id, 'wait', ['waiting']);
  if (found.warehouse !== warehouse) {
    if (state === 'waiting') await step(context, shipment, found.id, 'draft', ['draft']);
    await moveTo(context, found.id, warehouse);
    state = 'draft';
  }
  if (state === 'draft') await step(context, shipment, found.id, 'wait', ['waiting']);
  const leaving: Leaving[] = lines.map(({ lineExternalId, sku, quantity }) => ({
    line: lineExternalId,
    sku,
    quantity,
  }));
  await pickOnly(context, { shipment: found.id, number, leaving });
}

const STEPS: [from: string, button: string, to: string[]][] = [
  ['waiting', 'assign_try', ['assigned', 'waiting']],
  // The goods have left: what Tryton misses it finds at its next count.
  ['waiting', 'assign_force', ['assigned']],
  ['assigned', 'pick', ['picked']],
  ['picked', 'pack', ['packed']],
  ['packed', 'done', ['done']],
];

async function send(context: Context, shipment: OutgoingShipment, which: string): Promise<void> {
  let state = await stateOf(context, shipment, which);
  for (const [from, button, to] of STEPS) {
    if (state === from) state = await step(context, shipment, which, button, to);
  }
  if (state !== 'done')
    throw rejected(`shipment ${shipment.number}: shipment ${which} is "${state}" there and stays so`);
}

async function callOff(context: Context, shipment: OutgoingShipment, { id: which, state }: Found): Promise<void> {
  if (state === 'cancelled') return;
  if (state === 'done')
    throw rejected(`shipment ${shipment.number}: it has left Tryton’s stock; what comes back is a return`);
  await step(context, shipment, which, 'cancel', ['cancelled']);
}

/** A step that is not allowed is answered like one that was taken. */
async function step(context: Context, shipment: OutgoingShipment, which: string, button: string, to: string[]) {
  await press(context, MODEL, button, which);
  const state = await stateOf(context, shipment, which);
  if (to.includes(state)) return state;
  throw rejected(`shipment ${shipment.number}: shipment ${which} is "${state}" there behind ${button}`);
}

async function stateOf(context: Context, { number }: OutgoingShipment, which: string): Promise<string> {
  const asked = { domain: [['id', '=', idOf(which)]], fields: ['state'] };
  const [found] = await find(context, MODEL, asked, { state: text });
  if (!found) throw rejected(`shipment ${number}: Tryton has no shipment ${which}`);
  return found.state;
}
