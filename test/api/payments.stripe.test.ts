import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { eventually } from '../support/eventually.js';
import { HubProcess } from '../support/hub-process.js';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { StripeSandbox, type Fault } from '../support/stripe-sandbox.js';
import { idOf } from '../../src/shared/ids.js';
import { eur, mutation, seeded, type Order, type Payload } from './support/desk.js';
import { PayDesk, type Payment, type PaymentPayload } from './support/pay-desk.js';

const HOUR = 3_600_000;
const CARD = '4242 4242 4242 4242';

let sandbox: StripeSandbox;
let hub: TestHub;
let desk: PayDesk;
let sku: string;

beforeAll(async () => {
  sandbox = await StripeSandbox.start();
  hub = await startTestHub({ providers: { stripe: sandbox.settings } });
  desk = new PayDesk(hub);
  sku = await desk.product('25.00', '100000');
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
  await sandbox.close();
});
beforeEach(() => {
  sandbox.faults = [];
  sandbox.gate = async () => {};
  hub.clock.set(START);
});

/** Of 100.00, taxes included. */
async function anOrder(): Promise<string> {
  return (await desk.order({ lines: [{ sku, quantity: '4', unitPrice: eur('20.4918') }], confirm: true })).id;
}
const asked = (orderId: string, token = 'pm_card_visa') => ({ orderId, provider: 'stripe', token });
async function authorized(token?: string): Promise<{ orderId: string; paymentId: string }> {
  const orderId = await anOrder();
  const { payment } = await desk.step('authorizePayment', asked(orderId, token));
  expect(payment).toMatchObject({ status: 'AUTHORIZED' });
  return { orderId, paymentId: payment!.id };
}
const send = (name: string, input: object, idempotencyKey = newKey()) =>
  desk.send<PaymentPayload>(name, { idempotencyKey, ...input });
const read = async (orderId: string): Promise<Payment> => (await desk.paid(orderId)).payments[0]!;
const sweep = () => hub.hub.upkeep.run('settle-payments');
/** What lies behind the pause of any call, and within the day for which its key is known. */
async function sweepLater(): Promise<void> {
  hub.clock.forward(2 * HOUR);
  await sweep();
}
/** Attempts that are not settled. */
const open = async () =>
  (await hub.hub.db.pool.query(`select kind from payment_attempt where status in ('REQUESTED', 'WAITING')`)).rows;
/** The sums by the provider’s own word. */
function truth(paymentId: string) {
  const { amount_received: received } = sandbox.of(paymentId);
  return { capturedAmount: cents(received), refundedAmount: cents(sandbox.refundedOf(paymentId)) };
}
/** The client tries a cut connection once more by itself, under the same key. */
const twiceIfDead = (fault: Fault) => (fault.startsWith('DIES') ? [fault, fault] : [fault]);
const cents = (minor: number) => eur((minor / 100).toFixed(2));
const post = (event: { body: string; headers: object }) =>
  fetch(`${hub.hub.url}/payments/webhooks/stripe`, {
    method: 'POST',
    ...event,
    headers: event.headers as Record<string, string>,
  });

/** Needs what the vendor has published beside the working copy; a skipped test says so in its title. */
const FIXTURES = new URL('../../../../shared/contracts/stripe/fixtures.json', import.meta.url);
const withFixtures = existsSync(FIXTURES)
  ? test
  : (title: string, _: () => void) => test.skip(`${title} (there are no fixtures of the vendor beside it)`, _);

withFixtures('the sandbox’s objects have no field that those the vendor has published lack', async () => {
  const published = JSON.parse(readFileSync(FIXTURES, 'utf8')) as Record<string, object>;
  const { paymentId } = await authorized();
  await desk.step('capturePayment', { paymentId });
  await desk.step('refundPayment', { paymentId });
  const own = { payment_intent: sandbox.of(paymentId), refund: sandbox.refunds.at(-1)! };
  for (const [name, object] of Object.entries(own))
    expect(Object.keys(published[name]!)).toEqual(expect.arrayContaining(Object.keys(object)));
});

