import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import {
  ensureLevel,
  lockLevel,
  selectCountedProduct,
  selectLocationByCode,
  type CountedProduct,
} from '../stock.queries.js';
import type { LockedLevel } from '../stock.rules.js';

export type Level = LockedLevel & { reorder_point: string | null; reorder_quantity: string | null };

/** Locks the level of a product at a location, made empty where the location never had the product. */
export async function lockedLevel(
  { tx, now }: ActionScope,
  { sku, location: code }: { sku: string; location: string },
): Promise<Level> {
  const [products, locations] = await tx.batch([selectCountedProduct(sku), selectLocationByCode(code)]);
  const product = products![0] as CountedProduct | undefined;
  const location = locations![0] as { id: string } | undefined;
  if (!product) throw refuse('NOT_FOUND', `no product has the SKU "${sku}"`, ['sku']);
  if (!location) throw refuse('NOT_FOUND', `no stock location has the code "${code}"`, ['location']);
  if (product.is_bundle) throw refuse('INVALID', `${sku} is a bundle: its parts are counted`, ['sku']);
  if (!product.is_stocked) throw refuse('INVALID', `${sku} is not stocked: it is never counted`, ['sku']);
  const [, levels] = await tx.batch([
    ensureLevel(await tx.ids.one(), product.id, location.id, now.toISOString()),
    lockLevel(product.id, location.id),
  ]);
  return levels![0] as Level;
}
