// What can be done to an order, and what every such step needs.
export * from './actions/change-order-figures.js';
export * from './actions/create-channel.js';
export * from './actions/hold-order.js';
export * from './actions/note-synced.js';
export * from './actions/refuse-uncovered.js';
export * from './actions/release-order.js';
export * from './actions/set-channel-active.js';
export * from './actions/write-order.js';