describe('a card payment', () => {
  test('is authorized, taken in parts, and given back in parts, each under a key of its own', async () => {
    const { orderId, paymentId } = await authorized();
    expect(await desk.paid(orderId)).toMatchObject({
      paymentStatus: 'AUTHORIZED',
      payments: [
        { displayName: 'visa •••• 4242', method: 'card', provider: 'stripe', authorizedAmount: eur('100.00') },
      ],
    });
    await desk.step('capturePayment', { paymentId, amount: eur('40.00') });
    expect(sandbox.of(paymentId)).toMatchObject({ status: 'requires_capture', amount_received: 4000 });
    const { payment, order } = await desk.step('capturePayment', { paymentId, amount: eur('60.00') });
    expect(payment).toMatchObject({ status: 'CAPTURED', capturedAmount: eur('100.00') });
    expect(order).toMatchObject({ paymentStatus: 'PAID' });
    await desk.step('refundPayment', { paymentId, amount: eur('25.00') });
    expect(await desk.refusals('refundPayment', { paymentId, amount: eur('75.01') })).toEqual([
      'AMOUNT_EXCEEDED at amount',
    ]);
    const back = await desk.step('refundPayment', { paymentId });
    expect(back.payment).toMatchObject({ status: 'REFUNDED', ...truth(paymentId) });
    expect(sandbox.refundedOf(paymentId)).toBe(10_000);
    const { id } = sandbox.of(paymentId);
    const keys = sandbox.calls.filter(({ path }) => path.includes(id) || path === '/v1/refunds').map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(await desk.money(orderId)).toEqual([
      'EDITED 100.00 EUR by stripe: a payment was begun',
      'PAYMENT_AUTHORIZED 100.00 EUR by stripe: authorized',
      'EDITED 100.00 EUR by stripe: what is known of the payment changed',
      'EDITED 40.00 EUR by stripe: is to be taken',
      'PAYMENT_CAPTURED 40.00 EUR by stripe: paid',
      'EDITED 60.00 EUR by stripe: is to be taken',
      'PAYMENT_CAPTURED 60.00 EUR by stripe: paid',
      'EDITED 25.00 EUR by stripe: is to be given back',
      'PAYMENT_REFUNDED 25.00 EUR by stripe: given back',
      'EDITED 75.00 EUR by stripe: is to be given back',
      'PAYMENT_REFUNDED 75.00 EUR by stripe: given back',
    ]);
  });

  test('is given up before it is taken, or for its rest; where parts cannot be taken, the rest goes with the first', async () => {
    const whole = await authorized();
    expect((await desk.step('voidPayment', { paymentId: whole.paymentId })).payment).toMatchObject({
      status: 'VOIDED',
    });
    const part = await authorized();
    await desk.step('capturePayment', { paymentId: part.paymentId, amount: eur('10.00') });
    const rest = await desk.step('voidPayment', { paymentId: part.paymentId });
    expect(rest.payment).toMatchObject({ status: 'PARTIALLY_CAPTURED', capturedAmount: eur('10.00') });
    const once = await authorized('pm_card_takenOnce');
    await desk.step('capturePayment', { paymentId: once.paymentId, amount: eur('10.00') });
    expect(sandbox.of(once.paymentId)).toMatchObject({ status: 'succeeded', amount_received: 1000 });
    for (const { paymentId, orderId } of [part, once]) {
      expect(await desk.refusals('capturePayment', { paymentId })).toEqual(['AMOUNT_EXCEEDED at paymentId']);
      expect((await desk.money(orderId)).at(-1)).toBe('PAYMENT_VOIDED 90.00 EUR by stripe: given up');
    }
  });

  test('that is declined has failed and says why; nobody can pay it behind the hub’s back, and another may be begun', async () => {
    const orderId = await anOrder();
    const key = newKey();
    const declined = await send('authorizePayment', asked(orderId, 'pm_card_chargeDeclined'), key);
    expect(declined).toMatchObject({
      payment: { status: 'FAILED' },
      order: { paymentStatus: 'FAILED' },
      userErrors: [
        { code: 'PAYMENT_DECLINED', message: 'stripe: Your card •••• 4242 was declined. (insufficient_funds)' },
      ],
    });
    expect(sandbox.of(declined.payment!.id)).toMatchObject({ status: 'canceled' });
    const again = await send('authorizePayment', asked(orderId, 'pm_card_chargeDeclined'), key);
    expect(again).toEqual({ ...declined, replayed: true });
    const unknown = await send('authorizePayment', asked(orderId, 'tok_unknown'));
    expect(unknown).toMatchObject({ payment: { status: 'FAILED' }, userErrors: [{ code: 'PAYMENT_DECLINED' }] });
    await desk.step('authorizePayment', asked(orderId));
    expect(await desk.paid(orderId)).toMatchObject({ paymentStatus: 'AUTHORIZED' });
  });

  test('that the payer has to act on waits, tells where, and is settled by a webhook or found by the sweep', async () => {
    for (const way of ['webhook', 'sweep']) {
      const orderId = await anOrder();
      const input = { ...asked(orderId, 'pm_card_authenticationRequired'), returnUrl: 'https://shop.example/back' };
      const { payment } = await desk.step('authorizePayment', input);
      expect(payment).toMatchObject({ status: 'REQUIRES_ACTION', actionUrl: expect.stringMatching(/^https:/) });
      expect(await desk.refusals('createShipment', { orderId })).toEqual(['PAYMENT_REQUIRED at orderId']);
      expect(await desk.refusals('authorizePayment', input)).toEqual(['AMOUNT_EXCEEDED at orderId']);
      await sweepLater();
      expect(await read(orderId)).toMatchObject({ status: 'REQUIRES_ACTION' });
      sandbox.act(payment!.id, 'AGREES');
      if (way === 'sweep') await sweepLater();
      else expect((await post(sandbox.event(sandbox.of(payment!.id), hub.clock.now()))).status).toBe(200);
      await eventually('the payment to be authorized', async () => (await read(orderId)).status === 'AUTHORIZED');
      expect(await read(orderId)).toMatchObject({ actionUrl: null });
      await desk.shipment(orderId);
    }
    const orderId = await anOrder();
    const { payment } = await desk.step('authorizePayment', asked(orderId, 'pm_card_authenticationRequired'));
    sandbox.act(payment!.id, 'FAILS');
    await sweepLater();
    expect(await read(orderId)).toMatchObject({ status: 'FAILED' });
  });
});

