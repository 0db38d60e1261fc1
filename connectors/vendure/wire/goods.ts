import type { z } from 'zod';
import { count, flag, id, instant, list, record, text, word } from './parts.js';

export const variantShape = record({
  id,
  updatedAt: instant,
  sku: text,
  name: text,
  enabled: flag,
  trackInventory: word('TRUE', 'FALSE', 'INHERIT'),
  product: record({ id, updatedAt: instant, name: text, description: text, enabled: flag }),
});
export type Variant = z.infer<typeof variantShape>;

export const level = record({ stockLocationId: id, stockOnHand: count, stockAllocated: count, updatedAt: instant });
export type Level = z.infer<typeof level>;
export const stocked = record({
  id,
  sku: text,
  trackInventory: word('TRUE', 'FALSE', 'INHERIT'),
  stockLevels: list(level),
});
export type Stocked = z.infer<typeof stocked>;

/** A level as it is kept: of one article at one place. */
export const levelRecord = stocked.omit({ stockLevels: true }).extend({ level });

/** A level has an id of its own, but no question finds it by that. */
export function levelId(variantId: string, locationId: string): string {
  return `${variantId}@${locationId}`;
}
export function levelVersion({ updatedAt, stockOnHand, stockAllocated }: Level): string {
  return `${updatedAt.toISOString()}+${stockOnHand}-${stockAllocated}`;
}
