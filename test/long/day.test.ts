import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { connectSystems, HOSTILE, ordersOf, type ConnectedSystem } from '../support/connected-systems.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { newKey } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { IS_SOAK, scaled, SEED } from '../support/scale.js';
import { makeProducts, must } from '../support/shop.js';
import { WorkingHubs } from '../support/working-hubs.js';

// A day of four systems that are hostile and two hubs of which one is killed each minute. In the end every system's orders
// are in the hub once, every shop has been told what is free to sell and what was sent, and nothing happened twice.
/** Of the whole day, for who has less time for it. */
const DAY = Number(process.env.HUB_DAY_SHARE ?? 1);
const SKUS = Array.from({ length: scaled(8, 100) }, (_, index) => `DAY-${String(index).padStart(3, '0')}`);
const SOLD = scaled(
  { shop: 40, store: 10, market: 5, crm: 5 },
  { shop: 17_000 * DAY, store: 2_500 * DAY, market: 250 * DAY, crm: 250 * DAY },
);
const STOCK_CHANGES = scaled(200, 100_000 * DAY);
const SENT = scaled(4, 1_000 * DAY);
const MINUTE_MS = 60_000;
const IS_TOLD = IS_SOAK || Boolean(process.env.HUB_TEST_SAY);
const STOCKED = 1_000_000;
const AT_ONCE = 8;
const LATE_MS = scaled(40_000, 1_800_000);

let database: FreshDatabase;
let reading: pg.Pool;
let hubs: WorkingHubs;
let systems: ConnectedSystem[];
/** What is on the shelf of each product by what was answered, had nothing been sent. */
const onHand = new Map(SKUS.map((sku) => [sku, STOCKED]));

beforeAll(async () => {
  database = await freshDatabase();
  reading = new pg.Pool({ connectionString: database.url, max: 2 });
  hubs = await WorkingHubs.start(database.url);
  await makeProducts((query, variables) => hubs.ask(query, variables), SKUS, String(STOCKED), ['BOLOGNA']);
  const products = SKUS.map((sku) => ({ sku, name: `Product ${sku}`, price: '12.20', taxRate: '0.22' }));
  systems = await connectSystems(hubs, products, SEED);
});
afterAll(async () => {
  for (const { sandbox } of systems ?? []) await sandbox.stop();
  await hubs?.stop();
  await reading?.end();
  await database?.drop();
});

test(
  'a hostile day ends with hub and systems alike',
  async () => {
    const endKilling = killInTurns();
    const half = STOCK_CHANGES / 2;
    await Promise.all([...systems.map(sell), changeStock(0, half)]);
    say(`sold ${systems.map((system) => `${system.code} ${ordersOf(system).length}`).join(', ')}`);
    await untilWorkedOff();
    // A shop refuses a parcel of what it has taken off by a webhook that never came.
    await syncAll();
    await untilQuiet('what never came to be found', ['RECEIVED']);
    say('worked off');
    const sent = (await Promise.all([sendSome(), changeStock(half, STOCK_CHANGES)]))[0];
    await endKilling();
    say('sent');
    for (const { faults } of systems) faults.calm();
    await syncAll();
    await untilQuiet('everything to come to its end', ['RECEIVED']);
    await replayAll();
    await syncAll();
    await untilQuiet('what was replayed, and what waited for it, to come to its end', ['RECEIVED', 'WAITING']);
    say(`${hubs.kills} kills; faults ${JSON.stringify(counted())}`);

    expect(await brokenInvariants(database.url)).toEqual([]);
    expect(await openDeadLetters()).toEqual([]);
    for (const system of systems) await expectOrdersAlike(system);
    await expectStockAlike();
    expectSentOnce(sent);
    await expectNoDrift();
    expect(hubs.kills).toBeGreaterThan(0);
    for (const [mode, count] of Object.entries(counted())) expect([mode, count > 0 || !IS_SOAK]).toEqual([mode, true]);
  },
  6 * LATE_MS,
);

