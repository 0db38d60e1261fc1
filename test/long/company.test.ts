import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FULL, SMALL, startSample, type SampleSize } from '../../src/sample/index.js';
import { brokenInvariants, queryDatabase } from '../support/invariants.js';
import { startTestHub, type TestHub } from '../support/hub.js';
import { IS_SOAK } from '../support/scale.js';

/** As many days as ever; in `npm test` fewer products, and fewer customers who order less. */
const SIZE: SampleSize = IS_SOAK ? FULL : { ...FULL, products: 60, customers: 40, orders: 200, quotes: 80 };
const WITHIN_MS = 300_000;
const silent = () => {};

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
  const sample = await startSample(hub.hub, 'key', SIZE, silent);
  await sample.stop();
}, WITHIN_MS);
afterAll(() => hub.stop());

const rows = <Row extends object>(text: string, of = hub) =>
  queryDatabase<Row & Record<string, unknown>>(of.database.url, text);
const count = async (text: string) =>
  (await rows<{ count: number }>(`select count(*)::int as count ${text}`))[0]!.count;

describe('the sample company', () => {
  test('has a believable size', async () => {
    expect(await count('from stock_location')).toBe(3);
    expect(await count('from product')).toBe(SIZE.products);
    expect(await count('from product where id in (select product_id from bundle_component)')).toBe(6);
    expect(await count(`from customer where number like 'S-%'`)).toBe(SIZE.customers);
    expect(await count('from contact')).toBeGreaterThan(SIZE.customers);
    expect(await count('from quote where revision = 1')).toBe(SIZE.quotes);
    expect(await count('from quote where revision > 1')).toBeGreaterThan(SIZE.quotes / 16);
    for (const has of ['is null', 'is not null'])
      expect(await count(`from quote where shipping_method ${has}`)).toBeGreaterThan(SIZE.quotes / 5);
    expect(await count(`from orders where quote_id is not null and shipping_minor > 0`)).toBeGreaterThan(0);
    const shop = `select id from channel where integration_id is not null`;
    expect(await count(`from orders where quote_id is null and channel_id not in (${shop})`)).toBe(SIZE.orders);
    expect(await count('from price where minimum_quantity > 1')).toBeGreaterThan(SIZE.products / 4);
    expect(await count('from price_list')).toBe(3);
    expect(await count('from stock_level where reorder_point is null')).toBe(0);
    expect(await count('from shipment where tracking_number is not null')).toBeGreaterThan(SIZE.orders / 2);
  });

  test('has quotes that were approved by somebody else, configured, and month by month; orders were made of them', async () => {
    const decided = `from quote_approval where decided_by_name <> asked_by_name and status`;
    expect(await count(`${decided} = 'APPROVED'`)).toBeGreaterThan(0);
    expect(await count(`${decided} = 'REJECTED'`)).toBeGreaterThan(0);
    const ordered = 'from order_line o join quote_line q on q.id = o.quote_line_id where q';
    expect(await count(`${ordered}.recurrence_terms > 1`)).toBeGreaterThan(0);
    expect(await count(`${ordered}.configuration @> '[{"sku": "VFD-220"}]'`)).toBeGreaterThan(0);
  });

  test('spreads its orders over 90 days, none of them ahead', async () => {
    const [span] = await rows<{ days: number; ahead: number }>(
      `select extract(day from max(placed_at) - min(placed_at))::int as days,
              count(*) filter (where placed_at > '${hub.clock.now().toISOString()}')::int as ahead from orders`,
    );
    expect(span!.days).toBeGreaterThanOrEqual(85);
    expect(span!.ahead).toBe(0);
  });

  test('has orders, shipments and quotes in every status that can be reached', async () => {
    const statuses = async (table: string) =>
      (await rows<{ status: string }>(`select distinct status from ${table} order by status`)).map(
        ({ status }) => status,
      );
    expect(await statuses('orders')).toEqual([
      'CANCELED',
      'CONFIRMED',
      'DELIVERED',
      'DRAFT',
      'PARTIALLY_SHIPPED',
      'PROCESSING',
      'RECEIVED',
      'SHIPPED',
    ]);
    expect(await statuses('quote')).toEqual([
      'ACCEPTED',
      'APPROVED',
      'CANCELED',
      'CONVERTED',
      'DECLINED',
      'DRAFT',
      'EXPIRED',
      'PARTIALLY_CONVERTED',
      'PENDING_APPROVAL',
      'REJECTED',
      'SENT',
      'SUPERSEDED',
    ]);
    expect(await statuses('shipment')).toEqual(
      expect.arrayContaining([
        'DELIVERED',
        'PACKED',
        'SHIPPED',
        ...(IS_SOAK ? ['IN_TRANSIT', 'RETURNED_TO_SENDER'] : []),
      ]),
    );
    expect(await count('from orders where open_holds > 0')).toBeGreaterThan(0);
  });

  test('contradicts itself nowhere: stock, money, versions and timelines', async () => {
    expect(await brokenInvariants(hub.database.url)).toEqual([]);
    const disorder = await rows(
      `select subject_kind, subject_id from (
         select subject_kind, subject_id, at, lag(at) over (partition by subject_kind, subject_id order by sequence) as before
           from event) e where at < before limit 3`,
    );
    expect(disorder).toEqual([]);
    const ledgers = await rows(
      `select product_id, location_id from (
         select product_id, location_id, balance_after,
                sum(quantity) over (partition by product_id, location_id order by at, id) as balance
           from stock_movement) m where balance <> balance_after limit 3`,
    );
    expect(ledgers).toEqual([]);
  });

  test('sells at the customer’s price, in the customer’s currency', async () => {
    const unlike = await count(
      `from order_line l join orders o on o.id = l.order_id join customer c on c.id = o.customer_id
        where o.currency <> case when c.billing_address->>'country' = 'SE' then 'SEK' else 'EUR' end`,
    );
    expect(unlike).toBe(0);
    expect(await count(`from customer where price_list_id is not null`)).toBeGreaterThan(SIZE.customers / 30);
  });

  test(
    'stays as it is at the next start',
    async () => {
      const traces = () =>
        rows("select count(*)::int as events, max(at) as last from event where subject_kind <> 'integration'");
      const before = await traces();
      const again = await startSample(hub.hub, 'key', SIZE, silent);
      await again.stop();
      expect(await traces()).toEqual(before);
    },
    WITHIN_MS,
  );
});

/** All that a company is, without what a database makes up: ids. */
const STORY = `
  select 'order ' || number || ' ' || status || ' ' || total_minor || ' ' || placed_at || ' ' || version as line from orders
  union all select 'quote ' || number || ' ' || status || ' ' || total_minor || ' ' || updated_at from quote
  union all select 'level ' || p.sku || ' ' || l.on_hand || ' ' || l.reserved || ' ' || l.version
              from stock_level l join product p on p.id = l.product_id
  union all select 'event ' || subject_kind || ' ' || type || ' ' || at || ' ' || message from event where subject_kind <> 'api_key'
  order by line`;

test(
  'two companies made at the same time of the clock are the same',
  async () => {
    const stories: string[] = [];
    for (const _ of ['one', 'another']) {
      const other = await startTestHub();
      const sample = await startSample(other.hub, 'key', SMALL, silent);
      await sample.stop();
      stories.push((await rows<{ line: string }>(STORY, other)).map(({ line }) => line).join('\n'));
      await other.stop();
    }
    expect(stories[0]!.length).toBeGreaterThan(10_000);
    expect(stories[1]).toBe(stories[0]);
  },
  WITHIN_MS,
);
