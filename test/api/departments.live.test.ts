import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN_KEY, startTestHub, type TestHub } from '../support/hub.js';
import { LiveClient } from '../support/live-client.js';
import { Desk, fresh, ITEM, type Payload } from './support/desk.js';
import { aPayment, statePayment } from './support/pay.js';
import { queueOf, type Item } from './support/work.js';

const CHANGES = `subscription($department: Department!, $after: EventCursor) { workQueueChanged(department: $department, after: $after) {
  cursor kind department recordId at items { ${ITEM} } queue { counts { kind count } } } }`;
const DEPARTMENTS = ['SALES', 'WAREHOUSE', 'FINANCE', 'LOGISTICS', 'SUPPORT'];

interface Message {
  cursor: string;
  kind: string;
  recordId: string;
  items: Item[];
  queue: { counts: { kind: string; count: number }[] };
}

let hub: TestHub;
let desk: Desk;
let sku: string;
let client: LiveClient;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
  client = await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, ADMIN_KEY);
});
afterAll(async () => {
  client.close();
  await hub.stop();
});

const received = (more: object = {}) => desk.order({ lines: [{ sku, quantity: '1' }], ...more });

/** A cursor behind everything that has happened so far. */
async function now(): Promise<string> {
  const { id } = await received({ draft: true });
  return (await desk.timeline(id)).at(-1)!.cursor;
}

const messagesOf = (id: string): Message[] =>
  client.nexts(id).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return (data as { workQueueChanged: Message }).workQueueChanged;
  });

/** Ends every queue's stream with a task of its own, and waits until each has told of it: all before it has arrived. */
async function settled(name: string, departments = DEPARTMENTS): Promise<void> {
  for (const department of departments) {
    const task = { department, title: fresh('last') };
    const { workItem } = await desk.done<Payload<'workItem', { id: string }>>('openWorkItem', task);
    await desk.done('resolveWorkItem', { workItemId: workItem!.id });
    const id = `${name}-${department}`;
    await client.until(
      `the last of ${id}`,
      () => messagesOf(id).filter(({ recordId }) => recordId === workItem!.id).length === 2,
    );
  }
}

/** What a reader has who begins with a queue and puts each message's items in place of what it had of the record. */
function followed(start: Item[], messages: Message[]): Item[] {
  const byRecord = Map.groupBy(start, ({ recordId }) => recordId);
  for (const { recordId, items } of messages) byRecord.set(recordId, items);
  return [...byRecord.values()].flat();
}
const named = (items: Item[]): string[] =>
  items.map(({ id, title, assignee }) => `${id} ${title} ${assignee?.id}`).toSorted();

/** Each ends with a step that nothing later tells of again. */
async function lastSteps(): Promise<void> {
  const MANUAL = { reason: 'MANUAL' };
  const steps: [name: string, input: object][][] = [
    [
      ['assignOrder', { department: 'SUPPORT' }],
      ['holdOrder', MANUAL],
    ],
    [
      ['assignOrder', { department: 'LOGISTICS' }],
      ['holdOrder', MANUAL],
      ['releaseOrder', {}],
    ],
    [
      ['holdOrder', MANUAL],
      ['assignOrder', { department: 'FINANCE' }],
    ],
    [
      ['holdOrder', MANUAL],
      ['assignOrder', { department: 'FINANCE' }],
      ['assignOrder', {}],
    ],
  ];
  for (const course of steps) {
    const { id: orderId } = await received();
    for (const [name, input] of course) await desk.done(name, { orderId, ...input });
  }
  const { id: orderId, lines } = await received({ lines: [{ sku, quantity: '2' }], confirm: true });
  for (const quantity of ['1', '1']) await desk.shipment(orderId, { lines: [{ lineId: lines[0]!.id, quantity }] });
}

/** Everything that puts work into a queue or takes it out of one. */
async function aDay(): Promise<void> {
  await lastSteps();
  const integration = await desk.integration();
  const external = { integration, externalId: fresh('o') };
  const orders = [await received({ external }), await received(), await received(), await received({ confirm: true })];
  const [unpaid, held, gone, parcel] = orders.map(({ id }) => id) as [string, string, string, string];
  const failed = { status: 'FAILED' as const, captured: '0.00', amount: '12.20' };
  await statePayment(hub, integration, aPayment(external.externalId, hub.clock.now(), failed));
  const { id: shipmentId } = await desk.shipment(parcel);
  await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
  await desk.done('updateShipment', { shipmentId, status: 'EXCEPTION' });
  for (const reason of ['FRAUD', 'STOCK', 'ADDRESS', 'DUPLICATE', 'MANUAL'])
    await desk.done('holdOrder', { orderId: held, reason });
  await desk.done('assignOrder', { orderId: held, department: 'LOGISTICS' });
  await desk.done('assignOrder', { orderId: held, department: 'SUPPORT' });
  await desk.done('assignOrder', { orderId: gone, department: 'FINANCE' });
  await desk.done('holdOrder', { orderId: gone, reason: 'PRICE' });
  await desk.done('openWorkItem', { department: 'WAREHOUSE', title: 'Count it', orderId: gone });
  await desk.done('cancelOrder', { orderId: gone });
  const quote = await desk.awaitingQuote((await desk.customer()).id, sku);
  await desk.awaitingQuote((await desk.customer()).id, sku);
  await desk.done('approveQuote', { quoteId: quote.id });
  const { payment } = await desk.done<Payload<'payment', { id: string }>>('authorizePayment', {
    orderId: unpaid,
    provider: 'manual',
    method: 'ON_ACCOUNT',
  });
  await desk.done('capturePayment', { paymentId: payment!.id });
  await desk.done('authorizePayment', { orderId: parcel, provider: 'manual', method: 'ON_ACCOUNT' });
  await desk.done('confirmOrder', { orderId: unpaid });
  await desk.done('releaseOrder', { orderId: held });
  await desk.done('holdOrder', { orderId: unpaid, reason: 'ADDRESS' });
  await desk.done('assignOrder', { orderId: held });
  await received({ draft: true }).then(({ id }) => desk.done('holdOrder', { orderId: id, reason: 'TAX' }));
}

