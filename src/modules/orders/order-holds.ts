// What other modules need of holds.
export * from './actions/hold-order.js';
export { HOLD_REASONS } from './hold-reason.rules.js';
export * from './actions/release-order.js';
export { selectOpenHolds, selectReleasedHolds } from './order-hold.queries.js';
export { HOLD_PREFIX, HoldOrderInput, HoldReason, ReleaseOrderInput, type HoldRow } from './order-hold.type.js';
