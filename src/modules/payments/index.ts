import { EVERYONE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { paymentsById } from './payment.loaders.js';
import { OrderPaymentsResolver, PaymentResolver } from './payment.resolver.js';
import { PAYMENT_PREFIX } from './payment.type.js';

/** Payments: what money came for an order, was promised for it, and was given back. */
export const payments: Module = {
  name: 'payments',
  resolvers: [PaymentResolver, OrderPaymentsResolver],
  nodes: [nodeSource(PAYMENT_PREFIX, paymentsById, EVERYONE)],
};

export { recordStatedPayment } from './actions/record-stated-payment.js';
export { PAYMENT, PaymentType } from './payment.type.js';
export type { PaymentStatus } from './payment.states.js';
