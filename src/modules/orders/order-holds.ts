// What other modules need of holds.
export * from './actions/hold-order.js';
export * from './actions/release-order.js';
export { selectReleasedHolds } from './order-hold.queries.js';
export { HoldOrderInput, HoldReason, ReleaseOrderInput, type HoldRow } from './order-hold.type.js';
