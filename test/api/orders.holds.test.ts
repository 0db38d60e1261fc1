import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { after, Desk, type Order, type Payload, type UserError } from './support/desk.js';

interface Hold {
  id: string;
  reason: string;
  note: string | null;
  placedBy: { kind: string; name: string };
  placedAt: string;
}

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});
beforeEach(() => hub.clock.set(START));

const received = (more: object = {}) => desk.order({ lines: [{ sku, quantity: '1' }], ...more });

async function holdsOf(id: string, by = desk): Promise<Hold[]> {
  const query = `query($id: ID!) { order(id: $id) { holds { id reason note placedBy { kind name } placedAt } } }`;
  return (await by.ask<{ order: { holds: Hold[] } }>(query, { id })).order.holds;
}

test('stands on the order with who placed it and why, and raises its version', async () => {
  const { id } = await received();
  hub.clock.forward(1_000);
  const held = await desk.done<Payload<'order', Order>>('holdOrder', {
    orderId: id,
    reason: 'ADDRESS',
    note: 'no street',
  });
  expect(held.order).toMatchObject({ status: 'RECEIVED', version: 2 });
  expect(await holdsOf(id)).toEqual([
    {
      id: expect.stringMatching(/^hld_/),
      reason: 'ADDRESS',
      note: 'no street',
      placedBy: { kind: 'API_KEY', name: 'Administrator' },
      placedAt: after(1_000),
    },
  ]);
  expect((await desk.timeline(id)).at(-1)).toMatchObject({
    sequence: 2,
    type: 'HOLD_PLACED',
    data: { reason: 'ADDRESS', note: 'no street' },
  });
});

test('lets nothing move forward until every hold is released, and leaves no trace of what was refused', async () => {
  const draft = await received({ draft: true });
  for (const reason of ['FRAUD', 'PRICE']) await desk.done('holdOrder', { orderId: draft.id, reason });
  const before = await desk.traces();
  expect(await desk.refusals('placeOrder', { orderId: draft.id })).toEqual(['ON_HOLD at orderId']);
  expect(await desk.refusals('confirmOrder', { orderId: draft.id })).toEqual(['ON_HOLD at orderId']);
  expect(await desk.traces()).toEqual(before);
  const [first] = await holdsOf(draft.id);
  await desk.done('releaseOrder', { orderId: draft.id, holdId: first!.id, note: 'checked' });
  expect((await holdsOf(draft.id)).map(({ reason }) => reason)).toEqual(['PRICE']);
  expect(await desk.refusals('confirmOrder', { orderId: draft.id })).toEqual(['ON_HOLD at orderId']);
  await desk.done('releaseOrder', { orderId: draft.id });
  expect(await holdsOf(draft.id)).toEqual([]);
  const confirmed = await desk.done<Payload<'order', Order>>('confirmOrder', { orderId: draft.id });
  expect(confirmed.order).toMatchObject({ status: 'CONFIRMED' });
  const types = (await desk.timeline(draft.id)).map(({ type }) => type);
  expect(types.filter((type) => type.startsWith('HOLD'))).toEqual([
    'HOLD_PLACED',
    'HOLD_PLACED',
    'HOLD_RELEASED',
    'HOLD_RELEASED',
  ]);
});

test('lets an order that is held be canceled', async () => {
  const { id } = await received({ confirm: true });
  await desk.done('holdOrder', { orderId: id, reason: 'MANUAL' });
  const canceled = await desk.done<Payload<'order', Order>>('cancelOrder', { orderId: id });
  expect(canceled.order).toMatchObject({ status: 'CANCELED' });
  expect(await desk.refusals('holdOrder', { orderId: id, reason: 'MANUAL' })).toEqual(['CONFLICT at orderId']);
});

test('is placed and released once under one key, and only on the version that was seen', async () => {
  const { id } = await received();
  const input = { idempotencyKey: newKey(), orderId: id, reason: 'MANUAL' };
  const answers = await Promise.all([1, 2, 3].map(() => desk.send<Payload<'order', Order>>('holdOrder', input)));
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const holds = await holdsOf(id);
  expect(holds).toHaveLength(1);
  expect(await desk.refusals('releaseOrder', { orderId: id, expectedVersion: 1 })).toEqual([
    'VERSION_CONFLICT at expectedVersion',
  ]);
  const other = await received();
  await desk.done('holdOrder', { orderId: other.id, reason: 'MANUAL' });
  for (const holdId of ['x', (await holdsOf(other.id))[0]!.id]) {
    expect(await desk.refusals('releaseOrder', { orderId: id, holdId })).toEqual(['NOT_FOUND at holdId']);
  }
  await desk.done('releaseOrder', { orderId: id, holdId: holds[0]!.id });
  const before = await desk.readOrder(id);
  await desk.done('releaseOrder', { orderId: id });
  expect(await desk.readOrder(id)).toEqual(before);
});

test('two holds at once and a confirmation: whoever comes behind the first sees it', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { id } = await received();
    const [confirmed] = await Promise.all([
      desk.send<{ userErrors: UserError[] }>('confirmOrder', { orderId: id }),
      ...[1, 2].map(() => desk.done('holdOrder', { orderId: id, reason: 'FRAUD' })),
    ]);
    const types = (await desk.timeline(id)).map(({ type }) => type);
    const isConfirmed = confirmed!.userErrors.length === 0;
    expect((await desk.readOrder(id)).status).toBe(isConfirmed ? 'CONFIRMED' : 'RECEIVED');
    expect(types.indexOf('STATUS_CHANGED') < types.indexOf('HOLD_PLACED')).toBe(true);
    expect(isConfirmed).toBe(types.includes('STATUS_CHANGED'));
    expect(await holdsOf(id)).toHaveLength(2);
  }
});

test('is found by the filter, with it and without', async () => {
  const customer = await desk.customer();
  const [held, free] = [await received({ customerId: customer.id }), await received({ customerId: customer.id })];
  await desk.done('holdOrder', { orderId: held.id, reason: 'STOCK' });
  const find = async (onHold: boolean) => {
    const query = 'query($filter: OrderFilter) { orders(filter: $filter) { nodes { id } } }';
    const { orders } = await desk.ask<{ orders: { nodes: { id: string }[] } }>(query, {
      filter: { customerId: customer.id, onHold },
    });
    return orders.nodes.map(({ id }) => id);
  };
  expect([await find(true), await find(false)]).toEqual([[held.id], [free.id]]);
});

test('is nothing for customers to place, to release or to read', async () => {
  const customer = await desk.customer();
  const own = await desk.customerDesk(customer.id);
  const { id } = await received({ customerId: customer.id });
  await desk.done('holdOrder', { orderId: id, reason: 'FRAUD', note: 'looks odd' });
  expect(await own.code('mutation { holdOrder(input: { orderId: "x", reason: MANUAL }) { replayed } }')).toBe(
    'FORBIDDEN',
  );
  expect(await holdsOf(id, own)).toEqual([]);
  expect((await own.timeline(id)).at(-1)).toMatchObject({ type: 'HOLD_PLACED', data: null });
});
