import { isCustomer } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf, type GraphContext } from '../../graph/context.js';
import { addDecimals } from '../../shared/decimal.js';
import { componentsOfProduct, productsOfLines } from '../catalog/index.js';
import {
  selectAvailable,
  selectLevels,
  selectLevelsOfProducts,
  selectLocations,
  selectMovements,
} from './stock.queries.js';
import { bundlesAvailable, type AvailableRow } from './stock.rules.js';
import { StockMovementType } from './stock-movement.type.js';
import { StockLevelType, StockLocationType } from './stock.type.js';

export const locationsById = defineLoader<string, StockLocationType | null>(
  'locationsById',
  async (ids, { db, viewer }) => {
    const rows = isCustomer(viewer) ? [] : await db.read(selectLocations(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new StockLocationType(row)),
      ({ row }) => row.id,
    );
  },
);

/** Where something leaves from: for whoever sees what leaves, customers included. */
export const placesById = defineLoader<string, StockLocationType | null>('placesById', async (ids, { db }) => {
  const rows = await db.read(selectLocations(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new StockLocationType(row)),
    ({ row }) => row.id,
  );
});

export const levelsById = defineLoader<string, StockLevelType | null>('levelsById', async (ids, { db, viewer }) => {
  const rows = isCustomer(viewer) ? [] : await db.read(selectLevels(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new StockLevelType(row)),
    ({ row }) => row.id,
  );
});

export const movementsById = defineLoader<string, StockMovementType | null>(
  'movementsById',
  async (ids, { db, viewer }) => {
    const rows = isCustomer(viewer) ? [] : await db.read(selectMovements(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new StockMovementType(row)),
      ({ row }) => row.id,
    );
  },
);

export const levelsOfProduct = defineLoader<string, StockLevelType[]>('levelsOfProduct', async (ids, { db }) => {
  const rows = await db.read(selectLevelsOfProducts(ids));
  return listsOf(
    ids,
    rows.map((row) => new StockLevelType(row)),
    ({ row }) => row.product_id,
  );
});

/** What locations that promise have available of products, each product's by location. */
const availableOfProduct = defineLoader<string, AvailableRow[]>('availableOfProduct', async (ids, { db }) =>
  listsOf(ids, await db.read(selectAvailable(ids)), (row) => row.product_id),
);

/**
 * What can be promised of a product now: over all locations that promise, of a bundle as many as its parts that are no
 * options make up, each at one location. Null for what is not counted.
 */
export async function availableToPromise(
  context: GraphContext,
  product: { id: string; is_stocked: boolean },
): Promise<string | null> {
  const components = (await context.load(componentsOfProduct, product.id)).filter(({ isOptional }) => !isOptional);
  if (components.length === 0) {
    if (!product.is_stocked) return null;
    return (await context.load(availableOfProduct, product.id)).reduce(
      (sum, row) => addDecimals(sum, row.available),
      '0',
    );
  }
  const parts = await Promise.all(components.map(({ row }) => context.load(productsOfLines, row.component_id)));
  const counted = components.filter((_, index) => parts[index]?.row.is_stocked);
  if (counted.length === 0) return null;
  const shelves = await Promise.all(counted.map(({ row }) => context.load(availableOfProduct, row.component_id)));
  return bundlesAvailable(counted.map(({ quantity }, index) => ({ perUnit: quantity, shelf: shelves[index]! })));
}
