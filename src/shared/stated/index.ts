// Records as connected systems state them, in the hub's words.
export type * from './catalog.js';
export type * from './customer.js';
export type * from './order.js';
export type * from './payment.js';
export type * from './quote.js';
export type * from './shipment.js';