describe('a webhook', () => {
  test('is taken once, whatever its number and order, and only with a signature of the last five minutes', async () => {
    const { orderId, paymentId } = await authorized();
    await desk.step('capturePayment', { paymentId });
    const late = sandbox.event(
      { ...sandbox.of(paymentId), status: 'requires_capture', amount_received: 0 },
      hub.clock.now(),
    );
    sandbox.refundByHand(paymentId, 3000);
    const news = sandbox.event(sandbox.of(paymentId), hub.clock.now(), 'evt_news');
    for (const event of [news, late, news]) expect((await post(event)).status).toBe(200);
    await eventually('the refund to be found', async () => (await read(orderId)).status === 'PARTIALLY_REFUNDED');
    expect(await read(orderId)).toMatchObject(truth(paymentId));
    const stored = await hub.hub.db.pool.query(`select 1 from payment_attempt where key = 'stripe evt_news'`);
    expect(stored.rows).toHaveLength(1);
    expect((await desk.money(orderId)).at(-1)).toBe('PAYMENT_REFUNDED 30.00 EUR by stripe: given back');
    const now = hub.clock.now();
    const forged = sandbox.event(sandbox.of(paymentId), now, 'evt_forged', 'whsec_other');
    const old = sandbox.event(sandbox.of(paymentId), new Date(now.getTime() - 301_000), 'evt_old');
    const changed = { ...news, body: news.body.replace('evt_news', 'evt_else') };
    for (const event of [forged, old, changed, { body: news.body, headers: {} }])
      expect((await post(event)).status).toBe(400);
    const kept = await hub.hub.db.pool.query(`select 1 from payment_attempt where key ~ 'forged|old|else'`);
    expect(kept.rows).toEqual([]);
    expect((await post(sandbox.event({ id: 'cus_1', object: 'customer' }, now))).status).toBe(200);
  });

  test('of a refund that was pending closes it', async () => {
    const { orderId, paymentId } = await authorized('pm_card_pendingRefund');
    await desk.step('capturePayment', { paymentId });
    await desk.step('refundPayment', { paymentId, amount: eur('80.00') });
    expect(await read(orderId)).toMatchObject({ status: 'CAPTURED' });
    expect(await desk.refusals('refundPayment', { paymentId, amount: eur('20.01') })).toEqual([
      'AMOUNT_EXCEEDED at amount',
    ]);
    await desk.step('refundPayment', { paymentId, amount: eur('20.00') });
    const [first, second] = sandbox.refunds.slice(-2);
    [first!.status, second!.status] = ['succeeded', 'failed'];
    await sweepLater();
    expect(await read(orderId)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refundedAmount: eur('80.00') });
    expect((await desk.money(orderId)).at(-1)).toMatch(/^EDITED 20.00 EUR by stripe: not given back/);
  });
});

