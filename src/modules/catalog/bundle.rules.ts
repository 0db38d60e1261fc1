import { exact } from '../../shared/decimal.js';
import { roundedUnitPrice } from '../../shared/money.js';

/** A part of a bundle, with the unit price it has for the customer and quantity asked for. */
export interface Component {
  productId: string;
  sku: string;
  /** In one unit of the bundle. */
  quantity: string;
  isOptional: boolean;
  isStocked: boolean;
  unitPrice: string | null;
}

/** What one unit is made of as it is ordered: the parts that belong to it, and the optional ones that are wanted. */
export function chosenParts(components: readonly Component[], wanted: ReadonlySet<string>): Component[] {
  return components.filter((part) => !part.isOptional || wanted.has(part.sku));
}

/**
 * Price of one unit of a bundle: its own, or where no list has one what its parts cost together; optional parts that
 * are wanted come on top. Where a price is missing, `missing` names the SKUs and there is no price.
 */
export function bundlePrice(
  own: string | null,
  parts: readonly Component[],
  currency: string,
): { unitPrice: string | null; missing: string[] } {
  const counted = own === null ? parts : parts.filter((part) => part.isOptional);
  const missing = counted.filter((part) => part.unitPrice === null).map((part) => part.sku);
  if (missing.length > 0) return { unitPrice: null, missing };
  const sum = counted.reduce(
    (rest, part) => rest.plus(exact(part.unitPrice!).times(exact(part.quantity))),
    exact(own ?? '0'),
  );
  return { unitPrice: roundedUnitPrice(sum, currency), missing };
}

/** Bundles are sold whole. */
export function isWhole(quantity: string): boolean {
  return exact(quantity).isInteger();
}
