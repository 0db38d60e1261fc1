import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Statement } from '../../src/db/statement.js';
import { selectWorkAbout, selectWorkCounts, selectWorkPage } from '../../src/modules/departments/work-queue.queries.js';
import { Department } from '../../src/modules/orders/index.js';
import { startTestHub, type TestHub } from '../support/hub.js';

/** Tables that grow with the years; what waits in them does not. */
const LARGE = ['orders', 'order_hold', 'shipment', 'payment', 'quote', 'work_item'];
const ORDERS = 20_000;

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
  await hub.hub.db.pool.query(MANY);
  await hub.hub.db.pool.query('vacuum analyze');
});
afterAll(() => hub.stop());

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Which of the large tables are read from end to end, and how many of their rows are looked at in all. */
async function costOf(
  { text, values }: Statement<unknown>,
  of: readonly string[] = LARGE,
): Promise<{ whole: string[]; rows: number }> {
  const { rows } = await hub.hub.db.pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  const read = nodesOf(rows[0]!['QUERY PLAN'][0].Plan).filter((node) => of.includes(node['Relation Name'] ?? ''));
  const looked = read.map(
    (node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
  );
  return {
    whole: read.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']!),
    rows: looked.reduce((sum, each) => sum + each, 0),
  };
}

const departments = Object.values(Department);

test.each(departments)('a page of %s costs what is on it, at its start and deep in it', async (department) => {
  const wanted = { department, kinds: null, assigneeId: null };
  const all = await hub.hub.db.read(selectWorkPage(wanted, null, 100_000));
  for (const row of [null, all[Math.floor(all.length / 2)]!, all.at(-20)!]) {
    const place = row && { rank: row.rank, openedAt: row.opened_at, id: row.id };
    const { whole, rows } = await costOf(selectWorkPage(wanted, place, 51));
    expect(whole).toEqual([]);
    // Up to 51 of each kind, with the order that each belongs to.
    expect(rows).toBeLessThan(1_000);
  }
});

test.each(departments)('the counts of %s and what a record has there are read by index alone', async (department) => {
  expect((await costOf(selectWorkCounts({ department, assigneeId: null }))).whole).toEqual([]);
  expect((await costOf(selectWorkCounts({ department, assigneeId: '1' }))).whole).toEqual([]);
  const { whole, rows } = await costOf(selectWorkAbout(department, 'order', ['1010000', '1010100']));
  expect([whole, rows < 50]).toEqual([[], true]);
});

test('orders to confirm and to release are counted without looking at them', async () => {
  for (const department of [Department.SALES, Department.WAREHOUSE]) {
    const { rows } = await costOf(selectWorkCounts({ department, assigneeId: null }), ['orders']);
    expect(rows).toBeLessThan(1_000);
  }
});

const MANY = `
  insert into api_key (id, name, secret_hash, roles, created_at) values (1, 'Somebody', 'x', '{SALES}', now());
  insert into stock_location (id, code, name, is_active, created_at, updated_at) values (1, 'ONE', 'One', true, now(), now());
  insert into customer (id, number, kind, name, created_at, updated_at) values (1, 'N-1', 'COMPANY', 'Firm', now(), now());
  insert into orders (id, number, channel_id, status, payment_status, customer_id, currency, prices_include_tax, subtotal_minor,
    discount_minor, shipping_minor, tax_minor, total_minor, placed_at, created_at, updated_at, event_count, open_holds,
    department, assignee_id, assigned_at)
  select 1000000 + n, 'SO-' || n, 1, case when n % 10 < 5 then 'COMPLETED' when n % 10 = 5 then 'CANCELED'
      when n % 10 = 6 then 'RECEIVED' when n % 10 = 7 then 'CONFIRMED' else 'SHIPPED' end,
    case when n % 100 = 9 then 'FAILED' else 'PENDING' end, 1, 'EUR', false, n, 0, 0, 0, n,
    now() - n * interval '1 minute', now(), now(), 0, case when n % 200 = 6 then 1 else 0 end,
    case when n % 300 = 8 then 'SALES' when n % 300 = 18 then 'FINANCE' end, case when n % 600 = 8 then 1 end,
    case when n % 300 in (8, 18) then now() end
    from generate_series(10000, ${9_999 + ORDERS}) n;
  insert into order_hold (id, order_id, reason, actor_kind, actor_name, placed_at, released_at)
  select 2000000 + n, 1000000 + n, (array['FRAUD', 'STOCK', 'ADDRESS', 'MANUAL'])[1 + n / 200 % 4], 'SYSTEM', 'Hub',
    now() - n * interval '1 minute', case when n % 200 = 6 then null else now() end
    from generate_series(10000, ${9_999 + ORDERS}) n where n % 2 = 0;
  insert into shipment (id, number, order_id, location_id, status, status_at, created_at, updated_at)
  select 3000000 + n, 'SH-' || n, 1000000 + n, 1, case when n % 100 = 8 then 'PACKED' when n % 100 = 9 then 'EXCEPTION' else 'DELIVERED' end,
    now() - n * interval '1 minute', now() - n * interval '1 minute', now() from generate_series(10000, ${9_999 + ORDERS}) n;
  insert into payment (id, order_id, status, provider, currency, amount_minor, authorized_minor, captured_minor, refunded_minor,
    voided_minor, begun_at, created_at, updated_at, due_at)
  select 4000000 + n, 1000000 + n, case when n % 100 = 1 then 'AUTHORIZED' else 'CAPTURED' end, 'manual', 'EUR', n, n,
    case when n % 100 = 1 then 0 else n end, 0, 0, now() - n * interval '1 minute', now(), now(),
    case when n % 3 = 1 then now() end from generate_series(10000, ${9_999 + ORDERS}) n;
  insert into quote (id, number, status, customer_id, currency, valid_until, subtotal_minor, discount_minor, tax_minor, total_minor,
    created_at, updated_at, event_count, submitted_at)
  select 6000000 + n, 'QU-' || n, case when n % 100 = 1 then 'PENDING_APPROVAL' else 'CONVERTED' end, 1, 'EUR', now(), n, 0, 0, n,
    now(), now(), 0, now() - n * interval '1 minute' from generate_series(10000, ${9_999 + ORDERS}) n;
  insert into work_item (id, department, priority_rank, title, opened_at, opened_by_kind, opened_by_name, resolved_at)
  select 5000000 + n, (array['SALES', 'WAREHOUSE', 'FINANCE', 'LOGISTICS', 'SUPPORT'])[1 + n % 5], n % 4, 'Task', now() - n * interval '1 minute',
    'SYSTEM', 'Hub', case when n % 20 < 10 then now() end from generate_series(10000, ${9_999 + ORDERS}) n;
`;
