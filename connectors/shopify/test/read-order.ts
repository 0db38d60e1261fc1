import { readFile } from 'node:fs/promises';
import { parseJsonExactly, type StatedOrder } from '#connect';
import shopify from '../index.js';

const SETTINGS = { shopDomain: 'my-shop.myshopify.com' };
type Json = Record<string, unknown>;

/** What the connector makes of a body. */
export function readOrder(body: Buffer | string | Json): StatedOrder {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : wireText(body));
  const [change] = shopify.webhooks!.read('orders/updated', bytes, SETTINGS);
  if (change?.kind !== 'order') throw new Error(`expected an order, got ${change?.kind}`);
  return change.order;
}

export function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`./fixtures/${name}.json`, import.meta.url));
}

/** A fixture, changed: numbers are texts here and numbers again on the wire. */
export async function changedFixture(name: string, change: (order: Json) => void): Promise<Json> {
  const order = parseJsonExactly(await fixture(name)) as Json;
  change(order);
  return order;
}

/** Ids and rates go back to being numbers; amounts were texts all along. */
function wireText(order: Json): string {
  return JSON.stringify(order).replace(
    /"(id|variant_id|line_item_id|quantity|current_quantity|rate)":"([\d.]+)"/g,
    '"$1":$2',
  );
}
