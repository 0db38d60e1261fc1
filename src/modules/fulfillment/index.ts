import { documentRoute } from '../../documents/index.js';
import { EVERYONE, INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { packingSlips, pickLists } from './dispatch-documents.js';
import { ShipmentPapersResolver } from './dispatch.resolver.js';
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
  nodes: [
    nodeSource(SHIPMENT_PREFIX, shipmentsById, EVERYONE),
    nodeSource(FULFILLMENT_ORDER_PREFIX, fulfillmentOrdersById, INSIDE),
  ],
  routes: (hub) => [documentRoute(hub, packingSlips), documentRoute(hub, pickLists)],
};

export { cancelFulfillmentOrder } from './actions/cancel-fulfillment-order.js';
export { coverFilled, settleWork } from './actions/cover-goods.js';
export { createShipment } from './actions/create-shipment.js';
export { holdFulfillmentOrder } from './actions/hold-fulfillment-order.js';
export { mergeFulfillmentOrders } from './actions/merge-fulfillment-orders.js';
export { moveFulfillmentOrder } from './actions/move-fulfillment-order.js';
export { releaseFulfillmentOrder } from './actions/release-fulfillment-order.js';
export { releaseToWarehouse } from './actions/release-to-warehouse.js';
export { splitFulfillmentOrder } from './actions/split-fulfillment-order.js';
export { updateShipment } from './actions/update-shipment.js';
export * from './shipment.queries.js';
export { shipmentsById } from './shipment.loaders.js';
export { SHIPMENT, SHIPMENT_PREFIX, ShipmentType, type ShipmentRow } from './shipment.type.js';
export { isBehind, isOnItsWay, isPreparing, type ShipmentStatus } from './shipment.states.js';
