import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, START, startTestHub, type TestHub } from '../support/hub.js';
import { LiveClient } from '../support/live-client.js';
import { after, Desk, type Order } from './support/desk.js';

const STATUS = `subscription($orderId: ID, $filter: OrderStreamFilter, $after: EventCursor) {
  orderStatusChanged(orderId: $orderId, filter: $filter, after: $after) {
    cursor kind orderId sequence from to at reason actor { kind name } order { id status version } } }`;
const EVENTS = `subscription($orderId: ID, $types: [OrderEventType!], $filter: OrderStreamFilter, $after: EventCursor) {
  orderEvents(orderId: $orderId, types: $types, filter: $filter, after: $after) {
    cursor type sequence message order { id } changes { field from to } data } }`;

interface Message {
  cursor: string;
  sequence: number;
  orderId: string;
  order: { id: string } | null;
  [field: string]: unknown;
}

let hub: TestHub;
let desk: Desk;
let sku: string;
const clients: LiveClient[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function connect(key = ADMIN_KEY): Promise<LiveClient> {
  const client = await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, key);
  clients.push(client);
  return client;
}

/**
 * Subscribes and returns once it is live. The server answers a socket's operations as they come, so that a query behind
 * the subscription is answered when the subscription is known.
 */
async function listen(
  client: LiveClient,
  id: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<void> {
  client.subscribe(id, query, variables);
  client.subscribe(`${id}-ready`, '{ viewer { roles } }');
  await client.until('the answer behind it', () => client.of(`${id}-ready`).some(({ type }) => type === 'complete'));
}

async function messages(client: LiveClient, id: string, count: number): Promise<Message[]> {
  const nexts = await client.untilNexts(id, count);
  return nexts.map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return Object.values(data!)[0] as Message;
  });
}

function order(more: object = {}): Promise<Order> {
  return desk.order({ lines: [{ sku, quantity: '1' }], ...more });
}

/** The cursor of the last thing that happened to an order. */
async function cursorOf(orderId: string): Promise<string> {
  return (await desk.timeline(orderId)).at(-1)!.cursor;
}

/** A cursor behind everything that has happened: what was committed a moment ago may still be on its way to the streams. */
async function now(): Promise<string> {
  return cursorOf((await order()).id);
}

test('tells each change of status with what it was and is, who did it and why', async () => {
  const client = await connect();
  const draft = await order({ draft: true });
  await listen(client, 'op', STATUS, { orderId: draft.id, after: await cursorOf(draft.id) });
  hub.clock.forward(5_000);
  await desk.done('placeOrder', { orderId: draft.id, reason: 'called' });
  await desk.done('confirmOrder', { orderId: draft.id });
  await desk.done('cancelOrder', { orderId: draft.id, reason: 'too late' });
  const told = await messages(client, 'op', 3);
  const shared = { orderId: draft.id, at: after(5_000), actor: { kind: 'API_KEY', name: 'Administrator' } };
  expect(told).toMatchObject([
    { ...shared, sequence: 2, from: 'DRAFT', to: 'RECEIVED', reason: 'called', order: { id: draft.id } },
    { ...shared, sequence: 4, from: 'RECEIVED', to: 'CONFIRMED', reason: null },
    {
      ...shared,
      sequence: 7,
      from: 'CONFIRMED',
      to: 'CANCELED',
      reason: 'too late',
      order: { status: 'CANCELED', version: 4 },
    },
  ]);
});

test('tells a new order as a change from nothing', async () => {
  const client = await connect();
  await listen(client, 'op', STATUS, { after: await now() });
  const { id } = await order({ confirm: true });
  expect(await messages(client, 'op', 2)).toMatchObject([
    { orderId: id, sequence: 1, from: null, to: 'RECEIVED' },
    { orderId: id, sequence: 3, from: 'RECEIVED', to: 'CONFIRMED', order: { status: 'CONFIRMED' } },
  ]);
});

test('tells every event of an order, the same as its timeline', async () => {
  const client = await connect();
  await listen(client, 'op', EVENTS, { after: await now() });
  const made = await order({ confirm: true });
  await desk.done('cancelOrder', { orderId: made.id });
  const told = await messages(client, 'op', 6);
  const timeline = await desk.timeline(made.id);
  expect(
    told.map(({ cursor, type, sequence, message, changes, data }) => ({
      cursor,
      type,
      sequence,
      message,
      changes,
      data,
    })),
  ).toEqual(
    timeline.map(({ cursor, type, sequence, message, changes, data }) => ({
      cursor,
      type,
      sequence,
      message,
      changes,
      data,
    })),
  );
  expect(told.map(({ order: of }) => of?.id)).toEqual(Array(6).fill(made.id));
});

