import type { Module } from '../../graph/module.js';
import { ImportOrdersResolver } from './import-orders.resolver.js';
import { importRoute } from './import-route.js';

/** Orders that come in files. */
export const intake: Module = {
  name: 'intake',
  resolvers: [ImportOrdersResolver],
  routes: (hub) => [importRoute(hub)],
};

export { importOrders, type OrderFile } from './actions/import-orders.js';
export { DecimalMark, ImportOutcome } from './import-orders.type.js';
