import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startHub } from '../../src/app.js';
import { eventually } from '../support/eventually.js';
import { askGraph, newKey, START, startTestHub, TestClock, TestLog, type TestHub } from '../support/hub.js';
import { after, Desk, eur, fresh, mutation, type Order, type Payload, type UserError } from './support/desk.js';

type OrderPayload = Payload<'order', Order>;
type AnyPayload = Record<string, unknown> & { replayed: boolean; userErrors: UserError[] };

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
  customerId = (await desk.customer()).id;
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

function orderInput(key: string, more: object = {}): object {
  return { idempotencyKey: key, channel: 'api', currency: 'EUR', lines: [{ sku, quantity: '1' }], ...more };
}

const anOrder = () => desk.order({ lines: [{ sku, quantity: '1' }] });
const confirmed = async () => (await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true })).id;
async function onAccount(): Promise<string> {
  const input = { orderId: (await anOrder()).id, provider: 'manual', method: 'ON_ACCOUNT' };
  return (await desk.done<Payload<'payment', { id: string }>>('authorizePayment', input)).payment!.id;
}

async function released(): Promise<{ work: { fulfillmentOrderId: string }; lineId: string }> {
  const order = await desk.order({ lines: [{ sku, quantity: '3' }], confirm: true });
  const [work] = await desk.released(order.id);
  return { work: { fulfillmentOrderId: work!.id }, lineId: order.lines[0]!.id };
}

