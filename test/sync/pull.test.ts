import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  pauseIntegration,
  replayDeadLetter,
  replayDeadLetters,
  resumeIntegration,
  syncIntegration,
} from '../../src/modules/integrations/index.js';
import { typeId } from '../../src/shared/ids.js';
import { progressLine, showProgress } from '../../src/show-progress.js';
import { eventually } from '../support/eventually.js';
import { Engine, NOW } from './engine.js';
import { Ledger } from './ledger-vendor.js';
import { serveOrders, type OrderServer } from './pull-vendor.js';

let engine: Engine;
let server: OrderServer;
let code: string;
let url: string;
let shops = 0;
const breaks: string[] = [];
beforeAll(async () => {
  engine = await Engine.start({
    checkpoint: (point) => {
      const at = breaks.indexOf(point);
      if (at < 0) return Promise.resolve();
      breaks.splice(at, 1);
      throw new Error(`broken at ${point}`);
    },
  });
});
afterAll(() => engine.stop());
beforeEach(async () => {
  server = await serveOrders();
  shops += 1;
  code = `pulled-${shops}`;
  url = await engine.connect(code, 'pull-vendor', { baseUrl: server.baseUrl });
  // Connected is read at once: nothing is there yet.
  await eventually('the first walk', async () => (await stream())?.last_success_at);
  server.asked.length = 0;
  await engine.rows(`update sync_stream set last_success_at = null`);
});
afterEach(async () => {
  await engine.act((scope) => pauseIntegration(scope, { code }));
  await server.close();
});

const minute = (n: number) => new Date(Date.UTC(2026, 2, 1, 10, n)).toISOString();
const put = (id: string, at: number, price = '24.40') => server.orders.set(id, { id, version: minute(at), price });

interface StreamRow {
  checkpoint: string | null;
  walk: { cursor: string } | null;
  processed: string;
  failed: string;
  last_success_at: Date | null;
}
const stream = async (): Promise<StreamRow | undefined> =>
  (
    await engine.rows<StreamRow>(
      `select s.* from sync_stream s join integration i on i.id = s.integration_id where i.code = $1`,
      [code],
    )
  )[0];
const held = () =>
  engine.rows<{ external_id: string; total_minor: string }>(
    `select r.external_id, o.total_minor from orders o
       join external_reference r on r.record_kind = 'order' and r.record_id = o.id
       join integration i on i.id = r.integration_id where i.code = $1 order by r.external_id`,
    [code],
  );
const status = async () =>
  (await engine.rows<{ status: string }>('select status from integration where code = $1', [code]))[0]!.status;
const letters = () =>
  engine.rows<{ id: string; error: string; external_id: string; settled_at: Date | null }>(
    `select l.* from dead_letter l join integration i on i.id = l.integration_id where i.code = $1 order by l.id`,
    [code],
  );
/** Walks to the end of what the vendor has, and works it off. */
async function sync(): Promise<StreamRow> {
  const before = (await stream())?.processed ?? '0';
  const asked = server.asked.length;
  await engine.act((scope) => syncIntegration(scope, { code }));
  await eventually('a walk to have ended', async () => {
    const now = await stream();
    return (
      server.asked.length > asked && now && now.walk === null && (now.processed !== before || server.orders.size === 0)
    );
  });
  await engine.inbox(code);
  return (await stream())!;
}

