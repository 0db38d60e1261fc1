import { readWire, type Change } from '#connect';
import { hubLocation, recordUrl, type Settings } from '../settings.js';
import { flag, id, latest, quantity, record, stampOf, text, textOf, times, word } from '../wire/parts.js';

const KIND = word('goods', 'assets', 'service');
const productShape = record({
  product: record({
    id,
    code: text.nullable(),
    description: text.nullish(),
    active: flag,
    'template.': record({
      id,
      name: text,
      type: KIND,
      salable: flag.nullish(),
      active: flag,
      consumable: flag.nullish(),
      ...times,
    }),
    ...times,
  }),
});

/** A product without a code is known by its id: a SKU is never empty. */
export function skuOf(product: string, code: string | null | undefined): string {
  return textOf(code) ?? `tryton:${product}`;
}

/** A variant is what is sold: the hub’s product. */
export function productChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const { product } = readWire(productShape, raw);
  const template = product['template.'];
  const isService = template.type === 'service';
  return [
    {
      kind: 'product',
      product: {
        externalId: product.id,
        ...recordUrl(settings, 'product.product', product.id),
        sourceVersion: new Date(latest([stampOf(product), stampOf(template)])),
        sku: skuOf(product.id, product.code),
        name: textOf(template.name) ?? skuOf(product.id, product.code),
        description: textOf(product.description) ?? null,
        isActive: product.active && template.active && template.salable !== false,
        isStocked: template.type === 'goods' && template.consumable !== true,
        requiresShipping: !isService,
      },
    },
  ];
}

const levelShape = record({
  product: record({ id, code: text.nullable(), type: KIND, consumable: flag.nullish(), quantity }),
  warehouse: id,
  at: text,
});

export function levelChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const { product, warehouse, at } = readWire(levelShape, raw);
  const location = hubLocation(settings, warehouse);
  if (location === undefined || product.type !== 'goods' || product.consumable === true) return [];
  return [
    {
      kind: 'stock',
      level: {
        externalId: `${product.id}@${warehouse}`,
        sourceVersion: new Date(at),
        sku: skuOf(product.id, product.code),
        location,
        // What was sent before it was booked in counts below zero; no place holds less than that.
        onHand: product.quantity.startsWith('-') ? '0' : product.quantity,
      },
    },
  ];
}
