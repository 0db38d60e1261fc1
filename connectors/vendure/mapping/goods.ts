import { readWire, type Change } from '#connect';
import { adminUrl, hubLocation, type Settings } from '../settings.js';
import { levelId, levelRecord, variantShape } from '../wire/goods.js';
import { textOf } from '../wire/parts.js';
import { latest } from './people.js';

/** A variant is what is sold: the hub's product. */
export function productChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const { id, updatedAt, sku, name, enabled, trackInventory, product } = readWire(variantShape, raw);
  return [
    {
      kind: 'product',
      product: {
        externalId: id,
        ...adminUrl(settings, 'products', product.id),
        sourceVersion: latest([updatedAt, product.updatedAt]),
        sku: textOf(sku) ?? `vendure:${id}`,
        name: textOf(name) ?? product.name,
        description: plainText(product.description) ?? null,
        isActive: enabled && product.enabled,
        // INHERIT leaves it to the whole shop, which does not say.
        ...(trackInventory !== 'INHERIT' && { isStocked: trackInventory === 'TRUE' }),
      },
    },
  ];
}

/** What a reader sees of it: the hub keeps plain text. */
export function plainText(html: string): string | undefined {
  const broken = html.replace(/<(br|\/p|\/li|\/h\d|\/div)\b[^>]*>/gi, '\n').replace(/<[^>]*>/g, '');
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ', amp: '&' };
  const plain = broken.replace(/&(lt|gt|quot|#39|nbsp|amp);/g, (_, name: string) => named[name]!);
  return textOf(plain.replace(/[^\S\n]+/g, ' ').replace(/ ?\n[ \n]*/g, '\n'));
}

/**
 * What lies there, where the shop counts. Where the hub does, the shop's figure is the hub's own with the shop's last
 * orders on top: taking it over would count them twice.
 */
export function levelChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const { id, sku, trackInventory, level } = readWire(levelRecord, raw);
  const location = hubLocation(settings, level.stockLocationId);
  const known = textOf(sku);
  if (settings.stockCountedBy !== 'SHOP' || location === undefined || known === undefined) return [];
  if (trackInventory === 'FALSE') return [];
  return [
    {
      kind: 'stock',
      level: {
        externalId: levelId(id, level.stockLocationId),
        sourceVersion: level.updatedAt,
        sku: known,
        location,
        // The shop lets itself sell below nothing; no place holds less than that.
        onHand: level.stockOnHand.startsWith('-') ? '0' : level.stockOnHand,
      },
    },
  ];
}