/** One each minute; in the small share, one in the middle. */
function killInTurns(): () => Promise<void> {
  if (!IS_SOAK) {
    const once = hubs.kill();
    return () => once;
  }
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = hubs.kill();
  }, MINUTE_MS);
  return () => {
    clearInterval(timer);
    return last;
  };
}

async function sell(system: ConnectedSystem): Promise<void> {
  while (ordersOf(system).length < SOLD[system.code]) {
    system.sandbox.act(5);
    await system.sandbox.settled();
  }
}

const ADJUST = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { userErrors { code message } } }`;
async function changeStock(from: number, to: number): Promise<void> {
  let next = from;
  const work = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++) {
      const sku = SKUS[index % SKUS.length]!;
      const delta = ((index * 7) % 11) - 5 || 6;
      const input = {
        idempotencyKey: `change ${index}`,
        sku,
        location: 'BOLOGNA',
        delta: String(delta),
        reason: 'A day',
      };
      await must(hubs.ask(ADJUST, { input }));
      onHand.set(sku, onHand.get(sku)! + delta);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

interface SentParcel {
  externalId: string;
  trackingNumber: string;
}
const RECEIVED = `query ($first: Int!) { orders(first: $first, filter: { status: [RECEIVED], channel: ["shop"] },
  orderBy: { field: PLACED_AT, direction: ASC }) { nodes { id externalReferences { externalId } } } }`;
const CONFIRM = `mutation ($input: OrderActionInput!) { confirmOrder(input: $input) { order { status } userErrors { code message } } }`;
const SHIP = `mutation ($input: CreateShipmentInput!) { createShipment(input: $input) { shipment { id } userErrors { code message } } }`;
const SHIPPED = `mutation ($input: UpdateShipmentInput!) { updateShipment(input: $input) { userErrors { code message } } }`;

interface Received {
  id: string;
  externalReferences: { externalId: string }[];
}

/** The company sends the shop's oldest orders that nobody has called off. */
async function sendSome(): Promise<SentParcel[]> {
  const sent: SentParcel[] = [];
  while (sent.length < SENT) {
    const { data } = await hubs.ask<{ orders: { nodes: Received[] } }>(RECEIVED, { first: 50 });
    if (data.orders.nodes.length === 0) throw new Error(`only ${sent.length} orders of the shop could be sent`);
    for (const order of data.orders.nodes.slice(0, SENT - sent.length)) sent.push(await send(order));
  }
  return sent;
}

async function send({ id: orderId, externalReferences }: Received): Promise<SentParcel> {
  const { externalId } = externalReferences[0]!;
  const trackingNumber = `SENT-${externalId}`;
  await must(hubs.ask(CONFIRM, { input: { idempotencyKey: `confirm ${orderId}`, orderId } }));
  const { createShipment } = await must(
    hubs.ask<{ createShipment: { shipment: { id: string } } }>(SHIP, {
      input: { idempotencyKey: `ship ${orderId}`, orderId, carrier: 'DHL', trackingNumber },
    }),
  );
  const shipmentId = createShipment.shipment.id;
  await must(hubs.ask(SHIPPED, { input: { idempotencyKey: `shipped ${orderId}`, shipmentId, status: 'SHIPPED' } }));
  return { externalId, trackingNumber };
}

const SYNC = `mutation ($input: IntegrationActionInput!) { syncIntegration(input: $input) { userErrors { code message } } }`;
async function syncAll(): Promise<void> {
  for (const { code } of systems) await must(hubs.ask(SYNC, { input: { idempotencyKey: newKey(), code } }));
}

const REPLAY = `mutation ($input: ReplayDeadLettersInput!) { replayDeadLetters(input: $input) { userErrors { code message } } }`;
async function replayAll(): Promise<void> {
  for (const { code } of systems) await must(hubs.ask(REPLAY, { input: { idempotencyKey: newKey(), code } }));
}

/** Nothing is on its way: no message, no walk, no push. */
async function untilQuiet(what: string, statuses: string[]): Promise<void> {
  const quiet = { messages: 0, pushes: 0, jobs: 0 };
  let open: object = {};
  const isQuiet = async (): Promise<boolean> => {
    [open] = (await rows<typeof quiet>(
      `select (select count(*)::int from inbox_message where status = any($1)) as messages,
              (select count(*)::int from push_item where state in ('DUE', 'SENDING')) as pushes,
              (select count(*)::int from graphile_worker.jobs where run_at <= now() and attempts < max_attempts) as jobs`,
      [statuses],
    )) as [object];
    await report(open);
    await wait(100);
    return JSON.stringify(open) === JSON.stringify(quiet);
  };
  await eventually(what, isQuiet, LATE_MS).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(open)}, such as ${JSON.stringify(await heldUp())}`);
  });
}