/** For each mutation with an input: what carries it out, and a field in which another input differs. */
const CALLS: Record<string, () => Promise<{ input: object; other: object }>> = {
  upsertCustomer: async () => ({ input: { name: fresh('x') }, other: { tags: ['y'] } }),
  upsertProduct: async () => ({ input: { sku: fresh('I'), name: 'x' }, other: { name: 'y' } }),
  setPrice: async () => ({ input: { sku, unitPrice: eur('10.00') }, other: { unitPrice: eur('10.000') } }),
  upsertStockLocation: async () => ({ input: { code: fresh('L') }, other: { name: 'y' } }),
  adjustStock: async () => ({ input: { sku, location: 'MAIN', delta: '1', reason: 'x' }, other: { delta: '2' } }),
  createOrder: async () => ({ input: orderInput(''), other: { note: 'y' } }),
  importOrders: async () => ({
    input: { channel: 'email', csv: `order,sku,quantity\n${fresh('ref')},${sku},1` },
    other: { channel: 'phone' },
  }),
  updateDraftOrder: async () => ({
    input: { orderId: (await desk.order({ draft: true, lines: [] })).id, note: 'x' },
    other: { note: 'y' },
  }),
  placeOrder: async () => ({
    input: { orderId: (await desk.order({ draft: true, lines: [{ sku, quantity: '1' }] })).id },
    other: { reason: 'y' },
  }),
  confirmOrder: async () => ({
    input: { orderId: (await desk.order({ lines: [{ sku, quantity: '1' }] })).id },
    other: { reason: 'y' },
  }),
  cancelOrder: async () => ({
    input: { orderId: (await desk.order({ lines: [{ sku, quantity: '1' }] })).id },
    other: { reason: 'y' },
  }),
  holdOrder: async () => ({
    input: { orderId: (await desk.order({ lines: [{ sku, quantity: '1' }] })).id, reason: 'MANUAL' },
    other: { reason: 'FRAUD' },
  }),
  releaseOrder: async () => {
    const { id: orderId } = await desk.order({ lines: [{ sku, quantity: '1' }] });
    await desk.done('holdOrder', { orderId, reason: 'MANUAL' });
    return { input: { orderId }, other: { note: 'y' } };
  },
  addNote: async () => ({ input: { orderId: (await anOrder()).id, text: 'x' }, other: { text: 'y' } }),
  assignOrder: async () => ({
    input: { orderId: (await anOrder()).id, department: 'SALES' },
    other: { department: 'SUPPORT' },
  }),
  openWorkItem: async () => ({ input: { department: 'SALES', title: 'x' }, other: { title: 'y' } }),
  resolveWorkItem: async () => {
    const task = { department: 'SALES', title: 'x' };
    const { workItem } = await desk.done<Payload<'workItem', { id: string }>>('openWorkItem', task);
    return { input: { workItemId: workItem!.id }, other: { resolution: 'y' } };
  },
  setReorderPolicy: async () => ({
    input: { sku, location: 'MAIN', reorderPoint: '7' },
    other: { reorderPoint: '1' },
  }),
  createShipment: async () => ({
    input: { orderId: (await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true })).id },
    other: { carrier: 'y' },
  }),
  releaseToWarehouse: async () => ({
    input: { orderId: (await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true })).id },
    other: { expectedVersion: 1 },
  }),
  splitFulfillmentOrder: async () => {
    const { work, lineId } = await released();
    return { input: { ...work, lines: [{ lineId, quantity: '1' }] }, other: { lines: [{ lineId, quantity: '2' }] } };
  },
  mergeFulfillmentOrders: async () => {
    const { work, lineId } = await released();
    const split = { ...work, lines: [{ lineId, quantity: '1' }] };
    const { newFulfillmentOrder } = await desk.done<Payload<'newFulfillmentOrder', { id: string }>>(
      'splitFulfillmentOrder',
      split,
    );
    return { input: { ...work, otherIds: [newFulfillmentOrder!.id] }, other: { expectedVersion: 2 } };
  },
  moveFulfillmentOrder: async () => {
    await desk.stock(sku, '10', 'SECOND');
    return { input: { ...(await released()).work, location: 'SECOND' }, other: { location: 'x' } };
  },
  holdFulfillmentOrder: async () => ({
    input: { ...(await released()).work, reason: 'MANUAL' },
    other: { reason: 'STOCK' },
  }),
  releaseFulfillmentOrder: async () => {
    const { work } = await released();
    await desk.done('holdFulfillmentOrder', { ...work, reason: 'MANUAL' });
    return { input: work, other: { reason: 'y' } };
  },
  cancelFulfillmentOrder: async () => ({ input: (await released()).work, other: { reason: 'y' } }),
  updateShipment: async () => {
    const order = await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true });
    return { input: { shipmentId: (await desk.shipment(order.id)).id, status: 'PACKED' }, other: { carrier: 'y' } };
  },
  rateShipment: async () => ({
    input: { shipmentId: await desk.ownRated(sku), parcel: { weightGrams: 1 } },
    other: { parcel: { weightGrams: 2 } },
  }),
  buyLabel: async () => ({ input: { shipmentId: await desk.ownRated(sku) }, other: { offerId: 'y' } }),
  cancelLabel: async () => {
    const shipmentId = await desk.ownRated(sku);
    await desk.done('buyLabel', { shipmentId });
    return { input: { shipmentId }, other: { expectedVersion: 7 } };
  },
  upsertCarrierRate: async () => ({
    input: { carrier: fresh('c'), service: 's', country: 'IT', upToGrams: 1, price: eur('1.00') },
    other: { deliveryDays: 1 },
  }),
  upsertCarrierRule: async () => ({ input: { code: fresh('r'), isActive: false }, other: { priority: 1 } }),
  authorizePayment: async () => ({
    input: { orderId: (await anOrder()).id, provider: 'manual', method: 'TRANSFER' },
    other: { method: 'CASH' },
  }),
  recordPayment: async () => ({
    input: { orderId: (await anOrder()).id, method: 'CASH', amount: eur('1.00') },
    other: { amount: eur('2.00') },
  }),
  capturePayment: async () => ({
    input: { paymentId: await onAccount(), amount: eur('1.00') },
    other: { reason: 'y' },
  }),
  voidPayment: async () => ({ input: { paymentId: await onAccount() }, other: { reason: 'y' } }),
  refundPayment: async () => {
    const paymentId = await onAccount();
    await desk.done('capturePayment', { paymentId });
    return { input: { paymentId }, other: { amount: eur('1.00') } };
  },
  issueInvoice: async () => ({ input: { orderId: await confirmed(), scope: 'ALL' }, other: { scope: 'SHIPPED' } }),
  issueCreditNote: async () => {
    const issued = await desk.done<Payload<'invoice', { id: string }>>('issueInvoice', {
      orderId: await confirmed(),
      scope: 'ALL',
    });
    return { input: { invoiceId: issued.invoice!.id, reason: 'x' }, other: { reason: 'y' } };
  },
  createQuote: async () => ({
    input: { customerId, currency: 'EUR', validUntil: after(1_000), lines: [{ sku, quantity: '1' }] },
    other: { validUntil: after(2_000) },
  }),
  submitQuote: async () => ({
    input: { quoteId: (await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] })).id },
    other: { comment: 'y' },
  }),
  approveQuote: async () => ({
    input: { quoteId: (await desk.awaitingQuote(customerId, sku)).id },
    other: { comment: 'y' },
  }),
  rejectQuote: async () => ({
    input: { quoteId: (await desk.awaitingQuote(customerId, sku)).id },
    other: { comment: 'y' },
  }),
  reviseQuote: async () => ({
    input: { quoteId: (await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] })).id },
    other: { comment: 'y' },
  }),
  upsertTaxRate: async () => ({
    input: { country: 'CA', category: fresh('c'), validFrom: '2030-01-01', name: 'GST', rate: '0.05' },
    other: { rate: '0.06' },
  }),
  upsertAutomationRule: async () => ({
    input: { code: fresh('rule'), triggers: [{ event: 'EDITED' }], actions: [{ action: 'HOLD_ORDER' }] },
    other: { priority: 7 },
  }),
  completeOrder: async () => ({
    input: { orderId: (await desk.completableOrder()).id },
    other: { reason: 'y' },
  }),
  upsertApprovalRule: async () => ({
    input: { code: fresh('rule'), termMonthsOver: 1_000, approverRoles: ['SALES'] },
    other: { termMonthsOver: 1_001 },
  }),
  sendQuote: async () => ({
    input: { quoteId: (await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] })).id },
    other: { comment: 'y' },
  }),
  acceptQuote: async () => ({
    input: { quoteId: (await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] })).id },
    other: { comment: 'y' },
  }),
  declineQuote: async () => {
    const { id: quoteId } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    await desk.done('sendQuote', { quoteId });
    return { input: { quoteId }, other: { comment: 'y' } };
  },
  cancelQuote: async () => ({
    input: { quoteId: (await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] })).id },
    other: { comment: 'y' },
  }),
  convertQuoteToOrder: async () => ({
    input: { quoteId: (await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '1' }] })).id },
    other: { purchaseOrderNumber: 'y' },
  }),
  updateIntegration: async () => ({ input: { code: await desk.shop(), name: 'A' }, other: { name: 'B' } }),
  pauseIntegration: async () => ({ input: { code: await desk.integration() }, other: { expectedVersion: 7 } }),
  resumeIntegration: async () => ({ input: { code: await desk.integration() }, other: { expectedVersion: 7 } }),
  setFieldPolicy: async () => ({
    input: { integration: await desk.integration(), record: 'CUSTOMER', field: 'name', policy: 'NON_EMPTY' },
    other: { policy: 'LATEST' },
  }),
  disconnectIntegration: async () => ({ input: { code: await desk.integration() }, other: { expectedVersion: 7 } }),
  upsertExternalQuote: async () => ({
    input: {
      external: { integration: await desk.integration(), externalId: 'x' },
      sourceVersion: '1',
      status: 'DRAFT',
      customerId,
      currency: 'EUR',
      validUntil: after(1_000),
      lines: [{ lineId: 'a', sku, quantity: '1', unitPrice: eur('1.00') }],
    },
    other: { sourceVersion: '2' },
  }),
  rereadMail: async () => ({ input: { mailId: await desk.mail() }, other: { acceptSender: true } }),
  resendNotification: async () => ({
    input: { notificationId: await desk.failedNotification(sku) },
    other: { expectedVersion: 7 },
  }),
  setNotificationSetting: async () => ({
    input: { template: 'SHIPPED', channelKind: 'API', isOn: true },
    other: { isOn: false },
  }),
  setNotificationOptOut: async () => ({
    input: { address: 'a@b.example', isOptedOut: true },
    other: { isOptedOut: false },
  }),
  createApiKey: async () => ({ input: { name: 'x', roles: ['VIEWER'] }, other: { roles: ['SALES'] } }),
};

