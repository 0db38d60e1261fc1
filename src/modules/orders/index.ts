import type { Module } from '../../graph/module.js';
import { ageSource } from '../references/index.js';
import { foldOrderCounts, reconcileOrderCounts } from './actions/keep-order-counts.js';
import { ORDER } from './order.events.js';
import { orderNodes } from './order-nodes.js';
import { orderResolvers } from './order-resolvers.js';
import { orderExport, orderLineExport } from './order.export.js';
import { orderRuleActions } from './order.rule-actions.js';
import { sellerSettings } from './order.settings.js';

/** Orders, their lines, money and timeline, and the channels they come from. */
export const orders = {
  name: 'orders',
  settings: [sellerSettings],
  resolvers: orderResolvers,
  nodes: orderNodes,
  ages: [ageSource('Order', ORDER)],
  upkeep: [foldOrderCounts, reconcileOrderCounts],
  exports: [orderExport, orderLineExport],
  ruleActions: orderRuleActions,
} satisfies Module;

export * from './channel.type.js';
export * from './department.type.js';
export * from './line-quantities.js';
export * from './order-holds.js';
export * from './order-money.type.js';
export { orderCount } from './order-count.queries.js';
export * from './credit.queries.js';
export * from './order-actions.js';
export { OrderEventTypeEnum } from './order-event.type.js';
export * from './order-input.type.js';
export * from './order-rules.js';
export * from './order-write.queries.js';
export * from './order.events.js';
export * from './order.loaders.js';
export * from './order.queries.js';
export * from './order.settings.js';
export * from './order.states.js';
export * from './order.type.js';
