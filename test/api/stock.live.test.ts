import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN_KEY, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { LiveClient } from '../support/live-client.js';
import { Desk } from './support/desk.js';

const CHANGES = `subscription($sku: [String!], $location: [String!], $after: EventCursor) {
  stockLevelChanged(sku: $sku, location: $location, after: $after) {
    cursor kind sku location version availableBefore availableAfter stockLevel { onHand reserved version } } }`;

interface Message {
  cursor: string;
  kind: string;
  sku: string;
  location: string;
  version: number;
  availableBefore: string;
  availableAfter: string;
  stockLevel: { onHand: string; reserved: string; version: number };
}

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});

async function listening<T>(work: (client: LiveClient) => Promise<T>): Promise<T> {
  const client = await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, ADMIN_KEY);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function told(client: LiveClient, id: string, count: number): Promise<Message[]> {
  return (await client.untilNexts(id, count)).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return (data as { stockLevelChanged: Message }).stockLevelChanged;
  });
}

/** A cursor behind everything that has happened so far. */
async function now(): Promise<string> {
  const { id } = await desk.order({ lines: [{ sku: await desk.product('1.00', null), quantity: '1' }] });
  return (await desk.timeline(id)).at(-1)!.cursor;
}

const shown = ({ version, availableBefore, availableAfter }: Message) => [version, availableBefore, availableAfter];

test('tells each change of a level in turn: receipt, reservation, release, shipment, policy and count', async () => {
  const start = await now();
  const sku = await desk.product('10.00', '20');
  const order = await desk.order({ confirm: true, lines: [{ sku, quantity: '5' }] });
  await desk.done('cancelOrder', { orderId: order.id, lines: [{ lineId: order.lines[0]!.id, quantity: '2' }] });
  const { id: shipmentId } = await desk.shipment(order.id);
  await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
  await desk.done('setReorderPolicy', { sku, location: 'MAIN', safetyStock: '7' });
  await desk.done('adjustStock', { sku, location: 'MAIN', setTo: '10', kind: 'COUNT', reason: 'counted' });
  await listening(async (client) => {
    client.subscribe('op', CHANGES, { sku: [sku], after: start });
    const messages = await told(client, 'op', 6);
    expect(messages.map(shown)).toEqual([
      [2, '0', '20'],
      [3, '20', '15'],
      [4, '15', '17'],
      [5, '17', '17'],
      [6, '17', '10'],
      [7, '10', '3'],
    ]);
    expect(messages.at(-1)).toMatchObject({ location: 'MAIN', stockLevel: { version: 7 } });
  });
  const history = `query($sku: String!) { stockLevel(sku: $sku, location: "MAIN") { history(first: 50) { nodes {
    type changes { field from to } } } } }`;
  const answer = await desk.ask<{ stockLevel: { history: { nodes: object[] } } }>(history, { sku });
  expect(answer.stockLevel.history.nodes).toContainEqual({
    type: 'SHIPPED',
    changes: [
      { field: 'reserved', from: '3', to: '0' },
      { field: 'onHand', from: '20', to: '17' },
    ],
  });
});

test('goes on behind any cursor without a gap or a repeat, also between the levels of one order', async () => {
  const skus = [await desk.product('1.00', '9'), await desk.product('1.00', '9'), await desk.product('1.00', '9')];
  const start = await now();
  await desk.order({ confirm: true, lines: skus.map((sku) => ({ sku, quantity: '1' })) });
  await listening(async (client) => {
    client.subscribe('all', CHANGES, { after: start });
    const all = await told(client, 'all', 3);
    expect(all.map(({ sku }) => sku).sort()).toEqual(skus);
    for (const [index, { cursor }] of all.entries()) {
      client.subscribe(`rest-${index}`, CHANGES, { after: cursor });
      const rest = index === 2 ? [] : await told(client, `rest-${index}`, 2 - index);
      expect(rest.map((message) => message.cursor)).toEqual(all.slice(index + 1).map((message) => message.cursor));
    }
    await desk.stock(skus[0]!, '1');
    expect((await told(client, 'rest-2', 1))[0]).toMatchObject({ kind: 'LIVE', sku: skus[0], availableAfter: '9' });
    expect((await told(client, 'all', 4)).at(-1)).toMatchObject({ kind: 'LIVE', sku: skus[0] });
  });
});

test('keeps to the products and locations asked for', async () => {
  const [one, other] = [await desk.product('1.00', null), await desk.product('1.00', null)];
  const start = await now();
  await desk.stock(other, '1');
  await desk.stock(one, '1', 'ELSEWHERE');
  await desk.stock(one, '2');
  await listening(async (client) => {
    client.subscribe('op', CHANGES, { sku: [one], location: ['MAIN'], after: start });
    client.subscribe('place', CHANGES, { location: ['ELSEWHERE'], after: start });
    expect((await told(client, 'op', 1)).map(shown)).toEqual([[2, '0', '2']]);
    expect((await told(client, 'place', 1)).map(({ sku, location }) => [sku, location])).toEqual([[one, 'ELSEWHERE']]);
  });
});
