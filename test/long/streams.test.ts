import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseTypeId } from '../../src/shared/ids.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { seededRandom } from '../support/event-writers.js';
import { HubProcess } from '../support/hub-process.js';
import { ADMIN_KEY } from '../support/hub.js';
import { brokenInvariants, queryDatabase } from '../support/invariants.js';
import { LiveClient } from '../support/live-client.js';
import { scaled, SEED } from '../support/scale.js';
import { CREATE_ORDER, makeCustomer, makeProducts, orderInput, type CreateOrderAnswer } from '../support/shop.js';

const DISCONNECTS = scaled(40, 200);
const READERS = 4;
const STREAM = `subscription ($after: EventCursor) {
  orderEvents(after: $after) { cursor id sequence order { id } }
}`;

interface Seen {
  cursor: string;
  id: string;
  sequence: number;
  order: { id: string };
}

let database: FreshDatabase;
let hubs: HubProcess[];
let start: string;
let startPosition: number;
const ask = <Data>(query: string, variables?: object) => hubs[0]!.graph<Data>(query, variables);

beforeAll(async () => {
  database = await freshDatabase();
  hubs = await Promise.all([1, 2].map(() => HubProcess.start({ databaseUrl: database.url })));
  const customerId = await makeCustomer(ask);
  await makeProducts(ask, ['LIVE'], '1000000');
  const input = orderInput(customerId, [{ sku: 'LIVE', quantity: '1' }]);
  const first = await ask<{ createOrder: { order: { timeline: { nodes: { cursor: string }[] } } } }>(
    'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { order { timeline(last: 1) { nodes { cursor } } } } }',
    { input },
  );
  start = first.data.createOrder.order.timeline.nodes[0]!.cursor;
  const [row] = await queryDatabase<{ position: string }>(
    database.url,
    'select max(position) as position from event_position',
  );
  startPosition = Number(row!.position);
});
afterAll(async () => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  await database.drop();
});

function socketUrl(hub: number): string {
  return `${hubs[hub]!.url.replace('http', 'ws')}/graphql`;
}

/** Places orders on both hubs until it is told to stop. */
function keepOrdering(customerId: string): { stop(): Promise<number> } {
  let isStopped = false;
  let placed = 0;
  const workers = Array.from({ length: 6 }, async (_, worker) => {
    while (!isStopped) {
      const input = orderInput(customerId, [{ sku: 'LIVE', quantity: '1' }]);
      const { data } = await hubs[worker % 2]!.graph<CreateOrderAnswer>(CREATE_ORDER, { input });
      const { order } = data.createOrder;
      placed += 1;
      if (placed % 3 !== 0) continue;
      await hubs[(worker + 1) % 2]!.graph(
        'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { replayed } }',
        {
          input: { orderId: order!.id },
        },
      );
    }
  });
  return {
    stop: async () => {
      isStopped = true;
      await Promise.all(workers);
      return placed;
    },
  };
}

/** Cuts the line at random points, by turns on each hub, and goes on behind the last cursor that it read, or just goes on. */
async function restlessReader(
  seed: number,
  cuts: number,
  goOn: 'behind the cursor' | 'without it' = 'behind the cursor',
): Promise<{ seen: Seen[]; cutsInFlight: number; cursor: string }> {
  const random = seededRandom(seed);
  const seen: Seen[] = [];
  let cutsInFlight = 0;
  for (let cut = 0; cut < cuts; cut += 1) {
    const client = await LiveClient.connect(socketUrl((seed + cut) % 2), ADMIN_KEY);
    client.subscribe('stream', STREAM, {
      after: goOn === 'without it' ? null : (seen.at(-1)?.cursor ?? start),
    });
    const most = 1 + Math.floor(random() * 25);
    await client.until(`${most} messages`, () => client.nexts('stream').length >= most);
    client.ws.terminate();
    const received = client.nexts('stream').map((next) => next.data!.orderEvents as Seen);
    seen.push(...received);
    if (await hasMoreBehind(received.at(-1)!.id)) cutsInFlight += 1;
  }
  return { seen, cutsInFlight, cursor: seen.at(-1)!.cursor };
}

/** Whether events had been committed that the reader had not been given when its line was cut. */
async function hasMoreBehind(eventId: string): Promise<boolean> {
  const [row] = await queryDatabase<{ behind: string }>(
    database.url,
    `select count(*) as behind from event where subject_kind = 'order' and id > $1`,
    [databaseId(eventId)],
  );
  return Number(row!.behind) > 0;
}

function databaseId(id: string): string {
  return parseTypeId(id)!.id;
}

/** Says where an order's sequence does not rise by one along the stream. */
function gaps(events: Seen[]): string[] {
  const last = new Map<string, number>();
  return events.flatMap(({ order, sequence }) => {
    const expected = (last.get(order.id) ?? 0) + 1;
    last.set(order.id, sequence);
    return sequence === expected ? [] : [`${order.id}: ${sequence} where ${expected} was due`];
  });
}

test(`${DISCONNECTS} disconnects over two hubs while orders move: what arrived is what was committed, once and in order`, async () => {
  const orders = keepOrdering(await makeCustomer(ask, 'Restless'));
  const careless = restlessReader(SEED + READERS, 10, 'without it');
  const readers = await Promise.all(
    Array.from({ length: READERS }, (_, index) => restlessReader(SEED + index, DISCONNECTS / READERS)),
  );
  await careless;
  const placed = await orders.stop();
  expect(placed).toBeGreaterThan(10);
  const committed = await queryDatabase<{ id: string }>(
    database.url,
    `select e.id from event e join event_position p on p.event_id = e.id
      where e.subject_kind = 'order' and p.position > $1 order by p.position`,
    [startPosition],
  );
  for (const reader of readers) {
    const rest = await LiveClient.connect(socketUrl(0), ADMIN_KEY);
    rest.subscribe('rest', STREAM, { after: reader.cursor });
    const missing = committed.length - reader.seen.length;
    await rest.until('the rest', () => rest.nexts('rest').length >= missing);
    rest.ws.terminate();
    const all = [...reader.seen, ...rest.nexts('rest').map((next) => next.data!.orderEvents as Seen)];
    expect(all.map((event) => databaseId(event.id))).toEqual(committed.map((event) => event.id));
    expect(gaps(all)).toEqual([]);
    const dropped = all.findIndex((event) => event.sequence === 1);
    expect(gaps(all.toSpliced(dropped, 1))).not.toEqual([]);
  }
  const { seen } = await careless;
  const place = (event: Seen) => committed.findIndex(({ id }) => id === databaseId(event.id));
  expect(seen.length).toBeLessThan(place(seen.at(-1)!) - place(seen[0]!) + 1);
  const inFlight = readers.reduce((sum, reader) => sum + reader.cutsInFlight, 0);
  expect(inFlight).toBeGreaterThanOrEqual(DISCONNECTS / 3);
  expect(await brokenInvariants(database.url)).toEqual([]);
});
