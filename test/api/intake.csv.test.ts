import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, fresh, refusal, type UserError } from './support/desk.js';

interface Report {
  createdCount: number;
  unchangedCount: number;
  refusedCount: number;
  ignoredColumns: string[];
  rows: {
    row: number;
    reference: string | null;
    outcome: string;
    order: { number: string } | null;
    errors: { code: string; message: string; column: string | null }[];
  }[];
  userErrors: UserError[];
}

let hub: TestHub;
let desk: Desk;
let sku: string;
let other: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100');
  other = await desk.product('3.50', '100');
});
afterAll(() => hub.stop());

function send(csv: string, more: object = {}): Promise<Report> {
  return desk.send<Report>('importOrders', { idempotencyKey: fresh('key'), channel: 'email', csv, ...more });
}
const told = ({ rows }: Report) => rows.map(({ row, outcome, errors }) => `${row} ${outcome} ${errors.map(at).join()}`);
const at = ({ code, column }: { code: string; column: string | null }) => (column ? `${code} at ${column}` : code);

async function readOrder(report: Report, row: number) {
  const { order } = report.rows.find((one) => one.row === row)!;
  const query = `query($number: String!) { order(number: $number) { status channel { code } email purchaseOrderNumber note
    requestedDeliveryAt shippingMethod: shippingLines { method price { amount } } customer { number name email }
    shippingAddress { name line1 city postalCode country } total { amount currency }
    lines { sku quantity unitPrice { amount } } } }`;
  return (await desk.ask<{ order: object }>(query, { number: order!.number })).order;
}

