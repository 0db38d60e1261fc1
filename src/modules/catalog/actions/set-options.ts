import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../../db/transaction.js';
import type { FieldChange } from '../../../events/append.js';
import { Refusals } from '../../../shared/failures.js';
import { checkOptions, statedOptions, type Option } from '../product-option.rules.js';
import type { ProductOptionInput } from '../product-option.type.js';
import { selectOptions, selectPossibleParts, setOptionsOf, type PossiblePart } from '../product.queries.js';

/** States anew what can be chosen of a product; answers what changed. Quotes keep what was chosen on them. */
export async function setOptions(
  tx: Transaction,
  product: { id: string; sku: string },
  input: readonly ProductOptionInput[],
): Promise<FieldChange[]> {
  const stated = statedOptions(input);
  const refusals = new Refusals();
  checkOptions(stated, refusals);
  refusals.throwIfAny();
  const skus = stated.flatMap(({ choices }) => choices.flatMap(({ sku }) => (sku === null ? [] : [sku])));
  const [before, parts] = await tx.batch([selectOptions([product.id]), selectPossibleParts(skus)]);
  const known = (before as { options: Option[] }[])[0]?.options ?? [];
  if (isDeepStrictEqual(known, stated)) return [];
  const bySku = new Map((parts as PossiblePart[]).map((part) => [part.sku, part]));
  checkBuiltIn(product, stated, bySku, refusals);
  refusals.throwIfAny();
  tx.defer(setOptionsOf(product.id, JSON.stringify(stated)));
  const shown = (options: Option[]) => (options.length === 0 ? null : options);
  return [{ field: 'options', from: shown(known), to: shown(stated) }];
}

function checkBuiltIn(
  product: { sku: string },
  options: readonly Option[],
  parts: ReadonlyMap<string, { is_bundle: boolean }>,
  refusals: Refusals,
): void {
  options.forEach(({ choices }, index) =>
    choices.forEach(({ sku }, at) => {
      if (sku === null) return;
      const field = ['options', String(index), 'choices', String(at), 'sku'];
      const part = parts.get(sku);
      if (!part) refusals.add('NOT_FOUND', `no product has the SKU "${sku}"`, field);
      else if (part.is_bundle) refusals.add('INVALID', `${sku} is a bundle, which cannot be built in`, field);
      else if (sku === product.sku) refusals.add('INVALID', `${sku}: a product is not built into itself`, field);
    }),
  );
}
