import { z } from 'zod';
import { readWire, rejected, type PulledRecord } from '#connect';
import { ask, type Context } from '../client.js';
import { oneStocked, stockPage } from '../documents.js';
import { levelChanges } from '../mapping/goods.js';
import { hubLocation } from '../settings.js';
import { level as levelShape, levelId, levelVersion } from '../wire/goods.js';
import { record } from '../wire/parts.js';
import { canRead, changing, listOf, secondLook, timeOf, type Pull } from './records.js';
import { step, type Part } from './walk.js';

const stocked = changing.extend({ stockLevels: z.array(z.looseObject({ stockLocationId: z.string() })) });
type Stocked = z.infer<typeof stocked>;
const page = record({ productVariants: listOf(changing) });
const one = record({ productVariant: changing.nullish() });

/** Levels of the locations that the settings name. No list finds those that changed: each walk goes over all of them. */
export const stock: Pull = {
  of: 'stock',
  everyMs: 15 * 60_000,
  overlapMs: 0,

  async page(context, { cursor }) {
    if (Object.keys(context.settings.locations ?? {}).length === 0) return { records: [], next: null };
    const read = await step([part(context)], cursor);
    return { records: read.records, next: read.next };
  },

  async one(context, externalId) {
    const [variantId, locationId] = externalId.split('@');
    if (!variantId || !locationId) throw rejected(`stock: expected an id such as "1@2", got "${externalId}"`);
    const { productVariant } = await ask(context.http, oneStocked, { id: variantId }, one);
    if (!productVariant) return null;
    return recordsOf(context, readWire(stocked, productVariant)).find((each) => each.externalId === externalId) ?? null;
  },

  async census(context, cursor) {
    const { records, next } = await stock.page(context, { since: null, cursor });
    return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
  },

  read: levelChanges,
};

function part(context: Context): Part {
  return {
    field: 'createdAt',
    since: null,
    size: 100,
    async list(options) {
      const { productVariants: found } = await ask(context.http, stockPage, { options }, page);
      const items = await secondLook(
        found.items,
        (each) => canRead(() => recordsOf(context, readWire(stocked, each)).map(({ raw }) => stock.read(raw, context))),
        async (id) => (await ask(context.http, oneStocked, { id }, one)).productVariant ?? null,
      );
      return {
        items: items.map((each, index) => ({
          at: timeOf(found.items[index]!.createdAt),
          records: recordsOf(context, readWire(stocked, each)),
        })),
        totalItems: Number(found.totalItems),
      };
    },
  };
}

function recordsOf({ settings }: Context, { id, stockLevels, ...variant }: Stocked): PulledRecord[] {
  return stockLevels
    .filter(({ stockLocationId }) => hubLocation(settings, stockLocationId) !== undefined)
    .map((raw) => {
      const level = readWire(levelShape, raw);
      return {
        externalId: levelId(id, level.stockLocationId),
        version: levelVersion(level),
        modifiedAt: level.updatedAt,
        raw: { id, sku: variant.sku, trackInventory: variant.trackInventory, level: raw },
      };
    });
}
