import type { Module } from '../../graph/module.js';
import { ImportOrdersResolver } from './import-orders.resolver.js';

/** Orders that come in files. */
export const intake: Module = {
  name: 'intake',
  resolvers: [ImportOrdersResolver],
};

export { importOrders, type OrderFile } from './actions/import-orders.js';
export { DecimalMark, ImportOutcome } from './import-orders.type.js';
