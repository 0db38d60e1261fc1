import { LockMode } from '@mikro-orm/postgresql';
import type { ActionScope } from '../../../graph/mutation.js';
import { hubSpeaks, linkRecord } from '../../references/index.js';
import { PRODUCT } from '../product.events.js';
import { ProductEntity } from '../product.entity.js';
import { changeProduct, checkProduct, type ProductValues } from './change-product.js';
import { makeProduct } from './make-product.js';

/** Creates the product, or changes the one with that SKU; writes one event with what changed. */
export async function upsertProduct(scope: ActionScope, input: ProductValues): Promise<{ productId: string }> {
  const { tx, now } = scope;
  const em = await tx.entities();
  const found = await em.findOne(ProductEntity, { sku: input.sku }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  checkProduct(input, found);
  const product = found ?? (await makeProduct(scope, input));
  // A link and components refer to the row, and it can have come to be meanwhile.
  if (!found) await em.flush();
  const link = input.external
    ? await linkRecord(tx, { kind: PRODUCT, recordId: product.id, external: input.external, at: now })
    : null;
  await changeProduct(scope, product, input, {
    isNew: found === null,
    speaker: { ...hubSpeaks(scope), integrationId: link?.integrationId ?? null },
    linked: link?.changes ?? [],
  });
  return { productId: product.id };
}
