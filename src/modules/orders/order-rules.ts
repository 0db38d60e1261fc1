// What is computed of an order, purely: prices, shipping, totals, where its fulfillment and payment stand.
export * from './order-pricing.rules.js';
export * from './order-shipping.rules.js';
export * from './order.fulfillment.rules.js';
export * from './order.payment.rules.js';
export * from './order.totals.rules.js';
