import { afterAll, beforeAll, expect, test } from '@jest/globals';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/shared/clock.js';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, newKey, startTestHub, type TestHub } from '../support/hub.js';
import { LiveClient } from '../support/live-client.js';
import { LiveErp, LiveShop } from '../support/live-shop.js';
import { must } from '../support/shop.js';

// A shop and an ERP that really run, and a hub between them. `npm run soak -- live` starts both and says where they are.
const { VENDURE_URL: shopUrl, TRYTON_URL: erpUrl, HUB_LIVE_PORT: port, HUB_LIVE_SECRET: secret } = process.env;
const code = process.env.HUB_LIVE_CODE ?? 'live-shop';
const isThere = shopUrl !== undefined && erpUrl !== undefined && port !== undefined;
const whenThere = (title: string, run: () => Promise<void>) =>
  isThere ? test(title, run, 300_000) : test.skip(`${title} (skipped: there is no live shop and ERP)`, run);

const SKU = 'PMP-100';
const QUANTITY = 2;
const WAREHOUSE = 5;
const A_WHILE_MS = 120_000;
/** Whoever asks all the time keeps the others waiting. */
const BETWEEN_MS = 200;

let hub: TestHub;
let shop: LiveShop;
let erp: LiveErp;
let client: LiveClient;
beforeAll(async () => {
  if (!isThere) return;
  hub = await startTestHub({ clock: systemClock, port: Number(port), isUpkeepByHand: false });
  shop = new LiveShop(shopUrl);
  erp = new LiveErp(erpUrl);
}, 60_000);
afterAll(async () => {
  client?.close();
  await hub?.stop();
});

