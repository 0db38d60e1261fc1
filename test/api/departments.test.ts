import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Department } from '../../src/modules/orders/index.js';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { after, Desk, eur, fresh, type Payload } from './support/desk.js';
import { aPayment, statePayment } from './support/pay.js';
import { queueOf, type Item } from './support/work.js';

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '10000');
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});
beforeEach(() => hub.clock.set(START));

const start = START.toISOString();
const received = (more: object = {}) => desk.order({ lines: [{ sku, quantity: '1' }], ...more });
const confirmed = () => received({ confirm: true });

/** What stands in a department's queue about a record. */
async function about(department: string, recordId: string): Promise<string[]> {
  return (await queueOf(desk, department)).items.filter((item) => item.recordId === recordId).map(({ title }) => title);
}

/** A key with these roles: the desk that uses it, and its id. */
async function colleague(roles: string[]): Promise<{ desk: Desk; id: string; name: string }> {
  const one = await desk.colleague(roles);
  const { viewer } = await one.ask<{ viewer: { actor: { id: string; name: string } } }>(
    '{ viewer { actor { id name } } }',
  );
  return { desk: one, ...viewer.actor };
}

describe('notes', () => {
  const NOTES = 'notes { totalCount nodes { id text isInternal author { kind name } at } }';
  type Notes = { notes: { totalCount: number; nodes: { id: string; text: string }[] } };
  const of = (kind: 'order' | 'customer', id: string, by = desk) =>
    by
      .ask<Record<string, Notes>>(`query($id: ID!) { ${kind}(id: $id) { ${NOTES} } }`, { id })
      .then((data) => data[kind]!.notes);

  test('stand on their order with author and time; its timeline tells of them, its version does not rise', async () => {
    const { id } = await received();
    const first = await desk.done<Payload<'note', { id: string }>>('addNote', {
      orderId: id,
      text: 'Call before noon',
    });
    hub.clock.forward(1_000);
    await desk.done('addNote', { orderId: id, text: 'Gift wrap', isInternal: false });
    const author = { kind: 'API_KEY', name: 'Administrator' };
    expect(await of('order', id)).toEqual({
      totalCount: 2,
      nodes: [
        { id: first.note!.id, text: 'Call before noon', isInternal: true, author, at: after(0) },
        { id: expect.stringMatching(/^note_/), text: 'Gift wrap', isInternal: false, author, at: after(1_000) },
      ],
    });
    expect(await desk.readOrder(id)).toMatchObject({ version: 1 });
    expect((await desk.timeline(id)).slice(1)).toMatchObject([
      { sequence: 2, type: 'NOTE_ADDED', data: { note: first.note!.id, isInternal: true } },
      { sequence: 3, type: 'NOTE_ADDED' },
    ]);
  });

  test('that are internal are hidden from customers, on every way', async () => {
    const customer = await desk.customer();
    const own = await desk.customerDesk(customer.id);
    const { id: orderId } = await received({ customerId: customer.id });
    const ids: string[] = [];
    for (const [target, isInternal] of [
      [{ orderId }, true],
      [{ orderId }, false],
      [{ customerId: customer.id }, true],
      [{ customerId: customer.id }, false],
    ] as const)
      ids.push(
        (
          await desk.done<Payload<'note', { id: string }>>('addNote', {
            ...target,
            isInternal,
            text: `secret ${isInternal}`,
          })
        ).note!.id,
      );
    for (const notes of [await of('order', orderId, own), await of('customer', customer.id, own)])
      expect([notes.totalCount, notes.nodes.map(({ text }) => text)]).toEqual([1, ['secret false']]);
    const { nodes } = await own.ask<{ nodes: unknown[] }>('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(nodes).toEqual([null, { id: ids[1] }, null, { id: ids[3] }]);
    expect(
      await (
        await desk.customerDesk((await desk.customer()).id)
      ).ask('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }),
    ).toEqual({ nodes: [null, null, null, null] });
    expect((await own.timeline(orderId)).filter(({ type }) => type === 'NOTE_ADDED').map(({ data }) => data)).toEqual([
      null,
      null,
    ]);
  });

  test('of a customer are told by the audit log, and leave its version alone', async () => {
    const customer = await desk.customer();
    const { note } = await desk.done<Payload<'note', { id: string }>>('addNote', {
      customerId: customer.id,
      text: 'Pays late',
    });
    expect((await of('customer', customer.id)).nodes).toMatchObject([{ id: note!.id, text: 'Pays late' }]);
    expect(await desk.ask('query($id: ID!) { customer(id: $id) { version } }', { id: customer.id })).toEqual({
      customer: { version: 1 },
    });
    const log = await desk.ask<{ auditLog: { nodes: { type: string }[] } }>(
      'query($id: ID!) { auditLog(filter: { subjectId: $id }) { nodes { type } } }',
      { id: note!.id },
    );
    expect(log.auditLog.nodes).toEqual([{ type: 'CREATED' }]);
  });

  test('are refused where they are about nothing, about two things, empty or too long', async () => {
    const { id: orderId } = await received();
    const { id: customerId } = await desk.customer();
    for (const [input, expected] of [
      [{ text: 'x' }, 'INVALID at orderId'],
      [{ orderId, customerId, text: 'x' }, 'INVALID at orderId'],
      [{ orderId, text: ' \n' }, 'INVALID at text'],
      [{ orderId, text: 'x'.repeat(10_001) }, 'INVALID at text'],
      [{ orderId: customerId, text: 'x' }, 'NOT_FOUND at orderId'],
      [{ customerId: orderId, text: 'x' }, 'NOT_FOUND at customerId'],
    ] as const)
      expect(await desk.refusals('addNote', input)).toEqual([expected]);
    expect(await desk.refusals('addNote', { orderId, text: 'x'.repeat(10_000) })).toEqual([]);
  });
});

describe('an order that is assigned', () => {
  const READ = 'query($id: ID!) { order(id: $id) { version department assignee { id kind name } } }';

  test('shows its department and who has it there, until it is handed on', async () => {
    const { id } = await received();
    const seller = await colleague(['SALES']);
    await desk.done('assignOrder', { orderId: id, department: 'SALES', assigneeId: seller.id, reason: 'knows them' });
    expect(await desk.ask(READ, { id })).toEqual({
      order: { version: 2, department: 'SALES', assignee: { id: seller.id, kind: 'API_KEY', name: seller.name } },
    });
    expect((await desk.timeline(id)).at(-1)).toMatchObject({
      type: 'ASSIGNED',
      changes: [],
      data: { department: { from: null, to: 'SALES' }, assignee: { from: null, to: seller.id }, reason: 'knows them' },
    });
    await desk.done('assignOrder', { orderId: id, department: 'SALES', assigneeId: seller.id });
    expect(await desk.ask(READ, { id })).toMatchObject({ order: { version: 2 } });
    await desk.done('assignOrder', { orderId: id, department: 'FINANCE' });
    expect(await desk.ask(READ, { id })).toEqual({ order: { version: 3, department: 'FINANCE', assignee: null } });
    await desk.done('assignOrder', { orderId: id });
    expect(await desk.ask(READ, { id })).toEqual({ order: { version: 4, department: null, assignee: null } });
  });

  test('goes only to somebody with a key that is good and has the department’s role', async () => {
    const { id: orderId } = await received();
    const [seller, both, viewer, gone] = [
      await colleague(['SALES']),
      await colleague(['SALES', 'FINANCE']),
      await colleague(['VIEWER']),
      await colleague(['FINANCE']),
    ];
    const short = await desk.done<Payload<'apiKey', { id: string }>>('createApiKey', {
      name: 'short',
      roles: ['FINANCE'],
      expiresAt: after(60_000),
    });
    await desk.ask('mutation($id: ID!) { revokeApiKey(id: $id) { replayed } }', { id: gone.id });
    hub.clock.forward(60_000);
    for (const assigneeId of [seller.id, viewer.id, gone.id, short.apiKey!.id, orderId, 'x'])
      expect(await desk.refusals('assignOrder', { orderId, department: 'FINANCE', assigneeId })).toEqual([
        'INVALID at assigneeId',
      ]);
    expect(await desk.refusals('assignOrder', { orderId, assigneeId: both.id })).toEqual(['REQUIRED at department']);
    expect(await desk.refusals('assignOrder', { orderId, department: 'FINANCE', assigneeId: both.id })).toEqual([]);
    const { assignees } = await seller.desk.ask<{ assignees: { id: string }[] }>(
      '{ assignees(department: FINANCE) { id } }',
    );
    const listed = assignees.map(({ id }) => id);
    expect([both, seller, viewer, gone].map(({ id }) => listed.includes(id))).toEqual([true, false, false, false]);
  });

  test('is found by department and assignee; customers see neither and may not ask for them', async () => {
    const customer = await desk.customer();
    const [one, other] = [await received({ customerId: customer.id }), await received({ customerId: customer.id })];
    const helper = await colleague(['SUPPORT']);
    await desk.done('assignOrder', { orderId: one.id, department: 'SUPPORT', assigneeId: helper.id });
    await desk.done('assignOrder', { orderId: other.id, department: 'LOGISTICS' });
    const list = 'query($filter: OrderFilter!) { orders(filter: $filter) { totalCount nodes { id } } }';
    const of = { customerId: customer.id };
    for (const [filter, expected] of [
      [{ ...of, department: ['SUPPORT'] }, [one.id]],
      [{ ...of, department: ['SUPPORT', 'LOGISTICS'] }, [other.id, one.id]],
      [{ assigneeId: helper.id }, [one.id]],
      [{ assigneeId: one.id }, []],
    ] as const)
      expect(await desk.ask(list, { filter })).toEqual({
        orders: { totalCount: expected.length, nodes: expected.map((id) => ({ id })) },
      });
    const own = await desk.customerDesk(customer.id);
    for (const filter of [{ department: ['SUPPORT'] }, { assigneeId: helper.id }])
      expect(await own.code(list, { filter })).toBe('FORBIDDEN');
    expect(await own.code(READ, { id: one.id })).toBe('FORBIDDEN');
    expect((await own.timeline(one.id)).at(-1)).toMatchObject({
      type: 'ASSIGNED',
      message: 'Assigned',
      changes: [],
      data: null,
    });
  });
});

describe('a queue', () => {
  test('has an order to confirm, then to release, then its shipment to prepare, each until it is done', async () => {
    const { id, number } = await received();
    expect(await about('SALES', id)).toEqual([`Confirm order ${number}`]);
    await desk.done('confirmOrder', { orderId: id });
    expect([await about('SALES', id), await about('WAREHOUSE', id)]).toEqual([[], [`Release order ${number}`]]);
    const { id: shipmentId, number: parcel } = await desk.shipment(id);
    const holds = { EXCEPTION: ['SALES'], DELIVERY_FAILED: ['SUPPORT'] } as Record<string, string[]>;
    expect(await about('WAREHOUSE', id)).toEqual([`Shipment ${parcel} is PENDING`]);
    await desk.done('updateShipment', { shipmentId, status: 'PACKED' });
    expect(await about('WAREHOUSE', id)).toEqual([`Shipment ${parcel} is PACKED`]);
    await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
    expect([await about('WAREHOUSE', id), await about('LOGISTICS', id)]).toEqual([[], []]);
    for (const status of ['EXCEPTION', 'IN_TRANSIT', 'DELIVERY_FAILED', 'DELIVERED']) {
      hub.clock.forward(1_000);
      await desk.done('updateShipment', { shipmentId, status });
      const isTrouble = status === 'EXCEPTION' || status === 'DELIVERY_FAILED';
      expect(await about('LOGISTICS', id)).toEqual(isTrouble ? [`Shipment ${parcel} is in ${status}`] : []);
      for (const department of ['SALES', 'SUPPORT'])
        expect((await about(department, id)).length).toBe(holds[status]?.includes(department) ? 1 : 0);
    }
  });

  test.each([
    ['PAYMENT', 'FINANCE'],
    ['CREDIT', 'FINANCE'],
    ['PRICE', 'FINANCE'],
    ['TAX', 'FINANCE'],
    ['FRAUD', 'FINANCE'],
    ['STOCK', 'WAREHOUSE'],
    ['ADDRESS', 'SUPPORT'],
    ['DUPLICATE', 'SALES'],
    ['UNREADABLE', 'SALES'],
    ['MANUAL', 'SALES'],
  ])('has a hold for %s at %s, and the order in no other until it is released', async (reason, department) => {
    const { id, number } = await received();
    await desk.done('holdOrder', { orderId: id, reason, note: 'why' });
    const items = await Promise.all(Object.values(Department).map((each) => queueOf(desk, each)));
    const found = items.flatMap((queue) => queue.items).filter(({ recordId }) => recordId === id);
    expect(found).toMatchObject([
      { kind: 'HOLD', department, priority: 'HIGH', title: `Order ${number} is on hold: ${reason}`, note: 'why' },
    ]);
    await desk.done('releaseOrder', { orderId: id });
    expect(await about('SALES', id)).toEqual([`Confirm order ${number}`]);
    if (department !== 'SALES') expect(await about(department, id)).toEqual([]);
  });

  test('has a hold that somebody placed where its order is, and none of an order that was canceled', async () => {
    const { id } = await received();
    await desk.done('assignOrder', { orderId: id, department: 'LOGISTICS' });
    await desk.done('holdOrder', { orderId: id, reason: 'MANUAL' });
    expect([(await about('LOGISTICS', id)).length, await about('SALES', id)]).toEqual([2, []]);
    await desk.done('cancelOrder', { orderId: id });
    for (const department of Object.values(Department)) expect(await about(department, id)).toEqual([]);
  });

  test('has an order that was handed over once: not beside what is to be done with it anyway', async () => {
    const { id, number } = await received();
    const seller = await colleague(['SALES']);
    await desk.done('assignOrder', { orderId: id, department: 'SALES', assigneeId: seller.id });
    expect(await about('SALES', id)).toEqual([`Confirm order ${number}`]);
    expect((await queueOf(seller.desk, 'SALES', { mine: true })).items).toMatchObject([
      { kind: 'CONFIRM_ORDER', assignee: { id: seller.id, name: seller.name } },
    ]);
    expect((await queueOf(desk, 'SALES', { assigneeId: seller.id })).counts).toMatchObject({
      CONFIRM_ORDER: 1,
      HOLD: 0,
    });
    await desk.done('assignOrder', { orderId: id, department: 'SUPPORT' });
    expect([await about('SALES', id), await about('SUPPORT', id)]).toEqual([
      [`Confirm order ${number}`],
      [`Order ${number} was handed over`],
    ]);
    expect((await queueOf(seller.desk, 'SALES', { mine: true })).items).toEqual([]);
    await desk.done('assignOrder', { orderId: id });
    expect(await about('SUPPORT', id)).toEqual([]);
  });

  test('has an order whose every payment failed until one does not, and a payment on account until it came', async () => {
    const integration = await desk.integration();
    const external = { integration, externalId: fresh('o') };
    const { id, number } = await received({ external, confirm: true });
    const failed = { status: 'FAILED' as const, captured: '0.00', amount: '12.20' };
    await statePayment(hub, integration, aPayment(external.externalId, hub.clock.now(), failed));
    expect(await about('FINANCE', id)).toEqual([`Order ${number} could not be paid`]);
    const { payment } = await desk.done<Payload<'payment', { id: string; dueAt: string }>>('authorizePayment', {
      orderId: id,
      provider: 'manual',
      method: 'ON_ACCOUNT',
    });
    const { items } = await queueOf(desk, 'FINANCE');
    expect(items.filter(({ recordId }) => recordId === id)).toMatchObject([
      { kind: 'PAYMENT_DUE', priority: 'LOW', title: `Order ${number} is to be paid`, dueAt: payment!.dueAt },
    ]);
    await desk.done('capturePayment', { paymentId: payment!.id, amount: eur('1.00') });
    expect(await about('FINANCE', id)).toHaveLength(1);
    await desk.done('capturePayment', { paymentId: payment!.id });
    expect(await about('FINANCE', id)).toEqual([]);
  });

  test('has a quote that waits for approval until it is decided', async () => {
    const { id, number, validUntil } = await desk.awaitingQuote((await desk.customer()).id, sku);
    expect((await queueOf(desk, 'SALES')).items.filter(({ recordId }) => recordId === id)).toMatchObject([
      { kind: 'APPROVE_QUOTE', title: `Approve quote ${number}`, dueAt: validUntil, order: null, quote: { id } },
    ]);
    await desk.done('rejectQuote', { quoteId: id });
    expect(await about('SALES', id)).toEqual([]);
  });
});

describe('a page of a queue', () => {
  test('begins behind the last one, in one order, whatever kinds are on it', async () => {
    for (let n = 0; n < 3; n += 1) {
      hub.clock.forward(1_000);
      const { id: orderId } = await received();
      await desk.done('openWorkItem', {
        department: 'SALES',
        title: `Task ${n}`,
        priority: ['LOW', 'HIGH', 'NORMAL'][n],
      });
      const { id } = await received();
      await desk.done('holdOrder', { orderId: id, reason: 'DUPLICATE' });
      if (n === 1) await desk.done('assignOrder', { orderId: id, department: 'SALES' });
      await desk.done('openWorkItem', { department: 'SALES', title: `About ${n}`, orderId });
    }
    const whole = await queueOf(desk, 'SALES', {}, 250);
    const ranks = ['URGENT', 'HIGH', 'NORMAL', 'LOW'];
    const places = whole.items.map(({ priority, openedAt }) => `${ranks.indexOf(priority)} ${openedAt}`);
    expect(places).toEqual(places.toSorted());
    expect(new Set(whole.items.map(({ id }) => id)).size).toBe(whole.items.length);
    expect(new Set(whole.items.map(({ kind }) => kind)).size).toBe(4);
    for (const first of [1, 2, 3]) expect((await queueOf(desk, 'SALES', {}, first)).items).toEqual(whole.items);
    const { nodes } = await desk.ask<{ nodes: unknown[] }>(
      'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on WorkItem { title } } }',
      { ids: whole.items.map(({ id }) => id).slice(0, 250) },
    );
    expect(nodes).toEqual(whole.items.map(({ id, title }) => ({ id, title })));
    const kinds = ['HOLD', 'TASK'];
    const some = await queueOf(desk, 'SALES', { kinds }, 2);
    expect(some.items).toEqual(whole.items.filter(({ kind }) => kinds.includes(kind)));
    expect(some.counts).toEqual(whole.counts);
    const oldest = (kind: string) => whole.items.filter((item) => item.kind === kind).map(({ openedAt }) => openedAt);
    for (const kind of Object.keys(whole.counts))
      expect([kind, whole.oldest[kind]]).toEqual([kind, oldest(kind).toSorted()[0] ?? null]);
  });

  test('is refused for a cursor of something else, for too many items, and for two people at once', async () => {
    const page = (args: string) => desk.code(`{ workQueue(department: SALES) { items(${args}) { totalCount } } }`);
    const cursor = (parts: unknown) => JSON.stringify(Buffer.from(JSON.stringify(parts)).toString('base64url'));
    for (const after of ['"x"', cursor([]), cursor([5, start, '1']), cursor([1, 'soon', '1']), cursor([1, start, 'x'])])
      expect(await page(`after: ${after}`)).toBe('BAD_USER_INPUT');
    expect([await page('first: 251'), await page('first: -1')]).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
    const { id } = await received();
    for (const args of [`mine: true, assigneeId: "${id}"`, `assigneeId: "${id}"`])
      expect(await desk.code(`{ workQueue(department: SALES, ${args}) { department } }`)).toBe('BAD_USER_INPUT');
  });
});

describe('a task', () => {
  type Task = Payload<'workItem', Item & { resolvedAt: string | null; resolution: string | null }>;

  test('stands in the queue of its department until it is resolved, and once under one key', async () => {
    const { id: orderId } = await confirmed();
    const helper = await colleague(['SUPPORT']);
    const input = {
      department: 'SUPPORT',
      title: 'Call them',
      note: 'about the colour',
      orderId,
      assigneeId: helper.id,
      priority: 'URGENT',
      dueAt: after(1_000),
      key: fresh('key'),
    };
    const { workItem } = await desk.done<Task>('openWorkItem', input);
    expect(workItem).toMatchObject({ kind: 'TASK', recordId: orderId, resolvedAt: null });
    expect((await desk.done<Task>('openWorkItem', { ...input, title: 'Again' })).workItem).toEqual(workItem);
    const [first] = (await queueOf(helper.desk, 'SUPPORT', { mine: true })).items;
    expect(first).toMatchObject({
      id: workItem!.id,
      title: 'Call them',
      note: 'about the colour',
      priority: 'URGENT',
      dueAt: after(1_000),
      order: { id: orderId },
    });
    const done = await desk.done<Task>('resolveWorkItem', { workItemId: workItem!.id, resolution: 'blue' });
    expect(done.workItem).toMatchObject({ resolvedAt: after(0), resolution: 'blue' });
    expect(await about('SUPPORT', orderId)).toEqual([]);
    await desk.done('resolveWorkItem', { workItemId: workItem!.id, resolution: 'red' });
    const again = await desk.done<Task>('openWorkItem', input);
    expect(again.workItem!.id).not.toBe(workItem!.id);
    const log = await desk.ask<{ auditLog: { nodes: { type: string }[] } }>(
      'query($id: ID!) { auditLog(filter: { subjectId: $id }) { nodes { type } } }',
      { id: workItem!.id },
    );
    expect(log.auditLog.nodes.map(({ type }) => type).toSorted()).toEqual(['CREATED', 'RESOLVED']);
    await desk.done('resolveWorkItem', { workItemId: again.workItem!.id });
  });

  test('is opened once by callers that come at the same moment with one key', async () => {
    const input = { department: 'LOGISTICS', title: 'Find the parcel', key: fresh('key') };
    const answers = await Promise.all([1, 2, 3, 4].map(() => desk.done<Task>('openWorkItem', input)));
    expect(new Set(answers.map(({ workItem }) => workItem!.id)).size).toBe(1);
    await desk.done('resolveWorkItem', { workItemId: answers[0]!.workItem!.id });
  });

  test('is refused without words, about a record that is not there, or about two', async () => {
    const { id: orderId } = await received();
    const base = { department: 'SALES', title: 'x' };
    for (const [input, expected] of [
      [{ ...base, title: ' ' }, 'INVALID at title'],
      [{ ...base, title: 'x'.repeat(201) }, 'INVALID at title'],
      [{ ...base, key: '' }, 'INVALID at key'],
      [{ ...base, orderId, quoteId: orderId }, 'INVALID at quoteId'],
      [{ ...base, quoteId: orderId }, 'NOT_FOUND at quoteId'],
    ] as const)
      expect(await desk.refusals('openWorkItem', input)).toEqual([expected]);
    expect(await desk.refusals('resolveWorkItem', { workItemId: orderId })).toEqual(['NOT_FOUND at workItemId']);
  });
});
