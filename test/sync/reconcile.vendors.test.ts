import { afterEach, expect, test } from '@jest/globals';
import type { Connector } from '../../src/connect/index.js';
import { ORDER_PREFIX } from '../../src/modules/orders/index.js';
import { systemClock } from '../../src/shared/clock.js';
import { Desk } from '../api/support/desk.js';
import { idOf } from '../../src/shared/ids.js';
import { eventually } from '../support/eventually.js';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { must } from '../support/shop.js';

const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
];
const ACTS = 14;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Each has its own: what several systems say of one company may differ. The limits of systems flow back with time. */
async function freshHub(): Promise<TestHub> {
  const hub = await startTestHub({ clock: systemClock });
  stops.push(() => hub.stop());
  return hub;
}

/** Whether stock comes from it, and is never told to it: that would be news there. */
function counts({ pull, push }: Connector): boolean {
  return [...pull.values()].some(({ of }) => of === 'stock') && [...push.values()].every(({ of }) => of !== 'stock');
}

/** What has left there must be here: the place that sandboxes know as the company's own, with more than they ever send. */
async function fillShelves(hub: TestHub): Promise<void> {
  const desk = new Desk(hub);
  await desk.done('upsertStockLocation', { code: 'BOLOGNA' });
  for (const { sku } of PRODUCTS) {
    await desk.product(null, null, { sku });
    await desk.done('adjustStock', { sku, location: 'BOLOGNA', setTo: '9000', reason: 'Counted' });
  }
}

async function connect(hub: TestHub, { code, sandbox }: Connector): Promise<void> {
  const options = { webhookUrl: null, secret: 'hush', products: PRODUCTS, seed: 11, clock: systemClock };
  const system = await sandbox!.start(options);
  stops.push(() => system.stop());
  system.act(ACTS);
  await system.settled();
  const { settings, credentials } = sandbox!.connection('hush');
  const connection = { settings: { ...settings, baseUrl: system.baseUrl }, credentials };
  const input = { idempotencyKey: newKey(), code, connector: code, ...connection };
  const document = `mutation ($input: ConnectIntegrationInput!) { connectIntegration(input: $input) { userErrors { message } } }`;
  await must(hub.graph(document, { input }));
}

/** All is read once, applied, told and compared that is to be. */
async function quiet(hub: TestHub, ...vendors: Connector[]): Promise<void> {
  const streams = vendors.reduce((count, { pull }) => count + pull.size, 0);
  await eventually(
    'all to be read, told and compared',
    async () => {
      const { rows } = await hub.hub.db.pool.query<{ is_quiet: boolean }>(
        `select (select count(*) from sync_stream where direction = 'PULL' and last_success_at is not null) = $1
          and not exists (select from inbox_message where status = 'RECEIVED')
          and not exists (select from push_item where state in ('DUE', 'SENDING'))
          and not exists (select from reconcile_stream where run is not null or asked_at is not null) as is_quiet`,
        [streams],
      );
      return rows[0]?.is_quiet;
    },
    60_000,
  );
}

test('what was read of a system is the same here, and no record is read by itself to know it', async () => {
  const first = await freshHub();
  const vendors = [...first.hub.connectors.values()].filter(
    ({ pull, sandbox }) => sandbox && [...pull.values()].some(({ census, one }) => census && one),
  );
  expect(vendors.length).toBeGreaterThan(3);
  for (const [index, vendor] of vendors.entries()) {
    const hub = index === 0 ? first : await freshHub();
    if (counts(vendor)) await fillShelves(hub);
    await connect(hub, vendor);
    await quiet(hub, vendor);
    const compare = `mutation ($code: String!) { reconcileIntegration(input: { code: $code }) { userErrors { message } } }`;
    await must(hub.graph(compare, { code: vendor.code }));
    await quiet(hub, vendor);
    const figures = (await (await fetch(`${hub.hub.url}/metrics`)).text()).split('\n');
    expect(figures).toContainEqual(expect.stringMatching(/^hub_reconcile_records_total.* [1-9]/));
    expect(figures.filter((line) => /^hub_(reconcile_reads|drift_found)_total.* [1-9]/.test(line))).toEqual([]);
  }
}, 300_000);

test('a customer who was here before a system is told to it with the first order, and the order at the customer', async () => {
  const hub = await freshHub();
  const desk = new Desk(hub);
  const { id: customerId } = await desk.customer({ external: null });
  const lines = [{ sku: await desk.product(), quantity: '1' }];
  const told = [...hub.hub.connectors.values()].filter(({ sandbox, push }) => {
    const customers = [...push.values()].find(({ of }) => of === 'customer');
    return sandbox && customers && !customers.tellsAllAtFirst && [...push.values()].some(({ of }) => of === 'order');
  });
  expect(told.length).toBeGreaterThan(1);
  for (const vendor of told) await connect(hub, vendor);
  await quiet(hub, ...told);
  const order = await desk.order({ customerId, lines, external: null });
  await eventually('the order to be told', async () => {
    const { rows } = await hub.hub.db.pool.query(
      `select from external_reference where record_kind = 'order' and record_id = $1`,
      [idOf(ORDER_PREFIX, order.id)],
    );
    return rows.length === told.length;
  });
  await quiet(hub, ...told);
  const query = `query ($id: ID!) { order(id: $id) { customer { externalReferences { integration { code } } } } }`;
  const read = await desk.ask<{ order: { customer: { externalReferences: { integration: { code: string } }[] } } }>(
    query,
    {
      id: order.id,
    },
  );
  const codes = read.order.customer.externalReferences.map(({ integration }) => integration.code);
  expect(codes.sort()).toEqual(told.map(({ code }) => code).sort());
}, 180_000);