describe('an answer that is lost', () => {
  const STEPS = ['authorizePayment', 'capturePayment', 'refundPayment', 'voidPayment'];
  const FAULTS: [Fault, 'SWEEP' | 'CALL' | 'NEWS'][] = [
    ['DIES_BEHIND', 'SWEEP'],
    ['BREAKS_BEHIND', 'NEWS'],
    ['BREAKS', 'SWEEP'],
    ['IS_TOO_MANY', 'CALL'],
  ];
  const DONE: Record<string, object> = {
    authorizePayment: { status: 'AUTHORIZED' },
    capturePayment: { status: 'PARTIALLY_CAPTURED', capturedAmount: eur('40.00') },
    refundPayment: { status: 'PARTIALLY_REFUNDED', refundedAmount: eur('5.00') },
    voidPayment: { status: 'VOIDED' },
  };

  async function begun(name: string): Promise<{ orderId: string; input: object }> {
    if (name === 'authorizePayment') {
      const orderId = await anOrder();
      return { orderId, input: asked(orderId) };
    }
    const { orderId, paymentId } = await authorized();
    if (name === 'refundPayment') await desk.step('capturePayment', { paymentId });
    const amount = { capturePayment: eur('40.00'), refundPayment: eur('5.00') }[name];
    return { orderId, input: { paymentId, ...(amount && { amount }) } };
  }

  test.each(STEPS)('of %s is found out by the sweep or by the same call, and nothing happens twice', async (name) => {
    for (const [fault, way] of FAULTS) {
      const { orderId, input } = await begun(name);
      sandbox.faults = twiceIfDead(fault);
      const key = newKey();
      const lost = await send(name, input, key);
      expect(lost.userErrors.map(({ code }) => code)).toEqual(['PROVIDER_UNAVAILABLE']);
      expect(lost.payment).not.toBeNull();
      if (way === 'NEWS') {
        await post(sandbox.event(sandbox.of(lost.payment!.id), hub.clock.now()));
        await sweepLater();
      } else if (way === 'SWEEP') await sweepLater();
      else expect(await send(name, input, key)).toMatchObject({ replayed: true, userErrors: [] });
      const payment = await read(orderId);
      expect(await open()).toEqual([]);
      expect(payment).toMatchObject({ ...DONE[name], ...truth(payment.id) });
      expect([...sandbox.intents.values()].filter(({ metadata }) => metadata.payment === payment.id)).toHaveLength(1);
    }
  });

  test.each(STEPS)('of %s is read, and the call not made again, when its key is forgotten', async (name) => {
    for (const [fault, isDone] of [
      ['BREAKS_BEHIND', true],
      ['BREAKS', false],
    ] as const) {
      const { orderId, input } = await begun(name);
      const before = await read(orderId);
      sandbox.faults = twiceIfDead(fault);
      await send(name, input);
      const calls = sandbox.calls.length;
      hub.clock.forward(24 * HOUR);
      await sweep();
      expect(sandbox.calls).toHaveLength(calls);
      const payment = await read(orderId);
      expect(await open()).toEqual([]);
      if (isDone) expect(payment).toMatchObject({ ...DONE[name], ...truth(payment.id) });
      else if (name === 'authorizePayment') expect(payment).toMatchObject({ status: 'FAILED' });
      else expect(payment).toEqual(before);
    }
  });

  test.each(['capturePayment:after-commit', 'settle-payment:before-commit'])(
    'with a hub that is killed at %s is found out by another',
    async (dieAt) => {
      const { orderId, paymentId } = await authorized();
      const child = await HubProcess.start({
        databaseUrl: hub.database.url,
        dieAt,
        providers: { stripe: sandbox.settings },
      });
      const calls = sandbox.calls.length;
      const input = { paymentId, amount: eur('40.00'), idempotencyKey: newKey() };
      await expect(child.graph(mutation('capturePayment'), { input })).rejects.toThrow();
      await child.gone();
      expect(child.hits).toEqual([dieAt]);
      const wasCalled = dieAt.startsWith('settle');
      expect(sandbox.calls).toHaveLength(calls + (wasCalled ? 1 : 0));
      expect(sandbox.of(paymentId).amount_received).toBe(wasCalled ? 4000 : 0);
      expect(await read(orderId)).toMatchObject({ status: 'AUTHORIZED', capturedAmount: eur('0.00') });
      expect(await desk.refusals('capturePayment', { paymentId, amount: eur('60.01') })).toEqual([
        'AMOUNT_EXCEEDED at amount',
      ]);
      // The child wrote by the clock of the machine.
      hub.clock.set(new Date(Date.now() + HOUR));
      await sweep();
      expect(await read(orderId)).toMatchObject({ status: 'PARTIALLY_CAPTURED', capturedAmount: eur('40.00') });
      expect(sandbox.of(paymentId).amount_received).toBe(4000);
    },
  );
});

