import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import shopify from '../../connectors/shopify/index.js';
import { sku, PRODUCTS } from '../dataset/company.js';

const SOLD = 40;
const SEED = 20_261_127;

export interface Shop {
  settings: object;
  credentials: object;
  /** A request for each order that was placed, signed as the shop signs. */
  deliveries: Buffer[];
}

/** Lets a shop sell so many orders, and keeps what it delivers of each when it is placed. */
export async function soldOrders(count: number, path: string, secret: string): Promise<Shop> {
  const deliveries: Buffer[] = [];
  const sink = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      res.end();
      if (req.headers['x-shopify-topic'] === 'orders/create')
        deliveries.push(requestOf(path, req.headers, Buffer.concat(chunks)));
    });
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const sandbox = shopify.sandbox!;
  const shop = await sandbox.start({
    webhookUrl: `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`,
    secret,
    products: Array.from({ length: Math.min(SOLD, PRODUCTS) }, (_, index) => ({
      sku: sku(index),
      name: `Product ${index}`,
      price: '12.20',
      taxRate: '0.22',
    })),
    currency: 'EUR',
    seed: SEED,
    clock: { now: () => new Date() },
  });
  try {
    for (let made = 0; made < count; made += 100) {
      shop.act(Math.min(100, count - made));
      await shop.settled();
    }
  } finally {
    await shop.stop();
    sink.close();
    sink.closeAllConnections();
  }
  const { settings } = sandbox.connection(secret);
  // The secret alone: the hub listens to the shop and asks it nothing.
  return { settings, credentials: { clientSecret: secret }, deliveries };
}

function requestOf(path: string, headers: object, body: Buffer): Buffer {
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-') || name === 'content-type');
  const lines = own.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines}content-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
