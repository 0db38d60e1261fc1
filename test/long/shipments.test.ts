import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { seededRandom } from '../support/event-writers.js';
import { HubProcess } from '../support/hub-process.js';
import { newKey } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { IS_SOAK, scaled, SEED } from '../support/scale.js';
import { makeCustomer, makeProducts, must } from '../support/shop.js';

const ORDERS = 8;
const WALKERS = 6;
const STEPS = scaled(200, 6_000);
const STATUSES = ['PICKING', 'PACKED', 'SHIPPED', 'IN_TRANSIT', 'DELIVERED', 'RETURNED_TO_SENDER', 'LOST', 'CANCELED'];
const INPUTS: Record<string, string> = {
  cancelFulfillmentOrder: 'FulfillmentOrderActionInput',
  releaseFulfillmentOrder: 'FulfillmentOrderActionInput',
};
const SKUS = ['WALK-1', 'WALK-2', 'WALK-3', 'WALK-KIT'];

interface Placed {
  id: string;
  lines: { id: string; sku: string }[];
}
interface Answer {
  [field: string]: {
    userErrors: { code: string }[];
    shipment?: { id: string } | null;
    order?: { id: string; fulfillmentOrders: { id: string }[] } | null;
  };
}

let database: FreshDatabase;
let hubs: HubProcess[];

beforeAll(async () => {
  database = await freshDatabase();
  hubs = await Promise.all([1, 2].map(() => HubProcess.start({ databaseUrl: database.url })));
  const ask = <Data>(query: string, variables?: object) => hubs[0]!.graph<Data>(query, variables);
  await makeProducts(ask, SKUS.slice(0, 3), '40', ['MILAN', 'TURIN']);
  const components = [
    { sku: 'WALK-1', quantity: '2' },
    { sku: 'WALK-2', quantity: '1' },
  ];
  const kit = { idempotencyKey: newKey(), sku: 'WALK-KIT', name: 'Kit', components };
  await must(
    ask('mutation($i: UpsertProductInput!) { upsertProduct(input: $i) { userErrors { message } } }', { i: kit }),
  );
});
afterAll(async () => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  await database.drop();
});

function mutate(hub: HubProcess, name: string, input: object): Promise<{ data: Answer; errors?: object[] }> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const shipment = name.endsWith('Shipment') ? 'shipment { id }' : '';
  const work = name === 'adjustStock' ? '' : 'order { id fulfillmentOrders { id } }';
  const query = `mutation($input: ${INPUTS[name] ?? type}!) { ${name}(input: $input) { ${shipment} ${work} userErrors { code } } }`;
  return hub.graph<Answer>(query, { input });
}

async function placeOrders(customerId: string, random: () => number): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (let index = 0; index < ORDERS; index += 1) {
    const lines = SKUS.map((sku) => ({ sku, quantity: String(1 + Math.floor(random() * 6)) }));
    const input = {
      idempotencyKey: newKey(),
      channel: 'api',
      customerId,
      currency: 'EUR',
      confirm: true,
      allowBackorder: true,
      lines,
    };
    const data = await must(
      hubs[index % 2]!.graph<{ createOrder: { order: Placed; userErrors: object[] } }>(
        'mutation($input: CreateOrderInput!) { createOrder(input: $input) { order { id lines { id sku } } userErrors { message } } }',
        { input },
      ),
    );
    placed.push(data.createOrder.order);
  }
  return placed;
}