describe.each(Object.keys(CALLS))('%s', (name) => {
  test('replays under the same key and input, and refuses the key with another input', async () => {
    const { input, other } = await CALLS[name]!();
    const key = newKey();
    const first = await desk.send<AnyPayload>(name, { ...input, idempotencyKey: key });
    expect(first).toMatchObject({ replayed: false, userErrors: [] });
    const before = await desk.traces();
    hub.clock.forward(60_000);
    const again = await desk.send<AnyPayload>(name, { ...input, idempotencyKey: key });
    expect(again).toEqual({ ...first, ...(name === 'createApiKey' && { secret: null }), replayed: true });
    const refused = await desk.send<AnyPayload>(name, { ...input, ...other, idempotencyKey: key });
    expect(refused).toMatchObject({
      replayed: false,
      userErrors: [
        {
          __typename: 'IdempotencyConflictError',
          code: 'IDEMPOTENCY_KEY_REUSED',
          field: ['idempotencyKey'],
          firstUsedAt: START.toISOString(),
        },
      ],
    });
    expect(await desk.traces()).toEqual(before);
  });
});

test('every mutation with an idempotency key in its input stands in the table above', async () => {
  const { __schema } = await desk.ask<{
    __schema: { mutationType: { fields: { name: string; args: { name: string }[] }[] } };
  }>('{ __schema { mutationType { fields { name args { name } } } } }');
  const names = __schema.mutationType.fields
    .filter(({ args }) => args.some((arg) => arg.name === 'input'))
    .map(({ name }) => name);
  // These need a connector, or what it left lying; suites of their own replay them.
  const elsewhere = names.filter((name) => !(name in CALLS));
  expect(elsewhere.sort()).toEqual([
    'connectIntegration',
    'reconcileIntegration',
    'repairDrift',
    'repairDrifts',
    'replayDeadLetters',
    'resolveFieldConflict',
    'syncIntegration',
    'trackShipment',
  ]);
});