/** What came of the shop is worked off; what never came, and what waits for it, is found by the walk at the end. */
async function untilWorkedOff(): Promise<void> {
  await eventually(
    'what was delivered to be worked off',
    async () => {
      await wait(100);
      const due = `select from inbox_message m join integration i on i.id = m.integration_id
        where i.code = 'shop' and m.status = 'RECEIVED' and (m.due_at is null or m.due_at <= now()) limit 1`;
      return (await rows(due)).length === 0;
    },
    LATE_MS,
  );
}

function heldUp(): Promise<object[]> {
  return rows(
    `select i.code, m.status, m.topic, m.detail, m.attempts, (m.due_at - now())::text as due from inbox_message m
       join integration i on i.id = m.integration_id where m.status in ('RECEIVED', 'WAITING')
     union all
     select i.code, p.state, p.stream, p.last_error, p.attempts, (p.due_at - now())::text from push_item p
       join integration i on i.id = p.integration_id where p.state in ('DUE', 'SENDING')
     union all
     select '', 'JOB', task_identifier, last_error, attempts, (run_at - now())::text from graphile_worker.jobs where run_at <= now() and attempts < max_attempts
     limit 10`,
  );
}

let reportedAt = 0;
async function report(open: object): Promise<void> {
  if (!IS_TOLD || performance.now() - reportedAt < 15_000) return;
  reportedAt = performance.now();
  const [count] = await rows<{ orders: number }>('select count(*)::int as orders from orders');
  say(`${count!.orders} orders here, ${hubs.kills} kills, on its way ${JSON.stringify(open)}`);
  for (const one of await heldUp()) say(JSON.stringify(one));
}

