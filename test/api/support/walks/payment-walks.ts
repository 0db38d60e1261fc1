import { paymentMachine, type PaymentStatus } from '../../../../src/modules/payments/payment.states.js';
import type { StatedPayment } from '../../../../src/shared/stated/index.js';
import { eventually } from '../../../support/eventually.js';
import { newKey } from '../../../support/hub.js';
import { at } from '../../../sync/speaker.js';
import { eur, fresh } from '../desk.js';
import { aPayment, statePayment } from '../pay.js';
import type { PaymentPayload } from '../pay-desk.js';
import type { WalkDesk } from './walk-desk.js';
import type { Standing, Walk, Walks } from './walk.js';

interface Kept {
  id: string;
  orderId: string;
  /** What the shop calls order and payment, where it states them. */
  stated?: { order: string; payment: string };
}
const PENDING_METHOD = { provider: 'manual', method: 'TRANSFER' };

/** Payments of 100.00, and how each of their statuses is come to. */
class Payments {
  #minute = 1;
  constructor(private readonly open: () => WalkDesk) {}

  get desk(): WalkDesk {
    return this.open();
  }

  async order(): Promise<string> {
    const lines = [{ sku: this.desk.beside.goods, quantity: '4', unitPrice: eur('20.4918') }];
    return (await this.desk.order({ lines, confirm: true })).id;
  }

  async begun(means: object): Promise<Kept> {
    const orderId = await this.order();
    const input = { orderId, idempotencyKey: newKey(), ...means };
    const { payment } = await this.desk.send<PaymentPayload>('authorizePayment', input);
    return { id: payment!.id, orderId };
  }

  byCard(token: string): Promise<Kept> {
    return this.begun({ provider: 'stripe', token: `pm_card_${token}` });
  }

  async recorded(): Promise<Kept> {
    const orderId = await this.order();
    const { payment } = await this.desk.step('recordPayment', { orderId, method: 'CASH', amount: eur('100.00') });
    return { id: payment!.id, orderId };
  }

  act(name: string, { id: paymentId }: Kept, amount?: string): Promise<unknown> {
    return this.desk.step(name, { paymentId, ...(amount !== undefined && { amount: eur(amount) }) });
  }

  /** The payer does what was asked for, and the provider's webhook tells of it. */
  async payer(kept: Kept, outcome: 'AGREES' | 'FAILS'): Promise<void> {
    const { stripe } = this.desk.beside;
    stripe.act(kept.id, outcome);
    await this.desk.post('/payments/webhooks/stripe', stripe.event(stripe.of(kept.id), this.desk.test.clock.now()));
    await eventually('the news to be taken', async () => (await this.read(kept)).status !== 'REQUIRES_ACTION');
  }

  /** As the shop states it. */
  async stated(values: Partial<StatedPayment>): Promise<Kept> {
    const [order, payment] = [fresh('web'), fresh('payment')];
    const { shop, goods } = this.desk.beside;
    const { id: orderId } = await shop.order(order, 1, [{ id: 'a', sku: goods, quantity: '10' }]);
    const kept = { id: '', orderId, stated: { order, payment } };
    await this.shopSays(kept, values);
    return { ...kept, id: (await this.desk.paid(orderId)).payments[0]!.id };
  }