test('revokeApiKey replays under the same key, and refuses the key for another API key', async () => {
  const ids = await Promise.all(
    [1, 2].map(
      async () =>
        (await desk.done<Payload<'apiKey', { id: string }>>('createApiKey', { name: 'x', roles: ['VIEWER'] })).apiKey!
          .id,
    ),
  );
  const revoke =
    'mutation($id: ID!, $key: String) { revokeApiKey(id: $id, idempotencyKey: $key) { apiKey { id } replayed userErrors { code } } }';
  const key = newKey();
  expect(await desk.ask(revoke, { id: ids[0], key })).toEqual({
    revokeApiKey: { apiKey: { id: ids[0] }, replayed: false, userErrors: [] },
  });
  expect(await desk.ask(revoke, { id: ids[0], key })).toEqual({
    revokeApiKey: { apiKey: { id: ids[0] }, replayed: true, userErrors: [] },
  });
  expect(await desk.ask(revoke, { id: ids[1], key })).toEqual({
    revokeApiKey: { apiKey: null, replayed: false, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] },
  });
});

test('reads the fields of a replay afresh', async () => {
  const key = newKey();
  const { order } = await desk.send<OrderPayload>('createOrder', orderInput(key));
  await desk.done('cancelOrder', { orderId: order!.id });
  expect(await desk.send<OrderPayload>('createOrder', orderInput(key))).toMatchObject({
    order: { id: order!.id, status: 'CANCELED', version: 2 },
    replayed: true,
  });
});

test('tells inputs apart by what they mean: order of fields and defaults do not count, null does', async () => {
  const key = newKey();
  await desk.send('createOrder', orderInput(key));
  const same = { lines: [{ quantity: '1', sku }], draft: false, currency: 'EUR', channel: 'api', idempotencyKey: key };
  expect(await desk.send<OrderPayload>('createOrder', same)).toMatchObject({ replayed: true });
  expect(await desk.send<OrderPayload>('createOrder', { ...same, note: null })).toMatchObject({
    userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
  });
});

test('replays whether the input comes as a variable or is written out', async () => {
  const key = newKey();
  const { order } = await desk.send<OrderPayload>('createOrder', orderInput(key, { note: 'x' }));
  const written = `mutation { createOrder(input: { idempotencyKey: "${key}", channel: "api", currency: "EUR", note: "x",
    lines: [{ sku: "${sku}", quantity: "1" }] }) { order { id } replayed userErrors { code } } }`;
  expect(await desk.ask(written)).toEqual({
    createOrder: { order: { id: order!.id }, replayed: true, userErrors: [] },
  });
});

test('keeps one key for one operation', async () => {
  const key = newKey();
  const { order } = await desk.send<OrderPayload>('createOrder', orderInput(key));
  expect(await desk.send<OrderPayload>('confirmOrder', { idempotencyKey: key, orderId: order!.id })).toMatchObject({
    userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', firstUsedAt: START.toISOString() }],
  });
});

test('keeps the keys of callers apart', async () => {
  const colleague = await desk.colleague(['SALES']);
  const key = newKey();
  const [mine, theirs] = [
    await desk.send<OrderPayload>('createOrder', orderInput(key)),
    await colleague.send<OrderPayload>('createOrder', orderInput(key)),
  ];
  expect([mine.replayed, theirs.replayed]).toEqual([false, false]);
  expect(theirs.order!.id).not.toBe(mine.order!.id);
});

