import { afterEach, describe, expect, test } from '@jest/globals';
import { Faults, type FaultMode } from '../../src/connect/index.js';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/hub.js';

const ORDERS = 60;
const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
  { sku: 'DESK-1', name: 'Desk', price: '310.00', taxRate: '0.22' },
];
const shopClock = { now: () => new Date('2026-03-01T10:00:00Z') };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Connected {
  connectIntegration: { integration: { webhookUrl: string } | null; userErrors: object[] };
}

/** Runs the shop against a hub and gives what the graph then says of the orders. */
async function runShop(
  modes: FaultMode[],
): Promise<{ orders: object[]; sent: { id: string; total?: string }[]; hub: TestHub }> {
  const started = await startTestHub();
  cleanups.push(() => started.stop());
  const { sandbox } = started.hub.connectors.get('shopify')!;
  const connection = sandbox!.connection('hush');
  const connect = `mutation ($input: ConnectIntegrationInput!) {
    connectIntegration(input: $input) { integration { webhookUrl } userErrors { code message field } } }`;
  const input = { idempotencyKey: 'k', code: 'shop-eu', connector: 'shopify', ...connection };
  const { connectIntegration } = (await started.graph<Connected>(connect, { input })).data;
  expect(connectIntegration.userErrors).toEqual([]);
  const { webhookUrl } = connectIntegration.integration!;
  const shop = await sandbox!.start({
    webhookUrl,
    secret: 'hush',
    products: PRODUCTS,
    seed: 11,
    faults: new Faults({ seed: 12, modes, share: 0.5 }),
    clock: shopClock,
  });
  cleanups.push(() => shop.stop());
  shop.act(ORDERS);
  await shop.settled();
  const lag = `{ integration(code: "shop-eu") { lagSeconds deadLetters { totalCount nodes { error } } } }`;
  const settled = await eventually('the inbox to be worked off', async () => {
    const { integration } = (await started.graph<{ integration: { lagSeconds: number; deadLetters: object } }>(lag))
      .data;
    const open = await started.hub.db.pool.query(`select from inbox_message where status = 'RECEIVED'`);
    return open.rowCount === 0 && integration;
  });
  expect(settled).toEqual({ lagSeconds: 0, deadLetters: { totalCount: 0, nodes: [] } });
  const query = `{ orders(first: 250) { nodes {
    status channel { code } email currency note purchaseOrderNumber pricesIncludeTax placedAt
    total { amount } subtotal { amount } discountTotal { amount } shippingTotal { amount } taxTotal { amount }
    customer { name kind email } billingAddress { line1 city country }
    lines { sku quantity canceledQuantity unitPrice { amount } total { amount } taxTotal { amount } }
    externalReferences { externalId externalUrl integration { code } } } } }`;
  const { orders } = (
    await started.graph<{ orders: { nodes: { externalReferences: { externalId: string }[] }[] } }>(query)
  ).data;
  const idOf = (order: { externalReferences: { externalId: string }[] }) => order.externalReferences[0]!.externalId;
  const sorted = orders.nodes.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  return { orders: sorted, sent: shop.made.map(({ id, total }) => ({ id, total })), hub: started };
}

describe('a shop that delivers twice, late and in the wrong order', () => {
  test('leaves the hub as one that delivers well', async () => {
    const friendly = await runShop([]);
    const hostile = await runShop(['duplicate', 'reorder', 'delay']);
    expect(friendly.orders).toHaveLength(ORDERS);
    expect(hostile.orders).toEqual(friendly.orders);
    const canceled = friendly.orders.filter((order) => (order as { status: string }).status === 'CANCELED');
    expect(canceled.length).toBeGreaterThan(0);
    expect(canceled.length).toBeLessThan(ORDERS);
    const stale = await hostile.hub.hub.db.pool.query(`select from inbox_message where status = 'STALE'`);
    expect(stale.rowCount).toBeGreaterThan(0);
  });
});
