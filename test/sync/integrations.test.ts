import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';

let hub: TestHub;
const keys: Record<string, string> = {};
beforeAll(async () => {
  hub = await startTestHub();
  for (const role of ['VIEWER', 'INTEGRATION', 'SALES']) keys[role] = await keyOf([role]);
  const upsert = `mutation ($k: String!) { upsertCustomer(input: { idempotencyKey: $k, name: "Ada" }) { customer { id } } }`;
  const { data } = await hub.graph<{ upsertCustomer: { customer: { id: string } } }>(upsert, { k: newKey() });
  keys.CUSTOMER = await keyOf(['CUSTOMER'], data.upsertCustomer.customer.id);
});
afterAll(() => hub.stop());

async function keyOf(roles: string[], customerId?: string): Promise<string> {
  const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret userErrors { message } } }`;
  const input = { idempotencyKey: newKey(), name: roles.join(), roles, customerId };
  const { data } = await hub.graph<{ createApiKey: { secret: string } }>(create, { input });
  return data.createApiKey.secret;
}

interface Connected {
  connectIntegration: {
    integration: {
      id: string;
      code: string;
      name: string;
      status: string;
      version: number;
      webhookUrl: string | null;
      lastError: string | null;
    } | null;
    replayed: boolean;
    userErrors: { code: string; message: string; field: string[] | null }[];
  };
}
const CONNECT = `mutation ($input: ConnectIntegrationInput!) { connectIntegration(input: $input) {
  integration { id code name status version webhookUrl lastError connector { code } } replayed userErrors { code message field } } }`;
const good = (code: string) => ({
  idempotencyKey: newKey(),
  code,
  connector: 'shopify',
  settings: { shopDomain: 'my-shop.myshopify.com' },
  credentials: { clientSecret: 'hush-hush' },
});
const connect = async (input: object) => (await hub.graph<Connected>(CONNECT, { input })).data.connectIntegration;

describe('connectIntegration', () => {
  test('connects a system and makes its channel', async () => {
    const { integration, userErrors } = await connect({ ...good('shop-eu'), name: 'Shop EU' });
    expect(userErrors).toEqual([]);
    expect(integration).toMatchObject({
      code: 'shop-eu',
      name: 'Shop EU',
      status: 'HEALTHY',
      version: 1,
      lastError: null,
      webhookUrl: `${hub.hub.url}/webhooks/shop-eu`,
      connector: { code: 'shopify' },
    });
    const { rows } = await hub.hub.db.pool.query(
      `select c.code, c.name, c.kind from channel c where c.integration_id is not null`,
    );
    expect(rows).toEqual([{ code: 'shop-eu', name: 'Shop EU', kind: 'WEB_SHOP' }]);
  });

  test('keeps credentials out of table, events, log and graph', async () => {
    const { rows } = await hub.hub.db.pool.query<{ text: string }>(
      `select encode(credentials, 'escape') || settings::text as text from integration
       union all select changes::text || coalesce(data::text, '') || message from event
       union all select outcome::text || input_hash from idempotency`,
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(JSON.stringify(rows)).not.toContain('hush-hush');
    expect(JSON.stringify(hub.log.lines)).not.toContain('hush-hush');
  });

  test('reports all that is wrong, each by its path', async () => {
    const input = {
      ...good('Shop EU'),
      name: ' ',
      settings: { baseUrl: 'ftp://x', colour: 'red' },
      credentials: { clientSecret: '' },
    };
    const { integration, userErrors } = await connect(input);
    expect(integration).toBeNull();
    expect(userErrors.map(({ code, field }) => [code, field])).toEqual([
      ['INVALID', ['code']],
      ['INVALID', ['name']],
      ['REQUIRED', ['settings', 'shopDomain']],
      ['INVALID', ['settings', 'baseUrl']],
      ['INVALID', ['settings', 'colour']],
      ['INVALID', ['credentials', 'clientSecret']],
    ]);
    expect(userErrors[2]!.message).toBe('settings.shopDomain: expected a value, got none');
  });

  test('wants credentials where the connector needs them', async () => {
    const { userErrors } = await connect({ ...good('shop-x'), credentials: null });
    expect(userErrors).toEqual([
      {
        code: 'REQUIRED',
        message: 'credentials.clientSecret: expected a value, got none',
        field: ['credentials', 'clientSecret'],
      },
    ]);
  });

  test.each([
    'http://10.0.0.1',
    'http://169.254.169.254/latest',
    'https://[::ffff:10.0.0.1]',
    'http://2852039166',
    'http://localhost',
  ])('refuses to call %s, which no administrator has allowed', async (baseUrl) => {
    const { userErrors } = await connect({ ...good('shop-x'), settings: { ...good('shop-x').settings, baseUrl } });
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['settings', 'baseUrl'] }]);
    expect(userErrors[0]!.message).toMatch(/^settings.baseUrl: ".+" is in a network .+ HUB_EGRESS_ALLOW$/);
  });

  test('refuses a connector that this hub does not have', async () => {
    const { userErrors } = await connect({ ...good('shop-x'), connector: 'telegraph' });
    expect(userErrors).toEqual([
      {
        code: 'NOT_FOUND',
        message: expect.stringMatching(/^connector: expected one of .*\bshopify\b.*, got "telegraph"$/),
        field: ['connector'],
      },
    ]);
  });

  test.each([
    ['of an integration', 'shop-eu'],
    ['of a channel', 'phone'],
  ])('refuses the code %s', async (_, code) => {
    const { userErrors } = await connect(good(code));
    expect(userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', field: ['code'] }]);
    const { rows } = await hub.hub.db.pool.query(`select from integration where code = 'phone'`);
    expect(rows).toHaveLength(0);
  });

  test('replays under its key, and lets one of two racers in', async () => {
    const input = good('shop-us');
    const first = await connect(input);
    const again = await connect(input);
    expect([again.replayed, again.integration!.id]).toEqual([true, first.integration!.id]);
    const racers = await Promise.all([connect(good('shop-uk')), connect(good('shop-uk'))]);
    expect(racers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(['ALREADY_EXISTS']);
  });

  test('is for administrators alone', async () => {
    for (const role of ['SALES', 'INTEGRATION', 'VIEWER', 'CUSTOMER']) {
      const { errors } = await hub.graph(CONNECT, { input: good('shop-y') }, keys[role]);
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});

describe('disconnectIntegration', () => {
  const DISCONNECT = CONNECT.replaceAll('ConnectIntegrationInput', 'IntegrationActionInput').replace(
    'connectIntegration(',
    'connectIntegration: disconnectIntegration(',
  );
  const disconnect = async (input: object) =>
    (await hub.graph<Connected>(DISCONNECT, { input })).data.connectIntegration;
  const credentials = async (code: string) =>
    (await hub.hub.db.pool.query(`select credentials from integration where code = $1`, [code])).rows;
  const deliver = (code: string) => fetch(`${hub.hub.url}/webhooks/${code}`, { method: 'POST', body: '{}' });
  const isOpen = async (code: string) =>
    (
      await hub.graph<{ channels: { code: string; isActive: boolean }[] }>(`{ channels { code isActive } }`)
    ).data.channels.find((channel) => channel.code === code)!.isActive;

  test('erases the credentials, refuses webhooks and closes the channel; the code connects it again', async () => {
    const made = (await connect(good('shop-it'))).integration!;
    expect((await deliver('shop-it')).status).toBe(401);
    const gone = await disconnect({ code: 'shop-it', expectedVersion: 1 });
    expect(gone.integration).toMatchObject({ id: made.id, status: 'DISCONNECTED', version: 2, webhookUrl: null });
    expect(await credentials('shop-it')).toEqual([{ credentials: null }]);
    expect((await deliver('shop-it')).status).toBe(410);
    expect(await isOpen('shop-it')).toBe(false);
    expect((await disconnect({ code: 'shop-it' })).integration).toMatchObject({ version: 2 });

    const again = await connect({ ...good('shop-it'), settings: { shopDomain: 'other.myshopify.com' } });
    expect(again.integration).toMatchObject({ id: made.id, status: 'HEALTHY', version: 3, name: made.name });
    expect((await deliver('shop-it')).status).toBe(401);
    expect(await isOpen('shop-it')).toBe(true);
    expect((await connect(good('shop-it'))).userErrors).toMatchObject([{ code: 'ALREADY_EXISTS' }]);
    const { data } = await hub.graph<{ integration: { history: { nodes: { changes: object[] }[] } } }>(
      `{ integration(code: "shop-it") { history(first: 10) { nodes { sequence changes { field from to } } } } }`,
    );
    expect(data.integration.history.nodes.toReversed().slice(0, 2)).toEqual([
      {
        sequence: 3,
        changes: [
          { field: 'status', from: 'DISCONNECTED', to: 'HEALTHY' },
          {
            field: 'settings',
            from: { shopDomain: 'my-shop.myshopify.com' },
            to: { shopDomain: 'other.myshopify.com' },
          },
          { field: 'credentials', from: null, to: 'set' },
        ],
      },
      {
        sequence: 2,
        changes: [
          { field: 'status', from: 'HEALTHY', to: 'DISCONNECTED' },
          { field: 'credentials', from: null, to: 'erased' },
        ],
      },
    ]);
  });

  test('refuses a code that nothing has, and a version that has passed', async () => {
    expect((await disconnect({ code: 'nobody' })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['code'] }]);
    expect((await disconnect({ code: 'shop-it', expectedVersion: 1 })).userErrors).toMatchObject([
      { code: 'VERSION_CONFLICT' },
    ]);
  });
});

describe('the graph of integrations', () => {
  test('lists connectors with their schemas, and integrations by code', async () => {
    const query = `{ connectors { code name kinds streams settingsSchema credentialsSchema } integrations { code } }`;
    const { data } = await hub.graph<{
      connectors: { code: string; settingsSchema: object; credentialsSchema: object }[];
      integrations: { code: string }[];
    }>(query, {}, keys.VIEWER);
    const streams = ['orders', 'customers', 'products', 'stock', 'shipments'];
    const shopify = data.connectors.find(({ code }) => code === 'shopify')!;
    expect(shopify).toMatchObject({ name: 'Shopify', kinds: ['CHANNEL'], streams });
    expect(shopify.settingsSchema).toMatchObject({
      properties: { shopDomain: {}, baseUrl: {} },
      required: ['shopDomain'],
    });
    expect(shopify.credentialsSchema).toMatchObject({ properties: { clientSecret: { writeOnly: true } } });
    expect(data.integrations.map(({ code }) => code)).toEqual(['shop-eu', 'shop-it', 'shop-uk', 'shop-us']);
  });

  test('finds one by code or id, and wants exactly one of them', async () => {
    const byCode = await hub.graph<{ integration: { id: string } }>(`{ integration(code: "shop-eu") { id } }`);
    const { id } = byCode.data.integration;
    const byId = await hub.graph(`query ($id: ID!) { integration(id: $id) { code } node(id: $id) { id } }`, { id });
    expect(byId.data).toEqual({ integration: { code: 'shop-eu' }, node: { id } });
    expect((await hub.graph(`{ integration(code: "nobody") { id } }`)).data).toEqual({ integration: null });
    const both = await hub.graph(`query ($id: ID!) { integration(id: $id, code: "shop-eu") { id } }`, { id });
    expect(both.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('is closed to customers', async () => {
    for (const query of [
      '{ connectors { code } }',
      '{ integrations { code } }',
      '{ integration(code: "shop-eu") { code } }',
    ]) {
      expect((await hub.graph(query, {}, keys.CUSTOMER)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  test('says how far behind an integration is', async () => {
    const lag = async () =>
      (await hub.graph<{ integration: { lagSeconds: number } }>(`{ integration(code: "shop-us") { lagSeconds } }`)).data
        .integration.lagSeconds;
    expect(await lag()).toBe(0);
    await hub.hub.db.pool.query(
      `insert into inbox_message (integration_id, topic, event_id, body, received_at)
       select id, 't', 'waits', '', $1 from integration where code = 'shop-us'`,
      [hub.clock.now().toISOString()],
    );
    hub.clock.forward(90_500);
    expect(await lag()).toBe(90.5);
    await hub.hub.db.pool.query(`delete from inbox_message where event_id = 'waits'`);
    expect(await lag()).toBe(0);
  });
});

describe('steering an integration', () => {
  type Steered = Record<
    string,
    { integration: object | null; count?: number; replayed?: boolean; userErrors: object[] }
  >;
  const steer = async (name: string, type: string, input: object, more = '') =>
    (
      await hub.graph<Steered>(
        `mutation ($input: ${type}!) { ${name}(input: $input) { integration { name status version } ${more} replayed userErrors { code message } } }`,
        { input },
      )
    ).data[name]!;

  test('changes its name and credentials, says so without them, and does nothing where nothing differs', async () => {
    await connect(good('steered'));
    const input = { idempotencyKey: newKey(), code: 'steered', name: 'Steered', credentials: { clientSecret: 'new' } };
    const changed = { integration: { name: 'Steered', version: 2 }, replayed: false, userErrors: [] };
    expect(await steer('updateIntegration', 'UpdateIntegrationInput', input)).toMatchObject(changed);
    const again = { ...input, idempotencyKey: newKey() };
    expect(await steer('updateIntegration', 'UpdateIntegrationInput', again)).toMatchObject(changed);
    const history = `{ integration(code: "steered") { history { nodes { type message changes { field from to } } } } }`;
    const { data } = await hub.graph<{ integration: { history: { nodes: { changes: object[] }[] } } }>(history);
    expect(data.integration.history.nodes.at(-1)).toMatchObject({
      type: 'EDITED',
      changes: [
        { field: 'name', from: 'Shopify', to: 'Steered' },
        { field: 'credentials', from: 'set', to: 'changed' },
      ],
    });
    const bad = { idempotencyKey: newKey(), code: 'steered', settings: { shopDomain: 'nowhere' } };
    expect(await steer('updateIntegration', 'UpdateIntegrationInput', bad)).toMatchObject({
      integration: null,
      userErrors: [{ code: 'INVALID' }],
    });
  });

  test('has its streams read, unless it is paused, disconnected or of another version', async () => {
    await connect(good('read-now'));
    const sync = (input: object) => steer('syncIntegration', 'IntegrationActionInput', { code: 'read-now', ...input });
    expect(await sync({})).toMatchObject({ integration: { version: 1 }, userErrors: [] });
    expect(await sync({ stream: 'orders' })).toMatchObject({ userErrors: [] });
    expect(await sync({ stream: 'moons' })).toMatchObject({ userErrors: [{ code: 'INVALID' }] });
    expect(await sync({ expectedVersion: 9 })).toMatchObject({ userErrors: [{ code: 'VERSION_CONFLICT' }] });
    const key = newKey();
    expect(await sync({ idempotencyKey: key })).toMatchObject({ replayed: false });
    expect(await sync({ idempotencyKey: key })).toMatchObject({ replayed: true });
    await steer('pauseIntegration', 'IntegrationActionInput', { code: 'read-now' });
    expect(await sync({})).toMatchObject({ userErrors: [{ code: 'CONFLICT' }] });
    const { data } = await hub.graph<{ integration: { streams: { name: string; direction: string }[] } }>(
      `{ integration(code: "read-now") { streams { name direction checkpoint processed failed lagSeconds progress { rows } } } }`,
    );
    expect(data.integration.streams).toContainEqual({
      name: 'orders',
      direction: 'PULL',
      checkpoint: null,
      processed: 0,
      failed: 0,
      lagSeconds: expect.any(Number),
      progress: null,
    });
  });

  test('tries dead letters again under a key once', async () => {
    await connect(good('letters'));
    const body = '{"id":1,"broken":true}';
    const signature = createHmac('sha256', 'hush-hush').update(body).digest('base64');
    const headers = { 'x-shopify-topic': 'orders/create', 'x-shopify-hmac-sha256': signature };
    await fetch(`${hub.hub.url}/webhooks/letters`, { method: 'POST', headers, body });
    const letters = `{ integration(code: "letters") { deadLetters { nodes { id } } } }`;
    interface Letters {
      integration: { deadLetters: { nodes: { id: string }[] } };
    }
    const open = async () => (await hub.graph<Letters>(letters)).data.integration.deadLetters.nodes.map(({ id }) => id);
    const [first] = await eventually('the dead letter', async () => {
      const ids = await open();
      return ids.length > 0 && ids;
    });
    const input = { idempotencyKey: newKey(), code: 'letters' };
    const outcome = { count: 1, userErrors: [] };
    const replay = () => steer('replayDeadLetters', 'ReplayDeadLettersInput', input, 'count');
    expect(await replay()).toMatchObject({ ...outcome, replayed: false });
    expect(await replay()).toMatchObject({ ...outcome, replayed: true });
    const second = await eventually('another letter', async () => (await open()).find((id) => id !== first));
    const one = `mutation ($id: ID!) { replayDeadLetter(id: $id) { integration { code } userErrors { code } } }`;
    const answer = await hub.graph<Steered>(one, { id: second });
    expect(answer.data.replayDeadLetter).toEqual({ integration: { code: 'letters' }, userErrors: [] });
    const settled = await hub.graph<Steered>(one, { id: second });
    expect(settled.data.replayDeadLetter).toMatchObject({ userErrors: [{ code: 'CONFLICT' }] });
  });
});

describe('a dead letter', () => {
  const LETTERS = `{ integration(code: "shop-eu") { status lastError deadLetters(first: 1) {
    totalCount pageInfo { hasNextPage } nodes { id stream externalId error attempts failedAt } } } }`;
  interface Letters {
    integration: { status: string; lastError: string; deadLetters: { totalCount: number; nodes: { id: string }[] } };
  }

  test('is listed with its reason, newest first', async () => {
    for (const [event, body] of [
      ['1', '{"id":820982911946154508,"n":1.10}'],
      ['2', 'no JSON'],
    ] as const) {
      const signature = createHmac('sha256', 'hush-hush').update(body).digest('base64');
      const headers = {
        'x-shopify-topic': 'orders/create',
        'x-shopify-event-id': event,
        'x-shopify-hmac-sha256': signature,
      };
      const answer = await fetch(`${hub.hub.url}/webhooks/shop-eu`, { method: 'POST', body, headers });
      expect(answer.status).toBe(200);
      await eventually(
        `letter ${event}`,
        async () => (await hub.graph<Letters>(LETTERS)).data.integration.deadLetters.totalCount === Number(event),
      );
      hub.clock.forward(1_000);
    }
    const { integration } = (await hub.graph<Letters>(LETTERS, {}, keys.VIEWER)).data;
    expect(integration).toMatchObject({
      status: 'DEGRADED',
      deadLetters: {
        totalCount: 2,
        pageInfo: { hasNextPage: true },
        nodes: [{ stream: 'orders/create', externalId: null, attempts: 1 }],
      },
    });
    expect(integration.lastError).toMatch(/^body: expected JSON: /);
  });

  test('shows what was sent to its keepers only, with all digits', async () => {
    const query = `{ integration(code: "shop-eu") { deadLetters { nodes { id externalId payload } } } }`;
    interface Payloads {
      integration: { deadLetters: { nodes: { id: string; externalId: string | null; payload: unknown }[] } };
    }
    for (const key of [undefined, keys.INTEGRATION]) {
      const { nodes } = (await hub.graph<Payloads>(query, {}, key)).data.integration.deadLetters;
      expect(nodes).toMatchObject([
        { externalId: null, payload: 'no JSON' },
        { externalId: '820982911946154508', payload: { id: '820982911946154508', n: '1.10' } },
      ]);
    }
    for (const role of ['VIEWER', 'SALES']) {
      const answer = await hub.graph<Payloads>(query, {}, keys[role]);
      expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect(answer.data.integration.deadLetters.nodes.map(({ payload }) => payload)).toEqual([null, null]);
    }
    const { id } = (await hub.graph<Payloads>(query)).data.integration.deadLetters.nodes[0]!;
    const node = `query ($id: ID!) { node(id: $id) { ... on DeadLetter { error payload } } }`;
    expect((await hub.graph<{ node: object }>(node, { id })).data.node).toMatchObject({ payload: 'no JSON' });
    expect((await hub.graph(node, { id }, keys.CUSTOMER)).data).toEqual({ node: null });
  });
});
