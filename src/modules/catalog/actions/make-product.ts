import type { ActionScope } from '../../../graph/mutation.js';
import { ProductEntity } from '../product.entity.js';
import type { Product, ProductValues } from './change-product.js';

/** A product with nothing but SKU and name; `changeProduct` has to give it the rest and its first event. */
export async function makeProduct({ tx, now }: ActionScope, { sku, name }: ProductValues): Promise<Product> {
  const em = await tx.entities();
  const product = em.create(ProductEntity, {
    id: await tx.ids.one(),
    sku,
    name: name!,
    unit: 'piece',
    taxCategory: 'standard',
    isActive: true,
    isStocked: true,
    requiresShipping: true,
    createdAt: now,
    updatedAt: now,
    version: 1,
  });
  em.persist(product);
  return product;
}
