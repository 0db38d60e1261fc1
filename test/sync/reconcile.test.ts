import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/app.js';
import { chanceFrom } from '../../src/connect/index.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { upsertProduct } from '../../src/modules/catalog/index.js';
import { upsertCustomer, CUSTOMER_PREFIX } from '../../src/modules/customers/index.js';
import {
  DriftRepair,
  pauseIntegration,
  reconcileIntegration,
  repairDrift,
  repairDrifts,
  syncIntegration,
} from '../../src/modules/integrations/index.js';
import { adjustStock, upsertStockLocation } from '../../src/modules/stock/index.js';
import { typeId } from '../../src/shared/ids.js';
import { reconcileStream, type ReconcileJob } from '../../src/sync/reconcile/reconcile-stream.js';
import { eventually } from '../support/eventually.js';
import { Engine, engineParts, NOW } from './engine.js';
import { Ledger, type LedgerRecord } from './ledger-vendor.js';

let engine: Engine;
let sequencer: Sequencer;
let ledger: Ledger;
let code: string;
let systems = 0;
const breaks: string[] = [];
const broken: string[] = [];
beforeAll(async () => {
  engine = await Engine.start({
    checkpoint: (point) => {
      const at = breaks.indexOf(point);
      if (at < 0) return Promise.resolve();
      broken.push(...breaks.splice(at, 1));
      throw new Error(`broken at ${point}`);
    },
  });
  sequencer = new Sequencer(engine.db.url, engine.log);
  sequencer.start();
});
afterAll(async () => {
  await sequencer.stop();
  await engine.stop();
});
beforeEach(async () => {
  ledger = await Ledger.start();
  systems += 1;
  code = `ledger-${systems}`;
  await engine.connect(code, 'ledger-vendor', { baseUrl: ledger.url });
  await eventually('the first walks', async () => {
    const walks = await streams();
    return walks.length === 2 && walks.every((each) => each.last_success_at);
  });
  await eventually('the streams that are told', async () => {
    const open = await engine.rows(
      `select from push_stream s join integration i on i.id = s.integration_id where i.code = $1`,
      [code],
    );
    return open.length === 2;
  });
});
afterEach(async () => {
  expect(breaks).toEqual([]);
  await engine.act((scope) => pauseIntegration(scope, { code }));
  await ledger.close();
});

const second = (n: number) => new Date(Date.UTC(2026, 2, 1, 9, 0, n)).toISOString();
const idOf = (n: number) => `C${String(n).padStart(3, '0')}`;
const put = (n: number, change: Partial<LedgerRecord> = {}) => {
  const id = idOf(n);
  const known = ledger.customers.get(id);
  const fresh = { id, version: second(n * 100), name: `Customer ${id}`, email: `${id}@${code}.example`, phone: null };
  ledger.customers.set(id, { ...(known ?? fresh), ...change });
};

interface StreamRow {
  stream: string;
  last_success_at: string | null;
  processed: string;
  walk: unknown;
}
const streams = () =>
  engine.rows<StreamRow>(
    `select s.* from sync_stream s join integration i on i.id = s.integration_id
      where i.code = $1 and s.direction = 'PULL' order by s.stream`,
    [code],
  );

/** Reads all there is once and works it off. */
async function load(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) put(n);
  await engine.act((scope) => syncIntegration(scope, { code, stream: 'customers' }));
  await eventually('the records to be read', async () => {
    const [customers] = await streams();
    return customers!.walk === null && Number(customers!.processed) >= count;
  });
  // The clock stands still: what waits a moment to be told from an echo would wait for ever.
  const open = `inbox_message m join integration i on i.id = m.integration_id where i.code = '${code}' and m.status = 'RECEIVED'`;
  let looks = 0;
  await eventually('all that was read to be worked off', async () => {
    looks += 1;
    if (looks % 100 === 0 && (await engine.count(`${open} and m.due_at is not null`)) > 0) await engine.hurryJobs();
    return (await engine.count(open)) === 0;
  });
  await told();
  ledger.asked.length = 0;
}

