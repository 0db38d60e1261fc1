import { isCustomer } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { addDecimals } from '../../shared/decimal.js';
import { selectLevels, selectLevelsOfProducts, selectLocations, selectMovements } from './stock.queries.js';
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

export function sumAvailable(levels: StockLevelType[]): string {
  return levels.reduce((sum, level) => addDecimals(sum, level.available), '0');
}
