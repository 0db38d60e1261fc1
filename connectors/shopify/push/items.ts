import { z } from 'zod';
import { rejected, type ConnectorHttp, type OutgoingStock } from '#connect';
import { ask } from '../client.js';
import { itemsOfSkus, itemsOfVariants } from '../documents/stock.js';
import { flag, gid, gidOf, nodes, record, text } from '../wire/parts.js';
import { level, type Level } from '../wire/stock.js';

const SKUS_A_SEARCH = 20;

const itemShape = record({
  id: gid('InventoryItem'),
  sku: text.nullish(),
  tracked: flag,
  inventoryLevels: nodes(level),
});
const variantShape = record({ id: gid('ProductVariant'), inventoryItem: itemShape });

export interface Item {
  id: string;
  tracked: boolean;
  levels: Level[];
}

/** What the shop calls the articles: by the variants the hub knows, else by their SKUs. */
export async function itemsFor(
  http: ConnectorHttp,
  records: readonly OutgoingStock[],
): Promise<Map<OutgoingStock, Item>> {
  const found = new Map<OutgoingStock, Item>();
  const known = records.filter(({ productExternalId }) => productExternalId !== null);
  if (known.length > 0) {
    const ids = [...new Set(known.map(({ productExternalId }) => gidOf('ProductVariant', productExternalId!)))];
    const shape = record({ nodes: z.array(variantShape.nullable()) });
    const { nodes: variants } = await ask(http, itemsOfVariants, { ids }, shape);
    const byVariant = new Map(
      variants.flatMap((each) => (each ? [[each.id, itemOf(each.inventoryItem)] as const] : [])),
    );
    for (const each of known) {
      const item = byVariant.get(each.productExternalId!);
      if (item) found.set(each, item);
    }
  }
  const unknown = records.filter(({ productExternalId }) => productExternalId === null);
  const bySku = await itemsBySku(http, [...new Set(unknown.map(({ sku }) => sku))]);
  for (const each of unknown) {
    const item = bySku.get(each.sku);
    if (item) found.set(each, item);
  }
  return found;
}

async function itemsBySku(http: ConnectorHttp, skus: readonly string[]): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const shape = record({ inventoryItems: nodes(itemShape) });
  for (let from = 0; from < skus.length; from += SKUS_A_SEARCH) {
    const part = skus.slice(from, from + SKUS_A_SEARCH);
    const query = part.map((sku) => `sku:"${sku.replace(/["\\]/g, '\\$&')}"`).join(' OR ');
    const { inventoryItems } = await ask(http, itemsOfSkus, { query }, shape);
    for (const item of inventoryItems.nodes) {
      // A search finds more than what is the same.
      if (!item.sku || !part.includes(item.sku)) continue;
      if (found.has(item.sku)) throw rejected(`stock ${item.sku}: several variants of the shop have this SKU`);
      found.set(item.sku, itemOf(item));
    }
  }
  return found;
}

function itemOf({ id, tracked, inventoryLevels }: z.infer<typeof itemShape>): Item {
  return { id, tracked, levels: inventoryLevels.nodes };
}
