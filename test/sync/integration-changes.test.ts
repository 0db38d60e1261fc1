import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { typeId } from '../../src/shared/ids.js';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, newKey, startTestHub, type TestHub } from '../support/hub.js';
import { LiveClient } from '../support/live-client.js';
import { must } from '../support/shop.js';
import type { Sandbox } from '../../src/connect/index.js';

const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
];
const CHANGES = `subscription ($after: EventCursor, $integrationId: ID) {
  integrationChanged(after: $after, integrationId: $integrationId) {
    cursor sequence kind from to message
    integration { code status lagSeconds streams { name direction lastSuccessAt processed reconciledAt openDrift } } } }`;

interface Change {
  cursor: string;
  sequence: number;
  kind: string;
  from: string | null;
  to: string | null;
  message: string;
  integration: {
    code: string;
    status: string;
    lagSeconds: number;
    streams: {
      name: string;
      direction: string;
      lastSuccessAt: string | null;
      processed: number;
      reconciledAt: string | null;
      openDrift: number;
    }[];
  };
}

let hub: TestHub;
let shop: Sandbox;
const clients: LiveClient[] = [];
beforeAll(async () => {
  hub = await startTestHub();
  const { sandbox } = hub.hub.connectors.get('shopify')!;
  const clock = { now: () => new Date(hub.clock.now().getTime() - 3_600_000) };
  shop = await sandbox!.start({
    webhookUrl: null,
    secret: 'hush',
    products: PRODUCTS,
    seed: 11,
    firstNumber: 12,
    clock,
  });
});
afterAll(async () => {
  await hub.stop();
  await shop.stop();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const keyOf = async (roles: string[]) => {
  const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret userErrors { message } } }`;
  const input = { idempotencyKey: newKey(), name: roles.join(), roles };
  const data = await must(hub.graph<{ createApiKey: { secret: string; userErrors: object[] } }>(create, { input }));
  return data.createApiKey.secret;
};
async function listen(key = ADMIN_KEY, variables: Record<string, unknown> = {}): Promise<LiveClient> {
  const client = await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, key);
  clients.push(client);
  client.subscribe('op', CHANGES, variables);
  return client;
}
const changesOf = (client: LiveClient): Change[] =>
  client.nexts('op').map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return (data as { integrationChanged: Change }).integrationChanged;
  });
const steer = (name: string, code: string) =>
  must(
    hub.graph(`mutation ($input: IntegrationActionInput!) { ${name}(input: $input) { userErrors { message } } }`, {
      input: { code },
    }),
  );

test('tells of a new integration, of each stream read to its end, and of each turn of its status, with what it is now', async () => {
  const other = await listen(ADMIN_KEY, { integrationId: typeId('int', '999999999') });
  const client = await listen();
  const { settings, credentials } = hub.hub.connectors.get('shopify')!.sandbox!.connection('hush');
  const input = {
    idempotencyKey: newKey(),
    code: 'shop-eu',
    connector: 'shopify',
    settings: { ...settings, baseUrl: shop.baseUrl },
    credentials,
  };
  const connect = `mutation ($input: ConnectIntegrationInput!) { connectIntegration(input: $input) { integration { id } userErrors { message } } }`;
  const { connectIntegration } = await must(
    hub.graph<{ connectIntegration: { integration: { id: string }; userErrors: object[] } }>(connect, { input }),
  );
  const integrationId = connectIntegration.integration.id;
  const reads = ['customers', 'orders', 'products', 'shipments', 'stock'];
  await client.until('each stream to be read', () => {
    const said = changesOf(client).map(({ message }) => message);
    return reads.every((name) => said.some((text) => text.includes(`: ${name} read to the end`)));
  });
  await steer('pauseIntegration', 'shop-eu');
  await steer('resumeIntegration', 'shop-eu');
  await client.until('both turns', () => changesOf(client).filter(({ to }) => to !== null).length >= 3);
  const changes = changesOf(client);
  expect(changes[0]).toMatchObject({ kind: 'LIVE', from: null, to: 'HEALTHY', sequence: 1 });
  expect(changes.map(({ sequence }) => sequence)).toEqual(changes.map((_, index) => index + 1));
  const turns = changes.filter(({ to }) => to !== null).map(({ from, to }) => [from, to]);
  expect(turns).toEqual([
    [null, 'HEALTHY'],
    ['HEALTHY', 'PAUSED'],
    ['PAUSED', 'HEALTHY'],
  ]);
  for (const name of reads) {
    const told = changes.find(({ message }) => message.includes(`: ${name} read to the end`))!;
    const stream = told.integration.streams.find((each) => each.name === name && each.direction === 'PULL')!;
    expect(told.integration.lagSeconds).toBeGreaterThanOrEqual(0);
    expect(stream).toMatchObject({ lastSuccessAt: expect.any(String), reconciledAt: null, openDrift: 0 });
    if (name !== 'shipments') expect(stream.processed).toBeGreaterThan(0);
  }
  const again = await listen(ADMIN_KEY, { after: changes[1]!.cursor, integrationId });
  await again.until('the replay', () => changesOf(again).length >= changes.length - 2);
  const replayed = changesOf(again).slice(0, changes.length - 2);
  expect(replayed.map(({ sequence }) => sequence)).toEqual(changes.slice(2).map(({ sequence }) => sequence));
  expect(other.of('op')).toEqual([]);
});

const compare = (stream?: string) =>
  must(
    hub.graph(
      `mutation ($input: IntegrationActionInput!) { reconcileIntegration(input: $input) { userErrors { message } } }`,
      {
        input: { code: 'shop-eu', stream },
      },
    ),
  );
const compared = () =>
  eventually('the compares to end', async () => {
    const open = await hub.hub.db.pool.query(
      `select from reconcile_stream where run is not null or asked_at is not null
       union all select from inbox_message where status = 'RECEIVED'`,
    );
    return open.rowCount === 0;
  });
const figures = async () => (await fetch(`${hub.hub.url}/metrics`)).text();

test('a shop and what was read of it are the same, and no record is read to know it', async () => {
  await compared();
  await compare();
  await compared();
  const text = await figures();
  for (const stream of ['customers', 'orders', 'products', 'stock']) {
    const of = `{integration="shop-eu",stream="${stream}"}`;
    expect(text).toMatch(new RegExp(`hub_reconcile_records_total${of} [1-9]`));
    expect(text).not.toMatch(new RegExp(`hub_(reconcile_reads|drift_found)_total${of} [1-9]`));
  }
});

test('tells of a compare that found something, which the figures for Prometheus count', async () => {
  const viewer = await listen(await keyOf(['VIEWER']));
  await hub.hub.db.pool.query(`update customer set name = 'Somebody else' where id = (select min(id) from customer)`);
  await compare('customers');
  await viewer.until('the compare', () => changesOf(viewer).some(({ message }) => message.includes('compared')));
  const told = changesOf(viewer).find(({ message }) => message.includes('compared'))!;
  expect(told).toMatchObject({ from: null, to: null });
  expect(told.message).toMatch(/^Integration shop-eu: \d+ customers compared, 1 differences found and 0 settled$/);
  const stream = told.integration.streams.find(({ name, direction }) => name === 'customers' && direction === 'PULL')!;
  expect(stream).toMatchObject({ reconciledAt: hub.clock.now().toISOString(), openDrift: 1 });
  // What has ended is told by its commit, and counted behind it.
  const metrics = await eventually('the compare to be counted', async () => {
    const text = await figures();
    return (
      text.includes('hub_reconcile_runs_total{integration="shop-eu",stream="customers",outcome="ended"} 2') && text
    );
  });
  expect(metrics).toContain('hub_drift_items{integration="shop-eu",stream="customers"} 1');
  expect(metrics).toContain('hub_drift_found_total{integration="shop-eu",stream="customers"} 1');
});

interface Drift {
  id: string;
  record: string;
  recordId: string;
  field: string;
  hubValue: unknown;
  sourceValue: unknown;
  hubValueAt: string;
  sourceValueAt: string;
  ageSeconds: number;
  proposedRepair: string;
  status: string;
  integration: { code: string };
}
const ITEMS = `query ($filter: DriftFilter) { driftItems(filter: $filter, first: 10) { totalCount nodes { id record recordId externalId field
  hubValue sourceValue hubValueAt sourceValueAt ageSeconds proposedRepair reason status foundAt integration { code } } } }`;
const REPAIR = `mutation ($input: RepairDriftInput!) { repairDrift(input: $input) {
  drift { id status repair closedAt decidedBy { kind name } } replayed userErrors { code field } } }`;
interface Repaired {
  repairDrift: { drift: object | null; replayed: boolean; userErrors: { code: string; field: string[] }[] };
}

test('drift is listed with both values and their ages, and repaired by one audited mutation', async () => {
  hub.clock.forward(60_000);
  const items = async (filter?: object) =>
    (await hub.graph<{ driftItems: { totalCount: number; nodes: Drift[] } }>(ITEMS, { filter })).data.driftItems;
  const { nodes, totalCount } = await items({
    integration: 'shop-eu',
    stream: 'customers',
    record: 'customer',
    field: 'name',
  });
  expect(totalCount).toBe(1);
  const item = nodes[0]!;
  expect(item).toMatchObject({
    field: 'name',
    hubValue: 'Somebody else',
    hubValueAt: expect.any(String),
    sourceValueAt: expect.any(String),
    ageSeconds: 60,
    proposedRepair: 'TAKE_SOURCE',
    status: 'OPEN',
    integration: { code: 'shop-eu' },
  });
  expect(await items({ field: 'email' })).toMatchObject({ totalCount: 0 });
  const node = await hub.graph<{ node: object }>(`query ($id: ID!) { node(id: $id) { __typename id } }`, {
    id: item.id,
  });
  expect(node.data.node).toEqual({ __typename: 'DriftItem', id: item.id });
  const repair = async (input: object, key?: string) =>
    (await hub.graph<Repaired>(REPAIR, { input }, key)).data.repairDrift;
  const tell = { idempotencyKey: newKey(), id: item.id, repair: 'TELL_SOURCE' };
  expect((await repair(tell)).userErrors).toEqual([{ code: 'INVALID', field: ['repair'] }]);
  const input = { idempotencyKey: newKey(), id: item.id };
  const first = await repair(input);
  expect(first).toMatchObject({
    drift: { status: 'REPAIRED', repair: 'TAKE_SOURCE', decidedBy: { kind: 'API_KEY' } },
    replayed: false,
    userErrors: [],
  });
  expect(await repair(input)).toEqual({ ...first, replayed: true });
  expect((await repair({ ...input, idempotencyKey: newKey() })).userErrors).toEqual([
    { code: 'CONFLICT', field: ['id'] },
  ]);
  const name = await eventually('the customer to be as the shop has it', async () => {
    const query = `query ($id: ID!) { customer(id: $id) { name history { nodes { actor { kind name } changes { field from to } } } } }`;
    const { data } = await hub.graph<{ customer: { name: string; history: { nodes: object[] } } }>(query, {
      id: item.recordId,
    });
    return data.customer.name === item.sourceValue && data.customer.history.nodes;
  });
  expect(name).toContainEqual({
    actor: { kind: 'INTEGRATION', name: 'Shopify' },
    changes: [{ field: 'name', from: 'Somebody else', to: item.sourceValue }],
  });
  const log = await hub.graph<{ integration: { history: { nodes: { type: string; changes: object[] }[] } } }>(
    `{ integration(code: "shop-eu") { history(first: 50) { nodes { type actor { kind } changes { field from to } } } } }`,
  );
  expect(log.data.integration.history.nodes.find(({ type }) => type === 'DRIFT_DECIDED')).toMatchObject({
    actor: { kind: 'API_KEY' },
    changes: [{ field: expect.stringMatching(/^drift\.customers\.\d+\.name$/), from: 'OPEN', to: 'TAKE_SOURCE' }],
  });
  const asking = `mutation ($input: IntegrationActionInput!) { reconcileIntegration(input: $input) { integration { code } replayed userErrors { code } } }`;
  interface Asked {
    reconcileIntegration: object;
  }
  const ask = async (more: object) =>
    (await hub.graph<Asked>(asking, { input: { code: 'shop-eu', ...more } })).data.reconcileIntegration;
  const key = newKey();
  expect(await ask({ idempotencyKey: key, stream: 'customers' })).toMatchObject({ replayed: false, userErrors: [] });
  expect(await ask({ idempotencyKey: key, stream: 'customers' })).toMatchObject({ replayed: true });
  expect(await ask({ stream: 'shipments' })).toMatchObject({ userErrors: [{ code: 'INVALID' }] });
  expect(await ask({ expectedVersion: 99 })).toMatchObject({ userErrors: [{ code: 'VERSION_CONFLICT' }] });
  await compared();
  expect(await items()).toMatchObject({ totalCount: 0 });
  const many = `mutation ($input: RepairDriftsInput!) { repairDrifts(input: $input) { integration { code } count replayed userErrors { code } } }`;
  interface Many {
    repairDrifts: object;
  }
  const all = { idempotencyKey: newKey(), code: 'shop-eu', repair: 'IGNORE' };
  const none = { integration: { code: 'shop-eu' }, count: 0, userErrors: [] };
  expect((await hub.graph<Many>(many, { input: all })).data.repairDrifts).toEqual({ ...none, replayed: false });
  expect((await hub.graph<Many>(many, { input: all })).data.repairDrifts).toEqual({ ...none, replayed: true });
});

test('nobody who may not see integrations hears of them', async () => {
  const upsert = `mutation ($k: String!) { upsertCustomer(input: { idempotencyKey: $k, name: "Ada" }) { customer { id } userErrors { message } } }`;
  const made = await must(
    hub.graph<{ upsertCustomer: { customer: { id: string }; userErrors: object[] } }>(upsert, { k: newKey() }),
  );
  const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret userErrors { message } } }`;
  const input = {
    idempotencyKey: newKey(),
    name: 'Ada',
    roles: ['CUSTOMER'],
    customerId: made.upsertCustomer.customer.id,
  };
  const { createApiKey } = await must(
    hub.graph<{ createApiKey: { secret: string; userErrors: object[] } }>(create, { input }),
  );
  const client = await listen(createApiKey.secret);
  await client.until('the refusal', () => client.of('op').length > 0);
  await steer('pauseIntegration', 'shop-eu');
  expect(
    client
      .of('op')
      .flatMap(({ type, payload }) => [type, JSON.stringify(payload)])
      .join(' '),
  ).toMatch(/FORBIDDEN/);
  expect(client.nexts('op').filter(({ data }) => data?.integrationChanged)).toEqual([]);
});
