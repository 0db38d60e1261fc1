import { LockMode } from '@mikro-orm/postgresql';
import type { FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { hubSpeaks } from '../../references/index.js';
import { ProductEntity } from '../product.entity.js';
import { changeProduct, type Product } from './change-product.js';

/** A person's word on a field of a product: it settles what was said before. `decided` is what its event is to say. */
export async function settleProductField(
  scope: ActionScope,
  {
    id,
    field,
    choice,
    decided,
  }: { id: string; field: string; choice: { value: unknown } | null; decided: FieldChange },
): Promise<void> {
  const em = await scope.tx.entities();
  const product = await em.findOneOrFail(ProductEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const value = choice ? choice.value : (product[field as keyof Product] ?? null);
  const change = { isNew: false, isDecision: true, speaker: hubSpeaks(scope), linked: [decided] };
  await changeProduct(scope, product, { sku: product.sku, [field]: value }, change);
}