describe('a walk', () => {
  test('takes all there is, page by page, and begins the next one a little before the newest state', async () => {
    for (let n = 0; n < 12; n += 1) put(`P${String(n).padStart(2, '0')}`, n);
    const first = await sync();
    expect((await held()).map((order) => order.external_id)).toEqual([...server.orders.keys()]);
    expect(first).toMatchObject({ checkpoint: minute(11), processed: '12', failed: '0', walk: null });
    expect(first.last_success_at).not.toBeNull();
    expect(server.asked.map(({ since, cursor }) => [since, cursor])).toEqual([
      [null, null],
      [null, '5'],
      [null, '10'],
    ]);
    put('P03', 20, '30.00');
    await sync();
    expect(server.asked.at(-1)).toMatchObject({ since: minute(10), cursor: null });
    expect((await held()).find((order) => order.external_id === 'P03')).toMatchObject({ total_minor: '3000' });
  });

  test('keeps what comes again once', async () => {
    put('A', 1);
    put('B', 1);
    await sync();
    await sync();
    expect(await engine.count(`inbox_message where event_id like '%@%' and external_id in ('A', 'B')`)).toBe(2);
    expect(await held()).toHaveLength(2);
  });

  test('that breaks off at a page goes on from there, and no page is lost or taken twice', async () => {
    for (let n = 0; n < 12; n += 1) put(`K${n}`, n);
    breaks.push('keep-page:before-commit', 'keep-page:after-commit');
    await engine.act((scope) => syncIntegration(scope, { code }));
    await eventually('both breaks', () => breaks.length === 0);
    await eventually('the walk to have ended', async () => {
      await engine.hurryJobs();
      return (await stream())?.last_success_at;
    });
    await engine.inbox(code);
    expect(await held()).toHaveLength(12);
    expect(await engine.count(`inbox_message where external_id like 'K%'`)).toBe(12);
  });

  test('is the first of its stream only behind those of what its records may rest on', async () => {
    const ledger = await Ledger.start();
    for (let n = 0; n < 12; n += 1) ledger.customers.set(`C${n}`, { id: `C${n}`, version: minute(n), name: `C${n}` });
    ledger.stock.set('S1', { id: 'S1', version: minute(1), available: '5' });
    const ledgerCode = `ledger-of-${code}`;
    await engine.connect(ledgerCode, 'tally-vendor', { baseUrl: ledger.url });
    await eventually('the stock to be asked for', () => ledger.asked.includes('GET /stock'));
    expect(ledger.asked).toEqual(['GET /customers', 'GET /customers?5', 'GET /customers?10', 'GET /stock']);
    const open = `inbox_message m join integration i on i.id = m.integration_id
      where i.code = '${ledgerCode}' and m.topic = 'customers' and m.status = 'RECEIVED'`;
    expect(await engine.count(open)).toBe(0);
    await engine.act((scope) => pauseIntegration(scope, { code: ledgerCode }));
    await ledger.close();
  });

  test('says on the command line how far it has come, and when it was complete', async () => {
    put('A', 1);
    await sync();
    const lines: string[] = [];
    const clock = { now: () => new Date(NOW.getTime() + 10_000) };
    const show = () =>
      showProgress(engine.db, { integration: code, isWatching: true }, clock, (line) => lines.push(line));
    await show();
    expect(lines.splice(0)).toEqual([`${code} orders`.padEnd(32) + `1 rows in all, complete at ${NOW.toISOString()}`]);
    const walk = {
      code,
      stream: 'orders',
      processed: '1',
      last_success_at: null,
      started_at: NOW.toISOString(),
      is_initial: true,
      rows: 400,
      total: 1_000,
    };
    const name = `${code} orders`.padEnd(32);
    expect(progressLine(walk, clock.now())).toBe(`${name}400 of 1000 rows of all there is, 40.0 a second, 15 s left`);
    expect(progressLine({ ...walk, total: null, is_initial: false }, clock.now())).toBe(
      `${name}400 rows of what changed, 40.0 a second`,
    );
    await showProgress(engine.db, { integration: 'nobody', isWatching: false }, clock, (line) => lines.push(line));
    expect(lines).toEqual(['no stream of "nobody" is read yet']);
  });

  test('that is led in a circle ends, says so, and begins anew', async () => {
    for (let n = 0; n < 7; n += 1) put(`C${n}`, n);
    const circle = () => ({ status: 200, body: { orders: [], next: '5', total: '7' } });
    server.instead.push(circle, circle);
    await engine.act((scope) => syncIntegration(scope, { code }));
    await eventually('the circle to be found', async () => (await status()) === 'DEGRADED');
    const [row] = await engine.rows<{ last_error: string }>('select last_error from integration where code = $1', [
      code,
    ]);
    expect(row!.last_error).toBe('page: the one behind "5" leads back to "5"');
    await engine.hurryJobs();
    await eventually('the walk to have ended', async () => (await stream())?.last_success_at);
    await engine.inbox(code);
    expect(await held()).toHaveLength(7);
  });

  test('that is refused at a place begins anew after some tries, whatever the system says of later', async () => {
    for (let n = 0; n < 7; n += 1) put(`R${n}`, n);
    const first = { status: 200, body: { orders: [...server.orders.values()].slice(0, 5), next: '5', total: '7' } };
    const refused = { status: 400, body: { error: 'no such place' }, headers: { 'retry-after': '600' } };
    server.instead.push(() => first, ...Array.from({ length: 4 }, () => () => refused));
    const asked = server.asked.length;
    await engine.act((scope) => syncIntegration(scope, { code }));
    await eventually('the walk to have ended', async () => {
      await engine.hurryJobs();
      return (await stream())?.last_success_at;
    });
    expect(server.asked.slice(asked).map(({ cursor }) => cursor)).toEqual([null, '5', '5', '5', '5', null, '5']);
    await engine.inbox(code);
    expect(await held()).toHaveLength(7);
  });

  test.each([
    [
      'answers with a page for people',
      { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
      'DEGRADED',
    ],
    ['is broken', { status: 500, body: { error: 'broken' } }, 'HEALTHY'],
    ['answers in another shape', { status: 200, body: { items: [] } }, 'DEGRADED'],
  ])('goes on where the system %s', async (_, answer, troubled) => {
    put('A', 1);
    server.instead.push(() => answer);
    await engine.act((scope) => syncIntegration(scope, { code }));
    await eventually('the failure', async () => (await stream())?.failed === '1');
    expect(await status()).toBe(troubled);
    await engine.hurryJobs();
    await eventually('the walk to have ended', async () => (await stream())?.last_success_at);
    await engine.inbox(code);
    expect(await held()).toHaveLength(1);
    expect(await status()).toBe('HEALTHY');
  });

  test('stops where the credentials are refused, until a person resumes it', async () => {
    put('A', 1);
    server.instead.push(() => ({ status: 401, body: {} }));
    await engine.act((scope) => syncIntegration(scope, { code }));
    await eventually('the refusal', async () => (await status()) === 'UNAUTHORIZED');
    await engine.hurryJobs();
    await engine.act((scope) => resumeIntegration(scope, { code }));
    await eventually('the walk to have ended', async () => (await stream())?.last_success_at);
    await engine.inbox(code);
    expect(await held()).toHaveLength(1);
    expect(await status()).toBe('HEALTHY');
  });

  test('never starts the next one ahead of the hub’s own clock', async () => {
    put('A', 1);
    server.orders.set('F', { id: 'F', version: '2026-03-02T12:00:00.000Z', price: '1.00' });
    expect(await sync()).toMatchObject({ checkpoint: '2026-03-01T12:00:00.000Z' });
    // What the system says later is not old because it was ahead once.
    server.orders.set('F', { id: 'F', version: '2026-03-01T12:00:00.000Z', price: '2.00' });
    await sync();
    expect((await held()).find((order) => order.external_id === 'F')).toMatchObject({ total_minor: '200' });
  });
});

describe('a message that only hints', () => {
  const hint = (event: string, id: string) => fetch(url, { method: 'POST', body: JSON.stringify({ event, id }) });

  test('has its record read', async () => {
    put('H', 3, '7.00');
    expect((await hint('1', 'H')).status).toBe(200);
    expect((await engine.inbox(code)).at(-1)).toMatchObject({ status: 'APPLIED', detail: 'created' });
    expect(await held()).toEqual([{ external_id: 'H', total_minor: '700' }]);
  });

  test('has its record read once with all that wait behind it, and again for what comes while it is read', async () => {
    put('H', 1);
    await hint('0', 'H');
    await engine.inbox(code);
    await engine.act((scope) => pauseIntegration(scope, { code }));
    put('H', 4, '7.00');
    for (const event of ['1', '2', '3', 'other']) await hint(event, event === 'other' ? 'H2' : 'H');
    const reads = () => server.asked.filter(({ path }) => path === '/orders/H').length;
    const before = reads();
    // While it is read for the first time another message comes.
    server.reading = async (id) => {
      if (id !== 'H') return;
      server.reading = null;
      put('H', 5, '8.00');
      await hint('4', 'H');
    };
    await engine.act((scope) => resumeIntegration(scope, { code }));
    const ended = new Map((await engine.inbox(code)).map((message) => [message.event_id, message]));
    const first = ended.get('1')!;
    expect(first).toMatchObject({ status: 'APPLIED' });
    for (const event of ['2', '3'])
      expect(ended.get(event)).toMatchObject({ status: 'STALE', detail: `was read with message ${first.id}` });
    for (const event of ['4', 'other']) expect(ended.get(event)!.detail).not.toContain('was read with');
    expect(reads()).toBe(before + 2);
    expect(await held()).toContainEqual({ external_id: 'H', total_minor: '800' });
  });

  test('waits while the system is away, and is no dead letter for it', async () => {
    put('H', 3);
    server.isDown = true;
    await hint('1', 'H');
    const putOff = (attempts: number) =>
      eventually(`attempt ${attempts}`, () =>
        engine.count(`inbox_message where attempts >= ${attempts} and due_at is not null`),
      );
    await putOff(1);
    await engine.rows(`update inbox_message set attempts = 20 where status = 'RECEIVED'`);
    await engine.hurryJobs();
    await putOff(21);
    server.isDown = false;
    await engine.hurryJobs();
    // The walk may bring the record first: the hint is then stale.
    expect((await engine.inbox(code)).map(({ status: ended }) => ended)).not.toContain('DEAD');
    expect(await held()).toHaveLength(1);
    expect(await letters()).toEqual([]);
  });

  describe('at which a page for people answers', () => {
    const page = { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } };
    /** Each question for the record is answered with it; the walk, which may be under way, finds nothing. */
    const stand: OrderServer['instead'][number] = ({ path }) => {
      server.instead.push(stand);
      return path === '/orders/H' ? page : { status: 200, body: { orders: [], next: null, total: 0 } };
    };
    const tried = (attempts: number) =>
      eventually(`attempt ${attempts}`, () =>
        engine.count(
          `inbox_message where attempts = ${attempts} and due_at is not null and detail like '%expected JSON%'`,
        ),
      );

    test('is followed when the page is gone', async () => {
      put('H', 3);
      server.instead.push(stand);
      await hint('1', 'H');
      await tried(1);
      await engine.hurryJobs();
      await tried(2);
      server.instead.length = 0;
      await engine.hurryJobs();
      // The walk may bring the record first: the hint is then stale.
      expect((await engine.inbox(code)).map(({ status: ended }) => ended)).not.toContain('DEAD');
      expect(await held()).toHaveLength(1);
      expect(await letters()).toEqual([]);
    });

    test('is a dead letter where it stays', async () => {
      put('H', 3);
      server.instead.push(stand);
      await hint('1', 'H');
      for (const attempts of [1, 2, 3, 4]) {
        await tried(attempts);
        expect(await letters()).toEqual([]);
        await engine.hurryJobs();
      }
      expect((await engine.inbox(code)).at(-1)).toMatchObject({ status: 'DEAD', attempts: 5 });
      expect(await letters()).toHaveLength(1);
    });
  });

  test('is put off where the system asks for it, and has tried nothing by that', async () => {
    put('H', 3);
    // Not for the walk, which may be under way.
    const tooFast: OrderServer['instead'][number] = ({ path }) => {
      if (path === '/orders/H') return { status: 429, headers: { 'retry-after': '1' }, body: { error: 'too fast' } };
      server.instead.push(tooFast);
      return { status: 200, body: { orders: [], next: null, total: 0 } };
    };
    server.instead.push(tooFast);
    await hint('1', 'H');
    const isPutOff = (why: string) =>
      eventually(`it to be put off: ${why}`, () =>
        engine.count(`inbox_message where attempts = 0 and due_at is not null and detail like '%${why}%'`),
      );
    await isPutOff('got 429');
    await engine.hurryJobs();
    // By the hub itself, which knows for how long.
    await isPutOff('again in 1.0 s');
  });
});