test('makes one order of thirty calls at the same time under one key', async () => {
  const key = newKey();
  const before = await desk.traces();
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => desk.send<OrderPayload>('createOrder', orderInput(key, { confirm: true }))),
  );
  expect(new Set(answers.map(({ order }) => order!.id)).size).toBe(1);
  expect(answers.map(({ replayed }) => replayed).sort()).toEqual([false, ...Array<boolean>(29).fill(true)]);
  const added = await desk.traces();
  expect([
    added.orders! - before.orders!,
    added.event! - before.event!,
    added.idempotency! - before.idempotency!,
  ]).toEqual([1, 4, 1]);
});

test('carries out a mutation without a key each time', async () => {
  const { id } = await desk.order({ lines: [{ sku, quantity: '5' }] });
  const lineId = (await desk.readOrder(id)).lines[0]!.id;
  const lines = [{ lineId, quantity: '1' }];
  for (const version of [2, 3]) {
    expect(await desk.send<OrderPayload>('cancelOrder', { orderId: id, lines })).toMatchObject({
      order: { version },
      replayed: false,
    });
  }
});

test.each(['', 'x'.repeat(256)])('refuses the key %j', async (key) => {
  expect(await desk.refusals('createOrder', orderInput(key))).toEqual(['INVALID at idempotencyKey']);
});

test('takes a key of 255 characters', async () => {
  const key = newKey().padEnd(255, 'x');
  expect(await desk.send<OrderPayload>('createOrder', orderInput(key))).toMatchObject({
    replayed: false,
    userErrors: [],
  });
  expect(await desk.send<OrderPayload>('createOrder', orderInput(key))).toMatchObject({ replayed: true });
});

describe('while another process is busy with the key', () => {
  let rival: pg.Client;

  beforeEach(async () => {
    rival = new pg.Client({ connectionString: hub.database.url });
    await rival.connect();
  });
  afterEach(() => rival.end());

  /** A call that waits, in the database, for what the rival does under the same key. */
  async function waiting(): Promise<{ first: Order; answer: Promise<OrderPayload> }> {
    const [known, key] = [newKey(), newKey()];
    const { order } = await desk.send<OrderPayload>('createOrder', orderInput(known));
    await rival.query('begin');
    await rival.query(
      `insert into idempotency select caller, $2, operation, input_hash, outcome, created_at from idempotency where key = $1`,
      [known, key],
    );
    const answer = desk.send<OrderPayload>('createOrder', orderInput(key));
    await eventually('the call to wait', async () => {
      const { rows } = await hub.hub.db.pool.query<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0]!.waiting > 0;
    });
    return { first: order!, answer };
  }

  test('waits for it and replays what it did', async () => {
    const { first, answer } = await waiting();
    await rival.query('commit');
    expect(await answer).toMatchObject({ order: { id: first.id }, replayed: true });
  });

  test('carries it out where the other gave up', async () => {
    const { first, answer } = await waiting();
    await rival.query('rollback');
    const { order, replayed } = await answer;
    expect(replayed).toBe(false);
    expect(order!.id).not.toBe(first.id);
  });
});

test('remembers a key for thirty days', async () => {
  const key = newKey();
  await desk.send('createOrder', orderInput(key));
  const later = new TestClock();
  const ask = async (now: Date) => {
    later.set(now);
    const parts = {
      databaseUrl: hub.database.url,
      secretKey: 'the secret key of the tests, long enough',
      host: '127.0.0.1',
      port: 0,
    };
    const next = await startHub({
      ...parts,
      publicUrl: null,
      adminKey: null,
      seller: { country: 'IT', currency: 'EUR' },
      automation: { isOn: false },
      clock: later,
      log: new TestLog(),
    });
    const remembered = () => hub.hub.db.pool.query('select from idempotency where key = $1', [key]);
    try {
      if (now.getTime() > START.getTime() + 30 * 86_400_000)
        await eventually('the key to be forgotten', async () => (await remembered()).rowCount === 0);
      return (
        await askGraph<{ createOrder: OrderPayload }>(next.url, mutation('createOrder'), { input: orderInput(key) })
      ).data.createOrder.replayed;
    } finally {
      await next.stop();
    }
  };
  expect(await ask(new Date(START.getTime() + 30 * 86_400_000))).toBe(true);
  expect(await ask(new Date(START.getTime() + 30 * 86_400_000 + 1))).toBe(false);
});
