import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { queryDatabase } from '../support/invariants.js';
import { Desk, eur, seeded } from './support/desk.js';

const DAY_MS = 86_400_000;
const PLAIN = `select (placed_at at time zone 'UTC')::date::text as day, status, channel_id::int, fulfillment_status,
  open_holds > 0 as is_held, count(*)::int as orders from orders group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`;
const COUNTED = `select day::text, status, channel_id::int, fulfillment_status, is_held, sum(orders)::int as orders
  from (select * from order_count union all select * from order_count_change) c
  group by 1, 2, 3, 4, 5 having sum(orders) <> 0 order by 1, 2, 3, 4, 5`;

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('1.00', null, { isStocked: false });
});
afterAll(() => hub.stop());

const rows = (text: string) => queryDatabase<Record<string, unknown>>(hub.database.url, text);
const order = (more: object = {}) => desk.order({ lines: [{ sku, quantity: '1', unitPrice: eur('1.00') }], ...more });

async function expectExact(): Promise<void> {
  expect(await rows(COUNTED)).toEqual(await rows(PLAIN));
}

async function totalCount(filter: object): Promise<number> {
  const query = 'query($filter: OrderFilter) { orders(first: 0, filter: $filter) { totalCount } }';
  return (await desk.ask<{ orders: { totalCount: number } }>(query, { filter })).orders.totalCount;
}

/** One step of some order, by chance; what the hub refuses is a step too. */
async function step(below: (bound: number) => number, ids: string[]): Promise<void> {
  const any = ids[below(ids.length)];
  const kind = below(6);
  if (kind < 2 || any === undefined) {
    const { order: made } = await desk.send<{ order: { id: string } | null }>('createOrder', {
      idempotencyKey: newKey(),
      channel: ['api', 'phone', 'web'][below(3)],
      currency: 'EUR',
      lines: [{ sku, quantity: '2', unitPrice: eur('1.00') }],
      confirm: below(2) === 0,
    });
    if (made) ids.push(made.id);
  } else if (kind === 2) await desk.refusals('confirmOrder', { orderId: any });
  else if (kind === 3) await desk.refusals('cancelOrder', { orderId: any });
  else if (kind === 4) await desk.refusals('holdOrder', { orderId: any, reason: 'MANUAL' });
  else await desk.refusals('createShipment', { orderId: any });
}

describe('counts of orders', () => {
  test('equal a plain count after random steps, one by one and many at once, while others fold and mend', async () => {
    const below = seeded(77);
    const ids: string[] = [];
    await desk.done('upsertStockLocation', { code: 'MAIN' });
    for (let round = 0; round < 12; round += 1) {
      hub.clock.set(new Date(START.getTime() + below(9) * DAY_MS - below(3)));
      await Promise.all(Array.from({ length: 12 }, () => step(below, ids)));
      await Promise.all([
        ...Array.from({ length: 8 }, () => step(below, ids)),
        ...['fold-order-counts', 'reconcile-order-counts', 'fold-order-counts'].map((name) => hub.hub.upkeep.run(name)),
      ]);
      await expectExact();
    }
    expect(new Set((await rows(PLAIN)).map(({ status }) => status)).size).toBeGreaterThan(2);
    expect((await rows('select from order_count')).length).toBeGreaterThan(3);
    expect(hub.log.lines.filter(({ message }) => message.includes('counts of orders'))).toEqual([]);
  });

  test('know nothing of what was rolled back or is not committed', async () => {
    const before = await totalCount({});
    const client = new pg.Client({ connectionString: hub.database.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(`update orders set status = 'COMPLETED'`);
      await client.query(`savepoint s; update orders set open_holds = 1; rollback to s`);
      expect(await totalCount({ status: ['COMPLETED'] })).toBe(0);
      await Promise.all([order(), hub.hub.upkeep.run('fold-order-counts')]);
      expect(await totalCount({})).toBe(before + 1);
      await client.query('rollback');
    } finally {
      await client.end();
    }
    expect(await totalCount({ status: ['COMPLETED'] })).toBe(0);
    await expectExact();
  });

  test('stand in each moment for what a reader sees, folded or not', async () => {
    const before = await totalCount({});
    let isDone = false;
    const folding = (async () => {
      while (!isDone) await hub.hub.upkeep.run('fold-order-counts');
    })();
    let last = before;
    for (let n = 1; n <= 40; n += 1) {
      await order();
      last = await totalCount({});
      expect(last).toBe(before + n);
    }
    isDone = true;
    await folding;
    await expectExact();
  });

  test('follow orders that are removed or given another day', async () => {
    await hub.hub.db.pool.query(`update orders set placed_at = placed_at - interval '40 days', channel_id = 5`);
    await expectExact();
    const { id } = (
      await rows(`insert into orders (id, number, channel_id, status, currency, prices_include_tax, subtotal_minor,
      discount_minor, shipping_minor, tax_minor, total_minor, placed_at, created_at, updated_at, event_count)
      values (7, 'X', 1, 'DRAFT', 'EUR', false, 0, 0, 0, 0, 0, now(), now(), now(), 0) returning id`)
    )[0]!;
    await rows(`delete from orders where id = ${String(id)}`);
    await expectExact();
  });

  test('are mended where they are wrong, and the log tells it', async () => {
    await hub.hub.db.pool.query('update order_count set orders = orders + 5');
    await hub.hub.db.pool.query(
      `insert into order_count_change values ('1999-01-01', 'DRAFT', 1, 'UNFULFILLED', true, 3)`,
    );
    expect(await rows(COUNTED)).not.toEqual(await rows(PLAIN));
    await hub.hub.upkeep.run('reconcile-order-counts');
    await expectExact();
    expect(hub.log.lines.at(-1)).toMatchObject({
      level: 'error',
      message: expect.stringContaining('counts of orders were wrong'),
    });
    await hub.hub.upkeep.run('reconcile-order-counts');
    await expectExact();
    expect(await rows('select from order_count where orders = 0')).toEqual([]);
  });
});

test('totalCount reads the counts, and for filters they do not have the orders themselves', async () => {
  const one = await order({ channel: 'phone' });
  await hub.hub.db.pool.query(
    `insert into order_count_change values ('2026-03-02', 'RECEIVED', 2, 'UNFULFILLED', false, 1000)`,
  );
  const counted = [
    {},
    { status: ['RECEIVED'] },
    { channel: ['phone'] },
    { fulfillmentStatus: ['UNFULFILLED'] },
    { onHold: false },
  ];
  for (const filter of counted) expect(await totalCount(filter)).toBeGreaterThan(1_000);
  for (const filter of [{ currency: 'EUR' }, { text: one.number }, { customerId: 'x' }, { sku }])
    expect(await totalCount(filter)).toBeLessThan(1_000);
  await hub.hub.upkeep.run('reconcile-order-counts');
});
