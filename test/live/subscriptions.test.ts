import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { GraphContext } from '../../src/graph/context.js';
import { LiveClient, type StreamPayload } from '../support/live-client.js';
import { LiveHub, viewer } from '../support/live-hub.js';
import { Role } from '../../src/graph/access.js';

const CHANGES = `subscription Changes($subject: ID, $after: String) {
  changes(subject: $subject, after: $after) { cursor kind position subject sequence message customer loaded }
}`;

let hub: LiveHub;
const clients: LiveClient[] = [];

beforeAll(async () => {
  hub = await LiveHub.start({ subscriptionsPerSocket: 10 });
});
afterAll(() => hub.stop());
beforeEach(() => {
  hub.executions = 0;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await eventually('all sockets to be closed', () => hub.live.metrics.sockets === 0);
});

async function connect(key = 'staff'): Promise<LiveClient> {
  const client = await LiveClient.connect(hub.url, key);
  clients.push(client);
  return client;
}

/** Returns once the hub counts this many subscriptions more than were there. */
async function subscribed(client: LiveClient, id: string, variables?: Record<string, unknown>, query = CHANGES) {
  const before = hub.live.metrics.subscriptions;
  client.subscribe(id, query, variables);
  await eventually('the subscription', () => hub.live.metrics.subscriptions > before);
}

let subjects = 1_000;
function newSubject(): string {
  subjects += 1;
  return String(subjects);
}

function changeOf(payload: StreamPayload | undefined, field = 'changes') {
  return payload!.data![field] as Record<string, unknown>;
}

test('sends each event that happens to every subscriber, executed once for all of them', async () => {
  const subject = newSubject();
  const members = await Promise.all([connect(), connect(), connect('other-staff')]);
  for (const client of members) await subscribed(client, 'op', { subject });
  await hub.write({ subjectId: subject, sequence: 1 }, { subjectId: subject, sequence: 2 });
  for (const client of members) {
    const nexts = await client.untilNexts('op', 2);
    expect(nexts.map((next) => changeOf(next))).toMatchObject([
      { kind: 'LIVE', subject, sequence: 1, message: 'change 1' },
      { kind: 'LIVE', subject, sequence: 2, message: 'change 2' },
    ]);
  }
  expect(hub.executions).toBe(2);
});

test('replays what lies behind a cursor, then goes on live, without a gap or a repeat', async () => {
  const subject = newSubject();
  const client = await connect();
  await subscribed(client, 'first', { subject });
  await hub.write({ subjectId: subject, sequence: 1 });
  const [first] = await client.untilNexts('first', 1);
  client.send({ id: 'first', type: 'complete' });
  await eventually('the end of the first', () => hub.live.metrics.subscriptions === 0);
  for (let sequence = 2; sequence <= 6; sequence += 1) await hub.write({ subjectId: subject, sequence });

  await eventually(
    'the feed',
    async () => hub.feed.head() >= Number((await hub.db.pool.query('select count(*) from event')).rows[0].count),
  );
  await subscribed(client, 'second', { subject, after: changeOf(first).cursor });
  await client.untilNexts('second', 5);
  await hub.write({ subjectId: subject, sequence: 7 });
  const nexts = (await client.untilNexts('second', 6)).map((next) => changeOf(next));
  expect(nexts.map(({ sequence, kind }) => `${String(sequence)} ${String(kind)}`)).toEqual([
    '2 REPLAYED',
    '3 REPLAYED',
    '4 REPLAYED',
    '5 REPLAYED',
    '6 REPLAYED',
    '7 LIVE',
  ]);
  expect(client.nexts('first')).toHaveLength(1);
});

test('puts subscribers with different cursors into one group once they are live', async () => {
  const subject = newSubject();
  const [one, two] = [await connect(), await connect()];
  const start = hub.feed.cursorAt(hub.feed.head());
  await hub.write({ subjectId: subject, sequence: 1 });
  await subscribed(one, 'op', { subject, after: start });
  const [first] = await one.untilNexts('op', 1);
  await subscribed(two, 'op', { subject, after: changeOf(first).cursor });
  await eventually('one group', () => hub.live.metrics.groups === 1 && hub.live.metrics.subscriptions === 2);
  hub.executions = 0;
  await hub.write({ subjectId: subject, sequence: 2 });
  await Promise.all([one.untilNexts('op', 2), two.untilNexts('op', 1)]);
  expect(hub.executions).toBe(1);
});

