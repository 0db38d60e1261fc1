import { addDecimals, exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import type { PricedProductRow } from '../catalog/index.js';
import type { LinePart } from './actions/write-order.js';

interface ConfiguredRequest {
  sku: string;
  surcharge?: string | null;
  field: string[];
}

/** A unit price with what was chosen; refused where the choices take off more than it is. */
export function withSurcharge(
  { sku, surcharge, field }: ConfiguredRequest,
  listed: string | null,
  refusals: Refusals,
): string | null {
  if (listed === null || surcharge == null) return listed;
  const sum = exact(listed).plus(exact(surcharge));
  if (!sum.isNegative()) return sum.toFixed();
  const message = `configuration of ${sku}: the choices take off more than its price, it comes to ${sum.toFixed()}`;
  refusals.add('INVALID', message, [...field, 'configuration']);
  return '0';
}

/** A product that something is built into is made of itself and that; a bundle of its parts and that. */
export function withBuiltIn(
  product: PricedProductRow | undefined,
  parts: readonly LinePart[],
  builtIn: readonly LinePart[],
): LinePart[] {
  if (!product || builtIn.length === 0) return [...parts];
  const own = parts.length > 0 ? parts : [{ productId: product.id, sku: product.sku, quantity: '1' }];
  const made = new Map<string, LinePart>();
  for (const part of [...own, ...builtIn]) {
    const quantity = addDecimals(made.get(part.productId)?.quantity ?? '0', part.quantity);
    made.set(part.productId, { ...part, quantity });
  }
  return [...made.values()];
}