test('what was taken in part and given back may still be taken for its rest, until that is given up', async () => {
  const { orderId, paymentId } = await authorized();
  for (const part of ['20.00', '30.00']) {
    await desk.step('capturePayment', { paymentId, amount: eur(part) });
    await desk.step('refundPayment', { paymentId });
    expect(await read(orderId)).toMatchObject({ status: 'PARTIALLY_REFUNDED', ...truth(paymentId) });
  }
  expect((await desk.step('voidPayment', { paymentId })).payment).toMatchObject({ status: 'REFUNDED' });
  expect((await desk.money(orderId)).at(-1)).toBe('PAYMENT_VOIDED 50.00 EUR by stripe: given up');
});

describe('at once', () => {
  /** Lets calls that fit go on when so many of them have come. */
  function meet(count: number, fits: (path: string) => boolean): { overlapped: () => number } {
    let come = 0;
    let open = () => {};
    const all = new Promise<void>((resolve) => (open = resolve));
    sandbox.gate = async (path) => {
      if (!fits(path)) return;
      come += 1;
      if (come === count) open();
      await all;
    };
    return { overlapped: () => come };
  }

  test('two captures take no more than is authorized', async () => {
    const { orderId, paymentId } = await authorized();
    const fitting = meet(2, (path) => path.endsWith('/capture'));
    const both = await Promise.all(
      ['60.00', '40.00'].map((amount) => send('capturePayment', { paymentId, amount: eur(amount) })),
    );
    expect(both.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(fitting.overlapped()).toBe(2);
    expect(await read(orderId)).toMatchObject({
      status: 'CAPTURED',
      ...truth(paymentId),
      capturedAmount: eur('100.00'),
    });
  });

  test('two captures take their parts whichever of them arrives first', async () => {
    const { paymentId } = await authorized();
    const come = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const released = Promise.withResolvers<void>();
    let count = 0;
    sandbox.gate = async (path) => {
      if (!path.endsWith('/capture')) return;
      const isFirst = count === 0;
      come[count]!.resolve();
      count += 1;
      if (isFirst) await released.promise;
    };
    const capture = (amount: string) => send('capturePayment', { paymentId, amount: eur(amount) });
    const first = capture('60.00');
    await come[0]!.promise;
    const second = await capture('40.00');
    released.resolve();
    expect([...second.userErrors, ...(await first).userErrors]).toEqual([]);
    expect(truth(paymentId)).toMatchObject({ capturedAmount: eur('100.00') });
  });

  test('two captures that wait for the same order come one behind the other, and the second is told what is left', async () => {
    const { orderId, paymentId } = await authorized();
    const { pool } = hub.hub.db;
    const holder = await pool.connect();
    try {
      await holder.query('begin');
      await holder.query('select 1 from orders where id = $1 for update', [idOf('ord', orderId)]);
      const input = { paymentId, amount: eur('60.00') };
      const both = Promise.all([send('capturePayment', input), send('capturePayment', input)]);
      await eventually('both to wait for the order', async () => {
        const { rows } = await pool.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows.length === 2;
      });
      await holder.query('commit');
      const codes = (await both).flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
      expect(codes).toEqual(['AMOUNT_EXCEEDED']);
    } finally {
      holder.release();
    }
    expect(truth(paymentId)).toMatchObject({ capturedAmount: eur('60.00') });
    expect(await read(orderId)).toMatchObject(truth(paymentId));
  });

  test.each(['capture', 'cancel'])(
    'a cancellation and a capture agree with the provider where the %s is first there',
    async (first) => {
      const { orderId, paymentId } = await authorized();
      let pass = () => {};
      const passed = new Promise<void>((resolve) => (pass = resolve));
      let come = () => {};
      const both = new Promise<void>((resolve) => (come = resolve));
      let waiting = 0;
      sandbox.gate = async (path) => {
        waiting += 1;
        if (waiting === 2) come();
        await both;
        if (!path.endsWith(first)) await passed;
      };
      const capture = send('capturePayment', { paymentId }).finally(() => first === 'capture' && pass());
      await eventually('the capture to be under way', () => waiting === 1);
      const cancel = desk
        .done<Payload<'order', Order>>('cancelOrder', { orderId })
        .finally(() => first === 'cancel' && pass());
      const [taken] = await Promise.all([capture, cancel]);
      expect(waiting).toBeGreaterThanOrEqual(2);
      const order = await desk.paid(orderId);
      const isTaken = first === 'capture';
      expect(taken.userErrors.map(({ code }) => code)).toEqual(isTaken ? [] : ['PAYMENT_DECLINED']);
      expect(order).toMatchObject({
        ...{ status: 'CANCELED', paymentStatus: isTaken ? 'OVERPAID' : 'NOT_REQUIRED' },
        payments: [{ status: isTaken ? 'CAPTURED' : 'VOIDED', ...truth(paymentId) }],
      });
      expect(sandbox.of(paymentId).status).toBe(isTaken ? 'succeeded' : 'canceled');
    },
  );
});

test('an order that is canceled while its payment is being authorized lets the money go when the answer is there', async () => {
  const orderId = await anOrder();
  let answer = () => {};
  let come = false;
  sandbox.gate = async () => {
    come = true;
    await new Promise<void>((resolve) => (answer = resolve));
  };
  const asking = send('authorizePayment', asked(orderId));
  await eventually('the call to be under way', () => come);
  await desk.cancel(orderId);
  sandbox.gate = async () => {};
  answer();
  const { payment } = await asking;
  expect(payment).toMatchObject({ status: 'AUTHORIZED' });
  await sweepLater();
  expect(await read(orderId)).toMatchObject({ status: 'VOIDED' });
  expect(sandbox.of(payment!.id).status).toBe('canceled');
});

test('hub and provider come to the same sums, whatever is asked, lost, told late or again', async () => {
  const below = seeded(33);
  const names = ['capturePayment', 'capturePayment', 'refundPayment', 'refundPayment', 'voidPayment'];
  const fates = new Map<string, number>();
  for (let round = 0; round < 4; round += 1) {
    const { orderId, paymentId } = await authorized();
    for (let n = 0; n < 12; n += 1) {
      const name = names[below(n < 8 ? 4 : 5)]!;
      const amount =
        name === 'voidPayment' ? {} : { amount: eur(`${below(40)}.${String(below(100)).padStart(2, '0')}`) };
      sandbox.faults =
        below(3) === 0 ? twiceIfDead((['DIES_BEHIND', 'BREAKS_BEHIND', 'BREAKS', 'BREAKS'] as const)[below(4)]!) : [];
      const { userErrors } = await send(name, { paymentId, ...amount });
      const fate = userErrors[0]?.code ?? 'done';
      fates.set(fate, (fates.get(fate) ?? 0) + 1);
      sandbox.faults = [];
      if (below(3) === 0) await sweepLater();
      if (below(4) === 0) await post(sandbox.event(sandbox.of(paymentId), hub.clock.now()));
    }
    await sweepLater();
    expect(await read(orderId)).toMatchObject(truth(paymentId));
  }
  for (const fate of ['done', 'AMOUNT_EXCEEDED', 'PROVIDER_UNAVAILABLE']) expect(fates.get(fate)).toBeGreaterThan(0);
  expect(await open()).toEqual([]);
});

test('no card number is taken, and none stands in the database, the log or an event', async () => {
  const orderId = await anOrder();
  expect(await desk.refusals('authorizePayment', asked(orderId, CARD.replaceAll(' ', '')))).toEqual([
    'INVALID at token',
  ]);
  const { paymentId } = await authorized();
  for (const name of ['capturePayment', 'voidPayment', 'refundPayment'])
    expect(await desk.refusals(name, { paymentId, reason: `card ${CARD}` })).toEqual(['INVALID at reason']);
  await send('authorizePayment', asked(orderId, 'pm_card_chargeDeclined'));
  const { pool } = hub.hub.db;
  const columns = await pool.query<{ place: string; query: string }>(
    `select c.table_name || '.' || c.column_name as place,
            format('select 1 from %I where %I::text ~ $1 limit 1', c.table_name, c.column_name) as query
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
        and (c.data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY'))`,
  );
  expect(columns.rows.length).toBeGreaterThan(100);
  const found = async (pattern: string) => {
    const places: string[] = [];
    for (const { place, query } of columns.rows)
      if ((await pool.query(query, [pattern])).rows.length > 0) places.push(place);
    return places;
  };
  expect(await found('4242[ .-]?4242[ .-]?4242[ .-]?4242')).toEqual([]);
  // The search would find one: what was made of the provider's text is there.
  expect(await found('card •••• 4242 was declined')).toEqual(
    expect.arrayContaining(['event.message', 'payment_attempt.reason']),
  );
  expect(await found('pm_card|sk_test|whsec')).toEqual([]);
  const logged = JSON.stringify(hub.log.lines, (_, value: unknown) =>
    value instanceof Error ? { ...value, text: value.stack } : value,
  );
  expect(logged).toContain('a provider did not answer');
  expect(logged).not.toMatch(/4242[ .-]?4242[ .-]?4242|sk_test|whsec_|pm_card/);
});
