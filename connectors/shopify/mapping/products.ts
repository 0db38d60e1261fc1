import { readWire, type Change, type StatedProduct } from '#connect';
import { adminUrl, type Settings } from '../settings.js';
import { deliveredProduct, variantsDelivered, type VariantRecord } from '../wire/products.js';
import { textOf } from './people.js';

/** The shop calls the one variant of a product without options so. */
const ONLY_VARIANT = 'Default Title';
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export function productChanges(payload: unknown, { settings }: { settings: Settings }): Change[] {
  return variantsDelivered(readWire(deliveredProduct, payload)).map((variant) => ({
    kind: 'product',
    product: statedProduct(variant, settings),
  }));
}

/** A variant is what is sold: the hub's product. */
export function statedProduct(variant: VariantRecord, settings: Settings): StatedProduct {
  const { isStocked, requiresShipping, weightGrams } = variant;
  const option = textOf(variant.title);
  return {
    externalId: variant.id,
    externalUrl: `${adminUrl(settings, 'products', variant.productId)}/variants/${variant.id}`,
    sourceVersion: variant.updatedAt,
    sku: textOf(variant.sku) ?? `shopify:${variant.id}`,
    name:
      option === undefined || option === ONLY_VARIANT ? variant.productTitle : `${variant.productTitle} - ${option}`,
    description: textOfHtml(variant.descriptionHtml ?? '') ?? null,
    isActive: variant.isActive,
    ...(isStocked !== undefined && { isStocked }),
    ...(requiresShipping !== undefined && { requiresShipping }),
    ...(weightGrams !== undefined && { weightGrams }),
  };
}

/** What a reader sees of it: the hub keeps plain text. */
export function textOfHtml(html: string): string | undefined {
  const broken = html.replace(/<(br|\/p|\/li|\/h\d|\/div)\b[^>]*>/gi, '\n').replace(/<[^>]*>/g, '');
  const plain = broken.replace(
    /&(#\d{1,7}|#x[0-9a-f]{1,6}|\w{2,6});/gi,
    (entity, name: string) => characterOf(name) ?? entity,
  );
  return textOf(plain.replace(/[^\S\n]+/g, ' ').replace(/ ?\n[ \n]*/g, '\n'));
}

function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return NAMED[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
