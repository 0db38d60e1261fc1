import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { LiveClient } from '../support/live-client.js';
import { Desk, type StartedHub } from './support/started-hub.js';

const KEY = 'an-administrators-key-of-this-test';
const SETTINGS = { HUB_ADMIN_KEY: KEY, HUB_SAMPLE: 'off' };
const PRODUCT = `mutation { upsertProduct(input: { idempotencyKey: "lamp", sku: "LAMP-1", name: "Lamp" }) { userErrors { message } } }`;
const ORDER = `mutation ($key: String!) {
  createOrder(input: {
    idempotencyKey: $key, channel: "api", currency: "EUR", note: $key
    lines: [{ sku: "LAMP-1", quantity: "1", unitPrice: { amount: "10", currency: "EUR" } }]
  }) { order { timeline { nodes { cursor } } } userErrors { message } }
}`;
const NOTES = '{ orders { nodes { note } } }';
const STREAM = 'subscription ($after: EventCursor) { orderEvents(after: $after) { cursor } }';

const desk = new Desk();
afterEach(() => desk.clear());

async function takeOrder(hub: StartedHub, key: string): Promise<string> {
  const data = await hub.graph<{ createOrder: { order: { timeline: { nodes: { cursor: string }[] } } } }>(
    ORDER,
    { key },
    KEY,
  );
  return data.createOrder.order.timeline.nodes[0]!.cursor;
}

test('backs up while it works; after the restore what came later is gone and cursors of before are refused', async () => {
  const dataDir = await desk.madeFolder();
  const backup = path.join(await desk.folder(), 'backup');
  const hub = await desk.start(dataDir, SETTINGS).ready();
  await hub.graph(PRODUCT, {}, KEY);
  const cursor = await takeOrder(hub, 'before the backup');
  expect(await desk.command(dataDir, 'backup', backup)).toMatch(/Backed up \d+ files, \d+ MB/);
  await takeOrder(hub, 'after the backup');
  await expect(desk.command(dataDir, 'restore', backup)).rejects.toThrow('The hub is running');
  expect(await hub.stop()).toBe(0);

  expect(await desk.command(dataDir, 'restore', backup)).toContain('What was there before is kept in');
  const restored = await desk.start(dataDir, SETTINGS).ready();
  expect(await restored.graph(NOTES, {}, KEY)).toEqual({ orders: { nodes: [{ note: 'before the backup' }] } });
  const client = await LiveClient.connect(`${restored.url.replace('http', 'ws')}/graphql`, KEY);
  client.subscribe('old', STREAM, { after: cursor });
  expect((await client.untilError('old')).extensions).toMatchObject({ code: 'CURSOR_EXPIRED' });
  const fresh = await takeOrder(restored, 'after the restore');
  client.subscribe('new', STREAM, { after: fresh });
  await takeOrder(restored, 'the next one');
  await client.untilNexts('new', 1);
  client.close();
  expect(await restored.stop()).toBe(0);
}, 180_000);
