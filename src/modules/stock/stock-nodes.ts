import { INSIDE } from '../../graph/access.js';
import { nodeSource } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { LEVEL, LOCATION } from './stock.events.js';
import { levelsById, locationsById, movementsById } from './stock.loaders.js';
import { LEVEL_PREFIX, LOCATION_PREFIX, StockLevelType, StockLocationType } from './stock.type.js';
import { MOVEMENT_PREFIX } from './stock-movement.type.js';

/** What of stock can be found by id alone. */
export const stockNodes = [
  nodeSource(LEVEL_PREFIX, levelsById, INSIDE),
  nodeSource(LOCATION_PREFIX, locationsById, INSIDE),
  nodeSource(MOVEMENT_PREFIX, movementsById, INSIDE),
];

/** What of stock tells its history. */
export const stockHistories = [
  historyOf(StockLocationType, { kind: LOCATION, type: 'StockLocation', prefix: LOCATION_PREFIX, roles: INSIDE }),
  historyOf(StockLevelType, { kind: LEVEL, type: 'StockLevel', prefix: LEVEL_PREFIX, roles: INSIDE }),
];
