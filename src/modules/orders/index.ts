import type { Module } from '../../graph/module.js';
import { ageSource } from '../references/index.js';
import { foldOrderCounts, reconcileOrderCounts } from './actions/keep-order-counts.js';
import { ORDER } from './order.events.js';
import { orderNodes } from './order-nodes.js';
import { orderResolvers } from './order-resolvers.js';
import { orderExport, orderLineExport } from './order.export.js';

/** Orders, their lines, money and timeline, and the channels they come from. */
export const orders: Module = {
  name: 'orders',
  resolvers: orderResolvers,
  nodes: orderNodes,
  ages: [ageSource('Order', ORDER)],
  upkeep: [foldOrderCounts, reconcileOrderCounts],
  exports: [orderExport, orderLineExport],
};

export * from './actions/change-order-figures.js';
export * from './actions/create-channel.js';
export * from './actions/set-channel-active.js';
export * from './actions/hold-order.js';
export * from './actions/note-synced.js';
export * from './actions/refuse-uncovered.js';
export { releaseOrder } from './actions/release-order.js';
export * from './actions/write-order.js';
export * from './channel.type.js';
export * from './line-quantities.js';
export { HOLD_PREFIX, HoldReason } from './order-hold.type.js';
export { selectOpenHolds } from './order-hold.queries.js';
export * from './credit.queries.js';
export * from './order-input.type.js';
export * from './order-rules.js';
export * from './order-write.queries.js';
export * from './order.events.js';
export * from './order.loaders.js';
export * from './order.queries.js';
export * from './order.settings.js';
export * from './order.states.js';
export * from './order.type.js';