test('who follows a queue has it after each day, live and behind a cursor alike, and its counts with the last message', async () => {
  await aDay();
  const before = new Map(
    await Promise.all(DEPARTMENTS.map(async (each) => [each, (await queueOf(desk, each)).items] as const)),
  );
  const start = await now();
  for (const department of DEPARTMENTS) client.subscribe(`live-${department}`, CHANGES, { department, after: start });
  await aDay();
  await settled('live');
  for (const department of DEPARTMENTS) client.subscribe(`again-${department}`, CHANGES, { department, after: start });
  await settled('again');
  for (const department of DEPARTMENTS) {
    const [live, again] = [messagesOf(`live-${department}`), messagesOf(`again-${department}`)];
    const queue = await queueOf(desk, department);
    expect([department, named(followed(before.get(department)!, live))]).toEqual([department, named(queue.items)]);
    expect(named(followed(before.get(department)!, again))).toEqual(named(queue.items));
    const counts = Object.fromEntries(live.at(-1)!.queue.counts.map(({ kind, count }) => [kind, count]));
    expect(counts).toEqual(queue.counts);
    expect(new Set(live.map(({ cursor }) => cursor)).size).toBe(live.length);
    expect(live.length).toBeGreaterThan(3);
    expect(again.some(({ kind }) => kind === 'REPLAYED')).toBe(true);
  }
});

test('goes on behind any cursor without a gap or a repeat', async () => {
  const start = await now();
  const { id } = await received();
  await desk.done('holdOrder', { orderId: id, reason: 'DUPLICATE' });
  await desk.done('releaseOrder', { orderId: id });
  client.subscribe('all-SALES', CHANGES, { department: 'SALES', after: start });
  await settled('all', ['SALES']);
  const all = messagesOf('all-SALES');
  expect(all.slice(0, 3).map(({ recordId }) => recordId)).toEqual([id, id, id]);
  for (const index of [0, 1, 2]) {
    client.subscribe(`rest${index}-SALES`, CHANGES, { department: 'SALES', after: all[index]!.cursor });
    await settled(`rest${index}`, ['SALES']);
    const rest = messagesOf(`rest${index}-SALES`).map(({ cursor }) => cursor);
    expect(rest.slice(0, all.length - index - 1)).toEqual(all.slice(index + 1).map(({ cursor }) => cursor));
  }
});

test('tells where an order is after each step, before the next is taken', async () => {
  client.subscribe('steps-SALES', CHANGES, { department: 'SALES', after: await now() });
  const { id: orderId } = await received();
  const stands = async (kinds: string[]) => {
    const last = () => messagesOf('steps-SALES').findLast(({ recordId }) => recordId === orderId);
    const isTold = () =>
      last() !== undefined &&
      last()!
        .items.map(({ kind }) => kind)
        .join() === kinds.join();
    await client.until(`${kinds.join()} of the order`, isTold);
  };
  await stands(['CONFIRM_ORDER']);
  await desk.done('holdOrder', { orderId, reason: 'MANUAL' });
  await stands(['HOLD']);
  await desk.done('assignOrder', { orderId, department: 'FINANCE' });
  await stands([]);
  await desk.done('assignOrder', { orderId });
  await stands(['HOLD']);
  await desk.done('assignOrder', { orderId, department: 'SALES' });
  await stands(['HOLD', 'ASSIGNED']);
  await desk.done('releaseOrder', { orderId });
  await stands(['CONFIRM_ORDER']);
  await desk.done('confirmOrder', { orderId });
  await stands(['ASSIGNED']);
  await desk.done('cancelOrder', { orderId });
  await stands([]);
});

test('says nothing of what changes no queue of the department', async () => {
  const start = await now();
  const { id } = await received({ confirm: true });
  client.subscribe('few-SUPPORT', CHANGES, { department: 'SUPPORT', after: start });
  client.subscribe('few-LOGISTICS', CHANGES, { department: 'LOGISTICS', after: start });
  await desk.done('addNote', { orderId: id, text: 'x' });
  await desk.done('holdOrder', { orderId: id, reason: 'FRAUD' });
  await desk.done('releaseOrder', { orderId: id });
  await desk.shipment(id);
  await settled('few', ['SUPPORT', 'LOGISTICS']);
  expect([messagesOf('few-SUPPORT').length, messagesOf('few-LOGISTICS').length]).toEqual([2, 2]);
});
