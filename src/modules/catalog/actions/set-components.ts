import type { FieldChange } from '../../../events/append.js';
import type { Transaction } from '../../../db/transaction.js';
import { compareDecimals, decimalText, isPositive } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import type { BundleComponentInput, ComponentRow } from '../bundle.type.js';
import {
  deleteComponents,
  insertComponents,
  selectComponents,
  selectPossibleParts,
  selectUseOfProduct,
  type PossiblePart,
} from '../product.queries.js';

const MOST = 100;

interface Stated {
  sku: string;
  quantity: string;
  isOptional: boolean;
}

/**
 * States anew what a product is made of; answers what changed. Bundles have one level: a part is no bundle, and what is
 * a part of one becomes none. A product with stock of its own cannot be counted by its parts.
 */
export async function setComponents(
  tx: Transaction,
  product: { id: string; sku: string },
  input: readonly BundleComponentInput[],
): Promise<FieldChange[]> {
  const stated = input.map(({ sku, quantity, isOptional }) => ({ sku, quantity, isOptional: isOptional ?? false }));
  checkStated(product, stated);
  const [before, possible, uses] = await tx.batch([
    selectComponents([product.id]),
    selectPossibleParts(stated.map(({ sku }) => sku)),
    selectUseOfProduct(product.id),
  ]);
  const known = (before as ComponentRow[]).map(({ sku, quantity, is_optional }) => ({
    sku,
    quantity: decimalText(quantity),
    isOptional: is_optional,
  }));
  if (same(known, stated)) return [];
  const parts = new Map((possible as PossiblePart[]).map((part) => [part.sku, part]));
  checkParts(product, stated, parts);
  if (stated.length > 0 && known.length === 0) checkUse(product, uses![0] as Use);
  tx.defer(deleteComponents(product.id));
  if (stated.length > 0) {
    tx.defer(
      insertComponents(
        product.id,
        await tx.ids.take(stated.length),
        stated.map(({ sku }) => parts.get(sku)!.id),
        stated.map(({ quantity }) => quantity),
        stated.map(({ isOptional }) => isOptional),
      ),
    );
  }
  const shown = (list: Stated[]) => (list.length === 0 ? null : list);
  return [{ field: 'components', from: shown(known), to: shown(stated) }];
}

function checkStated(product: { sku: string }, stated: Stated[]): void {
  const refusals = new Refusals();
  if (stated.length > MOST)
    refusals.add('INVALID', `components: expected at most ${MOST}, got ${stated.length}`, ['components']);
  if (stated.length > 0 && stated.every((part) => part.isOptional))
    refusals.add('INVALID', 'components: expected at least one that is not optional', ['components']);
  const seen = new Set<string>();
  stated.forEach(({ sku, quantity }, index) => {
    const field = ['components', String(index)];
    if (seen.has(sku)) refusals.add('INVALID', `${sku}: expected once, got it again`, [...field, 'sku']);
    if (sku === product.sku) refusals.add('INVALID', `${sku}: a product is no part of itself`, [...field, 'sku']);
    if (!isPositive(quantity))
      refusals.add('INVALID', `quantity: expected more than zero, got ${quantity}`, [...field, 'quantity']);
    seen.add(sku);
  });
  refusals.throwIfAny();
}

function checkParts(product: { sku: string }, stated: Stated[], parts: Map<string, PossiblePart>): void {
  const refusals = new Refusals();
  stated.forEach(({ sku }, index) => {
    const field = ['components', String(index), 'sku'];
    const part = parts.get(sku);
    if (!part) refusals.add('NOT_FOUND', `no product has the SKU "${sku}"`, field);
    else if (part.is_bundle) refusals.add('INVALID', `${sku} is a bundle itself, not a part for ${product.sku}`, field);
  });
  refusals.throwIfAny();
}

interface Use {
  has_stock: boolean;
  bundles: string[];
}

function checkUse({ sku }: { sku: string }, { has_stock, bundles }: Use): void {
  const refusals = new Refusals();
  if (has_stock)
    refusals.add('CONFLICT', `${sku} has stock of its own, which its parts would not count; move it out first`, [
      'components',
    ]);
  if (bundles.length > 0)
    refusals.add('CONFLICT', `${sku} is a part of ${bundles.join(', ')}, so it cannot be a bundle`, ['components']);
  refusals.throwIfAny();
}

function same(before: Stated[], after: Stated[]): boolean {
  return (
    before.length === after.length &&
    before.every((part, index) => {
      const other = after[index]!;
      const isAlike = part.sku === other.sku && part.isOptional === other.isOptional;
      return isAlike && compareDecimals(part.quantity, other.quantity) === 0;
    })
  );
}
