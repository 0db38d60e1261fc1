import { connection, type ListArgs, type Reading, type Row } from './lists.js';
import { digits, gid, graphTime, type Level, type Product, type Shop } from './shop.js';

export function productView(shop: Shop, product: Product): Record<string, unknown> {
  return {
    id: gid('Product', product.id),
    title: product.title,
    descriptionHtml: product.descriptionHtml,
    status: 'ACTIVE',
    updatedAt: graphTime(product.updatedAt),
    variants: (args: ListArgs, reading: Reading) =>
      connection(
        [{ id: product.variantId, updatedAt: product.updatedAt, node: () => variantView(shop, product) }],
        args,
        reading,
      ),
  };
}

export function variantView(shop: Shop, product: Product): Record<string, unknown> {
  return {
    __typename: 'ProductVariant',
    id: gid('ProductVariant', product.variantId),
    sku: product.sku,
    title: 'Default Title',
    updatedAt: graphTime(product.updatedAt),
    product: () => productView(shop, product),
    inventoryItem: () => itemView(shop, product),
  };
}

export function itemView(shop: Shop, product: Product): Record<string, unknown> {
  return {
    id: gid('InventoryItem', product.itemId),
    sku: product.sku,
    tracked: true,
    requiresShipping: product.requiresShipping,
    measurement: { weight: { unit: 'GRAMS', value: product.grams } },
    inventoryLevels: (args: ListArgs, reading: Reading) =>
      connection(
        levelsOf(shop, ({ itemId }) => itemId === product.itemId),
        args,
        reading,
      ),
    inventoryLevel: ({ locationId }: { locationId: string }) => {
      const level = shop.level(product.itemId, digits(locationId));
      return level ? levelView(shop, level) : null;
    },
  };
}

export function levelsOf(shop: Shop, isMeant: (level: Level) => boolean): Row[] {
  return [...shop.levels.values()].filter(isMeant).map((level) => ({
    id: `${level.itemId}${level.locationId}`,
    updatedAt: level.updatedAt,
    node: () => levelView(shop, level),
  }));
}

export function levelView(shop: Shop, level: Level): Record<string, unknown> {
  const quantities: Readonly<Record<string, number>> = { available: level.available, on_hand: level.onHand };
  return {
    id: `${gid('InventoryLevel', level.locationId)}?inventory_item_id=${level.itemId}`,
    updatedAt: graphTime(level.updatedAt),
    location: { id: gid('Location', level.locationId) },
    item: () => itemView(shop, productOfItem(shop, level.itemId)!),
    quantities: ({ names }: { names: string[] }) =>
      names.flatMap((name) => (quantities[name] === undefined ? [] : { name, quantity: quantities[name] })),
  };
}

export function productOfItem(shop: Shop, itemId: string): Product | undefined {
  return [...shop.products.values()].find((product) => product.itemId === itemId);
}