describe('a paused integration', () => {
  test('keeps what is delivered and takes it up when it is resumed', async () => {
    put('H', 3);
    await engine.act((scope) => pauseIntegration(scope, { code }));
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ event: '1', id: 'H' }) });
    expect(answer.status).toBe(200);
    await eventually('the lane to have been looked at', async () => {
      return (
        (await engine.count(`graphile_worker.jobs where task_identifier = 'work-off-lane' and locked_at is null`)) === 0
      );
    });
    expect(await held()).toEqual([]);
    await expect(engine.act((scope) => syncIntegration(scope, { code }))).rejects.toThrow(`${code} is PAUSED`);
    await engine.act((scope) => resumeIntegration(scope, { code }));
    await engine.inbox(code);
    expect(await held()).toHaveLength(1);
  });
});

describe('a record that a page spoils', () => {
  test('is read by itself, and taken as it is there', async () => {
    put('A', 1);
    const spoilt = { id: 'A', version: minute(1), price: 'much' };
    server.instead.push(() => ({ status: 200, body: { orders: [spoilt], next: null, total: 1 } }));
    await sync();
    expect(await held()).toMatchObject([{ external_id: 'A', total_minor: '2440' }]);
    expect(await letters()).toEqual([]);
    expect(server.asked.at(-1)).toMatchObject({ path: '/orders/A' });
  });
});

