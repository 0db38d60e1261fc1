import { z } from 'zod';
import { ask, type Context } from '../client.js';
import { shipmentsPage } from '../documents.js';
import { shipmentChanges } from '../mapping/shipments.js';
import { record } from '../wire/parts.js';
import { itemTime, placedParts } from './orders.js';
import { changing, listOf, OVERLAP_MS, pulled, type Pull } from './records.js';
import { step, type ListOptions, type Part } from './walk.js';

const order = changing.extend({ orderPlacedAt: z.string().nullish(), fulfillments: z.array(changing).nullish() });
const page = record({ orders: listOf(order) });

/** What was sent of the orders: a fulfillment is found at its order alone. */
export const shipments: Pull = {
  of: 'shipment',
  everyMs: 2 * 60_000,
  overlapMs: OVERLAP_MS,

  async page(context, { since, cursor }) {
    const read = await step(
      placedParts((field) => list(context, field), since),
      cursor,
    );
    // Counted are orders.
    return { records: read.records, next: read.next };
  },

  async census(context, cursor) {
    const { records, next } = await step(
      placedParts((field) => list(context, field), null, 'createdAt'),
      cursor,
    );
    return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
  },

  read: shipmentChanges,
};

function list({ http }: Context, field: Part['field']): Part['list'] {
  return async (options: ListOptions) => {
    const { orders } = await ask(http, shipmentsPage, { options }, page);
    return {
      items: orders.items.map((each) => ({
        at: itemTime(each, field),
        records: (each.fulfillments ?? []).map((fulfillment) => {
          const raw = { ...fulfillment, order: { id: each.id } };
          // How far the stream has come is a matter of the orders' times.
          return { ...pulled(fulfillment.id, fulfillment, raw), modifiedAt: itemTime(each, 'updatedAt') };
        }),
      })),
      totalItems: Number(orders.totalItems),
    };
  };
}
