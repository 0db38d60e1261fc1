import type { Module } from '../../graph/module.js';
import { ageSource, freshnessFieldOf } from '../references/index.js';
import { StockBulkResolver } from './stock-bulk.resolver.js';
import { stockExport } from './stock.export.js';
import { stockHistories, stockNodes } from './stock-nodes.js';
import { stockResolvers } from './stock.resolver.js';
import { StockLocationEntity } from './stock-location.entity.js';
import { STOCK } from './stock.events.js';
import { InsufficientStockError, StockLevelType } from './stock.type.js';

/** What is where, what is promised: the movements are the truth, levels change in the same transaction. */
export const stock: Module = {
  name: 'stock',
  resolvers: [...stockResolvers, StockBulkResolver, ...stockHistories, freshnessFieldOf(StockLevelType, STOCK)],
  ages: [ageSource('StockLevel', STOCK)],
  types: [InsufficientStockError],
  entities: [StockLocationEntity],
  exports: [stockExport],
  nodes: stockNodes,
};

export { adjustStock, type StockAdjustment } from './actions/adjust-stock.js';
export { moveReservations } from './actions/move-reservations.js';
export { releaseStock } from './actions/release-stock.js';
export { reserveStock, type Reserved, type StockNeed } from './actions/reserve-stock.js';
export { shipStock, type Leaving } from './actions/ship-stock.js';
export { setReorderPolicy } from './actions/set-reorder-policy.js';
export { upsertStockLocation } from './actions/upsert-stock-location.js';
export * from './stock.queries.js';
export { availableToPromise, levelsById, locationsById, placesById } from './stock.loaders.js';
export { LEVEL, levelEvents, STOCK, type LevelHappening } from './stock.events.js';
export { lockedLevel } from './actions/locked-level.js';
export * from './stock.rules.js';
export { KEEPERS } from './stock.resolver.js';
export * from './stock.type.js';
export { StockMovementType } from './stock-movement.type.js';