/** Nothing is due any more at the system. */
async function told(): Promise<void> {
  await eventually('all that is due to be told', async () => {
    const [row] = await engine.rows<{ is_quiet: boolean }>(
      `select (select position from push_position) = (select count(*) from event)
          and not exists (select from push_item p join integration i on i.id = p.integration_id
                           where i.code = $1 and p.state in ('DUE', 'SENDING')) as is_quiet`,
      [code],
    );
    return row!.is_quiet;
  });
}

const asking = (stream = 'customers') => engine.act((scope) => reconcileIntegration(scope, { code, stream }));
/** Nothing is asked for and nothing under way. */
async function isOver(): Promise<boolean> {
  const open = await engine.rows(
    `select from reconcile_stream s join integration i on i.id = s.integration_id
      where i.code = $1 and (s.run is not null or s.asked_at is not null)`,
    [code],
  );
  return open.length === 0;
}
/** The compare's job has run and waits for a later time. */
async function hasLookedAhead(): Promise<boolean> {
  const rows = await engine.rows(
    `select from graphile_worker.jobs j join integration i on j.key = 'reconcile:' || i.id || ':customers'
      where i.code = $1 and j.run_at > now() + interval '30 seconds' and j.locked_at is null`,
    [code],
  );
  return rows.length === 1;
}
/** A process of its own that takes a compare up, stands still at one point of a transaction, and may die at another. */
async function atWork(job: ReconcileJob, point: string, end?: string): Promise<{ goOn(): Promise<void> }> {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const checkpoint = (passed: string) => {
    if (passed === end) throw new Error('it died');
    if (passed !== point) return Promise.resolve();
    reached.resolve();
    return opened.promise;
  };
  const db = await openDatabase({ databaseUrl: engine.db.url, log: engine.log, checkpoint });
  const done = reconcileStream(engineParts(db), job).finally(() => db.close());
  await Promise.race([reached.promise, done]);
  return {
    goOn: () => {
      opened.resolve();
      return done;
    },
  };
}
async function ended(): Promise<void> {
  await eventually('the compare to end', isOver);
}
async function reconcile(stream?: string): Promise<void> {
  ledger.asked.length = 0;
  await asking(stream);
  await ended();
  await engine.inbox(code);
}

interface Item {
  id: string;
  external_id: string;
  field: string;
  hub_value: unknown;
  source_value: unknown;
  proposed_repair: string | null;
  reason: string | null;
  status: string;
}
const drift = (status = 'OPEN') =>
  engine.rows<Item>(
    `select d.* from drift_item d join integration i on i.id = d.integration_id
      where i.code = $1 and d.status = $2 order by d.external_id, d.field`,
    [code, status],
  );
const short = async (status?: string) =>
  (await drift(status)).map((item) => [
    item.external_id,
    item.field,
    item.hub_value,
    item.source_value,
    item.proposed_repair,
  ]);
const repair = (id: string) => engine.act((scope) => repairDrift(scope, { id: typeId('drf', id) }));
/** Calls for single records. */
const reads = () => ledger.asked.filter((call) => /^GET \/(customers|stock)\/./.test(call));
const pages = () => ledger.asked.filter((call) => call.startsWith('GET /census'));

interface Held {
  id: string;
  name: string;
  email: string;
  phone: string | null;
  is_active: boolean;
  gone_at: string | null;
}
async function held(n: number): Promise<Held | undefined> {
  const rows = await engine.rows<Held>(
    `select c.*, r.gone_at from customer c join external_reference r on r.record_kind = 'customer' and r.record_id = c.id
       join integration i on i.id = r.integration_id where i.code = $1 and r.external_id = $2`,
    [code, idOf(n)],
  );
  return rows[0];
}

