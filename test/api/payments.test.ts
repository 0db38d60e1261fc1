import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { after, eur, seeded } from './support/desk.js';
import { PayDesk, type PaymentPayload } from './support/pay-desk.js';

const DAY = 86_400_000;

let hub: TestHub;
let desk: PayDesk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new PayDesk(hub);
  sku = await desk.product('25.00', '1000');
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});
beforeEach(() => hub.clock.set(START));

/** Of 100.00, taxes included. */
async function anOrder(more: object = {}): Promise<string> {
  return (await desk.order({ lines: [{ sku, quantity: '4', unitPrice: eur('20.4918') }], confirm: true, ...more })).id;
}
const authorize = (orderId: string, method: string, more: object = {}) =>
  desk.step('authorizePayment', { orderId, provider: 'manual', method, ...more });

describe('money that people move', () => {
  test('a transfer is awaited, comes in parts, and pays the order', async () => {
    const orderId = await anOrder();
    const begun = await authorize(orderId, 'TRANSFER');
    expect(begun.payment).toMatchObject({
      ...{ status: 'PENDING', amount: eur('100.00'), capturedAmount: eur('0.00'), version: 1 },
      ...{ provider: 'manual', method: 'TRANSFER', dueAt: null },
    });
    expect(begun.order).toMatchObject({ paymentStatus: 'PENDING', version: 2 });
    const paymentId = begun.payment!.id;
    const part = await desk.step('capturePayment', { paymentId, amount: eur('40.00') });
    expect(part.payment).toMatchObject({ status: 'PARTIALLY_CAPTURED', capturedAmount: eur('40.00'), version: 2 });
    expect(part.order).toMatchObject({ paymentStatus: 'PARTIALLY_PAID', balanceDue: eur('60.00') });
    const whole = await desk.step('capturePayment', { paymentId });
    expect(whole.payment).toMatchObject({ status: 'CAPTURED', capturedAmount: eur('100.00') });
    expect(whole.order).toMatchObject({ paymentStatus: 'PAID', paidTotal: eur('100.00'), balanceDue: eur('0.00') });
    expect(await desk.money(orderId)).toEqual([
      'EDITED 100.00 EUR by manual: a payment was begun',
      'PAYMENT_AUTHORIZED 40.00 EUR by manual: authorized',
      'PAYMENT_CAPTURED 40.00 EUR by manual: paid',
      'PAYMENT_CAPTURED 60.00 EUR by manual: paid',
    ]);
    expect(await desk.refusals('capturePayment', { paymentId })).toEqual(['AMOUNT_EXCEEDED at paymentId']);
  });

  test('on account it is due by its term, taken when it comes, and given up whole or for its rest', async () => {
    const orderId = await anOrder();
    const { payment, order } = await authorize(orderId, 'ON_ACCOUNT', { termDays: 14 });
    expect(payment).toMatchObject({ status: 'AUTHORIZED', authorizedAmount: eur('100.00'), dueAt: after(14 * DAY) });
    expect(order).toMatchObject({ paymentStatus: 'AUTHORIZED' });
    const paymentId = payment!.id;
    await desk.step('capturePayment', { paymentId, amount: eur('30.00') });
    const rest = await desk.step('voidPayment', { paymentId, reason: 'paid otherwise' });
    expect(rest.payment).toMatchObject({ status: 'PARTIALLY_CAPTURED', capturedAmount: eur('30.00') });
    expect(rest.order).toMatchObject({ paymentStatus: 'PARTIALLY_PAID' });
    expect(await desk.refusals('capturePayment', { paymentId })).toEqual(['AMOUNT_EXCEEDED at paymentId']);
    expect(await desk.refusals('voidPayment', { paymentId })).toEqual(['CONFLICT at paymentId']);
    const other = await authorize(orderId, 'ON_ACCOUNT');
    expect(other.payment).toMatchObject({ amount: eur('70.00'), dueAt: after(30 * DAY) });
    const gone = await desk.step('voidPayment', { paymentId: other.payment!.id });
    expect(gone.payment).toMatchObject({ status: 'VOIDED' });
    expect((await desk.money(orderId)).slice(2, 4)).toEqual([
      'PAYMENT_VOIDED 70.00 EUR by manual: given up',
      'EDITED 70.00 EUR by manual: paid otherwise',
    ]);
  });

  test('is noted when nobody had announced it, even beyond the total, and given back in parts, never more than came', async () => {
    const orderId = await anOrder();
    const { payment, order } = await desk.step('recordPayment', { orderId, method: 'CASH', amount: eur('120.00') });
    expect(payment).toMatchObject({ status: 'CAPTURED', capturedAmount: eur('120.00'), version: 1 });
    expect(order).toMatchObject({ paymentStatus: 'OVERPAID', balanceDue: eur('-20.00') });
    const paymentId = payment!.id;
    expect((await desk.step('refundPayment', { paymentId, amount: eur('20.00') })).order).toMatchObject({
      ...{ paymentStatus: 'PARTIALLY_REFUNDED', refundedTotal: eur('20.00'), balanceDue: eur('0.00') },
    });
    expect(await desk.refusals('refundPayment', { paymentId, amount: eur('100.01') })).toEqual([
      'AMOUNT_EXCEEDED at amount',
    ]);
    const last = await desk.step('refundPayment', { paymentId });
    expect(last.payment).toMatchObject({ status: 'REFUNDED', refundedAmount: eur('120.00') });
    expect(await desk.refusals('refundPayment', { paymentId })).toEqual(['AMOUNT_EXCEEDED at paymentId']);
  });

  test('is not asked for twice, nor in another currency, nor for an order that is canceled', async () => {
    const orderId = await anOrder();
    const refusals = (more: object) => desk.refusals('authorizePayment', { orderId, provider: 'manual', ...more });
    expect(await refusals({ method: 'ON_ACCOUNT', amount: eur('100.01') })).toEqual(['AMOUNT_EXCEEDED at amount']);
    await authorize(orderId, 'ON_ACCOUNT', { amount: eur('60.00') });
    expect(await refusals({ method: 'ON_ACCOUNT', amount: eur('40.01') })).toEqual(['AMOUNT_EXCEEDED at amount']);
    expect(await refusals({})).toEqual(['REQUIRED at method']);
    expect(await refusals({ method: 'CASH', token: 'pm_x', termDays: 3 })).toEqual([
      'INVALID at token',
      'INVALID at termDays',
    ]);
    expect(await refusals({ method: 'CASH', amount: { amount: '1.00', currency: 'USD' } })).toEqual([
      'CURRENCY_MISMATCH at amount.currency',
    ]);
    for (const amount of ['0.00', '-1.00', '0.001', '99999999999999999999.00'])
      expect(await refusals({ method: 'CASH', amount: eur(amount) })).toEqual(['INVALID at amount']);
    expect(await desk.refusals('authorizePayment', { orderId, provider: 'none', token: 'x' })).toEqual([
      'NOT_FOUND at provider',
    ]);
    expect(await desk.refusals('capturePayment', { paymentId: orderId })).toEqual(['NOT_FOUND at paymentId']);
    expect(await desk.refusals('recordPayment', { orderId, method: 'ON_ACCOUNT', amount: eur('1.00') })).toEqual([
      'INVALID at method',
    ]);
    await desk.cancel(orderId);
    expect(await refusals({ method: 'CASH' })).toEqual(['CONFLICT at orderId']);
  });
});

