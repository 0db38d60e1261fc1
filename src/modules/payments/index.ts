import { EVERYONE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { settleOpenAttempts } from './actions/settle-open-attempts.js';
import { noticeRoute } from './notice-route.js';
import { paymentsById } from './payment.loaders.js';
import { OrderPaymentsResolver, PaymentResolver } from './payment.resolver.js';
import { providerSettings } from './payment.settings.js';
import { PaymentStepResolver } from './payment-step.resolver.js';
import { PAYMENT_PREFIX } from './payment.type.js';
import { paymentProviders } from './provider.js';
import { providersOf } from './providers/index.js';

/** Payments: what money came for an order, was promised for it, and was given back; told by channels, or moved by the hub. */
export const payments = {
  name: 'payments',
  settings: [providerSettings],
  services: async ({ services }) => {
    services.provide(paymentProviders, await providersOf(services.get(providerSettings)));
  },
  resolvers: [PaymentResolver, PaymentStepResolver, OrderPaymentsResolver],
  nodes: [nodeSource(PAYMENT_PREFIX, paymentsById, EVERYONE)],
  upkeep: [settleOpenAttempts],
  routes: (hub) => [noticeRoute(hub)],
} satisfies Module;

export { carryOutForOrder, giveUpPayments, selectCash } from './actions/give-up-payments.js';
export { recordStatedPayment } from './actions/record-stated-payment.js';
export { PAYMENT, PaymentType } from './payment.type.js';
export type { PaymentStatus } from './payment.states.js';
