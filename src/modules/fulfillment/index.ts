import { EVERYONE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { shipmentsById } from './shipment.loaders.js';
import { OrderShipmentsResolver, ShipmentLineResolver, ShipmentResolver } from './shipment.resolver.js';
import { SHIPMENT_PREFIX } from './shipment.type.js';

/** Shipments: which goods of an order leave from where, and how far they are. */
export const fulfillment: Module = {
  name: 'fulfillment',
  resolvers: [ShipmentResolver, ShipmentLineResolver, OrderShipmentsResolver],
  nodes: [nodeSource(SHIPMENT_PREFIX, shipmentsById, EVERYONE)],
};

export { createShipment } from './actions/create-shipment.js';
export { updateShipment } from './actions/update-shipment.js';
export {
  claimsByLine,
  lockShipment,
  selectClaims,
  selectLinesOfShipments,
  selectOrderOfShipment,
  selectProgress,
  selectWhereabouts,
  type ClaimRow,
} from './shipment.queries.js';
export { shipmentsById } from './shipment.loaders.js';
export { SHIPMENT, SHIPMENT_PREFIX, ShipmentType, type ShipmentRow } from './shipment.type.js';
export { isBehind, isOnItsWay, isPreparing, type ShipmentStatus } from './shipment.states.js';