function patiently<T>(what: string, ask: () => Promise<T | false>): Promise<T> {
  const next = async () => {
    await pause(BETWEEN_MS);
    return ask();
  };
  return eventually(what, next, A_WHILE_MS) as Promise<T>;
}
async function mutate<T>(name: string, type: string, input: object, selection: string): Promise<T> {
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { message } } }`;
  return (await must(hub.graph<Record<string, T>>(query, { input })))[name] as T;
}
function connect(input: object): Promise<unknown> {
  return mutate('connectIntegration', 'ConnectIntegrationInput', { idempotencyKey: newKey(), ...input }, 'integration { code }'); // prettier-ignore
}
async function level(): Promise<string | undefined> {
  const query = `{ stockLevel(sku: "${SKU}", location: "BERLIN") { onHand } }`;
  return (await hub.graph<{ stockLevel: { onHand: string } | null }>(query)).data.stockLevel?.onHand;
}
async function inErp(): Promise<number> {
  const context = { company: 1, locations: [WAREHOUSE], with_childs: true };
  const [product] = await erp.ask('product.product.search_read', [[['code', '=', SKU]], 0, 1, null, ['quantity'], context]); // prettier-ignore
  return product!.quantity as number;
}
async function pulledAt(integration: string, stream: string): Promise<Date | null> {
  const query = `{ integration(code: "${integration}") { streams { name direction lastSuccessAt } } }`;
  type Stream = { name: string; direction: string; lastSuccessAt: string | null };
  const { data } = await hub.graph<{ integration: { streams: Stream[] } }>(query);
  const found = data.integration.streams.find((each) => each.name === stream && each.direction === 'PULL');
  return found?.lastSuccessAt ? new Date(found.lastSuccessAt) : null;
}
/** Everything that was pulled was worked off, and what was to be told was. */
async function settled(integration: string, streams: string[]): Promise<void> {
  await patiently(`the first walks of ${integration}`, async () =>
    (await Promise.all(streams.map((stream) => pulledAt(integration, stream)))).every(Boolean),
  );
  const open = `select from inbox_message where status = 'RECEIVED' union all select from push_item where state in ('DUE', 'SENDING')`;
  await patiently('what came to be worked off', async () => (await hub.hub.db.pool.query(open)).rowCount === 0);
}
const times: string[] = [];
function say(what: string, since: number): number {
  const ms = Math.round(performance.now() - since);
  times.push(`${what}: ${ms} ms`);
  return ms;
}

whenThere(
  'a paid order is told in under two seconds, and its parcel comes to the shop and off the ERP’s stock',
  async () => {
    await mutate('upsertStockLocation', 'UpsertStockLocationInput', { idempotencyKey: newKey(), code: 'BERLIN' }, '');
    await connect({
      code: 'live-erp',
      connector: 'tryton',
      settings: { baseUrl: erpUrl, locations: { BERLIN: String(WAREHOUSE) }, chargeProduct: 'SHIP-STD' },
      credentials: { username: 'hub', password: 'hub-password' },
    });
    await settled('live-erp', ['customers', 'products', 'stock', 'orders', 'shipments']);
    const counted = await inErp();
    expect(Number(await level())).toBe(counted);
    await connect({
      code,
      connector: 'vendure',
      settings: { baseUrl: shopUrl, locations: { BERLIN: '1' }, orderReferenceField: 'externalRef' },
      credentials: { username: 'hub@company.example', password: 'hub-password', webhookSecret: secret },
    });
    await settled(code, ['orders', 'customers', 'products', 'shipments']);
    // What the shop had sent before is told with its orders: off both of them or, where it left before the count, off none.
    const before = await inErp();
    expect(Number(await level())).toBe(before);

    const order = await paidOrder();
    const sale = await soldThere(order);
    await sent(order, sale, before);
    process.stdout.write(`${times.map((each) => `  ${each}\n`).join('')}`);
  },
);

interface Heard {
  id: string;
  number: string;
  there: { id: string; code: string };
}

async function paidOrder(): Promise<Heard> {
  client = await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, ADMIN_KEY);
  const query = `subscription { orderEvents(filter: { channel: ["${code}"] }, types: [CREATED]) { message order { id number } } }`;
  client.subscribe('orders', query);
  await shop.fillCart(SKU, QUANTITY);
  const since = performance.now();
  const there = await shop.pay();
  const [next] = await client.untilNexts('orders', 1);
  const took = say('paid in the shop to a message on an open subscription', since);
  const { message, order } = next!.data!.orderEvents as { message: string; order: { id: string; number: string } };
  expect(message).toContain(there.code);
  expect(took).toBeLessThan(2_000);
  return { ...order, there };
}

async function soldThere({ id, number }: Heard): Promise<number> {
  const since = performance.now();
  await mutate('confirmOrder', 'OrderActionInput', { orderId: id }, 'order { status }');
  const domain = [['reference', '=', number], ['state', '=', 'processing']]; // prettier-ignore
  const ask = () => erp.ask('sale.sale.search_read', [domain, 0, null, null, ['total_amount', 'shipments'], { company: 1 }]); // prettier-ignore
  const sales = await patiently('the sale', async () => (await ask()).length > 0 && ask());
  say('confirmed in the hub to a confirmed sale in the ERP', since);
  expect(sales).toHaveLength(1);
  return sales[0]!.id as number;
}

async function sent({ id, there }: Heard, sale: number, before: number): Promise<void> {
  const shipped = {
    idempotencyKey: newKey(),
    orderId: id,
    location: 'BERLIN',
    carrier: 'DHL',
    trackingNumber: 'LIVE-1',
  };
  await settled(code, []);
  const { shipment } = await mutate<{ shipment: { id: string } }>('createShipment', 'CreateShipmentInput', shipped, 'shipment { id }'); // prettier-ignore
  const since = performance.now();
  await mutate(
    'updateShipment',
    'UpdateShipmentInput',
    { shipmentId: shipment.id, status: 'SHIPPED' },
    'shipment { id }',
  );
  const query = 'query ($id: ID!) { order(id: $id) { state fulfillments { state trackingCode } } }';
  type There = { state: string; fulfillments: { state: string; trackingCode: string }[] | null };
  const look = async () => (await shop.look(query, { id: there.id })).order as There;
  await patiently('the fulfillment', async () => (await look()).state === 'Shipped');
  say('shipped in the hub to a fulfillment in the shop', since);
  expect((await look()).fulfillments).toEqual([{ state: 'Shipped', trackingCode: 'LIVE-1' }]);
  await patiently('the goods to leave', async () => (await inErp()) === before - QUANTITY);
  say('shipped in the hub to less stock in the ERP', since);
  const domain = [['id', '=', sale]];
  const sold = () => erp.ask('sale.sale.search_read', [domain, 0, null, null, ['shipment_state'], { company: 1 }]);
  await patiently('the sale to be sent', async () => (await sold())[0]!.shipment_state === 'sent');
  await agreed(before - QUANTITY);
}

/** What is pulled afterwards is what the hub has. */
async function agreed(expected: number): Promise<void> {
  expect(Number(await level())).toBe(expected);
  const last = await pulledAt('live-erp', 'stock');
  const since = performance.now();
  await mutate(
    'syncIntegration',
    'IntegrationActionInput',
    { code: 'live-erp', stream: 'stock' },
    'integration { code }',
  );
  await patiently('the next pull', async () => (await pulledAt('live-erp', 'stock'))! > last!);
  await settled('live-erp', []);
  say('asked for a pull of the stock to its end', since);
  expect([Number(await level()), await inErp()]).toEqual([expected, expected]);
  const counted = `select count(*)::int as count from stock_movement where kind = 'COUNT' and quantity < 0`;
  expect((await hub.hub.db.pool.query<{ count: number }>(counted)).rows[0]!.count).toBe(0);
}
