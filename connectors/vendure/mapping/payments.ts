import type { StatedPayment } from '#connect';
import type { Settings } from '../settings.js';
import type { Order, Payment } from '../wire/orders.js';
import { textOf } from '../wire/parts.js';
import { amountOf, minorAt, sum } from './amounts.js';
import { latest } from './people.js';

const BY_STATE: Readonly<Record<Payment['state'], StatedPayment['status']>> = {
  Created: 'PENDING',
  Authorized: 'AUTHORIZED',
  Settled: 'CAPTURED',
  Declined: 'FAILED',
  Error: 'FAILED',
  Cancelled: 'VOIDED',
};

export function paymentsOf({ id, currencyCode: currency, payments }: Order, settings: Settings): StatedPayment[] {
  return payments.map((payment, index) => {
    const minor = (name: string, value: string) => minorAt(`payments.${index}.${name}`, value, currency, settings);
    const amount = minor('amount', payment.amount);
    const captured = payment.state === 'Settled' ? amount : 0n;
    const settled = payment.refunds.filter(({ state }) => state === 'Settled');
    const refunded = sum(settled.map(({ total }) => minor('refunds.total', total)));
    return {
      externalId: payment.id,
      sourceVersion: latest([payment.updatedAt, ...payment.refunds.map(({ updatedAt }) => updatedAt)]),
      orderExternalId: id,
      status: statusOf(payment, captured, refunded),
      currency,
      amount: amountOf(amount, currency),
      captured: amountOf(captured, currency),
      refunded: amountOf(refunded, currency),
      provider: textOf(payment.method) ?? 'unknown',
      displayName: textOf(payment.transactionId),
      createdAt: payment.createdAt,
    };
  });
}

function statusOf({ state }: Payment, captured: bigint, refunded: bigint): StatedPayment['status'] {
  if (state === 'Settled' && refunded > 0n) return refunded >= captured ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  return BY_STATE[state];
}
