import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { HubProcess } from '../support/hub-process.js';
import { startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { Desk, fresh } from './support/desk.js';

const ORDERS = 250;
const LINES = 20;

interface Told {
  row: number;
  reference: string | null;
  outcome: string;
  orderId: string | null;
  errors: { code: string; column: string | null; message: string }[];
}
interface Sum {
  createdCount: number;
  unchangedCount: number;
  refusedCount: number;
  ignoredColumns: string[];
  replayed: boolean;
}

let hub: TestHub;
let desk: Desk;
let sku: string;
beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100000');
});
afterAll(async () => {
  const broken = await brokenInvariants(hub.database.url);
  await hub.stop();
  expect(broken).toEqual([]);
});

interface More {
  query?: string;
  key?: string | null;
  headers?: Record<string, string>;
}
function post(body: string | Uint8Array<ArrayBuffer>, { query = '', key = fresh('key'), headers = {} }: More = {}) {
  return fetch(`${hub.hub.url}/import/orders?channel=email${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${desk.key}`,
      'content-type': 'text/csv',
      ...(key !== null && { 'idempotency-key': key }),
      ...headers,
    },
    body,
  });
}
async function report(body: string, more: More = {}): Promise<{ rows: Told[]; sum: Sum }> {
  const response = await post(body, more);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as unknown);
  return { rows: lines.slice(0, -1) as Told[], sum: lines.at(-1) as Sum };
}
async function refused(body: string | Uint8Array<ArrayBuffer>, more: More = {}): Promise<[number, string, string]> {
  const response = await post(body, more);
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  return [response.status, errors[0]!.extensions.code, errors[0]!.message];
}
const table = (...rows: string[]) => ['order,sku,quantity,note', ...rows].join('\n');
const count = async (prefix: string) => {
  const { rows } = await hub.hub.db.pool.query<{ lines: number }>(
    `select count(l.id)::int as lines from imported_order i join order_line l on l.order_id = i.order_id
      where i.reference like $1 group by i.order_id`,
    [`${prefix}-%`],
  );
  return rows.map(({ lines }) => lines);
};
/** Orders of many lines, each reference beginning so. */
function manyRows(prefix: string, orders = ORDERS): string[] {
  return Array.from({ length: orders * LINES }, (_, n) => `${prefix}-${Math.floor(n / LINES)},${sku},${1 + (n % 3)},`);
}

test('thousands of rows become orders, told row by row; a wrong row keeps out its own, and the same file makes nothing more', async () => {
  const rows = manyRows('big');
  const wrong = 2_600;
  rows[wrong] = `big-${wrong / LINES},${sku},many,`;
  const [file, key] = [table(...rows), fresh('key')];
  const { rows: told, sum } = await report(file, { key });
  expect(sum).toEqual({
    ...{ createdCount: ORDERS - 1, unchangedCount: 0, refusedCount: 1 },
    ...{ ignoredColumns: [], replayed: false },
  });
  expect(told.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 2));
  expect(told[0]).toEqual({ row: 2, reference: 'big-0', outcome: 'CREATED', orderId: expect.any(String), errors: [] });
  expect(told.filter(({ outcome }) => outcome === 'REFUSED')).toHaveLength(LINES);
  expect(told[wrong]!.errors).toMatchObject([{ code: 'INVALID', column: 'quantity' }]);
  expect(told[wrong + 1]!.errors).toMatchObject([{ code: 'CONFLICT', column: null }]);
  expect(await count('big')).toEqual(Array(ORDERS - 1).fill(LINES));
  expect((await desk.readOrder(told[0]!.orderId!)).lines).toHaveLength(LINES);
  const before = await desk.traces();
  const again = await report(file, { key });
  expect(again.sum).toMatchObject({ createdCount: 0, unchangedCount: ORDERS - 1, refusedCount: 1, replayed: true });
  expect(again.rows[0]).toEqual({ ...told[0], outcome: 'UNCHANGED' });
  expect(await desk.traces()).toEqual(before);
  expect((await refused(table(`big-x,${sku},1,`), { key })).slice(0, 2)).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
});

test('a client that goes away leaves whole orders, and the same file goes on with the rest', async () => {
  const file = table(...manyRows('cut'));
  const heard = await new Promise<string>((resolve, reject) => {
    const url = `${hub.hub.url}/import/orders?channel=email`;
    const headers = {
      authorization: `Bearer ${desk.key}`,
      'content-type': 'text/csv',
      'idempotency-key': fresh('key'),
    };
    const req = request(url, { method: 'POST', headers }, (res) => {
      res.once('data', (chunk: Buffer) => {
        req.destroy();
        resolve(chunk.toString());
      });
    });
    req.on('error', reject);
    req.end(file);
  });
  const { orderId } = JSON.parse(heard.split('\n')[0]!) as Told;
  const { rows, sum } = await report(file);
  expect(sum.createdCount + sum.unchangedCount).toBe(ORDERS);
  expect(sum.unchangedCount).toBeGreaterThan(0);
  expect(rows[0]).toMatchObject({ outcome: 'UNCHANGED', orderId });
  expect(await count('cut')).toEqual(Array(ORDERS).fill(LINES));
});

