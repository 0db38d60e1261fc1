import { z } from 'zod';
import { readWire, type ConnectorHttp, type PulledRecord } from '#connect';
import { ask, behind, changedSince, inAffordablePages } from '../client.js';
import { oneVariant, PRODUCTS_IN_BULK, productsPage, productVariants, variantsCensus } from '../documents/catalog.js';
import { statedProduct } from '../mapping/products.js';
import { canAsk, refuseUnlessCanAsk } from '../settings.js';
import { gidOf, record } from '../wire/parts.js';
import { graphVariant, variantOfGraph } from '../wire/products.js';
import { bulkPage } from './bulk.js';
import {
  allOf,
  changing,
  connection,
  digitsOf,
  laterText,
  NOTHING,
  OVERLAP_MS,
  pulled,
  type Changing,
  type Context,
  type Pull,
} from './records.js';

const SIZES = [25, 5, 1];
const product = changing.extend({ variants: connection(changing) });
const inBulk = changing.extend({ variants: z.looseObject({ nodes: z.array(changing) }) });
const variantShape = changing.extend({ product: changing });

/** Variants, since each is sold and stocked by itself; a product changes with each of its variants. */
export const products: Pull = {
  of: 'product',
  everyMs: 5 * 60_000,
  overlapMs: OVERLAP_MS,

  async page({ http, settings, credentials }, { since, cursor }) {
    if (!canAsk(credentials)) return NOTHING;
    if (since === null) {
      const tree = { Product: { ProductVariant: 'variants' } };
      const { rows, ...rest } = await bulkPage(http, { query: PRODUCTS_IN_BULK, tree }, cursor);
      const found = rows.map((row) => readWire(inBulk, row));
      return { records: found.flatMap((each) => recordsOf(each, each.variants.nodes, settings)), ...rest };
    }
    const shape = record({ products: connection(product) });
    const { products: found } = await inAffordablePages(SIZES, (first) =>
      ask(http, productsPage, { first, after: cursor, query: changedSince(since) }, shape),
    );
    const records: PulledRecord[] = [];
    for (const each of found.nodes) records.push(...recordsOf(each, await allVariants(http, each), settings));
    return { records, next: behind(found.pageInfo) };
  },

  async one({ http, settings, credentials }, externalId) {
    refuseUnlessCanAsk(credentials);
    const shape = record({ productVariant: variantShape.nullish() });
    const { productVariant: found } = await ask(http, oneVariant, { id: gidOf('ProductVariant', externalId) }, shape);
    return found ? (recordsOf(found.product, [found], settings)[0] ?? null) : null;
  },

  async census({ http, credentials }, cursor) {
    refuseUnlessCanAsk(credentials);
    const shape = record({
      productVariants: connection(variantShape.extend({ product: z.looseObject({ updatedAt: z.string() }) })),
    });
    const { productVariants: found } = await ask(http, variantsCensus, { after: cursor }, shape);
    const records = found.nodes.map(({ id, updatedAt, product: { updatedAt: whole } }) => ({
      externalId: digitsOf(id),
      version: laterText(updatedAt, whole),
    }));
    return { records, next: behind(found.pageInfo) };
  },

  read: (raw, { settings }) => [
    { kind: 'product', product: statedProduct(variantOfGraph(readWire(graphVariant, raw)), settings) },
  ],
};

function recordsOf(
  { variants: _, ...whole }: Changing,
  variants: readonly Changing[],
  settings: Context['settings'],
): PulledRecord[] {
  return variants.map((variant) =>
    pulled(
      { ...variant, product: whole },
      {
        externalId: digitsOf(variant.id),
        updatedAt: laterText(variant.updatedAt, whole.updatedAt),
        read: products.read,
        settings,
      },
    ),
  );
}

function allVariants(http: ConnectorHttp, { id, variants }: z.infer<typeof product>): Promise<Changing[]> {
  const shape = record({ product: record({ variants: connection(changing) }).nullish() });
  return allOf(variants, async (after) => {
    const { product: found } = await ask(http, productVariants, { id, after }, shape);
    return found?.variants;
  });
}