describe('a compare', () => {
  test('of equal sides reads no record by itself', async () => {
    await load(12);
    await reconcile();
    expect(await drift()).toEqual([]);
    expect(pages()).toEqual(['GET /census/customers', 'GET /census/customers?5', 'GET /census/customers?10']);
    expect(reads()).toEqual([]);
    const [row] = await engine.rows<{ compared: string; reconciled_at: string | null }>(
      `select s.* from reconcile_stream s join integration i on i.id = s.integration_id where i.code = $1 and stream = 'customers'`,
      [code],
    );
    expect(row).toMatchObject({ compared: '12' });
    expect(row!.reconciled_at).not.toBeNull();
  });

  test('finds what was changed behind the back of either side, and each repair ends it', async () => {
    await load(12);
    const phone = '+39 02 5';
    const known = await held(5);
    await engine.act((scope) => upsertCustomer(scope, { id: typeId(CUSTOMER_PREFIX, known!.id), phone }));
    await told();
    expect(ledger.customers.get(idOf(5))).toMatchObject({ phone });
    put(1, { email: 'new@one.example', version: second(130) });
    // Restored from an older state, which the pull never sees.
    put(2, { name: 'Older', version: second(10) });
    await engine.rows(`update customer set phone = '1' where id = $1`, [(await held(3))!.id]);
    ledger.customers.delete(idOf(4));
    put(5, { phone: '+39 02 OLD', version: second(510) });
    put(90, { version: second(20) });
    await reconcile();
    expect(await short()).toEqual([
      [idOf(1), 'email', `C001@${code}.example`, 'new@one.example', 'TAKE_SOURCE'],
      [idOf(2), 'name', 'Customer C002', 'Older', 'TAKE_SOURCE'],
      [idOf(3), 'phone', '1', null, 'TAKE_SOURCE'],
      [idOf(5), 'phone', phone, '+39 02 OLD', 'TELL_SOURCE'],
    ]);
    expect(await held(4)).toMatchObject({ is_active: false, gone_at: expect.anything() });
    expect(await held(90)).toMatchObject({ name: 'Customer C090' });
    for (const item of await drift()) await repair(item.id);
    await engine.inbox(code);
    await told();
    expect([await held(1), await held(2), await held(3)]).toMatchObject([
      { email: 'new@one.example' },
      { name: 'Older' },
      { phone: null },
    ]);
    expect(ledger.customers.get(idOf(5))).toMatchObject({ phone });
    await reconcile();
    expect(await drift()).toEqual([]);
    expect(await drift('REPAIRED')).toHaveLength(4);
    await reconcile();
    expect(reads()).toEqual([]);
  });

  test('leaves alone what changed just now, or waits to be applied or told', async () => {
    await load(6);
    put(0, { email: 'now@one.example', version: '2026-03-01T11:58:00.000Z' });
    put(1, { email: 'waits@one.example', version: second(130) });
    await engine.rows(
      `insert into inbox_message (integration_id, origin, received_at, topic, event_id, external_id, body, due_at)
       select id, 'WEBHOOK', now(), 'x', 'x', $2, '{}', '2030-01-01' from integration where code = $1`,
      [code, idOf(1)],
    );
    ledger.asked.length = 0;
    await asking();
    await ended();
    expect(reads()).toEqual(['GET /customers/C000']);
    expect(await drift()).toEqual([]);
    await engine.rows(`delete from inbox_message where topic = 'x'`);
    await reconcile();
    expect(await short()).toEqual([[idOf(1), 'email', `C001@${code}.example`, 'waits@one.example', 'TAKE_SOURCE']]);
  });

  test('that is broken off goes on behind its last page, and finds each difference once', async () => {
    await load(12);
    put(1, { email: 'new@one.example', version: second(130) });
    put(7, { email: 'new@seven.example', version: second(730) });
    broken.length = 0;
    ledger.asked.length = 0;
    const points = ['reconcile-page:before-commit', 'reconcile-page:after-commit', 'reconcile-record:before-commit'];
    breaks.push(
      ...points,
      'reconcile-record:after-commit',
      'reconcile-step:before-commit',
      'end-reconcile:before-commit',
    );
    await asking();
    await eventually('the compare to end in spite of all breaks', async () => {
      if (breaks.length === 0 && (await isOver())) return true;
      // A job that failed waits for its next attempt.
      const failed = await engine.rows(`select from graphile_worker.jobs where attempts > 0 and locked_at is null`);
      if (failed.length > 0) await engine.hurryJobs();
      return false;
    });
    expect(broken.sort()).toEqual(
      [
        ...points,
        'reconcile-record:after-commit',
        'reconcile-step:before-commit',
        'end-reconcile:before-commit',
      ].sort(),
    );
    expect(pages()).toEqual([
      'GET /census/customers',
      'GET /census/customers',
      'GET /census/customers?5',
      'GET /census/customers?10',
    ]);
    expect((await short()).map(([id, field]) => [id, field])).toEqual([
      [idOf(1), 'email'],
      [idOf(7), 'email'],
    ]);
  });

  test('is made once where two processes take it up at the same time', async () => {
    await load(12);
    put(1, { email: 'new@one.example', version: second(130) });
    put(7, { email: 'new@seven.example', version: second(730) });
    const [row] = await engine.rows<{ id: string }>('select id from integration where code = $1', [code]);
    const job = { integrationId: row!.id, stream: 'customers' };
    await engine.rows(
      `select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where key = $1 and locked_at is null))`,
      [`reconcile:${row!.id}:customers`],
    );
    await engine.rows(
      `insert into reconcile_stream (integration_id, stream, asked_at) values ($1, 'customers', now())
       on conflict (integration_id, stream) do update set asked_at = excluded.asked_at`,
      [row!.id],
    );
    // The late one has seen that a compare is asked for; when it begins, the early one has listed its first page.
    const late = await atWork(job, 'open-reconcile:after-commit', 'begin-reconcile:after-commit');
    const early = await atWork(job, 'reconcile-page:after-commit');
    await expect(late.goOn()).rejects.toThrow('it died');
    await early.goOn();
    await ended();
    await engine.inbox(code);
    expect((await short()).map(([id, field]) => [id, field])).toEqual([
      [idOf(1), 'email'],
      [idOf(7), 'email'],
    ]);
    expect(await engine.count(`inbox_message where integration_id = ${row!.id} and origin = 'CENSUS'`)).toBe(0);
  });

  test('comes a day behind the one before, unasked', async () => {
    await load(3);
    await reconcile();
    put(1, { name: 'Other', version: second(130) });
    ledger.asked.length = 0;
    const behind = (ms: number) =>
      engine.rows(
        `update reconcile_stream set reconciled_at = $2
          where stream = 'customers' and integration_id = (select id from integration where code = $1)`,
        [code, new Date(NOW.getTime() - ms).toISOString()],
      );
    await behind(80_000_000);
    await engine.hurryJobs();
    await eventually('the job to have looked', hasLookedAhead);
    expect(pages()).toEqual([]);
    await behind(86_400_000);
    await engine.hurryJobs();
    await eventually('the compare', async () => (await drift()).length > 0);
    expect(await short()).toEqual([[idOf(1), 'name', 'Customer C001', 'Other', 'TAKE_SOURCE']]);
  });

  test('deletes a few that are gone, and asks a person before it deletes many', async () => {
    await load(40);
    for (let n = 0; n < 11; n += 1) ledger.customers.delete(idOf(n));
    await reconcile();
    const items = await drift();
    expect(items).toHaveLength(11);
    expect(items[0]).toMatchObject({
      field: 'exists',
      hub_value: true,
      source_value: false,
      proposed_repair: 'TAKE_SOURCE',
    });
    expect(items[0]!.reason).toBe('the system lists 29 of 40 records that were here');
    expect(await held(0)).toMatchObject({ is_active: true, gone_at: null });
    put(0);
    const { count } = await engine.act((scope) => repairDrifts(scope, { code, field: 'exists' }));
    expect(count).toBe('11');
    await engine.inbox(code);
    expect(await held(0)).toMatchObject({ is_active: true, gone_at: null });
    expect(await held(1)).toMatchObject({ is_active: false, gone_at: expect.anything() });
    for (let n = 11; n < 15; n += 1) ledger.customers.delete(idOf(n));
    await reconcile();
    expect(await drift()).toEqual([]);
    expect(await held(14)).toMatchObject({ is_active: false, gone_at: expect.anything() });
  });

  test('goes past a record that cannot be read or taken, and says why', async () => {
    await load(6);
    put(2, { email: 'no address', version: second(230) });
    put(3, { name: 'Other', version: second(330) });
    ledger.fails.push({ path: '/customers/C004', status: 422 });
    put(4, { name: 'Never read', version: second(430) });
    await reconcile();
    const reasons = (await drift()).map((item) => [item.external_id, item.field, item.proposed_repair, item.reason]);
    expect(reasons).toEqual([
      [idOf(2), 'email', null, expect.stringContaining('email')],
      [idOf(3), 'name', 'TAKE_SOURCE', null],
      [idOf(4), 'record', null, expect.stringContaining('422')],
    ]);
    const unreadable = (await drift()).at(-1);
    await expect(repair(unreadable!.id)).rejects.toThrow('nothing is proposed for this drift');
    put(2, { email: `${idOf(2)}@${code}.example` });
    await reconcile();
    expect((await drift()).map((item) => item.external_id)).toEqual([idOf(3), idOf(4)]);
    expect((await drift('SETTLED')).map((item) => item.field)).toEqual(['email', 'record']);
  });

  test('leaves alone what is to be left alone, until it says something else', async () => {
    await load(3);
    put(1, { name: 'Other', version: second(130) });
    await reconcile();
    const ignored = await engine.act((scope) => repairDrifts(scope, { code, repair: DriftRepair.IGNORE }));
    expect(ignored.count).toBe('1');
    await reconcile();
    expect(await drift()).toEqual([]);
    expect(await held(1)).toMatchObject({ name: 'Customer C001' });
    put(1, { name: 'Third', version: second(140) });
    await reconcile();
    expect(await short()).toEqual([[idOf(1), 'name', 'Customer C001', 'Third', 'TAKE_SOURCE']]);
    await engine.act((scope) => pauseIntegration(scope, { code }));
    const [item] = await drift();
    await expect(repair(item!.id)).rejects.toThrow(`integration ${code} is PAUSED`);
  });

  test('is not made before the first walk has ended, nor while the integration is paused', async () => {
    await engine.rows(
      `update sync_stream set last_success_at = null where integration_id = (select id from integration where code = $1)`,
      [code],
    );
    put(1);
    ledger.asked.length = 0;
    await asking();
    await eventually('the job to have looked', hasLookedAhead);
    expect(pages()).toEqual([]);
    await engine.act((scope) => pauseIntegration(scope, { code }));
    await expect(asking()).rejects.toThrow(`integration ${code} is PAUSED: resume it first`);
  });

  test('holds what the hub tells and never takes over against what it would tell', async () => {
    const sku = `LAMP-${systems}`;
    await engine.act((scope) => upsertStockLocation(scope, { code: 'MILAN' }));
    await engine.act((scope) => upsertProduct(scope, { sku, name: 'Lamp' }));
    await engine.act((scope) => adjustStock(scope, { sku, location: 'MILAN', setTo: '7', reason: 'Counted' }));
    await told();
    expect(ledger.stock.get(`level-${sku}`)).toMatchObject({ available: '7' });
    // What the hub does not keep is looked at once.
    ledger.stock.set('other', { id: 'other', version: second(1), available: '3' });
    await reconcile('stock');
    expect([reads(), await drift()]).toEqual([['GET /stock/other'], []]);
    await reconcile('stock');
    expect([reads(), await drift()]).toEqual([[], []]);
    const before = ledger.stock.get(`level-${sku}`)!;
    ledger.stock.set(before.id, { ...before, available: '9', version: '2026-03-01T11:30:00.000Z' });
    await reconcile('stock');
    expect(await short()).toEqual([[`level-${sku}`, 'available', '7', '9', 'TELL_SOURCE']]);
    await repair((await drift())[0]!.id);
    await told();
    expect(ledger.stock.get(`level-${sku}`)).toMatchObject({ available: '7' });
    await reconcile('stock');
    expect([reads(), await drift()]).toEqual([[], []]);
  });

  test.each([1, 2, 3])('finds exactly the drift that chance %i plants', async (seed) => {
    const chance = chanceFrom(seed);
    await load(30);
    const expected: unknown[][] = [];
    for (let n = 0; n < 30; n += 1) {
      const kind = chance.below(6);
      if (kind === 0) {
        put(n, { email: `new-${n}@${code}.example`, version: second(n * 100 + 1 + chance.below(50)) });
        expected.push([idOf(n), 'email', `${idOf(n)}@${code}.example`, `new-${n}@${code}.example`, 'TAKE_SOURCE']);
      } else if (kind === 1) {
        await engine.rows(`update customer set name = $2 where id = $1`, [(await held(n))!.id, `Other ${n}`]);
        expected.push([idOf(n), 'name', `Other ${n}`, `Customer ${idOf(n)}`, 'TAKE_SOURCE']);
      }
    }
    expect(expected.length).toBeGreaterThan(0);
    await reconcile();
    expect(await short()).toEqual(expected);
    expect(reads()).toHaveLength(expected.length);
  });
});