test('a hub that is killed in the middle of a file has made whole orders, those it told among them, and the next goes on', async () => {
  const victim = await HubProcess.start({ databaseUrl: hub.database.url });
  const [file, key] = [table(...manyRows('kill')), fresh('key')];
  const headers = { authorization: `Bearer ${desk.key}`, 'content-type': 'text/csv', 'idempotency-key': key };
  const url = `${victim.url}/import/orders?channel=email`;
  const { body } = await fetch(url, { method: 'POST', headers, body: file });
  const heard: string[] = [''];
  const listen = async () => {
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      const [rest, ...more] = chunk.split('\n');
      heard.push(heard.pop()! + rest!, ...more);
      if (heard.length > LINES) victim.kill();
    }
  };
  await expect(listen()).rejects.toThrow();
  await victim.gone();
  // What comes behind the last end of a line was cut off.
  const told = heard.slice(0, -1).map((line) => JSON.parse(line) as Told);
  const made = await count('kill');
  expect(made).toEqual(Array(made.length).fill(LINES));
  expect(made.length).toBeLessThan(ORDERS);
  const { rows, sum } = await report(file, { key });
  expect(rows.slice(0, told.length)).toEqual(told.map((row) => ({ ...row, outcome: 'UNCHANGED' })));
  expect(sum).toMatchObject({ createdCount: ORDERS - made.length, unchangedCount: made.length, replayed: true });
  expect(await count('kill')).toEqual(Array(ORDERS).fill(LINES));
});

test('a dry run tells what would become of each row and makes nothing, under no key', async () => {
  const before = await desk.traces();
  const { rows, sum } = await report(table(`dry-1,${sku},1,`, 'dry-2,NO-SUCH,1,'), {
    query: '&dryRun=true',
    key: null,
  });
  expect(rows.map(({ outcome, errors }) => [outcome, ...errors.map(({ code }) => code)])).toEqual([
    ['WOULD_CREATE'],
    ['REFUSED', 'NOT_FOUND'],
  ]);
  expect(sum).toMatchObject({ createdCount: 1, refusedCount: 1, replayed: false });
  expect(await desk.traces()).toEqual(before);
});

test('the file is read as spreadsheets write it, with columns of other names; rows of an order that stand apart are refused', async () => {
  const csv = [
    '\uFEFFsep=;\r\nBestellung;sku;quantity;unit_price;Grösse',
    `form-1;${sku};"1,5";"1.234,50";L`,
    `form-2;${sku};1;;`,
    ';;;;',
    `;${sku};1;;`,
    `form-1;${sku};2;;`,
    `form-3;${sku};2;;`,
  ].join('\r\n');
  const { rows, sum } = await report(csv, { query: '&column=order:Bestellung&pricesIncludeTax=true' });
  expect(sum).toMatchObject({ createdCount: 2, refusedCount: 3, ignoredColumns: ['Grösse'] });
  expect(rows.map(({ row, outcome, errors }) => [row, outcome, ...errors.map(({ code }) => code)])).toEqual([
    [3, 'REFUSED', 'CONFLICT'],
    [4, 'CREATED'],
    [6, 'REFUSED', 'REQUIRED'],
    [7, 'REFUSED', 'CONFLICT'],
    [8, 'CREATED'],
  ]);
  expect(rows[0]!.errors[0]!.message).toBe('order: the rows of an order need to stand together in a file');
  expect(rows[0]!.errors[0]).toMatchObject({ column: 'Bestellung' });
});

test('what cannot be read is refused whole, before anything is made', async () => {
  const before = await desk.traces();
  const good = `whole-1,${sku},1,`;
  const tooMany = table(...Array<string>(100_001).fill(good));
  for (const [body, answer] of [
    ['', [400, 'REQUIRED']],
    ['order,sku\na,b', [400, 'REQUIRED']],
    [table(good, `whole-2,${sku},1,"never closed`), [400, 'INVALID']],
    [Uint8Array.from(Buffer.from(table(`${good}\xE9`), 'latin1')), [400, 'INVALID']],
    [`${table(good)}\0`, [400, 'INVALID']],
    [tooMany, [413, 'BAD_USER_INPUT']],
  ] as const)
    expect((await refused(body)).slice(0, 2)).toEqual(answer);
  const announced = await new Promise<number | undefined>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${desk.key}`,
      'content-type': 'text/csv',
      'idempotency-key': fresh('key'),
    };
    const req = request(
      `${hub.hub.url}/import/orders?channel=email`,
      { method: 'POST', headers: { ...headers, 'content-length': 50 * 1_048_576 + 1 } },
      (res) => {
        resolve(res.statusCode);
        req.destroy();
      },
    );
    req.on('error', reject);
    req.flushHeaders();
  });
  expect(announced).toBe(413);
  expect(await desk.traces()).toEqual(before);
});

test('it takes a key that may import, and a call that says what it means', async () => {
  const body = table(`call-1,${sku},1,`);
  const viewer = await desk.colleague(['VIEWER']);
  const customer = await desk.customerDesk((await desk.customer()).id);
  const by = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
  const before = await desk.traces();
  for (const [more, answer] of [
    [by(viewer.key), [403, 'FORBIDDEN']],
    [by(customer.key), [403, 'FORBIDDEN']],
    [by('nobody'), [401, 'UNAUTHENTICATED']],
    [{ key: null }, [400, 'BAD_USER_INPUT']],
    [{ key: 'x'.repeat(256) }, [400, 'INVALID']],
    [{ headers: { 'content-type': 'application/json' } }, [415, 'BAD_USER_INPUT']],
    [{ query: '&dryRun=yes' }, [400, 'BAD_USER_INPUT']],
    [{ query: '&decimalMark=DOT' }, [400, 'BAD_USER_INPUT']],
    [{ query: '&column=order' }, [400, 'BAD_USER_INPUT']],
    [{ query: '&column=shape:order' }, [400, 'INVALID']],
  ] as const)
    expect((await refused(body, more)).slice(0, 2)).toEqual(answer);
  expect(await desk.traces()).toEqual(before);
  const seller = await desk.colleague(['SALES']);
  expect((await report(body, by(seller.key))).sum).toMatchObject({ createdCount: 1 });
});
