import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub, type Hub } from '../../src/app.js';
import { SYSTEM } from '../../src/shared/actor.js';
import { metricsRegistry } from '../../src/graph/metrics.js';
import { startTestHub, TestLog, UNASKED, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { eur, fresh, type Order } from './support/desk.js';
import { RuleDesk } from './support/rules.js';
import { queueOf } from './support/work.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let hub: TestHub;
let desk: RuleDesk;
let sku: string;
let service: string;

beforeAll(async () => {
  hub = await startTestHub({ automation: { isOn: true } });
  desk = new RuleDesk(hub);
  sku = await desk.product('10.00', '1000');
  service = await desk.product('10.00', null, { isStocked: false, requiresShipping: false });
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});

const received = (more: object = {}) => desk.order({ lines: [{ sku, quantity: '1' }], ...more });
const statusOf = async ({ id }: Order) => (await desk.readOrder(id)).status;
const on = (code: string) => desk.rule(code, { isActive: true });
const off = (code: string) => desk.rule(code, { isActive: false });

test('a new hub begins with rules, of which those act that do nothing surprising', async () => {
  const { automationRules } = await desk.ask<{ automationRules: { code: string; isActive: boolean }[] }>(
    '{ automationRules { code isActive } }',
  );
  const active = automationRules.filter(({ isActive }) => isActive).map(({ code }) => code);
  expect(active).toEqual(
    expect.arrayContaining(['confirm-on-arrival', 'complete-after-return-window', 'escalate-standstill']),
  );
  expect(automationRules).toContainEqual({ code: 'cancel-unpaid', isActive: false });
});

test('what a rule may ask and do is listed, with what belongs to each', async () => {
  const { automationFacts, automationActions } = await desk.ask<{
    automationFacts: { name: string; kind: string; operators: string[]; values: string[] | null }[];
    automationActions: { code: string; argumentsSchema: { properties: object } }[];
  }>('{ automationFacts { name kind operators values } automationActions { code argumentsSchema } }');
  expect(automationFacts.find(({ name }) => name === 'status')).toMatchObject({
    kind: 'TEXT',
    operators: ['eq', 'ne', 'in', 'notIn', 'isSet'],
    values: expect.arrayContaining(['RECEIVED', 'COMPLETED']) as unknown,
  });
  const hold = automationActions.find(({ code }) => code === 'HOLD_ORDER')!;
  expect(Object.keys(hold.argumentsSchema.properties)).toEqual(['reason', 'note']);
});

describe('confirm on arrival', () => {
  test('confirms an order that is received, and is the actor of all that follows', async () => {
    const order = await received();
    await desk.settle();
    expect(await statusOf(order)).toBe('CONFIRMED');
    const timeline = await desk.timeline(order.id);
    expect(timeline.map(({ type }) => type)).toEqual(['CREATED', 'STOCK_RESERVED', 'STATUS_CHANGED']);
    expect(timeline.slice(1).map(({ actor }) => actor)).toEqual(
      Array(2).fill({ kind: 'RULE', name: 'Confirm on arrival' }),
    );
    expect(await desk.runs({ orderId: order.id, status: ['DONE'] })).toMatchObject([
      { rule: { code: 'confirm-on-arrival' }, eventType: 'CREATED', depth: 0, reason: null },
    ]);
  });

  test('holds an order for what a check says, once, and tries again when somebody has released it', async () => {
    const scarce = await desk.product('10.00', '1');
    const order = await desk.order({ lines: [{ sku: scarce, quantity: '2' }] });
    await desk.settle();
    expect(await statusOf(order)).toBe('RECEIVED');
    const held = { reason: 'STOCK', placedBy: { kind: 'RULE', name: 'Confirm on arrival' } };
    expect(await desk.holds(order.id)).toMatchObject([held]);
    expect((await desk.holds(order.id))[0]!.note).toContain(scarce);
    expect(await desk.runs({ orderId: order.id, status: ['REFUSED'] })).toHaveLength(1);
    await desk.done('releaseOrder', { orderId: order.id });
    await desk.settle();
    expect(await desk.holds(order.id)).toMatchObject([held]);
    await desk.stock(scarce, '5');
    await desk.done('releaseOrder', { orderId: order.id });
    await desk.settle();
    expect(await statusOf(order)).toBe('CONFIRMED');
    expect(await desk.holds(order.id)).toEqual([]);
  });

  test('leaves an order alone that somebody holds, and says so', async () => {
    const order = await received();
    await desk.done('holdOrder', { orderId: order.id, reason: 'FRAUD' });
    await desk.settle();
    expect(await statusOf(order)).toBe('RECEIVED');
    expect(await desk.runs({ orderId: order.id, status: ['SKIPPED'] })).toMatchObject([
      { rule: { code: 'confirm-on-arrival' }, reason: 'openHolds is "1", asked for eq 0' },
    ]);
    expect(await desk.holds(order.id)).toMatchObject([{ reason: 'FRAUD' }]);
  });
});

test('what is paid goes to the warehouse at once, what is paid later then, and what may wait does', async () => {
  const free = { lines: [{ sku, quantity: '1', unitPrice: eur('0.00') }] };
  const [paid, unpaid] = [await received(free), await received()];
  await desk.settle();
  expect([await statusOf(paid), await statusOf(unpaid)]).toEqual(['PROCESSING', 'CONFIRMED']);
  expect((await desk.timeline(paid.id)).at(-1)).toMatchObject({ actor: { name: 'Release when paid or on account' } });
  const onAccount = { orderId: unpaid.id, provider: 'manual', method: 'ON_ACCOUNT', termDays: 30 };
  await desk.done('authorizePayment', onAccount);
  await desk.settle();
  expect(await statusOf(unpaid)).toBe('PROCESSING');
  const scarce = await desk.product('0.00', '0');
  const waiting = await desk.order({ lines: [{ sku: scarce, quantity: '1' }], allowBackorder: true });
  await desk.settle();
  expect([await statusOf(waiting), await desk.holds(waiting.id)]).toEqual(['CONFIRMED', []]);
  await desk.stock(scarce, '1');
  await desk.settle();
  expect(await statusOf(waiting)).toBe('PROCESSING');
});

test('a rule may invoice what has left, and is content where nothing has', async () => {
  await on('invoice-at-shipment');
  const order = await received({ lines: [{ sku, quantity: '2', unitPrice: eur('0.00') }], confirm: true });
  await desk.settle();
  const { id: shipmentId } = await desk.shipment(order.id);
  await desk.done('updateShipment', { shipmentId, status: 'PICKING' });
  await desk.settle();
  const invoices = async () => {
    const query = 'query($id: ID!) { order(id: $id) { invoices { kind } } }';
    return (await desk.ask<{ order: { invoices: object[] } }>(query, { id: order.id })).order.invoices;
  };
  expect(await invoices()).toEqual([]);
  for (const status of ['SHIPPED', 'IN_TRANSIT']) await desk.done('updateShipment', { shipmentId, status });
  await desk.settle();
  expect(await invoices()).toEqual([{ kind: 'INVOICE' }]);
  expect(await desk.holds(order.id)).toEqual([]);
  await off('invoice-at-shipment');
});

describe('complete after the return window', () => {
  const delivered = async (more: object = {}) => {
    const order = await desk.order({ lines: [{ sku: service, quantity: '1' }], confirm: true, ...more });
    expect(order.status).toBe('DELIVERED');
    return order;
  };
  const pay = ({ id, total }: Order) =>
    desk.send('recordPayment', { idempotencyKey: fresh('key'), orderId: id, method: 'CASH', amount: total });

  test('completes what is delivered and paid when it can no longer be returned, not a minute before', async () => {
    const order = await delivered();
    await pay(order);
    expect(await desk.refusals('completeOrder', { orderId: order.id })).toEqual(['CONFLICT at orderId']);
    hub.clock.forward(14 * DAY_MS - MINUTE_MS);
    await desk.settle();
    expect(await statusOf(order)).toBe('DELIVERED');
    hub.clock.forward(MINUTE_MS);
    await desk.settle();
    expect(await statusOf(order)).toBe('COMPLETED');
    expect((await desk.timeline(order.id)).at(-1)).toMatchObject({
      type: 'STATUS_CHANGED',
      actor: { kind: 'RULE', name: 'Complete after the return window' },
      changes: [{ field: 'status', from: 'DELIVERED', to: 'COMPLETED' }],
    });
    expect(await desk.refusals('holdOrder', { orderId: order.id, reason: 'MANUAL' })).toEqual(['CONFLICT at orderId']);
  });

  test('waits for the payment of what is paid late', async () => {
    const order = await delivered();
    hub.clock.forward(20 * DAY_MS);
    await desk.settle();
    expect(await statusOf(order)).toBe('DELIVERED');
    expect(await desk.refusals('completeOrder', { orderId: order.id })).toEqual(['PAYMENT_REQUIRED at orderId']);
    await pay(order);
    await desk.settle();
    expect(await statusOf(order)).toBe('COMPLETED');
  });

  test('what is reported of a parcel later changes the parcel, and the order no more', async () => {
    const order = await received({ lines: [{ sku, quantity: '1', unitPrice: eur('0.00') }], confirm: true });
    const { id: shipmentId } = await desk.shipment(order.id);
    for (const status of ['SHIPPED', 'DELIVERED']) await desk.done('updateShipment', { shipmentId, status });
    hub.clock.forward(14 * DAY_MS);
    await desk.settle();
    expect(await statusOf(order)).toBe('COMPLETED');
    await desk.done('updateShipment', { shipmentId, trackingNumber: 'late' });
    expect(await desk.readOrder(order.id)).toMatchObject({ status: 'COMPLETED', fulfillmentStatus: 'DELIVERED' });
  });
});

test('what stands still is shown to somebody, and what moves on leaves no trace', async () => {
  const [still, moving] = [await received({ confirm: true }), await received({ confirm: true })];
  await desk.settle();
  const { id: shipmentId } = await desk.shipment(moving.id);
  await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
  hub.clock.forward(3 * DAY_MS);
  await desk.settle();
  const asked = async ({ id }: Order) =>
    (await queueOf(desk, 'WAREHOUSE')).items
      .filter(({ kind, order }) => kind === 'TASK' && order?.id === id)
      .map(({ title }) => title);
  expect(await asked(still)).toEqual(['It has not moved on for a long time']);
  expect(await desk.holds(still.id)).toEqual([]);
  expect(await asked(moving)).toEqual([]);
  expect(await desk.holds(moving.id)).toEqual([]);
  expect(await desk.runs({ orderId: moving.id, rule: 'escalate-standstill' })).toEqual([]);
});

test('a rule that is switched on acts on what happens from then on', async () => {
  const before = await received({ confirm: true });
  await off('escalate-standstill');
  hub.clock.forward(1);
  await on('cancel-unpaid');
  const after = await received({ confirm: true });
  await desk.settle();
  hub.clock.forward(14 * DAY_MS);
  await desk.settle();
  expect([await statusOf(before), await statusOf(after)]).toEqual(['CONFIRMED', 'CANCELED']);
  await off('cancel-unpaid');
  await on('escalate-standstill');
});

describe('a rule of our own', () => {
  const HOLD = { triggers: [{ status: 'RECEIVED' }], actions: [{ action: 'HOLD_ORDER' }] };

  test('is created, changed, switched off and remembered by the names of the graph', async () => {
    const code = fresh('rule');
    const condition = {
      all: [
        { field: 'total', operator: 'gte', value: '100.00' },
        { not: { any: [{ field: 'customerTags', operator: 'contains', value: 'known' }] } },
      ],
    };
    const values = { ...HOLD, name: 'Look at it', description: 'Large orders', condition, priority: 5 };
    const created = await desk.done<{ automationRule: object; userErrors: [] }>('upsertAutomationRule', {
      code,
      ...values,
    });
    expect(created.automationRule).toMatchObject({
      ...values,
      triggers: [{ event: null, status: 'RECEIVED', afterMinutes: null }],
      actions: [{ action: 'HOLD_ORDER', arguments: {} }],
      isActive: true,
      version: 1,
    });
    await desk.rule(code, { expectedVersion: 1, condition: null, isActive: false });
    await desk.rule(code, { isActive: false });
    const query =
      'query($c: String!) { automationRule(code: $c) { version condition isActive activeSince history(first: 5) { nodes { type changes { field from to } } } } }';
    const { automationRule } = await desk.ask<{ automationRule: { history: { nodes: { changes: unknown[] }[] } } }>(
      query,
      { c: code },
    );
    expect(automationRule).toMatchObject({ version: 2, condition: null, isActive: false, activeSince: null });
    expect(automationRule.history.nodes[1]!.changes).toEqual([
      { field: 'condition', from: condition, to: null },
      { field: 'isActive', from: true, to: false },
    ]);
  });

  test('is refused with every fault at its path', async () => {
    const condition = {
      all: [
        { field: 'colour', operator: 'eq', value: 'red' },
        { field: 'total', operator: 'contains', value: '1' },
        { field: 'total', operator: 'gt', value: 1.5 },
        { any: [] },
        { not: { field: 'status', operator: 'in', value: ['RECEIVED', 'SOLD'] } },
      ],
    };
    const actions = [{ action: 'SING' }, { action: 'HOLD_ORDER', arguments: { reason: 'BOREDOM' } }];
    const triggers = [
      { event: 'EDITED', status: 'RECEIVED' },
      { status: 'RECEIVED', afterMinutes: -1 },
    ];
    expect(await desk.refusals('upsertAutomationRule', { code: 'a b', triggers, condition, actions })).toEqual([
      'INVALID at code',
      'INVALID at condition.all.0.field',
      'INVALID at condition.all.1.operator',
      'INVALID at condition.all.2.value',
      'INVALID at condition.all.3.any',
      'INVALID at condition.all.4.not.value',
      'INVALID at triggers.0.event',
      'INVALID at triggers.1.afterMinutes',
      'INVALID at actions.0.action',
      'INVALID at actions.1.arguments.reason',
    ]);
    expect(await desk.refusals('upsertAutomationRule', { code: 'bare' })).toEqual([
      'REQUIRED at triggers',
      'REQUIRED at actions',
    ]);
  });

  test('is tried on an order: shows each comparison and what would be refused, and changes nothing', async () => {
    const code = fresh('rule');
    const condition = {
      any: [
        { field: 'total', operator: 'gt', value: 1_000 },
        { field: 'skus', operator: 'contains', value: sku },
      ],
    };
    const actions = [{ action: 'CONFIRM_ORDER' }, { action: 'COMPLETE_ORDER' }, { action: 'HOLD_ORDER' }];
    await desk.rule(code, { triggers: [{ event: 'EDITED' }], condition, actions, isActive: false });
    const order = await received();
    const before = await desk.traces();
    const query = `query($code: String!, $orderId: ID!) { testAutomationRule(code: $code, orderId: $orderId) {
      holds checks { path actual holds } steps { action userErrors { code } } } }`;
    expect(await desk.ask(query, { code, orderId: order.id })).toEqual({
      testAutomationRule: {
        holds: true,
        checks: [
          { path: ['condition', 'any', '0'], actual: '12.20', holds: false },
          { path: ['condition', 'any', '1'], actual: [sku], holds: true },
        ],
        steps: [
          { action: 'CONFIRM_ORDER', userErrors: [] },
          { action: 'COMPLETE_ORDER', userErrors: [{ code: 'INVALID_TRANSITION' }] },
        ],
      },
    });
    expect(await desk.traces()).toEqual(before);
    expect(await desk.ask(query, { code: 'none', orderId: order.id })).toEqual({ testAutomationRule: null });
  });

  test('does all of its actions or none', async () => {
    const code = fresh('rule');
    const actions = [{ action: 'CONFIRM_ORDER' }, { action: 'COMPLETE_ORDER' }];
    await desk.rule(code, { name: 'Too much', triggers: [{ event: 'HOLD_RELEASED' }], actions });
    const order = await received();
    await desk.done('holdOrder', { orderId: order.id, reason: 'PRICE' });
    await desk.done('releaseOrder', { orderId: order.id });
    await off('confirm-on-arrival');
    await desk.settle();
    expect(await statusOf(order)).toBe('RECEIVED');
    expect(await desk.runs({ orderId: order.id, rule: code })).toMatchObject([{ status: 'REFUSED' }]);
    expect(await desk.holds(order.id)).toMatchObject([{ reason: 'MANUAL', placedBy: { name: 'Too much' } }]);
    await off(code);
    await on('confirm-on-arrival');
  });

  test('has its turn by its priority: no process goes ahead of one that is at a rule before it', async () => {
    const code = fresh('rule');
    await desk.rule(code, { ...HOLD, priority: 1 });
    const order = await received();
    await desk.follow();
    const other = await hub.hub.db.pool.connect();
    await other.query('begin');
    try {
      await other.query(
        `select from automation_run
          where id = (select min(id) from automation_run where status = 'DUE' and after_minutes = 0) for update`,
      );
      await hub.hub.upkeep.run('run-rules');
      expect(await statusOf(order)).toBe('RECEIVED');
    } finally {
      await other.query('rollback');
      other.release();
    }
    await desk.settle();
    const runs = await desk.runs({ orderId: order.id, status: ['DONE', 'SKIPPED'] });
    expect(runs.map(({ rule, status }) => `${rule.code} ${status}`)).toEqual([
      `${code} DONE`,
      'confirm-on-arrival SKIPPED',
    ]);
    await off(code);
  });

  test('that fails is tried three times; then it holds the order, and the log knows why', async () => {
    const code = fresh('rule');
    const { pool } = hub.hub.db;
    await pool.query(`alter table order_hold add constraint no_boom check (note <> 'boom')`);
    const actions = [{ action: 'HOLD_ORDER', arguments: { note: 'boom' } }];
    await desk.rule(code, { triggers: [{ event: 'CREATED' }], actions });
    const order = await received({ draft: true });
    for (const left of [2, 1, 0]) {
      await desk.settle();
      expect(await desk.holds(order.id)).toHaveLength(left === 0 ? 1 : 0);
      hub.clock.forward(2 * MINUTE_MS);
    }
    expect(await desk.runs({ orderId: order.id, rule: code })).toMatchObject([{ status: 'FAILED' }]);
    expect(await desk.holds(order.id)).toMatchObject([{ reason: 'MANUAL', placedBy: { kind: 'RULE' } }]);
    expect(
      hub.log.lines.filter(({ level, facts }) => level === 'error' && 'rule' in facts && facts.rule === code),
    ).toHaveLength(1);
    await off(code);
    await pool.query('alter table order_hold drop constraint no_boom');
  });
});

describe('a loop', () => {
  test('of two rules that set off one another is cut, held and reported', async () => {
    const [a, b] = [fresh('release'), fresh('hold')];
    await desk.rule(a, { triggers: [{ event: 'HOLD_PLACED' }], actions: [{ action: 'RELEASE_HOLDS' }] });
    await desk.rule(b, { triggers: [{ event: 'HOLD_RELEASED' }], actions: [{ action: 'HOLD_ORDER' }] });
    const order = await received({ confirm: true });
    await desk.done('holdOrder', { orderId: order.id, reason: 'PRICE' });
    await desk.settle();
    const runs = (await desk.runs({ orderId: order.id })).filter(({ rule }) => [a, b].includes(rule.code));
    expect(runs.map(({ status, depth }) => `${status} ${depth}`)).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((depth) => `DONE ${depth}`),
      'CUT 6',
      'CUT 7',
    ]);
    expect((await desk.holds(order.id)).map(({ reason }) => reason)).toContain('MANUAL');
    expect(hub.log.lines.filter(({ message }) => message === 'a loop of automation rules was cut')).toHaveLength(2);
    const figures = await hub.hub.services.get(metricsRegistry).getSingleMetricAsString('hub_rule_runs_total');
    expect(figures).toContain(`hub_rule_runs_total{rule="${a}",outcome="CUT"} 2`);
    await off(a);
    await off(b);
  });

  test('through somebody else is cut when the rule has acted too often on one order', async () => {
    const code = fresh('often');
    await desk.rule(code, { triggers: [{ event: 'HOLD_PLACED' }], actions: [{ action: 'RELEASE_HOLDS' }] });
    const order = await received({ confirm: true });
    for (let round = 0; round < 21; round += 1) {
      await desk.done('holdOrder', { orderId: order.id, reason: 'PRICE' });
      await desk.settle();
    }
    const runs = await desk.runs({ orderId: order.id, rule: code });
    expect(runs.filter(({ status }) => status === 'DONE')).toHaveLength(20);
    expect(runs.filter(({ status }) => status === 'CUT').length).toBeGreaterThan(0);
    expect((await desk.holds(order.id)).map(({ reason }) => reason).sort()).toEqual(['MANUAL', 'PRICE']);
    await off(code);
  });
});

