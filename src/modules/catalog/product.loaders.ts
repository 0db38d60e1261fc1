import { isCustomer } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf, type ReadScope } from '../../graph/context.js';
import { moneyOfUnitPrice, type Money } from '../../shared/money.js';
import { externalReferencesOf, provenanceOf, recordByExternalId } from '../references/index.js';
import { bundlePrice, chosenParts } from './bundle.rules.js';
import { BundleComponentType } from './bundle.type.js';
import { PriceListType } from './price-list.type.js';
import type { Option } from './product-option.rules.js';
import {
  selectComponents,
  selectOptions,
  selectPricedProducts,
  selectPriceLists,
  selectProducts,
  selectProductsBySku,
} from './product.queries.js';
import { ProductType, type ProductRow } from './product.type.js';

/** Products behind the lines of a record that the viewer sees: also those no longer sold. */
export const productsOfLines = defineLoader<string, ProductType | null>('productsOfLines', async (ids, { db }) => {
  const rows = await db.read(selectProducts(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new ProductType(row)),
    ({ row }) => row.id,
  );
});

export const priceListsById = defineLoader<string, PriceListType | null>('priceListsById', async (ids, { db }) => {
  const rows = await db.read(selectPriceLists(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new PriceListType(row)),
    ({ row }) => row.id,
  );
});

export const productsById = defineLoader<string, ProductType | null>('productsById', async (ids, scope) => {
  const rows = await scope.db.read(selectProducts(ids));
  return inOrderOf(ids, visible(rows, scope), ({ row }) => row.id);
});

export const productsBySku = defineLoader<string, ProductType | null>('productsBySku', async (skus, scope) => {
  const rows = await scope.db.read(selectProductsBySku(skus));
  return inOrderOf(skus, visible(rows, scope), ({ row }) => row.sku);
});

function visible(rows: ProductRow[], { viewer }: ReadScope): ProductType[] {
  return rows.filter((row) => row.is_active || !isCustomer(viewer)).map((row) => new ProductType(row));
}

export interface PriceKey {
  sku: string;
  currency: string;
  quantity: string;
  customerId: string | null;
}

/** Unit prices; one statement for each currency and customer asked for. */
export const unitPrices = defineLoader<PriceKey, Money | null>(
  'unitPrices',
  async (keys, { db, clock }) => {
    const now = clock.now().toISOString();
    const prices = new Array<Money | null>(keys.length).fill(null);
    const groups = Map.groupBy(keys.keys(), (index) => `${keys[index]!.currency} ${keys[index]!.customerId}`);
    for (const indexes of groups.values()) {
      const { currency, customerId } = keys[indexes[0]!]!;
      const asked = indexes.map((index) => keys[index]!);
      const rows = await db.read(
        selectPricedProducts(
          asked.map((key) => key.sku),
          asked.map((key) => key.quantity),
          currency,
          customerId,
          now,
        ),
      );
      for (const row of rows) {
        const index = indexes[Number(row.ordinal) - 1]!;
        const price = row.components
          ? bundlePrice(row.unit_price, chosenParts(row.components, new Set()), currency).unitPrice
          : row.unit_price;
        prices[index] = price === null ? null : moneyOfUnitPrice(price, currency);
      }
    }
    return prices;
  },
  (key) => JSON.stringify(key),
);

export const componentsOfProduct = defineLoader<string, BundleComponentType[]>(
  'componentsOfProduct',
  async (ids, { db }) => {
    const rows = await db.read(selectComponents(ids));
    return listsOf(
      ids,
      rows.map((row) => new BundleComponentType(row)),
      ({ row }) => row.product_id,
    );
  },
);

export const optionsOfProduct = defineLoader<string, Option[]>('optionsOfProduct', async (ids, { db }) => {
  const rows = await db.read(selectOptions(ids));
  return inOrderOf(ids, rows, ({ id }) => id).map((row) => row?.options ?? []);
});

export const productReferences = externalReferencesOf('product');
export const productProvenance = provenanceOf('product');
export const productByExternalId = recordByExternalId('product');