describe('a dead letter', () => {
  async function fail(...ids: string[]): Promise<void> {
    for (const [at, id] of ids.entries()) server.orders.set(id, { id, version: minute(at), price: 'much' });
    await sync();
  }

  test('is taken up when its record comes again in another shape', async () => {
    await fail('A');
    expect(await letters()).toMatchObject([{ external_id: 'A', settled_at: null }]);
    expect(await status()).toBe('DEGRADED');
    put('A', 0, '5.00');
    await sync();
    expect(await held()).toEqual([{ external_id: 'A', total_minor: '500' }]);
    expect((await letters())[0]!.settled_at).not.toBeNull();
    await sync();
    expect(await status()).toBe('HEALTHY');
  });

  test('is tried again when asked, one or all, and is a new one where it fails again', async () => {
    await fail('A', 'B', 'C');
    const [first] = await letters();
    await engine.act((scope) => replayDeadLetter(scope, typeId('dead', first!.id)));
    await eventually('a new letter', async () => (await letters()).length === 4);
    await expect(engine.act((scope) => replayDeadLetter(scope, typeId('dead', first!.id)))).rejects.toThrow(
      'is settled',
    );
    const outcome = await engine.act((scope) => replayDeadLetters(scope, { code, externalId: 'B' }));
    expect(outcome.count).toBe('1');
    await eventually('a new letter', async () => (await letters()).length === 5);
    const all = await engine.act((scope) => replayDeadLetters(scope, { code, stream: 'orders' }));
    expect(all.count).toBe('3');
    await eventually('new letters', async () => (await letters()).length === 8);
    expect((await letters()).filter((letter) => letter.settled_at === null)).toHaveLength(3);
  });
});
