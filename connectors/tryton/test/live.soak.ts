import { afterAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { httpClient, type ConnectorHttp, type HttpClientParts, type StreamContext, type Token } from '#connect';
import tryton from '../index.js';
import { Answers, strangers, type Kinds } from './answers.js';
import { push, walk } from './erp.js';
import { at19, customerOf, orderOf, parcelOf } from './records.js';

// A real server, where one runs: TRYTON_URL says where, and then it has to be there.
const asked = process.env.TRYTON_URL;
const baseUrl = asked ?? 'http://127.0.0.1:8069/live';
const credentials = {
  username: process.env.TRYTON_USERNAME ?? 'hub',
  password: process.env.TRYTON_PASSWORD ?? 'hub-password',
};
const settings = { baseUrl, locations: { BOLOGNA: '5', VIENNA: '13' }, chargeProduct: 'SHIP-STD' };
const answers = new Answers();
const now = () => new Date();

const answersThere =
  asked !== undefined ||
  (await fetch(`${baseUrl}/`, { signal: AbortSignal.timeout(5_000) }).then(
    () => true,
    () => false,
  ));
const whenThere = (title: string, run: () => Promise<void>) =>
  answersThere
    ? test(title, run, 120_000)
    : test.skip(`${title} (skipped: no Tryton server answers at ${baseUrl})`, run);

let token: Token | null = null;
const parts: HttpClientParts = {
  definition: tryton.http!,
  settings,
  credentials,
  now,
  pacer: { admit: () => Promise.resolve({ done: () => {} }) },
  tokens: {
    async current(get, refused) {
      if (!token || token === refused) token = await get(token);
      return token;
    },
  },
  guard: { allow: () => {} },
};
const client = httpClient(parts);
afterAll(() => client.close());
const http: ConnectorHttp = {
  lines: (request) => client.lines(request),
  async send(request) {
    const response = await client.send(request);
    answers.note(request, response.body);
    return response;
  },
};
const context: StreamContext<unknown, unknown> = { settings, credentials, http, now };

async function tell(stream: string, record: object): Promise<string> {
  const [sent] = await push(stream, { context }).send([record]);
  if (sent instanceof Error) throw sent;
  return sent!.externalId as string;
}
async function call(method: string, params: unknown[]): Promise<unknown> {
  const json = { id: 1, method: `model.${method}`, params };
  const { body } = await http.send({ operation: method, method: 'POST', path: '/', json });
  return body;
}
async function onHand(product: string, warehouse: string): Promise<number> {
  const record = await tryton.pull.get('stock')!.one!(context, `${product}@${warehouse}`);
  return Number((record!.raw as { product: { quantity: string } }).product.quantity);
}

describe('a live Tryton server', () => {
  whenThere('is walked, stream by stream, and every record of it can be read', async () => {
    for (const [stream, pull] of tryton.pull) {
      const { records } = await walk(stream, { context }, null);
      const changes = records.flatMap(({ raw }) => pull.read(raw, { settings }));
      expect([stream, records.length > 0, changes.length > 0]).toEqual([stream, true, true]);
    }
  });

  whenThere('tells the same state in the same version, by a later walk and by one record', async () => {
    for (const [stream, pull] of tryton.pull) {
      const versions = async (since: Date | null) =>
        new Map((await walk(stream, { context }, since)).records.map((each) => [each.externalId, each.version]));
      const first = await versions(null);
      expect([stream, await versions(new Date(0))]).toEqual([stream, first]);
      const [id] = first.keys();
      expect((await pull.one!(context, id!))?.version).toBe(first.get(id!));
    }
  });

  whenThere('takes a customer, an order as a sale and its parcels, and their goods off its stock', async () => {
    const name = randomUUID().slice(0, 8);
    const party = await tell('customers', customerOf(name));
    expect(await tell('customers', customerOf(name, { externalId: party, phone: '+49 30 7' }))).toBe(party);
    const order = at19(orderOf(`SO-${name}`, party, ['PMP-100', 'VLV-010']));
    const sale = await tell('orders', order);
    expect(await tell('orders', order)).toBe(sale);
    const [berlin, vienna] = [await onHand('3', '5'), await onHand('3', '13')];
    const first = await tell('shipments', parcelOf(`SHP-1-${name}`, sale, [['VLV-010', '5']]));
    expect(await tell('shipments', parcelOf(`SHP-1-${name}`, sale, [['VLV-010', '5']]))).toBe(first);
    await tell('shipments', parcelOf(`SHP-2-${name}`, sale, [['VLV-010', '2']], { location: 'VIENNA' }));
    expect([await onHand('3', '5'), await onHand('3', '13')]).toEqual([berlin - 5, vienna - 2]);
    const [one] = await Promise.all([tryton.pull.get('shipments')!.one!(context, first)]);
    expect(tryton.pull.get('shipments')!.read(one!.raw, { settings })).toMatchObject([
      {
        shipment: {
          orderExternalId: sale,
          status: 'SHIPPED',
          location: 'BOLOGNA',
          lines: [{ sku: 'VLV-010', quantity: '5' }],
        },
      },
    ]);
  });

  whenThere('loses nothing by a parcel that left before it was connected', async () => {
    const name = randomUUID().slice(0, 8);
    const party = await tell('customers', customerOf(name));
    const sale = await tell('orders', at19(orderOf(`SO-${name}`, party, ['PMP-100', 'VLV-010'])));
    const before = await onHand('3', '5');
    const parcel = parcelOf(`SHP-1-${name}`, sale, [['VLV-010', '5']]);
    const gone = { ...parcel, lines: parcel.lines.map((line) => ({ ...line, leftBefore: true })) };
    expect(await tell('shipments', gone)).toBe(await tell('shipments', gone));
    expect(await onHand('3', '5')).toBe(before);
  });

  whenThere('answers as the sandbox was made to', async () => {
    const context6 = { company: 1 };
    expect(await call('nosuch.model.search_read', [[], 0, 1, null, [], context6])).toMatchObject({
      error: ["'nosuch.model'", expect.anything()],
    });
    const [sale] = (await walk('orders', { context }, null)).records;
    // A step that is not allowed.
    expect(await call('sale.sale.draft', [[Number(sale!.externalId)], context6])).toMatchObject({ result: null });
    expect((await tryton.pull.get('orders')!.one!(context, sale!.externalId))?.version).toBe(sale!.version);
    const price = [[{ party: 3, company: 1, currency: 1, lines: [['create', [{ type: 'line', quantity: 1, unit_price: 249.9 }]]] }], context6]; // prettier-ignore
    expect(await call('sale.sale.create', price)).toMatchObject({ error: ['UserError', expect.anything()] });
  });

  whenThere('answers with the fields and kinds of value that were recorded', async () => {
    const recorded = new URL('../../../../connectors/tryton/test/fixtures/answers.json', import.meta.url);
    const known = JSON.parse(readFileSync(recorded, 'utf8')) as Kinds;
    expect(strangers(answers.kinds(), known)).toEqual([]);
  });
});