function say(text: string): void {
  if (IS_TOLD) process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

function counted(): Record<string, number> {
  return Object.fromEntries(
    HOSTILE.map((mode) => [mode, systems.reduce((sum, { faults }) => sum + faults.count(mode), 0)]),
  );
}

async function openDeadLetters(): Promise<object[]> {
  return rows(
    `select i.code, d.stream, d.external_id, d.error, count(*)::int as times from dead_letter d
       join integration i on i.id = d.integration_id where d.settled_at is null group by 1, 2, 3, 4 limit 10`,
  );
}

/** Each of the system's orders is here once, and nothing else is. */
async function expectOrdersAlike(system: ConnectedSystem): Promise<void> {
  const here = await rows<{ external_id: string; created: number }>(
    `select r.external_id, (select count(*)::int from event e where e.subject_kind = 'order' and e.subject_id = o.id
             and e.type = 'CREATED') as created
       from orders o join channel c on c.id = o.channel_id
       join integration i on i.code = c.code join external_reference r on r.record_id = o.id and r.integration_id = i.id
      where c.code = $1 and r.record_kind = 'order'`,
    [system.code],
  );
  const there = ordersOf(system).map(({ id }) => id);
  expect(here.map(({ external_id: id }) => id).toSorted()).toEqual(there.toSorted());
  expect(here.filter(({ created }) => created !== 1)).toEqual([]);
}

const COMPARE = `mutation ($input: IntegrationActionInput!) { reconcileIntegration(input: $input) { userErrors { code message } } }`;
/** What each system keeps is read again and held against what the hub has of it. */
async function expectNoDrift(): Promise<void> {
  const compared = () =>
    rows<{ code: string; stream: string; compared: string }>(
      `select i.code, s.stream, s.compared from reconcile_stream s join integration i on i.id = s.integration_id
        where s.asked_at is null and s.run is null and s.reconciled_at is not null order by 1, 2`,
    );
  await rows('update reconcile_stream set reconciled_at = null');
  // A marketplace cannot list what it has: its orders are compared above.
  for (const { code } of systems.filter(({ code: one }) => one !== 'market'))
    await must(hubs.ask(COMPARE, { input: { idempotencyKey: newKey(), code } }));
  await eventually(
    'every stream to be compared',
    async () => {
      await wait(200);
      const [left] = await rows<{ left: number }>(
        'select count(*)::int as left from reconcile_stream where reconciled_at is null',
      );
      return left!.left === 0;
    },
    LATE_MS,
  );
  await untilQuiet('what the compare asked for to come to its end', ['RECEIVED', 'WAITING']);
  say(
    `compared ${(await compared()).map(({ code, stream, compared: count }) => `${code} ${stream} ${count}`).join(', ')}`,
  );
  const drift = await rows(
    `select i.code, d.stream, d.external_id, d.field, d.hub_value, d.source_value from drift_item d
       join integration i on i.id = d.integration_id where d.status = 'OPEN' limit 10`,
  );
  expect(drift).toEqual([]);
}

async function expectStockAlike(): Promise<void> {
  const levels = await rows<{ sku: string; on_hand: string; available: string }>(
    `select p.sku, l.on_hand, l.on_hand - l.reserved - l.safety_stock as available from stock_level l
       join product p on p.id = l.product_id where p.sku = any($1)`,
    [SKUS],
  );
  const left = await rows<{ sku: string; quantity: string }>(
    `select l.sku, sum(l.quantity) as quantity from shipment_line l join shipment s on s.id = l.shipment_id
      where s.shipped_at is not null and not l.left_uncounted group by 1`,
  );
  // A system that tells whole seconds may have sent something in the second in which it was counted first.
  for (const { sku, quantity } of left) onHand.set(sku, onHand.get(sku)! - Number(quantity));
  expect(Object.fromEntries(levels.map(({ sku, on_hand }) => [sku, Number(on_hand)]))).toEqual(
    Object.fromEntries(onHand),
  );
  const { products, levels: told } = systemOf('shop').sandbox.state() as {
    products: Record<string, { sku: string; itemId: string }>;
    levels: Record<string, { available: number }>;
  };
  const shown = Object.values(products).map(({ sku, itemId }) => {
    const level = Object.entries(told).find(([id]) => id.startsWith(`${itemId} `) || id.startsWith(itemId));
    return [sku, level?.[1].available];
  });
  expect(Object.fromEntries(shown)).toEqual(
    Object.fromEntries(levels.map(({ sku, available }) => [sku, Number(available)])),
  );
}

/** What was sent stands in the shop once, with its number. */
function expectSentOnce(sent: SentParcel[]): void {
  const { fulfillments } = systemOf('shop').sandbox.state();
  const numbers = Object.values(fulfillments as Record<string, { tracking: { number: string } | null }>).map(
    ({ tracking }) => tracking?.number,
  );
  for (const { externalId, trackingNumber } of sent) {
    expect([externalId, numbers.filter((number) => number === trackingNumber).length]).toEqual([externalId, 1]);
  }
}

function systemOf(code: ConnectedSystem['code']): ConnectedSystem {
  return systems.find((system) => system.code === code)!;
}

function rows<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
  return reading.query<Row>(text, values).then(({ rows: found }) => found);
}