test('two hubs that release, split, merge, move, hold, claim, ship, deliver, lose, cancel and receive the same goods at random never contradict themselves', async () => {
  const random = seededRandom(SEED);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const customerId = await makeCustomer((query, variables) => hubs[0]!.graph(query, variables));
  const orders = await placeOrders(customerId, random);
  const shipments: string[] = [];
  const works = new Map<string, string[]>();
  const faults: object[] = [];
  const codes = new Map<string, number>();
  const took = new Map<string, number>();

  const nextStep = (): [string, object] => {
    const order = pick(orders);
    const some = [{ lineId: pick(order.lines).id, quantity: String(1 + Math.floor(random() * 3)) }];
    const roll = random();
    const own = works.get(order.id) ?? [];
    const work = { fulfillmentOrderId: pick(own) };
    if (roll < 0.04 || (roll < 0.25 && own.length === 0)) return ['releaseToWarehouse', { orderId: order.id }];
    if (roll < 0.08) return ['moveFulfillmentOrder', { ...work, location: pick(['MILAN', 'TURIN']) }];
    if (roll < 0.12) return ['splitFulfillmentOrder', { idempotencyKey: newKey(), ...work, lines: some }];
    if (roll < 0.16) return ['mergeFulfillmentOrders', { ...work, otherIds: [pick(own)] }];
    if (roll < 0.18) return ['holdFulfillmentOrder', { ...work, reason: 'MANUAL' }];
    if (roll < 0.22) return ['releaseFulfillmentOrder', work];
    if (roll < 0.25) return ['cancelFulfillmentOrder', work];
    if (roll < 0.45)
      return [
        'createShipment',
        {
          idempotencyKey: newKey(),
          orderId: order.id,
          location: pick(['MILAN', 'TURIN']),
          ...(random() < 0.7 && { lines: some }),
        },
      ];
    if (roll < 0.82 && shipments.length > 0)
      return ['updateShipment', { shipmentId: pick(shipments), status: pick(STATUSES) }];
    if (roll < 0.88) return ['cancelOrder', { orderId: order.id, lines: some }];
    // What is lost holds its order.
    if (roll < 0.93) return ['releaseOrder', { orderId: order.id }];
    const stock = { sku: pick(SKUS.slice(0, 3)), location: pick(['MILAN', 'TURIN']), reason: 'walk' };
    return ['adjustStock', { idempotencyKey: newKey(), ...stock, delta: pick(['3', '5', '-1']) }];
  };
  const walk = async (walker: number) => {
    for (let step = 0; step < STEPS / WALKERS; step += 1) {
      const [name, input] = nextStep();
      const { data, errors } = await mutate(hubs[walker % 2]!, name, input);
      if (errors) faults.push(...errors);
      const payload = data?.[name];
      const orderId = payload?.order?.id;
      if (orderId)
        works.set(
          orderId,
          payload.order!.fulfillmentOrders.map(({ id }) => id),
        );
      if (payload?.shipment && name === 'createShipment') shipments.push(payload.shipment.id);
      if (payload?.userErrors.length === 0) took.set(name, (took.get(name) ?? 0) + 1);
      for (const { code } of payload?.userErrors ?? []) codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: WALKERS }, (_, walker) => walk(walker)));

  expect(faults).toEqual([]);
  expect(await brokenInvariants(database.url)).toEqual([]);
  // The walk went somewhere: every kind of step took effect, and refusals came too.
  const usual = ['adjustStock', 'cancelOrder', 'createShipment', 'releaseToWarehouse', 'updateShipment'];
  const rarer = ['split', 'merge', 'move', 'hold', 'release', 'cancel'];
  const steps = rarer.map((verb) => `${verb}FulfillmentOrder${verb === 'merge' ? 's' : ''}`);
  expect([...took.keys()]).toEqual(expect.arrayContaining(IS_SOAK ? [...usual, ...steps] : usual));
  expect(codes.size).toBeGreaterThan(1);
});

test('of two hubs that claim the last goods of an order at the same time one does', async () => {
  const ask = <Data>(query: string, variables?: object) => hubs[0]!.graph<Data>(query, variables);
  const customerId = await makeCustomer(ask);
  for (let round = 0; round < scaled(5, 60); round += 1) {
    const sku = `LAST-${round}`;
    await makeProducts(ask, [sku], '1');
    const input = { idempotencyKey: newKey(), channel: 'api', customerId, currency: 'EUR', confirm: true };
    const data = await must(
      ask<{ createOrder: { order: Placed; userErrors: object[] } }>(
        'mutation($input: CreateOrderInput!) { createOrder(input: $input) { order { id lines { id sku } } userErrors { message } } }',
        { input: { ...input, lines: [{ sku, quantity: '1' }] } },
      ),
    );
    const orderId = data.createOrder.order.id;
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        mutate(hubs[index % 2]!, 'createShipment', { idempotencyKey: newKey(), orderId, location: 'MILAN' }),
      ),
    );
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    const outcomes = answers.map((answer) => answer.data.createShipment!.userErrors.map(({ code }) => code).join());
    expect(outcomes.sort()).toEqual(['', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT']);
  }
});
