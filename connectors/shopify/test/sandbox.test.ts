import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Faults, type SandboxOptions } from '#connect';
import { start } from '../sandbox/index.js';
import { readOrder } from './read-order.js';

const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
  { sku: 'DESK-1', name: 'Desk', price: '310.00', taxRate: '0.22' },
];
const clock = { now: () => new Date('2026-03-01T10:00:00Z') };

interface Delivery {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A webhook endpoint that answers what it is told to. */
async function endpoint(
  statusOf: (delivery: Delivery) => number = () => 200,
): Promise<{ url: string; deliveries: Delivery[] }> {
  const deliveries: Delivery[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const delivery = { headers: req.headers, body: Buffer.concat(chunks) };
      res.writeHead(statusOf(delivery)).end();
      deliveries.push(delivery);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, deliveries };
}

async function run(url: string, { orders = 40, ...options }: Partial<SandboxOptions> & { orders?: number } = {}) {
  const sandbox = await start({
    webhookUrl: url,
    secret: 'hush',
    products: PRODUCTS,
    seed: 7,
    clock,
    ...options,
  });
  cleanups.push(() => sandbox.stop());
  sandbox.act(orders);
  await sandbox.settled();
  return sandbox;
}

const keyOf = ({ headers }: Delivery) => `${headers['x-shopify-topic']} ${headers['x-shopify-event-id']}`;
const bodiesOf = (deliveries: Delivery[]) => new Map(deliveries.map((each) => [keyOf(each), each.body.toString()]));

describe('the sandbox shop', () => {
  test('signs what it delivers, and every order adds up for the connector', async () => {
    const { url, deliveries } = await endpoint();
    const sandbox = await run(url);
    expect(sandbox.made).toHaveLength(40);
    for (const { headers, body } of deliveries) {
      expect(headers['x-shopify-hmac-sha256']).toBe(createHmac('sha256', 'hush').update(body).digest('base64'));
    }
    const newestLast = deliveries
      .map(({ body }) => readOrder(body))
      .sort((a, b) => a.sourceVersion.getTime() - b.sourceVersion.getTime());
    const totals = new Map(newestLast.map((order) => [order.externalId, order.stated.total]));
    expect([...totals].sort()).toEqual(sandbox.made.map(({ id, total }) => [id, total]).sort());
    expect(deliveries.some(({ body }) => readOrder(body).canceledAt !== undefined)).toBe(true);
    expect(deliveries.some(({ body }) => readOrder(body).lines.some((line) => line.discount !== '0.00'))).toBe(true);
  });

  test('makes the same orders from the same seed, however it delivers them', async () => {
    const friendly = await endpoint();
    await run(friendly.url);
    const hostile = await endpoint();
    await run(hostile.url, { faults: new Faults({ seed: 8, modes: ['duplicate', 'reorder', 'delay'], share: 0.5 }) });
    expect(bodiesOf(hostile.deliveries)).toEqual(bodiesOf(friendly.deliveries));
    expect(hostile.deliveries.length).toBeGreaterThan(friendly.deliveries.length);
    const order = hostile.deliveries.map(keyOf);
    const inverted = order.some(
      (key, at) => key.endsWith('-2') && order.indexOf(`orders/create ${key.split(' ')[1]!.replace(/-2$/, '-1')}`) > at,
    );
    expect(inverted).toBe(true);
  });

  test('delivers again what was not taken', async () => {
    const refused = new Set<string>();
    const { url, deliveries } = await endpoint((delivery) => {
      if (refused.has(keyOf(delivery))) return 200;
      refused.add(keyOf(delivery));
      return 503;
    });
    await run(url, { orders: 2 });
    expect(deliveries.length).toBe(2 * refused.size);
    expect(refused.size).toBeGreaterThanOrEqual(4);
  });

  test('answers for its orders with all digits of their ids', async () => {
    const { url } = await endpoint();
    const sandbox = await run(url, { orders: 1 });
    const { id } = sandbox.made[0]!;
    const answer = await fetch(`${sandbox.baseUrl}/admin/api/2026-10/orders/${id}.json`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(`"id":${id},`);
  });
});
