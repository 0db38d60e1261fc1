// A product and its variants, by webhook and by GraphQL; both end in one shape, a variant with its product.
// https://shopify.dev/docs/api/admin-rest/latest/resources/product
// https://shopify.dev/docs/api/admin-graphql/2026-10/objects/ProductVariant
import { z } from 'zod';
import { exact } from '#connect';
import { count, flag, gid, id, instant, list, record, text, word } from './parts.js';

/** A variant as the mapping reads it; what is left out nothing was said about. */
export interface VariantRecord {
  id: string;
  sku: string | null;
  title: string | null;
  productId: string;
  productTitle: string;
  descriptionHtml: string | null;
  isActive: boolean;
  updatedAt: Date;
  isStocked?: boolean;
  requiresShipping?: boolean;
  weightGrams?: number | null;
}

const STATUSES = { active: true, unlisted: true, archived: false, draft: false } as const;
type Status = keyof typeof STATUSES;

const deliveredVariant = record({
  id,
  sku: text.nullish(),
  title: text.nullish(),
  updated_at: instant,
  inventory_management: text.nullish(),
  requires_shipping: flag.nullish(),
  grams: count.nullish(),
});
export const deliveredProduct = record({
  id,
  title: text,
  body_html: text.nullish(),
  status: word('active', 'unlisted', 'archived', 'draft'),
  updated_at: instant,
  variants: list(deliveredVariant),
});

export function variantsDelivered(product: z.infer<typeof deliveredProduct>): VariantRecord[] {
  return product.variants.map((variant) => ({
    id: variant.id,
    sku: variant.sku ?? null,
    title: variant.title ?? null,
    productId: product.id,
    productTitle: product.title,
    descriptionHtml: product.body_html ?? null,
    isActive: STATUSES[product.status],
    updatedAt: later(product.updated_at, variant.updated_at),
    ...(variant.inventory_management !== undefined && { isStocked: variant.inventory_management !== null }),
    ...(variant.requires_shipping != null && { requiresShipping: variant.requires_shipping }),
    ...(variant.grams != null && { weightGrams: Number(variant.grams) }),
  }));
}

const weight = record({
  unit: word('GRAMS', 'KILOGRAMS', 'OUNCES', 'POUNDS'),
  value: z.string({ error: 'expected a weight' }).regex(/^\d{1,9}(\.\d{1,18})?$/, 'expected a weight'),
});
export const graphVariant = record({
  id: gid('ProductVariant'),
  sku: text.nullish(),
  title: text,
  updatedAt: instant,
  inventoryItem: record({
    tracked: flag,
    requiresShipping: flag,
    measurement: record({ weight: weight.nullish() }),
  }),
  product: record({
    id: gid('Product'),
    title: text,
    descriptionHtml: text,
    status: word('ACTIVE', 'UNLISTED', 'ARCHIVED', 'DRAFT'),
    updatedAt: instant,
  }),
});

export function variantOfGraph({ product, inventoryItem, ...variant }: z.infer<typeof graphVariant>): VariantRecord {
  const given = inventoryItem.measurement.weight;
  return {
    id: variant.id,
    sku: variant.sku ?? null,
    title: variant.title,
    productId: product.id,
    productTitle: product.title,
    descriptionHtml: product.descriptionHtml,
    isActive: STATUSES[product.status.toLowerCase() as Status],
    updatedAt: later(product.updatedAt, variant.updatedAt),
    isStocked: inventoryItem.tracked,
    requiresShipping: inventoryItem.requiresShipping,
    weightGrams: given ? gramsOf(given) : null,
  };
}

const GRAMS = { GRAMS: '1', KILOGRAMS: '1000', OUNCES: '28.349523125', POUNDS: '453.59237' } as const;

/** Whole grams: that is what the hub keeps, and more than a scale tells. */
function gramsOf({ unit, value }: z.infer<typeof weight>): number {
  return exact(value).times(GRAMS[unit]).toDecimalPlaces(0).toNumber();
}

/** A product's title changes without its variants, and a variant's SKU without its product. */
export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
