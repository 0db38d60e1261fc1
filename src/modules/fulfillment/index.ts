import { documentRoute } from '../../documents/index.js';
import { EVERYONE, INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { packingSlips, pickLists } from './dispatch-documents.js';
import { ShipmentPapersResolver } from './dispatch.resolver.js';
import { fulfillmentRuleActions } from './fulfillment.rule-actions.js';
import { fulfillmentOrderExport } from './fulfillment-order.export.js';
import { fulfillmentOrdersById } from './fulfillment-order.loaders.js';
import { fulfillmentOrderResolvers } from './fulfillment-order.resolver.js';
import { FulfillmentOrderStepResolver } from './fulfillment-order-step.resolver.js';
import { FULFILLMENT_ORDER_PREFIX } from './fulfillment-order.type.js';
import { shipmentsById } from './shipment.loaders.js';
import { shipmentResolvers } from './shipment.resolver.js';
import { SHIPMENT_PREFIX } from './shipment.type.js';

/** What warehouses have of an order to send, and the shipments in which it leaves. */
export const fulfillment: Module = {
  name: 'fulfillment',
  resolvers: [...shipmentResolvers, ...fulfillmentOrderResolvers, FulfillmentOrderStepResolver, ShipmentPapersResolver],
  exports: [fulfillmentOrderExport],
  ruleActions: fulfillmentRuleActions,
  nodes: [
    nodeSource(SHIPMENT_PREFIX, shipmentsById, EVERYONE),
    nodeSource(FULFILLMENT_ORDER_PREFIX, fulfillmentOrdersById, INSIDE),
  ],
  routes: (hub) => [documentRoute(hub, packingSlips), documentRoute(hub, pickLists)],
};

export * from './fulfillment-actions.js';
export * from './shipment.queries.js';
export { shipmentsById } from './shipment.loaders.js';
export { SHIPMENT, SHIPMENT_PREFIX, ShipmentType, type ShipmentRow } from './shipment.type.js';
export { isBehind, isOnItsWay, isPreparing, type ShipmentStatus } from './shipment.states.js';