describe('a table', () => {
  test('becomes orders, rows of one reference lines of one, with all that the columns can say', async () => {
    const [a, b] = [fresh('A'), fresh('B')];
    const csv = [
      'order,sku,quantity,unit_price,email,customer_name,purchase_order_number,note,requested_delivery,shipping_method,' +
        'shipping_price,ship_name,ship_line1,ship_city,ship_postal_code,ship_country,colour',
      `${a},${sku},2,,rossi@csv.example,Officine Rossi,PO-1,"ring, twice",2026-03-20,Courier,5.00,Ada,Via Roma 1,Bologna,40121,it,red`,
      `${b},${sku},1,8.50,,,,,,,,,,,,,`,
      `${a},${other},3,,,,,,,,,,,,,,blue`,
    ].join('\n');
    const report = await send(csv);
    expect(report).toMatchObject({ createdCount: 2, unchangedCount: 0, refusedCount: 0, ignoredColumns: ['colour'] });
    expect(told(report)).toEqual(['2 CREATED ', '3 CREATED ', '4 CREATED ']);
    expect(report.rows[0]!.order).toEqual(report.rows[2]!.order);
    expect(await readOrder(report, 2)).toEqual({
      status: 'RECEIVED',
      channel: { code: 'email' },
      email: 'rossi@csv.example',
      purchaseOrderNumber: 'PO-1',
      note: 'ring, twice',
      requestedDeliveryAt: '2026-03-20T00:00:00.000Z',
      shippingMethod: [{ method: 'Courier', price: { amount: '5.00' } }],
      customer: { number: expect.any(String), name: 'Officine Rossi', email: 'rossi@csv.example' },
      shippingAddress: { name: 'Ada', line1: 'Via Roma 1', city: 'Bologna', postalCode: '40121', country: 'IT' },
      // (20.00 + 10.50 + 5.00) with 22 %.
      total: { amount: '43.31', currency: 'EUR' },
      lines: [
        { sku, quantity: '2', unitPrice: { amount: '10.00' } },
        { sku: other, quantity: '3', unitPrice: { amount: '3.50' } },
      ],
    });
    expect(await readOrder(report, 3)).toMatchObject({ customer: null, lines: [{ unitPrice: { amount: '8.50' } }] });
  });

  test('that comes again makes nothing, and the same reference with other rows is refused', async () => {
    const reference = fresh('again');
    const csv = `order,sku,quantity\n${reference},${sku},1`;
    const first = await send(csv);
    const before = await desk.traces();
    const again = await send(`sku;order;quantity\r\n${sku};${reference};1\r\n`);
    expect([again.unchangedCount, again.rows[0]!.order]).toEqual([1, first.rows[0]!.order]);
    expect(told(await send(`${csv}0`))).toEqual(['2 REFUSED CONFLICT at order']);
    const { idempotency: _, ...after } = await desk.traces();
    expect(before).toMatchObject(after);
    expect((await send(csv, { channel: 'phone' })).createdCount).toBe(1);
  });

  test('sent by three at once makes each order once', async () => {
    const csv = `order,sku,quantity\n${fresh('race')},${sku},1`;
    const { pool } = hub.hub.db;
    const gate = await pool.connect();
    await gate.query('begin');
    await gate.query(`select pg_advisory_xact_lock(hashtextextended('imported orders of email', 0))`);
    const sent = [send(csv), send(csv), send(csv)];
    const waiting = `select count(*)::int as count from pg_locks
      where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
    await eventually('all three to have begun', async () => {
      return (await pool.query<{ count: number }>(waiting)).rows[0]!.count === sent.length;
    });
    await gate.query('rollback');
    gate.release();
    const reports = await Promise.all(sent);
    expect(reports.map(({ createdCount }) => createdCount).sort()).toEqual([0, 0, 1]);
    expect(new Set(reports.map(({ rows }) => rows[0]!.order!.number)).size).toBe(1);
  });

  test('finds customers by number or e-mail, makes one for all its orders, and none for one that is refused', async () => {
    const known = await desk.customer({ email: `${fresh('known')}@csv.example` });
    const email = `${fresh('new')}@csv.example`;
    const refusedEmail = `${fresh('refused')}@csv.example`;
    const report = await send(
      [
        'order,sku,quantity,customer_number,email,customer_name,requested_delivery',
        `${fresh('n')},${sku},1,${known.number},,,`,
        `${fresh('n')},${sku},1,,${email},New Ltd,`,
        `${fresh('n')},${sku},2,,${email},New Ltd,`,
        `${fresh('n')},no such,1,,${refusedEmail},Refused Ltd,`,
        `${fresh('n')},${sku},1,C-none,,,`,
        `${fresh('n')},${sku},1,,no address,Nobody,`,
        `${fresh('n')},${sku},1,,,,2026-02-30`,
      ].join('\n'),
    );
    expect(told(report)).toEqual([
      '2 CREATED ',
      '3 CREATED ',
      '4 CREATED ',
      '5 REFUSED NOT_FOUND at sku',
      '6 REFUSED NOT_FOUND at customer_number',
      '7 REFUSED INVALID at email',
      '8 REFUSED INVALID at requested_delivery',
    ]);
    expect(await readOrder(report, 2)).toMatchObject({ customer: { number: known.number } });
    const [one, two] = [await readOrder(report, 3), await readOrder(report, 4)] as { customer: object }[];
    expect(one!.customer).toEqual(two!.customer);
    const query = 'query($email: String!) { customers(filter: { email: $email }) { totalCount } }';
    expect(await desk.ask(query, { email: refusedEmail })).toEqual({ customers: { totalCount: 0 } });
  });
});

describe('a row that is wrong', () => {
  test('keeps its order out with all of its rows and no other, and says which column', async () => {
    const [bad, good] = [fresh('bad'), fresh('good')];
    const csv = [
      'order,sku,quantity,unit_price,currency,ship_line1,ship_city,ship_country,note',
      `${bad},${sku},1,,,,,,one`,
      `${bad},${sku},two,1e3,,,,,another`,
      `${good},${sku},1,,,,,,`,
      `,${sku},1,,,,,,`,
      `${fresh('x')},,,,XYZ,Via Roma 1,,Italia,`,
      `${fresh('x')},${sku},-1,,,,,,`,
      `${fresh('x')},${sku},0,,,,,,`,
      `${fresh('x')},${sku},999999999999,999999999999,,,,,`,
    ].join('\n');
    const report = await send(csv);
    expect(told(report)).toEqual([
      '2 REFUSED CONFLICT',
      '3 REFUSED CONFLICT at note,INVALID at unit_price,INVALID at quantity',
      '4 CREATED ',
      '5 REFUSED REQUIRED at order',
      '6 REFUSED INVALID at currency,REQUIRED at ship_city,INVALID at ship_country,REQUIRED at sku,REQUIRED at quantity',
      '7 REFUSED INVALID at quantity',
      '8 REFUSED INVALID at quantity',
      '9 REFUSED INVALID at quantity',
    ]);
    expect(report.rows[0]!.errors[0]!.message).toBe('row 3 of the same order is wrong');
    expect(report).toMatchObject({ createdCount: 1, refusedCount: 6 });
  });

  test('has its column by the name that the file has for it', async () => {
    const mapping = [
      { column: 'Ordine', holds: 'order' },
      { column: 'Codice articolo', holds: 'sku' },
      { column: 'Q.tà', holds: 'quantity' },
    ];
    const csv = `Ordine;Codice articolo;Q.tà\n${fresh('m')};nessuno;1`;
    const [row] = (await send(csv, { mapping })).rows;
    expect(row!.errors).toEqual([
      { code: 'NOT_FOUND', message: 'no product has the SKU "nessuno"', column: 'Codice articolo' },
    ]);
  });
});

test('a dry run tells the same and makes nothing, customers neither', async () => {
  const csv = [
    'order,sku,quantity,email,customer_name',
    `${fresh('dry')},${sku},1,${fresh('dry')}@csv.example,Dry Ltd`,
    `${fresh('dry')},no such,1,,`,
    `${fresh('dry')},${sku},1,no address,Nobody`,
  ].join('\n');
  const wrong = '4 REFUSED INVALID at email';
  const before = await desk.traces();
  expect(told(await send(csv, { dryRun: true }))).toEqual(['2 WOULD_CREATE ', '3 REFUSED NOT_FOUND at sku', wrong]);
  expect(await desk.traces()).toEqual(before);
  expect(told(await send(csv))).toEqual(['2 CREATED ', '3 REFUSED NOT_FOUND at sku', wrong]);
  expect(told(await send(csv, { dryRun: true }))).toEqual(['2 UNCHANGED ', '3 REFUSED NOT_FOUND at sku', wrong]);
});

describe('what spreadsheets write', () => {
  test('in Italy is read: a byte order mark, semicolons, decimal commas, quotes, CRLF and empty rows', async () => {
    const reference = fresh('it');
    const csv =
      '\uFEFFOrder;SKU;Quantity;Unit price;Note\r\n' +
      `${reference};${sku};"1,5";"1.234,50";"di ""Rossi""\r\nsecondo"\r\n;;;;\r\n${reference};${other};2;3,5;\r\n`;
    const report = await send(csv);
    expect(told(report)).toEqual(['2 CREATED ', '4 CREATED ']);
    expect(await readOrder(report, 2)).toMatchObject({
      note: 'di "Rossi"\r\nsecondo',
      lines: [
        { quantity: '1.5', unitPrice: { amount: '1234.50' } },
        { quantity: '2', unitPrice: { amount: '3.50' } },
      ],
    });
  });

  test('is refused where it could be read in two ways, unless the file says how it writes numbers', async () => {
    const csv = (quantity: string) => `sep=;\norder;sku;quantity\n${fresh('two')};${sku};${quantity}`;
    expect(told(await send(csv('1.234')))).toEqual(['3 REFUSED INVALID at quantity']);
    expect(told(await send(csv('1.234'), { decimalMark: 'POINT' }))).toEqual(['3 CREATED ']);
    expect(told(await send(csv('1,5'), { decimalMark: 'POINT' }))).toEqual(['3 REFUSED INVALID at quantity']);
  });

  test('but is no table is refused as a whole', async () => {
    const refusals = async (csv: string, more: object = {}) => (await send(csv, more)).userErrors.map(refusal);
    expect(await refusals('')).toEqual(['REQUIRED at csv']);
    expect(await refusals('order,sku\n1,2')).toEqual(['REQUIRED at csv']);
    expect(await refusals('order,sku,quantity,sku\n')).toEqual(['INVALID at csv']);
    expect(await refusals('order,sku,quantity\n"a,b,1')).toEqual(['INVALID at csv']);
    expect(await refusals('order,sku,quantity\nA\0,b,1')).toEqual(['INVALID at csv']);
    expect(await refusals(`order,sku,quantity\n${'a,b,1\n'.repeat(2_001)}`)).toEqual(['INVALID at csv']);
    const mapping = [{ column: 'x', holds: 'no such' }];
    expect(await refusals('order,sku,quantity\n', { mapping })).toEqual(['INVALID at mapping.0.holds']);
    expect((await send('order,sku,quantity\n')).rows).toEqual([]);
  });

  test('is told without numbers that are no amount of the currency', async () => {
    const csv = `order,sku,quantity,unit_price,currency,shipping_price\n${fresh('yen')},${sku},1,100,JPY,1.5`;
    expect(told(await send(csv))).toEqual(['2 REFUSED INVALID at shipping_price']);
  });
});
