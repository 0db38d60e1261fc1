import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { startHub } from '../../src/app.js';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, askGraph, START, startTestHub, type TestHub } from '../support/hub.js';
import { LiveClient } from '../support/live-client.js';
import { after, Desk, type Payload } from './support/desk.js';

interface Use {
  day: string;
  outcome: string;
  addressKind: string;
  agent: string;
  count: number;
  firstUsedAt: string;
  lastUsedAt: string;
}
const USE = 'day outcome addressKind agent count firstUsedAt lastUsedAt';
const DAY = START.toISOString().slice(0, 10);

let hub: TestHub;
let desk: Desk;
beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());

async function key(input: object = {}): Promise<{ id: string; secret: string }> {
  const { apiKey, secret } = await desk.done<Payload<'apiKey', { id: string }> & { secret: string }>('createApiKey', {
    name: 'Counted',
    roles: ['VIEWER'],
    ...input,
  });
  return { id: apiKey!.id, secret };
}
async function call(secret: string, agent = 'shop-sync/2.1 (linux)'): Promise<number> {
  const response = await fetch(`${hub.hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, 'user-agent': agent },
    body: '{"query":"{ viewer { roles } orders(first: 1) { nodes { id } } }"}',
  });
  await response.text();
  return response.status;
}
async function usesOf(id: string, span = ''): Promise<Use[]> {
  const { node } = await desk.ask<{ node: { uses: Use[] } }>(
    `query($id: ID!) { node(id: $id) { ... on ApiKey { uses${span} { ${USE} } } } }`,
    { id },
  );
  return node.uses;
}
const written = (id: string, count: number) =>
  eventually(`${count} uses`, async () => {
    const uses = await usesOf(id);
    return uses.reduce((sum, use) => sum + use.count, 0) === count && uses;
  });

test('a key tells how often it was used on a day, from where, by what, and the first and last time', async () => {
  hub.clock.set(START);
  const { id, secret } = await key();
  await call(secret);
  hub.clock.forward(60_000);
  await call(secret);
  await call(secret, 'curl/8.5.0');
  const socket = await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, secret);
  socket.close();
  const uses = await written(id, 4);
  expect(uses.find(({ agent }) => agent === 'shop-sync')).toEqual({
    day: DAY,
    outcome: 'ADMITTED',
    addressKind: 'LOOPBACK',
    agent: 'shop-sync',
    count: 2,
    firstUsedAt: START.toISOString(),
    lastUsedAt: after(60_000),
  });
  expect(uses.map(({ agent }) => agent)).toContain('curl');
  const { apiKeys } = await desk.ask<{ apiKeys: { id: string; lastUsedAt: string }[] }>(
    '{ apiKeys { id lastUsedAt } }',
  );
  expect(apiKeys.find((one) => one.id === id)!.lastUsedAt).toBe(after(60_000));
  expect(await usesOf(id, '(from: "2026-03-03T00:00:00Z", to: "2026-03-04T00:00:00Z")')).toEqual([]);
});

test('refused attempts are counted under their key, and under none where nobody knows it', async () => {
  hub.clock.set(START);
  const expiring = await key({ expiresAt: after(1_000) });
  const revoked = await key();
  await desk.ask('mutation($id: ID!) { revokeApiKey(id: $id) { userErrors { code } } }', { id: revoked.id });
  hub.clock.forward(1_000);
  for (const secret of [expiring.secret, revoked.secret]) expect(await call(secret)).toBe(401);
  for (let n = 0; n < 30; n += 1) expect(await call(`made-up-${n}`, `Agent${n}/1`)).toBe(401);
  expect((await written(expiring.id, 1)).map(({ outcome }) => outcome)).toEqual(['EXPIRED']);
  expect((await written(revoked.id, 1)).map(({ outcome }) => outcome)).toEqual(['REVOKED']);
  const { unknownKeyUses } = await desk.ask<{ unknownKeyUses: Use[] }>(`{ unknownKeyUses { ${USE} } }`);
  expect(unknownKeyUses.reduce((sum, { count }) => sum + count, 0)).toBe(30);
  // Callers choose their names: from the 21st on they are counted together.
  expect(unknownKeyUses).toHaveLength(21);
  expect(unknownKeyUses[0]).toMatchObject({ outcome: 'UNKNOWN', agent: 'other', count: 10 });
});

test('a span of more than 92 days, or the wrong way round, is refused', async () => {
  const spans = ['(from: "2026-01-01T00:00:00Z", to: "2026-12-01T00:00:00Z")', '(from: "2027-01-01T00:00:00Z")'];
  for (const span of spans) expect(await desk.code(`{ unknownKeyUses${span} { count } }`)).toBe('BAD_USER_INPUT');
});

test('reads write nothing: what is counted goes out in one transaction every few seconds', async () => {
  const { secret } = await key();
  await call(secret);
  const sent: string[] = [];
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function query(this: unknown, ...args: unknown[]) {
    const [config] = args;
    sent.push(typeof config === 'string' ? config : (config as { text: string }).text);
    return send.apply(this, args);
  } as typeof pg.Client.prototype.query;
  // The worker and the sequencer are at work whether anybody reads or not.
  const writes = () =>
    sent.filter((text) => /\b(insert|update|delete)\b/i.test(text) && !/graphile_worker|event_sequencer/.test(text));
  try {
    for (let n = 0; n < 200; n += 1) await call(secret);
    const during = writes();
    expect(during.filter((text) => /insert into api_key_use/.test(text)).length).toBeLessThanOrEqual(2);
    // What tells connected systems follows the events of the beginning.
    expect(during.filter((text) => !/api_key|push_position/.test(text))).toEqual([]);
  } finally {
    pg.Client.prototype.query = send as typeof pg.Client.prototype.query;
  }
  expect(sent.filter((text) => /^\s*select/i.test(text)).length).toBeGreaterThanOrEqual(200);
});

test('a hub that is stopped writes what it has counted', async () => {
  const { id, secret } = await key();
  const second = await startHub({
    databaseUrl: hub.database.url,
    secretKey: 'the secret key of the tests, long enough',
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    adminKey: ADMIN_KEY,
    seller: { country: 'IT', currency: 'EUR' },
    automation: { isOn: false },
    clock: hub.clock,
    log: hub.log,
  });
  await askGraph(second.url, '{ viewer { roles } }', {}, secret);
  await second.stop();
  expect((await usesOf(id)).map(({ count }) => count)).toEqual([1]);
});