/** Of the same database and time. */
function anotherHub(): Promise<Hub> {
  return startHub({
    databaseUrl: hub.database.url,
    secretKey: 'the secret key of the tests, long enough',
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    adminKey: null,
    seller: { country: 'IT', currency: 'EUR' },
    verification: UNASKED,
    automation: { isOn: true },
    isUpkeepByHand: true,
    clock: hub.clock,
    log: new TestLog(),
  });
}

test('two hubs on one database carry out each run once', async () => {
  const other = await anotherHub();
  const orders: Order[] = [];
  for (let n = 0; n < 12; n += 1) orders.push(await received());
  await desk.settle([hub.hub, other, hub.hub, other]);
  for (const order of orders) {
    const moves = (await desk.timeline(order.id)).filter(({ type }) => type === 'STATUS_CHANGED');
    expect(moves).toHaveLength(1);
    expect(await desk.runs({ orderId: order.id, rule: 'confirm-on-arrival' })).toMatchObject([{ status: 'DONE' }]);
  }
  await other.stop();
});

test('a hub in use gets new rules switched off: nothing begins to act by itself', async () => {
  const { db } = hub.hub;
  await db.pool.query(
    `delete from automation_run where rule_id = (select id from automation_rule where code = 'cancel-unpaid')`,
  );
  await db.pool.query(`update automation_rule set code = 'mine' where code = 'confirm-on-arrival'`);
  const again = await anotherHub();
  await again.stop();
  const query =
    '{ automationRule(code: "confirm-on-arrival") { isActive history(first: 1) { nodes { actor { kind name } } } } }';
  expect(await desk.ask(query)).toEqual({
    automationRule: { isActive: false, history: { nodes: [{ actor: { kind: SYSTEM.kind, name: SYSTEM.name } }] } },
  });
});