test('replays what lies behind a cursor, then goes on live, without a gap or a repeat, from any message', async () => {
  const client = await connect();
  const { id } = await order({ lines: [{ sku, quantity: '20' }] });
  const lineId = (await desk.readOrder(id)).lines[0]!.id;
  const cancelOne = () => desk.done('cancelOrder', { orderId: id, lines: [{ lineId, quantity: '1' }] });
  for (let n = 0; n < 4; n += 1) await cancelOne();
  const timeline = await desk.timeline(id);
  for (const [index, { cursor }] of timeline.entries()) {
    const op = `from-${index}`;
    await listen(client, op, EVENTS, { orderId: id, after: cursor });
    const replayed = await messages(client, op, timeline.length - 1 - index);
    expect(replayed.map(({ sequence }) => sequence)).toEqual(timeline.slice(index + 1).map(({ sequence }) => sequence));
  }
  await cancelOne();
  for (const index of timeline.keys()) {
    const told = await messages(client, `from-${index}`, timeline.length - index);
    expect(told.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: timeline.length - index }, (_, n) => index + 2 + n),
    );
  }
});

test('marks what is replayed and what is live', async () => {
  const client = await connect();
  const made = await order({ draft: true });
  const start = await cursorOf(made.id);
  await desk.done('placeOrder', { orderId: made.id });
  // Only what the hub's own reader of the log has passed is in the past of a stream that begins.
  await listen(client, 'before', STATUS, { orderId: made.id, after: start });
  await messages(client, 'before', 1);
  await listen(client, 'op', STATUS, { orderId: made.id, after: start });
  await messages(client, 'op', 1);
  await desk.done('cancelOrder', { orderId: made.id });
  expect((await messages(client, 'op', 2)).map(({ kind, to }) => [kind, to])).toEqual([
    ['REPLAYED', 'RECEIVED'],
    ['LIVE', 'CANCELED'],
  ]);
});

