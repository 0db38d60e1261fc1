// https://shopify.dev/docs/api/admin-graphql/2026-10/objects/InventoryLevel
import { z } from 'zod';
import { ConnectorFailure } from '#connect';
import { flag, gid, id, instant, list, record, text } from './parts.js';

const whole = z.string({ error: 'expected a whole number' }).regex(/^-?\d{1,10}$/, 'expected a whole number');

export const level = record({
  updatedAt: instant,
  location: record({ id: gid('Location') }),
  quantities: list(record({ name: text, quantity: whole })),
});
export type Level = z.infer<typeof level>;
/** A level with its item: what the stream keeps. */
export const levelRecord = level.extend({
  item: record({ id: gid('InventoryItem'), sku: text.nullish(), tracked: flag }),
});

/** The REST shape of a level; it has no SKU, so that it only hints. */
export const levelDelivered = record({ inventory_item_id: id, location_id: id });

/** A level has no id of its own that both shapes tell: it is the item's and the place's. */
export function levelId(itemId: string, locationId: string): string {
  return `${itemId}@${locationId}`;
}

export function quantityOf({ quantities }: Level, name: 'available' | 'on_hand'): string {
  const found = quantities.find((each) => each.name === name);
  if (!found) throw new ConnectorFailure('unexpected_shape', `quantities: expected "${name}", got none`);
  return found.quantity;
}