test('shows a customer only its own events, live and replayed, whatever it asks for', async () => {
  const subject = newSubject();
  const customer = await connect('customer-7');
  const staff = await connect();
  const start = hub.feed.cursorAt(hub.feed.head());
  await subscribed(customer, 'live');
  await subscribed(staff, 'live', { subject });
  await hub.write(
    { subjectId: subject, sequence: 1, customerId: '8' },
    { subjectId: subject, sequence: 2, customerId: '7' },
    { subjectId: subject, sequence: 3 },
  );
  await staff.untilNexts('live', 3);
  await hub.write({ subjectId: subject, sequence: 4, customerId: '7' });
  const live = (await customer.untilNexts('live', 2)).map((next) => changeOf(next).sequence);
  await subscribed(customer, 'replayed', { after: start });
  const replayed = (await customer.untilNexts('replayed', 2)).map((next) => changeOf(next).sequence);
  expect([live, replayed]).toEqual([
    [2, 4],
    [2, 4],
  ]);
});

test('ends only the operation whose document, field or cursor is refused', async () => {
  const subject = newSubject();
  const client = await connect('customer-7');
  await subscribed(client, 'good', { subject });
  const otherHistory = Buffer.from('ffffffff.1').toString('base64url');
  client.subscribe('syntax', 'subscription {');
  client.subscribe('unknown', 'subscription { nothing }');
  client.subscribe('forbidden', 'subscription { forStaff { position } }');
  client.subscribe('garbage', CHANGES, { after: 'garbage' });
  client.subscribe('expired', CHANGES, { after: otherHistory });
  client.subscribe('beyond', CHANGES, { after: hub.feed.cursorAt(hub.feed.head() + 1_000) });
  client.subscribe('skipped', 'subscription { changes @skip(if: true) { position } }');
  client.subscribe('aliases', `{ ${Array.from({ length: 60 }, (_, n) => `a${n}: __typename`).join(' ')} }`);
  const codes: Record<string, unknown> = {};
  for (const id of ['syntax', 'unknown', 'forbidden', 'garbage', 'expired', 'beyond', 'skipped', 'aliases']) {
    codes[id] = (await client.untilError(id)).extensions.code;
  }
  expect(codes).toEqual({
    syntax: 'GRAPHQL_PARSE_FAILED',
    unknown: 'GRAPHQL_VALIDATION_FAILED',
    forbidden: 'FORBIDDEN',
    garbage: 'BAD_USER_INPUT',
    expired: 'CURSOR_EXPIRED',
    beyond: 'CURSOR_EXPIRED',
    skipped: 'INTERNAL_SERVER_ERROR',
    aliases: 'LIMIT_EXCEEDED',
  });
  const { lastCursor } = (await client.untilError('expired')).extensions;
  expect(lastCursor).toBe(hub.feed.cursorAt(hub.feed.head()));
  await hub.write({ subjectId: subject, sequence: 1, customerId: '7' });
  await client.untilNexts('good', 1);
});

test('ends an operation whose message cannot be made, naming no more than it may, and no other', async () => {
  const subject = newSubject();
  const client = await connect();
  await subscribed(client, 'good', { subject });
  await subscribed(client, 'failing', undefined, 'subscription { failing { position } }');
  await hub.write({ subjectId: subject, sequence: 1, message: 'poison' });
  expect(await client.untilError('failing')).toMatchObject({ message: 'poisoned' });
  await hub.write({ subjectId: subject, sequence: 2 });
  await client.untilNexts('good', 2);
  expect(client.of('failing').map(({ type }) => type)).toEqual(['error']);
});

test('runs queries over the socket, and lets an id be used again at once', async () => {
  const client = await connect();
  client.subscribe('q', '{ slow(ms: 150) }');
  client.send({ id: 'q', type: 'complete' });
  client.subscribe('q', '{ hello }');
  const [first] = await client.untilNexts('q', 1);
  await client.until('the completion', () => client.of('q').some(({ type }) => type === 'complete'));
  expect([first, client.of('q').length]).toEqual([{ data: { hello: 'world' } }, 2]);
});

test('refuses more operations on one socket than the limit, and goes on with those it has', async () => {
  const client = await connect();
  for (let n = 0; n < 10; n += 1) await subscribed(client, `op${n}`, { subject: newSubject() });
  client.subscribe('one-too-many', CHANGES);
  expect((await client.untilError('one-too-many')).extensions).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  client.send({ id: 'op0', type: 'complete' });
  await eventually('room', () => hub.live.metrics.subscriptions === 9);
  await subscribed(client, 'fits-again', { subject: newSubject() });
});

test('closes a socket without a valid key with 4403', async () => {
  for (const payload of [undefined, { authorization: 'Bearer nobody' }]) {
    const client = await LiveClient.open(hub.url);
    client.send({ type: 'connection_init', payload });
    expect((await client.untilClosed()).code).toBe(4403);
  }
});

