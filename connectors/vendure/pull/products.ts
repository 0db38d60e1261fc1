import { z } from 'zod';
import { ask, type Context } from '../client.js';
import { oneVariant, productsPage, variantsPage } from '../documents.js';
import { productChanges } from '../mapping/goods.js';
import { record } from '../wire/parts.js';
import {
  canRead,
  changing,
  listOf,
  OVERLAP_MS,
  pulled,
  secondLook,
  timeOf,
  type Changing,
  type Pull,
} from './records.js';
import { step, type Part } from './walk.js';

const variants = record({ productVariants: listOf(changing) });
const products = record({ products: listOf(changing.extend({ variants: z.array(changing) })) });
const one = record({ productVariant: changing.nullish() });

/** Variants, since each is sold and stocked by itself; one changes with its product too, which has a time of its own. */
export const productStream: Pull = {
  of: 'product',
  everyMs: 5 * 60_000,
  overlapMs: OVERLAP_MS,

  page(context, { since, cursor }) {
    const own = variantsPart(context, 'updatedAt', since);
    return step(since === null ? [own] : [own, productsPart(context, since)], cursor);
  },

  async one(context, externalId) {
    const found = await askOne(context, externalId);
    return found && recordOf(found);
  },

  async census(context, cursor) {
    const { records, next } = await step([variantsPart(context, 'createdAt', null)], cursor);
    return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
  },

  read: productChanges,
};

function variantsPart(context: Context, field: 'createdAt' | 'updatedAt', since: Date | null): Part {
  return {
    field,
    since,
    size: 50,
    async list(options) {
      const { productVariants: found } = await ask(context.http, variantsPage, { options }, variants);
      const items = await readable(context, found.items);
      return {
        items: items.map((each, index) => ({ at: timeOf(found.items[index]![field]), records: [recordOf(each)] })),
        totalItems: Number(found.totalItems),
      };
    },
  };
}

function productsPart(context: Context, since: Date): Part {
  return {
    field: 'updatedAt',
    since,
    size: 25,
    async list(options) {
      const { products: found } = await ask(context.http, productsPage, { options }, products);
      const items = [];
      for (const each of found.items) {
        const records = (await readable(context, each.variants)).map(recordOf);
        items.push({ at: timeOf(each.updatedAt), records });
      }
      return { items, totalItems: Number(found.totalItems) };
    },
  };
}

function readable(context: Context, found: readonly Changing[]): Promise<Changing[]> {
  return secondLook(
    found,
    (each) => canRead(() => productStream.read(each, context)),
    (id) => askOne(context, id),
  );
}

async function askOne({ http }: Context, id: string): Promise<Changing | null> {
  return (await ask(http, oneVariant, { id }, one)).productVariant ?? null;
}

function recordOf(raw: Changing) {
  return pulled(raw.id, raw, raw);
}
