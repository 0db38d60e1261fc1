// What can be done with a warehouse's work and with shipments.
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