test('keeps every order’s events in order while many change at the same time, and tells each once', async () => {
  const client = await connect();
  const start = await now();
  await listen(client, 'op', EVENTS, { after: start });
  const made = await Promise.all(Array.from({ length: 15 }, () => order({ confirm: true })));
  await Promise.all(made.map(({ id }) => desk.done('cancelOrder', { orderId: id })));
  const live = await messages(client, 'op', 15 * 6);
  for (const { id } of made) {
    expect(live.filter((event) => event.order?.id === id).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  }
  await listen(client, 'again', EVENTS, { after: start });
  const replayed = await messages(client, 'again', 15 * 6);
  expect(replayed.map(({ cursor }) => cursor)).toEqual(live.map(({ cursor }) => cursor));
});

describe('a filter', () => {
  test('by channel, type and order tells what fits and nothing else', async () => {
    const client = await connect();
    const [first, start] = [await order(), await now()];
    await listen(client, 'channel', EVENTS, { filter: { channel: ['phone'] }, after: start });
    await listen(client, 'type', EVENTS, { types: ['STOCK_RESERVED'], after: start });
    await listen(client, 'order', EVENTS, { orderId: first.id, after: start });
    const phone = await order({ channel: 'phone' });
    const web = await order({ channel: 'web', confirm: true });
    await desk.done('cancelOrder', { orderId: first.id });
    expect((await messages(client, 'order', 2)).map(({ type }) => type)).toEqual(['EDITED', 'STATUS_CHANGED']);
    expect((await messages(client, 'channel', 1)).map(({ order: of }) => of?.id)).toEqual([phone.id]);
    expect((await messages(client, 'type', 1)).map(({ order: of }) => of?.id)).toEqual([web.id]);
    expect([client.nexts('channel').length, client.nexts('type').length, client.nexts('order').length]).toEqual([
      1, 1, 2,
    ]);
  });

  test('by status shows an order enter and leave', async () => {
    const client = await connect();
    await listen(client, 'op', STATUS, { filter: { status: ['CONFIRMED'] }, after: await now() });
    const { id } = await order();
    await desk.done('confirmOrder', { orderId: id });
    await desk.done('cancelOrder', { orderId: id });
    expect((await messages(client, 'op', 2)).map(({ from, to }) => [from, to])).toEqual([
      ['RECEIVED', 'CONFIRMED'],
      ['CONFIRMED', 'CANCELED'],
    ]);
  });

  test('by customer tells that customer’s alone', async () => {
    const client = await connect();
    const customer = await desk.customer();
    await listen(client, 'op', STATUS, { filter: { customerId: customer.id } });
    await order();
    const own = await order({ customerId: customer.id });
    expect((await messages(client, 'op', 1)).map(({ orderId }) => orderId)).toEqual([own.id]);
  });

  test.each([
    ['an id that is no order’s', STATUS, { orderId: 'x' }, 'BAD_USER_INPUT'],
    ['an id that is no customer’s', STATUS, { filter: { customerId: 'x' } }, 'BAD_USER_INPUT'],
    ['an unknown status', STATUS, { filter: { status: ['LOST'] } }, 'BAD_USER_INPUT'],
    ['a text that is no cursor', EVENTS, { after: 'x' }, 'BAD_USER_INPUT'],
    [
      'a cursor of another history',
      EVENTS,
      { after: Buffer.from('ffffffff.1').toString('base64url') },
      'CURSOR_EXPIRED',
    ],
  ])('with %s ends that operation alone', async (_, query, variables, code) => {
    const client = await connect();
    await listen(client, 'good', EVENTS);
    client.subscribe('bad', query, variables);
    expect((await client.untilError('bad')).extensions.code).toBe(code);
    await order();
    await messages(client, 'good', 1);
  });
});

describe('a customer', () => {
  test('is told of its own orders alone, live and replayed, whatever it asks for', async () => {
    const [one, two] = [await desk.customer(), await desk.customer()];
    const own = await connect((await desk.customerDesk(one.id)).key);
    const staff = await connect();
    const start = await now();
    for (const [id, variables] of Object.entries({ all: {}, other: { filter: { customerId: two.id } } })) {
      await listen(own, id, STATUS, variables);
    }
    await listen(staff, 'all', STATUS, { after: start });
    const made = [
      await order({ customerId: two.id }),
      await order({ customerId: one.id }),
      await order(),
      await order({ customerId: one.id }),
    ];
    await listen(own, 'foreign', STATUS, { orderId: made[0]!.id, after: start });
    await listen(own, 'replayed', STATUS, { after: start });
    await messages(staff, 'all', 4);
    const mine = [made[1]!.id, made[3]!.id];
    expect((await messages(own, 'all', 2)).map(({ orderId, order: of }) => [orderId, of?.id])).toEqual(
      mine.map((id) => [id, id]),
    );
    expect((await messages(own, 'replayed', 2)).map(({ orderId }) => orderId)).toEqual(mine);
    expect([own.nexts('other'), own.nexts('foreign'), own.nexts('all').length]).toEqual([[], [], 2]);
  });

  test('loses its socket when its key is taken back, and others keep theirs', async () => {
    const { apiKey, secret } = await desk.done<{ apiKey: { id: string }; secret: string; userErrors: [] }>(
      'createApiKey',
      { name: 'x', roles: ['VIEWER'] },
    );
    const [doomed, staff] = [await connect(secret), await connect()];
    await listen(doomed, 'op', EVENTS, { after: await now() });
    await listen(staff, 'op', EVENTS);
    await desk.ask('mutation($id: ID!) { revokeApiKey(id: $id) { replayed } }', { id: apiKey.id });
    expect(await doomed.untilClosed()).toEqual({ code: 4403, reason: 'The API key is expired or revoked' });
    await order();
    await messages(staff, 'op', 1);
    expect(doomed.nexts('op')).toEqual([]);
    const again = await LiveClient.open(`${hub.hub.url.replace('http', 'ws')}/graphql`);
    again.send({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
    expect((await again.untilClosed()).code).toBe(4403);
  });

  test('loses its socket when its key expires', async () => {
    const { secret } = await desk.done<{ secret: string; userErrors: [] }>('createApiKey', {
      name: 'x',
      roles: ['VIEWER'],
      expiresAt: after(10_000),
    });
    const client = await connect(secret);
    await listen(client, 'op', EVENTS);
    hub.clock.forward(10_000);
    expect((await client.untilClosed()).code).toBe(4403);
  });
});

test('runs mutations and queries over the socket like over HTTP', async () => {
  const client = await connect();
  client.subscribe(
    'm',
    `mutation { createOrder(input: { idempotencyKey: "over-a-socket", channel: "api", currency: "EUR",
    lines: [{ sku: "${sku}", quantity: "2" }] }) { order { status total { amount } } replayed userErrors { code } } }`,
  );
  expect(await client.untilNexts('m', 1)).toEqual([
    {
      data: {
        createOrder: { order: { status: 'RECEIVED', total: { amount: '24.40' } }, replayed: false, userErrors: [] },
      },
    },
  ]);
  await eventually('the completion', () => client.of('m').some(({ type }) => type === 'complete'));
});

test('a subscription over HTTP is refused, not started', async () => {
  const { errors, status } = await desk.answer('subscription { orderEvents { cursor } }');
  expect(status).not.toBe(500);
  expect(errors).toHaveLength(1);
});
