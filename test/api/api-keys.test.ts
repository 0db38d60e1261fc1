import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { after, Desk, fresh, type Payload } from './support/desk.js';

type KeyPayload = Payload<'apiKey', { id: string; name: string }> & { secret: string | null };

const VIEWER = '{ viewer { roles actor { kind id name } customer { id } } }';
const REVOKE = `mutation($id: ID!, $key: String) { revokeApiKey(id: $id, idempotencyKey: $key) {
  apiKey { id revokedAt } replayed userErrors { code field } } }`;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

async function make(input: object): Promise<KeyPayload> {
  return desk.done<KeyPayload>('createApiKey', { name: fresh('key'), roles: ['VIEWER'], ...input });
}

test('makes a key that opens the graph with its roles and name', async () => {
  const { apiKey, secret } = await make({ name: 'Night shift', roles: ['WAREHOUSE', 'SUPPORT', 'WAREHOUSE'] });
  expect(secret).toMatch(/^hub_[\w-]{43}$/);
  expect(await new Desk(hub, secret!).ask(VIEWER)).toEqual({
    viewer: {
      roles: ['WAREHOUSE', 'SUPPORT'],
      actor: { kind: 'API_KEY', id: apiKey!.id, name: 'Night shift' },
      customer: null,
    },
  });
});

test('makes a customer’s key that acts as the customer', async () => {
  const { id } = await desk.customer();
  const { secret } = await make({ name: 'Portal', roles: ['CUSTOMER'], customerId: id });
  expect(await new Desk(hub, secret!).ask(VIEWER)).toEqual({
    viewer: { roles: ['CUSTOMER'], actor: { kind: 'CUSTOMER', id, name: 'Portal' }, customer: { id } },
  });
});

test('shows a secret once and keeps only a hash of it', async () => {
  const input = { idempotencyKey: newKey(), name: 'Once', roles: ['VIEWER'] };
  const first = await desk.send<KeyPayload>('createApiKey', input);
  const again = await desk.send<KeyPayload>('createApiKey', input);
  expect(again).toEqual({ apiKey: first.apiKey, secret: null, replayed: true, userErrors: [] });
  const { rows } = await hub.hub.db.pool.query<{ text: string }>(
    `select (select json_agg(k)::text from api_key k) || (select json_agg(e)::text from event e) || (select json_agg(i)::text from idempotency i) as text`,
  );
  expect(rows[0]!.text).toContain('Once');
  expect(rows[0]!.text).not.toContain(first.secret!);
  expect(rows[0]!.text).not.toContain(ADMIN_KEY);
});

test('opens nothing from the instant at which it expires', async () => {
  const { secret } = await make({ expiresAt: after(1_000) });
  const caller = new Desk(hub, secret!);
  hub.clock.forward(999);
  expect((await caller.answer(VIEWER)).status).toBe(200);
  hub.clock.forward(1);
  const answer = await caller.answer(VIEWER);
  expect([answer.status, answer.errors![0]!.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
});

test('opens nothing once it is taken back, and taking it back again changes nothing', async () => {
  const { apiKey, secret } = await make({});
  const caller = new Desk(hub, secret!);
  expect((await caller.answer(VIEWER)).status).toBe(200);
  const revokedAt = START.toISOString();
  expect(await desk.ask(REVOKE, { id: apiKey!.id, key: newKey() })).toEqual({
    revokeApiKey: { apiKey: { id: apiKey!.id, revokedAt }, replayed: false, userErrors: [] },
  });
  await eventually('the refusal', async () => (await caller.answer(VIEWER)).status === 401, 1_500);
  hub.clock.forward(60_000);
  expect(await desk.ask(REVOKE, { id: apiKey!.id })).toMatchObject({ revokeApiKey: { apiKey: { revokedAt } } });
  expect((await caller.answer(VIEWER)).status).toBe(401);
});

test('says when it was used last, to the minute', async () => {
  const { apiKey, secret } = await make({});
  const query = '{ apiKeys { id name roles createdAt lastUsedAt expiresAt revokedAt customer { id } } }';
  const used = async () => {
    const { apiKeys } = await desk.ask<{ apiKeys: { id: string; lastUsedAt: string | null }[] }>(query);
    return apiKeys.find(({ id }) => id === apiKey!.id)!.lastUsedAt;
  };
  expect(await used()).toBeNull();
  await new Desk(hub, secret!).ask(VIEWER);
  expect(await eventually('its use to be noted', used)).toBe(START.toISOString());
});

test('lists all keys, the oldest first', async () => {
  const { apiKeys } = await desk.ask<{ apiKeys: { name: string }[] }>('{ apiKeys { name } }');
  expect(apiKeys[0]).toEqual({ name: 'Administrator' });
  expect(apiKeys.length).toBeGreaterThan(3);
});

test.each<[string, object, string[]]>([
  ['no roles', { roles: [] }, ['REQUIRED at roles']],
  ['CUSTOMER beside another role', { roles: ['CUSTOMER', 'VIEWER'], customerId: 'x' }, ['INVALID at roles']],
  ['CUSTOMER without its customer', { roles: ['CUSTOMER'] }, ['REQUIRED at customerId']],
  ['a customer without CUSTOMER', { customerId: 'x' }, ['INVALID at customerId']],
  ['an unknown customer', { roles: ['CUSTOMER'], customerId: 'x' }, ['NOT_FOUND at customerId']],
  ['an empty name', { name: ' ' }, ['INVALID at name']],
  ['a name of more than 100 characters', { name: 'x'.repeat(101) }, ['INVALID at name']],
  ['an end that has passed', { expiresAt: START.toISOString() }, ['INVALID at expiresAt']],
  [
    'several things at once',
    { name: '', roles: [], customerId: 'x', expiresAt: START.toISOString() },
    ['INVALID at name', 'REQUIRED at roles', 'INVALID at customerId', 'INVALID at expiresAt'],
  ],
])('refuses %s, and leaves no trace', async (_, input, expected) => {
  const before = await desk.traces();
  expect(await desk.refusals('createApiKey', { name: 'x', roles: ['VIEWER'], ...input })).toEqual(expected);
  expect(await desk.traces()).toEqual(before);
});

test('answers NOT_FOUND to taking back what is no key', async () => {
  for (const id of ['x', (await desk.customer()).id]) {
    expect(await desk.ask(REVOKE, { id })).toEqual({
      revokeApiKey: { apiKey: null, replayed: false, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] },
    });
  }
});

test('a key that is unknown, malformed or missing opens nothing', async () => {
  const ask = async (authorization?: string) => {
    const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
    const response = await fetch(`${hub.hub.url}/graphql`, {
      method: 'POST',
      headers,
      body: '{"query":"{ __typename }"}',
    });
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return [response.status, response.headers.get('www-authenticate'), errors[0]!.extensions.code];
  };
  const refused = [401, 'Bearer realm="commerce-hub"', 'UNAUTHENTICATED'];
  for (const given of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${ADMIN_KEY}`,
    ADMIN_KEY,
    'Bearer hub_unknown',
    `Bearer ${ADMIN_KEY} x`,
    `Bearer ${'x'.repeat(201)}`,
  ]) {
    expect(await ask(given)).toEqual(refused);
  }
});
