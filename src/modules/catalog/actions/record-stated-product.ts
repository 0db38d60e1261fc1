import { LockMode } from '@mikro-orm/postgresql';
import type { ActionScope } from '../../../graph/mutation.js';
import type { StatedProduct } from '../../../shared/stated/index.js';
import {
  endForeign,
  lockForeignRecord,
  meetForeign,
  noteForeign,
  selectOtherReferences,
  selectProvenance,
  systemSpeaks,
  type Origin,
  type StatedEffect,
} from '../../references/index.js';
import { ProductEntity } from '../product.entity.js';
import { PRODUCT } from '../product.events.js';
import { changeProduct, checkProduct, type Product, type ProductValues } from './change-product.js';
import { makeProduct } from './make-product.js';

/** What waits for a product names it by SKU, since it does not know its id in the system. */
export const SKU = 'sku';

/**
 * Takes a product over as a system states it. It is the product with that SKU: where the system gives its record another
 * SKU, the record means that one from then on. Which of its words stand is decided by policy.
 */
export async function recordStatedProduct(
  scope: ActionScope,
  stated: StatedProduct,
  origin: Origin,
): Promise<{ productId: string; sku: string; effect: StatedEffect }> {
  const { tx } = scope;
  const met = await meetForeign(scope, PRODUCT, stated, origin);
  const { reference } = met;
  if (met.isStale) return { productId: reference?.record_id ?? '', sku: stated.sku, effect: 'stale' };
  await tx.query(lockForeignRecord(`${origin.integrationId} ${SKU} ${stated.sku}`));
  const found = await lockProduct(scope, { sku: stated.sku });
  const values = valuesOf(stated, found === null, reference?.gone_at != null);
  checkProduct(values, found);
  const product = found ?? (await makeProduct(scope, values));
  const linked = await noteForeign(scope, { kind: PRODUCT, id: product.id }, stated, origin, met);
  const isNew = found === null;
  const speaker = systemSpeaks(scope, stated, origin);
  const { isChanged } = await changeProduct(scope, product, values, { isNew, speaker, linked });
  if (met.endedAt) {
    await recordGoneProduct(scope, { externalId: stated.externalId, sourceVersion: met.endedAt }, origin);
  }
  const known = { productId: product.id, sku: product.sku };
  if (!reference) return { ...known, effect: 'created' };
  return { ...known, effect: isChanged || isNew ? 'updated' : 'unchanged' };
}

/**
 * Hears that a product is no longer there: its reference ends. Where no other system knows it and the hub's users did not
 * name it, the system's last word is that it is no longer sold.
 */
export async function recordGoneProduct(
  scope: ActionScope,
  gone: { externalId: string; sourceVersion: Date },
  origin: Origin,
): Promise<StatedEffect> {
  const { tx } = scope;
  await tx.flush();
  const { reference, effect } = await endForeign(scope, PRODUCT, gone, origin);
  if (!reference) return effect;
  await tx.flush();
  const product = (await lockProduct(scope, { id: reference.record_id }))!;
  const [others, provenance] = await tx.batch([
    selectOtherReferences(PRODUCT, [product.id]),
    selectProvenance(PRODUCT, [product.id]),
  ]);
  const isOwn = (provenance as { field: string; integration_id: string | null }[]).some(
    ({ field, integration_id }) => field === 'name' && integration_id === null,
  );
  if (others!.length > 0 || isOwn) return effect;
  const values = { sku: product.sku, isActive: false };
  await changeProduct(scope, product, values, { isNew: false, speaker: systemSpeaks(scope, gone, origin), linked: [] });
  return effect;
}

async function lockProduct({ tx }: ActionScope, where: { sku: string } | { id: string }): Promise<Product | null> {
  const em = await tx.entities();
  await em.flush();
  return em.findOne(ProductEntity, where, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}

/** A record that is there again is sold again, unless the system says more exactly. */
function valuesOf(stated: StatedProduct, isNew: boolean, wasGone: boolean): ProductValues {
  const { sku, name, description, weightGrams, isStocked, requiresShipping } = stated;
  const isActive = stated.isActive ?? (wasGone ? true : undefined);
  const values = {
    name: name ?? (isNew ? sku : undefined),
    description,
    weightGrams,
    isActive,
    isStocked,
    requiresShipping,
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return { sku, ...(Object.fromEntries(given) as Omit<ProductValues, 'sku'>) };
}
