import type { PulledRecord } from '#connect';
import { search, type Context } from '../client.js';
import { productChanges } from '../mapping/goods.js';
import { idOf } from '../wire/values.js';
import { OVERLAP_MS, pulled, secondLook, TIMES, type Pull, type Row } from './records.js';
import { censusOf, itself, listing, step, type Walked } from './walk.js';

const TEMPLATE = ['name', 'type', 'salable', 'active', 'consumable', ...TIMES];
const PRODUCT = [
  'code',
  'description',
  'active',
  'template',
  ...TEMPLATE.map((field) => `template.${field}`),
  ...TIMES,
];

/** Variants, since each is sold and stocked by itself; one changes with its template too, which has times of its own. */
export const productStream: Pull = {
  of: 'product',
  everyMs: 5 * 60_000,
  overlapMs: OVERLAP_MS,

  page: (context, from) => step(context, walked, from),
  one: async (context, externalId) => (await documents(context, [externalId]))[0] ?? null,
  census: (context, cursor) => censusOf(context, walked, cursor),
  read: productChanges,
};

const walked: Walked = {
  size: 100,
  sources: [itself('product.product'), listing('product.template', 'products')],
  documents,
};

async function documents(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  const found = await read(context, ids);
  return secondLook(context, found, { read: productChanges, again: (id) => read(context, [id]) });
}

async function read(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  if (ids.length === 0) return [];
  const products = await search(context, 'product.product', { domain: [['id', 'in', ids.map(idOf)]], fields: PRODUCT });
  return products.map((product) => pulled(product.id, { product }, [product, product['template.'] as Row]));
}