test('closes the sockets of a key that is revoked or expires with 4403, and no others', async () => {
  hub.viewers.set('short', viewer('77', { expiresAt: new Date(hub.now.getTime() + 1_000) }));
  hub.viewers.set('doomed', viewer('78', { roles: [Role.VIEWER] }));
  const [short, doomed, staff] = [await connect('short'), await connect('doomed'), await connect()];
  await hub.write({ subjectKind: 'api_key', subjectId: '78', sequence: 1, type: 'REVOKED' });
  expect((await doomed.untilClosed()).code).toBe(4403);
  expect(short.closed).toBeUndefined();
  hub.now = new Date(hub.now.getTime() + 2_000);
  expect((await short.untilClosed()).code).toBe(4403);
  staff.subscribe('q', '{ hello }');
  await staff.untilNexts('q', 1);
  const again = await LiveClient.open(hub.url);
  again.send({ type: 'connection_init', payload: { authorization: 'Bearer doomed' } });
  expect((await again.untilClosed()).code).toBe(4403);
});

test('lets pages of its own origin in and refuses those of others', async () => {
  const host = new URL(hub.url).host;
  for (const origin of [`http://${host}`, 'https://hub.example']) {
    clients.push(await LiveClient.open(hub.url, { origin }));
  }
  await expect(LiveClient.open(hub.url, { origin: 'https://evil.example' })).rejects.toThrow('403');
  await expect(LiveClient.open(hub.url, { origin: 'null' })).rejects.toThrow('403');
});

test('closes a socket that sends a message over the limit, with 1009', async () => {
  const client = await connect();
  client.subscribe('big', `{ hello } # ${'x'.repeat(300 * 1_024)}`);
  expect((await client.untilClosed()).code).toBe(1009);
});

test('ends a subscription that does not read with LAGGED and a cursor to go on behind; others are not held up', async () => {
  const subject = newSubject();
  const [slow, quick] = [await connect(), await connect()];
  await subscribed(slow, 'op', { subject });
  await subscribed(quick, 'op', { subject });
  slow.ws.pause();
  const total = 400;
  const message = 'x'.repeat(40_000);
  for (let sequence = 1; sequence <= total; sequence += 1) await hub.write({ subjectId: subject, sequence, message });
  await quick.untilNexts('op', total);
  await eventually('the slow one to be LAGGED', () => hub.live.metrics.lagged > 0);
  slow.ws.resume();
  const { extensions } = await slow.untilError('op');
  expect(extensions.code).toBe('LAGGED');
  const received = slow.nexts('op').map((next) => changeOf(next));
  expect(received.at(-1)!.cursor).toBe(extensions.lastCursor);
  await subscribed(slow, 'again', { subject, after: extensions.lastCursor });
  const rest = (await slow.untilNexts('again', total - received.length)).map((next) => changeOf(next));
  expect([...received, ...rest].map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: total }, (_, n) => n + 1),
  );
});

test('serves any other executor of subscriptions by its iterator', async () => {
  const subject = newSubject();
  const context = new GraphContext(hub.graph, hub.viewers.get('staff')!, 'request');
  const after = hub.feed.cursorAt(hub.feed.head());
  await hub.write({ subjectId: subject, sequence: 1 });
  await eventually('the feed', () => hub.feed.head() > 0 && hub.feed.cursorAt(hub.feed.head()) !== after);
  const variableValues = { subject, after };
  const stream = await subscribe({
    schema: hub.schema,
    document: parse(CHANGES),
    contextValue: context,
    variableValues,
  });
  const results = stream as AsyncGenerator<ExecutionResult>;
  expect(changeOf((await results.next()).value as StreamPayload)).toMatchObject({ kind: 'REPLAYED', sequence: 1 });
  const next = results.next();
  await hub.write({ subjectId: subject, sequence: 2 });
  expect(changeOf((await next).value as StreamPayload)).toMatchObject({ kind: 'LIVE', sequence: 2 });
  const waiting = results.next();
  await results.return(undefined);
  expect((await waiting).done).toBe(true);
});

test('says goodbye with 1001 when the hub drains, after the queries that run have been answered', async () => {
  const draining = await LiveHub.start();
  const client = await LiveClient.connect(draining.url, 'staff');
  client.subscribe('query', '{ slow(ms: 200) }');
  client.subscribe('stream', CHANGES);
  await eventually('the subscription, behind the query', () => draining.live.metrics.subscriptions === 1);
  await draining.live.drain(5_000);
  expect((await client.untilClosed()).code).toBe(1001);
  expect(client.nexts('query')).toEqual([{ data: { slow: 'slept 200' } }]);
  await expect(LiveClient.open(draining.url)).rejects.toThrow('503');
  await draining.stop();
});
