import { rejected, type PulledRecord } from '#connect';
import { find, search, type Context } from '../client.js';
import { levelChanges } from '../mapping/goods.js';
import { companyOf, hubLocation } from '../settings.js';
import { id as idShape, ID, latest, stamp, times } from '../wire/parts.js';
import { idOf } from '../wire/values.js';
import { OVERLAP_MS, secondLook, type Pull } from './records.js';
import { belonging, censusOf, itself, step, type Source, type Walked } from './walk.js';

const MANY_MOVES = 200;
const DONE = ['state', '=', 'done'];

/**
 * What lies in the warehouses that the settings name. There is no record of a level: what moved says which products to
 * count anew, and a level has the time of its product’s last move.
 */
export const stock: Pull = {
  of: 'stock',
  everyMs: 2 * 60_000,
  overlapMs: OVERLAP_MS,

  async page(context, from) {
    if (warehousesOf(context).length === 0) return { records: [], next: null };
    const { records, next } = await step(context, walked(context, from.since), from);
    return { records, next };
  },

  async one(context, externalId) {
    const [product = '', warehouse = ''] = externalId.split('@');
    if (!ID.test(product) || !ID.test(warehouse)) {
      throw rejected(`stock: expected an id such as "1@2", got "${externalId}"`);
    }
    if (hubLocation(context.settings, warehouse) === undefined) return null;
    return (await levels(context, [product])).find((each) => each.externalId === externalId) ?? null;
  },

  async census(context, cursor) {
    if (warehousesOf(context).length === 0) return { records: [], next: null };
    return censusOf(context, walked(context, null), cursor);
  },

  read: levelChanges,
};

function warehousesOf({ settings }: Context): string[] {
  return Object.values(settings.locations ?? {});
}

function walked({ settings }: Context, since: Date | null): Walked {
  const goods = itself('product.product', [['type', '=', 'goods']]);
  const moves: Source = belonging('stock.move', 'product', [DONE, ['company', '=', companyOf(settings)]]);
  return { size: 25, sources: [since === null ? goods : moves], documents: levels };
}

async function levels(context: Context, products: readonly string[]): Promise<PulledRecord[]> {
  const found = await read(context, products);
  const again = async (externalId: string) => {
    const once = await read(context, [externalId.split('@')[0]!]);
    return once.filter((each) => each.externalId === externalId);
  };
  return secondLook(context, found, { read: levelChanges, again });
}

async function read(context: Context, products: readonly string[]): Promise<PulledRecord[]> {
  if (products.length === 0) return [];
  const moved = await lastMoves(context, products);
  const domain = [['id', 'in', products.map(idOf)]];
  const records: PulledRecord[] = [];
  for (const warehouse of warehousesOf(context)) {
    // Several places at once would be added up.
    const surroundings = { locations: [idOf(warehouse)], with_childs: true };
    const fields = ['code', 'type', 'consumable', 'quantity'];
    for (const product of await search(context, 'product.product', { domain, fields, surroundings })) {
      const at = moved.get(product.id);
      // What never moved lies nowhere.
      if (at === undefined) continue;
      const version = `${at}+${String(product.quantity)}`;
      const raw = { product, warehouse, at };
      records.push({ externalId: `${product.id}@${warehouse}`, version, modifiedAt: new Date(at), raw });
    }
  }
  return records;
}

/** When each of the products moved last, anywhere; one question for most of them. */
async function lastMoves(context: Context, products: readonly string[]): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  const ask = async (which: readonly string[], limit: number) => {
    const domain = [['product', 'in', which.map(idOf)], DONE, ['company', '=', companyOf(context.settings)]];
    const order: [string, string][] = [['write_date', 'DESC'], ['id', 'DESC']]; // prettier-ignore
    const fields = ['product', 'create_date', 'write_date'];
    // A move that is done was written: it is made as a draft.
    const written = [...domain, ['write_date', '!=', null]];
    const asked = { domain: written, fields, order, limit };
    const moves = await find(context, 'stock.move', asked, { product: idShape, ...times, write_date: stamp });
    for (const { product, write_date: at } of moves) known.set(product, latest([at, known.get(product) ?? at]));
    return moves.length === limit;
  };
  const hasMore = await ask(products, MANY_MOVES);
  for (const product of hasMore ? products.filter((each) => !known.has(each)) : []) await ask([product], 1);
  return known;
}
