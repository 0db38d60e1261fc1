import { rejected, type OutgoingOrder, type PushDefinition, type Sent } from '#connect';
import { ask, change, refusal, type Context } from '../client.js';
import { cancelOrder, orderState, referenceIn } from '../documents.js';
import type { Credentials, Settings } from '../settings.js';
import { id, instant, record, text } from '../wire/parts.js';
import { z } from 'zod';
import { eachInTurn } from './outcomes.js';

/** That an order of the shop is off, and by which number the hub knows it: all else the shop knows better. */
export const orders: PushDefinition<Settings, Credentials, 'order'> = {
  of: 'order',
  most: 10,

  concerns: ({ isTheirs, externalId, status }, { settings }) =>
    isTheirs && externalId !== null && (status === 'CANCELED' || settings.orderReferenceField !== undefined),

  send: (context, batch) => eachInTurn(batch, ({ record: order }) => tell(context, order)),
};

const state = record({ id, state: text, updatedAt: instant });

async function tell(context: Context, order: OutgoingOrder): Promise<Sent> {
  if (order.status === 'CANCELED') return cancel(context, order);
  return writeNumber(context, order, context.settings.orderReferenceField!);
}

async function cancel({ http }: Context, { externalId, number }: OutgoingOrder): Promise<Sent> {
  const { order } = await ask(http, orderState, { id: externalId }, record({ order: state.nullish() }));
  if (!order) throw rejected(`order ${number}: the shop has no order ${externalId}`);
  // Mostly the shop itself called it off, or an earlier attempt did.
  if (order.state === 'Cancelled') return { externalId, modifiedAt: order.updatedAt };
  const input = { orderId: externalId, reason: `Canceled as ${number}`, cancelShipping: true };
  const result = await change(http, cancelOrder, { input }, { field: 'cancelOrder', type: 'Order', shape: state });
  if ('refused' in result) throw refusal(cancelOrder, result.refused);
  return { externalId, modifiedAt: result.made.updatedAt };
}

async function writeNumber({ http }: Context, { externalId, number }: OutgoingOrder, field: string): Promise<Sent> {
  const { read, write } = referenceIn(field);
  const known = state.extend({ customFields: record({ [field]: z.string().nullish() }).nullish() });
  const { order } = await ask(http, read, { id: externalId }, record({ order: known.nullish() }));
  if (!order) throw rejected(`order ${number}: the shop has no order ${externalId}`);
  if (order.customFields?.[field] === number) return { externalId };
  const written = record({ setOrderCustomFields: record({ id, updatedAt: instant }).nullish() });
  const input = { id: externalId, customFields: { [field]: number } };
  const { setOrderCustomFields: made } = await ask(http, write, { input }, written);
  if (!made) throw rejected(`order ${number}: the shop has no order ${externalId}`);
  return { externalId, modifiedAt: made.updatedAt };
}