  shopSays({ stated }: Kept, values: Partial<StatedPayment>): Promise<unknown> {
    this.#minute += 1;
    const { order, payment } = stated!;
    const said = aPayment(order, at(this.#minute), { captured: '0.00', ...values, externalId: payment });
    return statePayment(this.desk.test, this.desk.beside.shop.code, said);
  }

  async in(status: PaymentStatus): Promise<Kept> {
    if (status === 'PENDING') return this.begun(PENDING_METHOD);
    if (status === 'REQUIRES_ACTION') return this.byCard('authenticationRequired');
    if (status === 'FAILED') return this.byCard('chargeDeclined');
    const kept = await this.byCard('visa');
    if (status === 'VOIDED') await this.act('voidPayment', kept);
    if (status === 'PARTIALLY_CAPTURED') await this.act('capturePayment', kept, '40.00');
    if (status === 'CAPTURED' || status.endsWith('REFUNDED')) await this.act('capturePayment', kept);
    if (status === 'PARTIALLY_REFUNDED') await this.act('refundPayment', kept, '30.00');
    if (status === 'REFUNDED') await this.act('refundPayment', kept);
    return kept;
  }

  read({ id, orderId }: Kept): Promise<Standing> {
    return this.desk.standing(orderId, id, ({ field }, { data }) => data?.payment === id && field === 'payment.status');
  }
}

export function paymentWalks(open: () => WalkDesk): Walks<PaymentStatus, Kept> {
  const payments = new Payments(open);
  const input = ({ id: paymentId }: Kept) => ({ paymentId });
  return {
    machine: paymentMachine,
    in: (status) => payments.in(status),
    read: (kept) => payments.read(kept),
    walks: [...beginning(payments), ...waiting(payments), ...taking(payments), ...givingBack(payments)],
    asks: [
      // Of what is taken whole nothing is left: its amounts refuse.
      { mutation: 'capturePayment', to: 'CAPTURED', input, stays: ['CAPTURED'] },
      { mutation: 'voidPayment', to: 'VOIDED', input, stays: ['PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED'] },
      { mutation: 'refundPayment', to: 'REFUNDED', input, stays: ['REFUNDED'] },
    ],
    unreached: {},
  };
}

type PaymentWalk = Walk<PaymentStatus, Kept>;

function beginning(payments: Payments): PaymentWalk[] {
  const card = (token: string) => () => payments.byCard(token);
  return [
    { path: [null, 'PENDING'], how: 'a transfer that is awaited', make: () => payments.in('PENDING') },
    { path: [null, 'PENDING', 'AUTHORIZED'], how: 'a card', make: card('visa') },
    { path: [null, 'PENDING', 'REQUIRES_ACTION'], how: 'a card that asks', make: card('authenticationRequired') },
    { path: [null, 'PENDING', 'FAILED'], how: 'a card that is declined', make: card('chargeDeclined') },
    { path: [null, 'PENDING', 'CAPTURED'], how: 'recordPayment', make: () => payments.recorded() },
  ];
}

function waiting(payments: Payments): PaymentWalk[] {
  const act = (name: string, amount?: string) => (kept: Kept) => payments.act(name, kept, amount);
  return [
    { path: ['PENDING', 'CAPTURED'], how: 'capturePayment', step: act('capturePayment') },
    {
      path: ['PENDING', 'AUTHORIZED', 'PARTIALLY_CAPTURED'],
      how: 'capturePayment of some',
      step: act('capturePayment', '40.00'),
    },
    { path: ['PENDING', 'VOIDED'], how: 'voidPayment', step: act('voidPayment') },
    {
      path: ['REQUIRES_ACTION', 'AUTHORIZED'],
      how: 'the payer agrees',
      step: (kept) => payments.payer(kept, 'AGREES'),
    },
    { path: ['REQUIRES_ACTION', 'FAILED'], how: 'the payer fails', step: (kept) => payments.payer(kept, 'FAILS') },
    { path: ['REQUIRES_ACTION', 'VOIDED'], how: 'voidPayment', step: act('voidPayment') },
    {
      path: ['REQUIRES_ACTION', 'CAPTURED'],
      how: 'a shop that took it at once',
      make: () => payments.stated({ status: 'REQUIRES_ACTION' }),
      step: (kept) => payments.shopSays(kept, { status: 'CAPTURED', captured: '100.00' }),
    },
  ];
}

function taking(payments: Payments): PaymentWalk[] {
  const act = (name: string, amount?: string) => (kept: Kept) => payments.act(name, kept, amount);
  return [
    { path: ['AUTHORIZED', 'PARTIALLY_CAPTURED'], how: 'capturePayment of some', step: act('capturePayment', '40.00') },
    { path: ['AUTHORIZED', 'CAPTURED'], how: 'capturePayment', step: act('capturePayment') },
    { path: ['AUTHORIZED', 'VOIDED'], how: 'voidPayment', step: act('voidPayment') },
    {
      path: ['AUTHORIZED', 'VOIDED'],
      how: 'cancelOrder',
      step: ({ orderId }) => payments.desk.done('cancelOrder', { orderId }),
    },
    {
      path: ['AUTHORIZED', 'FAILED'],
      how: 'a shop whose authorization expired',
      make: () => payments.stated({ status: 'AUTHORIZED' }),
      step: (kept) => payments.shopSays(kept, { status: 'FAILED' }),
    },
    { path: ['PARTIALLY_CAPTURED', 'CAPTURED'], how: 'capturePayment of the rest', step: act('capturePayment') },
  ];
}

function givingBack(payments: Payments): PaymentWalk[] {
  const refund = (amount?: string) => (kept: Kept) => payments.act('refundPayment', kept, amount);
  const behind = (status: PaymentStatus, name: string) => async () => {
    const kept = await payments.in(status);
    await payments.act(name, kept);
    return kept;
  };
  return [
    { path: ['PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED'], how: 'refundPayment of some', step: refund('10.00') },
    {
      path: ['PARTIALLY_CAPTURED', 'REFUNDED'],
      how: 'refundPayment of all, its rest given up',
      make: behind('PARTIALLY_CAPTURED', 'voidPayment'),
      step: refund(),
    },
    { path: ['CAPTURED', 'PARTIALLY_REFUNDED'], how: 'refundPayment of some', step: refund('30.00') },
    { path: ['CAPTURED', 'REFUNDED'], how: 'refundPayment of all', step: refund() },
    { path: ['PARTIALLY_REFUNDED', 'REFUNDED'], how: 'refundPayment of the rest', step: refund() },
    {
      path: ['PARTIALLY_REFUNDED', 'REFUNDED'],
      how: 'voidPayment of the rest',
      make: behind('PARTIALLY_CAPTURED', 'refundPayment'),
      step: (kept) => payments.act('voidPayment', kept),
    },
    {
      path: ['PARTIALLY_REFUNDED', 'CAPTURED', 'REFUNDED'],
      how: 'a shop that took the rest and gave all back',
      make: () => payments.stated({ status: 'PARTIALLY_REFUNDED', captured: '40.00', refunded: '10.00' }),
      step: (kept) => payments.shopSays(kept, { status: 'REFUNDED', captured: '100.00', refunded: '100.00' }),
    },
  ];
}