describe('an order', () => {
  test('that is canceled gives up what is open of its payments, and says what is to be given back', async () => {
    const orderId = await anOrder();
    await desk.step('recordPayment', { orderId, method: 'CASH', amount: eur('30.00') });
    const { payment } = await authorize(orderId, 'ON_ACCOUNT');
    await desk.cancel(orderId);
    const order = await desk.paid(orderId);
    expect(order).toMatchObject({ status: 'CANCELED', paymentStatus: 'OVERPAID', balanceDue: eur('-30.00') });
    expect(order.payments.map(({ status }) => status)).toEqual(['CAPTURED', 'VOIDED']);
    expect(await desk.refusals('capturePayment', { paymentId: payment!.id })).toEqual(['INVALID_TRANSITION']);
    const canceled = (await desk.timeline(orderId)).find(({ data }) => data?.canceled);
    expect(canceled!.data).toMatchObject({ toRefund: eur('30.00') });
  });

  test('that the hub takes money for leaves when its total is covered; one of which it takes none leaves as ever', async () => {
    await desk.shipment(await anOrder());
    const orderId = await anOrder();
    const { payment } = await authorize(orderId, 'TRANSFER');
    expect(await desk.refusals('createShipment', { orderId })).toEqual(['PAYMENT_REQUIRED at orderId']);
    await desk.step('capturePayment', { paymentId: payment!.id, amount: eur('99.99') });
    expect(await desk.refusals('createShipment', { orderId })).toEqual(['PAYMENT_REQUIRED at orderId']);
    await authorize(orderId, 'ON_ACCOUNT');
    const shipment = await desk.shipment(orderId);
    await desk.step('refundPayment', { paymentId: payment!.id, amount: eur('1.00') });
    const report = { shipmentId: shipment.id, status: 'SHIPPED' };
    expect(await desk.refusals('updateShipment', report)).toEqual(['PAYMENT_REQUIRED at orderId']);
    await desk.step('recordPayment', { orderId, method: 'CASH', amount: eur('1.00') });
    await desk.done('updateShipment', report);
  });

  test('is paid as its ledger says, whatever is done with its payments', async () => {
    const below = seeded(20);
    let orderId = '';
    const outcomes = new Map<string, number>();
    for (let n = 0; n < 80; n += 1) {
      if (n % 10 === 0) orderId = await anOrder();
      const { payments } = await desk.paid(orderId);
      const some = payments[below(payments.length || 1)];
      const amount = eur(`${below(45)}.${String(below(100)).padStart(2, '0')}`);
      const [name, input] = [
        [
          'authorizePayment',
          { orderId, provider: 'manual', method: ['TRANSFER', 'CASH', 'ON_ACCOUNT'][below(3)], amount },
        ],
        ['authorizePayment', { orderId, provider: 'manual', method: 'ON_ACCOUNT', amount }],
        ['recordPayment', { orderId, method: 'CASH', amount }],
        ['capturePayment', { paymentId: some?.id ?? orderId, amount }],
        ['capturePayment', { paymentId: some?.id ?? orderId }],
        ['refundPayment', { paymentId: some?.id ?? orderId, amount }],
        ['voidPayment', { paymentId: some?.id ?? orderId }],
      ][below(7)] as [string, object];
      const { userErrors } = await desk.send<PaymentPayload>(name, { idempotencyKey: newKey(), ...input });
      const outcome = `${name} ${userErrors.map(({ code }) => code).join(' ') || 'done'}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (n % 20 === 19) expect(await brokenInvariants(hub.database.url)).toEqual([]);
    }
    for (const name of ['authorizePayment', 'recordPayment', 'capturePayment', 'refundPayment', 'voidPayment'])
      expect([name, outcomes.get(`${name} done`)]).toEqual([name, expect.any(Number)]);
    expect(outcomes.get('refundPayment AMOUNT_EXCEEDED')).toBeGreaterThan(0);
  });
});
