import { z } from 'zod';
import { ask, type Context } from '../client.js';
import { oneOrder, ordersPage } from '../documents.js';
import { FINAL_STATES, orderChanges } from '../mapping/order.js';
import { record } from '../wire/parts.js';
import {
  canRead,
  changing,
  listOf,
  OVERLAP_MS,
  pulled,
  secondLook,
  timeOf,
  type Changing,
  type Pull,
} from './records.js';
import { step, type ListOptions, type Part } from './walk.js';

const A_PAGE = 25;
/** No cart: what was placed is no active order any more. */
const PLACED = { active: { eq: false }, orderPlacedAt: { isNull: false } };

const order = changing.extend({ orderPlacedAt: z.string().nullish() });
type Order = z.infer<typeof order>;
const channel = record({ pricesIncludeTax: z.boolean() });
const page = record({ activeChannel: channel, orders: listOf(order) });
const one = record({ activeChannel: channel, order: order.nullish() });

export const orders: Pull = {
  of: 'order',
  everyMs: 2 * 60_000,
  overlapMs: OVERLAP_MS,

  page: (context, { since, cursor }) =>
    step(
      placedParts((part) => listOrders(context, part), since),
      cursor,
    ),

  async one(context, externalId) {
    const found = await askOne(context, externalId);
    return found?.orderPlacedAt ? recordOf(found) : null;
  },

  async census(context, cursor) {
    const list = (part: Part['field']) => listOrders(context, part);
    const { records, next } = await step(placedParts(list, null, 'createdAt'), cursor);
    return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
  },

  read: orderChanges,
};

/**
 * All there is; else what changed, what was placed, and every order with which something can still happen: neither of
 * the times moves with a payment or a fulfillment.
 */
export function placedParts(
  list: (field: Part['field']) => Part['list'],
  since: Date | null,
  field: Part['field'] = 'updatedAt',
): Part[] {
  const part = (by: Part['field'], from: Date | null, filter: Part['filter']): Part => ({
    field: by,
    since: from,
    size: A_PAGE,
    ...(filter && { filter }),
    list: list(by),
  });
  if (since === null) return [part(field, null, PLACED)];
  return [
    part('updatedAt', since, PLACED),
    part('orderPlacedAt', since, { active: PLACED.active }),
    part('createdAt', null, { ...PLACED, state: { notIn: FINAL_STATES } }),
  ];
}

export function itemTime(each: Changing & { orderPlacedAt?: string | null | undefined }, field: Part['field']): Date {
  return timeOf((field === 'orderPlacedAt' ? each.orderPlacedAt : each[field]) ?? each.updatedAt);
}

function listOrders(context: Context, field: Part['field']): Part['list'] {
  return async (options: ListOptions) => {
    const { activeChannel, orders: found } = await ask(context.http, ordersPage, { options }, page);
    const priced = found.items.map((each) => ({ ...each, ...activeChannel }));
    const items = await secondLook(
      priced,
      (each) => canRead(() => orders.read(each, context)),
      (id) => askOne(context, id),
    );
    return {
      items: items.map((each, index) => ({ at: itemTime(priced[index]!, field), records: [recordOf(each)] })),
      totalItems: Number(found.totalItems),
    };
  };
}

async function askOne({ http }: Context, id: string): Promise<(Order & { pricesIncludeTax: boolean }) | null> {
  const { activeChannel, order: found } = await ask(http, oneOrder, { id }, one);
  return found ? { ...found, ...activeChannel } : null;
}

function recordOf(raw: Order) {
  const placed = raw.orderPlacedAt;
  const moved = placed && timeOf(placed) > timeOf(raw.updatedAt) ? placed : raw.updatedAt;
  return { ...pulled(raw.id, raw, raw), modifiedAt: timeOf(moved) };
}
