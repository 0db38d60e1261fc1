import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { HubProcess } from '../support/hub-process.js';
import { newKey } from '../support/hub.js';
import { brokenInvariants, queryDatabase } from '../support/invariants.js';
import { scaled } from '../support/scale.js';
import { CREATE_ORDER, makeCustomer, makeProducts, must, orderInput, type CreateOrderAnswer } from '../support/shop.js';

const ISSUERS = 50;
const POINTS = ['after-first-write', 'before-commit', 'after-commit'];
const ISSUE = `mutation ($input: IssueInvoiceInput!) {
  issueInvoice(input: $input) { invoice { number } replayed userErrors { code } }
}`;
interface IssueAnswer {
  issueInvoice: { invoice: { number: string } | null; replayed: boolean; userErrors: { code: string }[] };
}
type Ask = HubProcess['graph'];

async function takeOrders(ask: Ask, customerId: string, count: number): Promise<string[]> {
  const made = Array.from({ length: count }, () =>
    must(ask<CreateOrderAnswer>(CREATE_ORDER, { input: orderInput(customerId, [{ sku: 'BILLED', quantity: '1' }]) })),
  );
  return (await Promise.all(made)).map(({ createOrder }) => createOrder.order!.id);
}

async function setUp(ask: Ask): Promise<string> {
  await makeProducts(ask, ['BILLED'], '1000000');
  return makeCustomer(ask);
}

/** All at once, by turns to each hub. Whose hub dies asks the first one again, under the same key. */
async function issueAll(hubs: HubProcess[], orderIds: string[]) {
  let underway = 0;
  let overlapped = 0;
  let again = 0;
  const answers = await Promise.all(
    orderIds.map(async (orderId, index) => {
      const input = { idempotencyKey: newKey(), orderId, scope: 'ALL' };
      underway += 1;
      overlapped = Math.max(overlapped, underway);
      const answer = await hubs[index % hubs.length]!.graph<IssueAnswer>(ISSUE, { input }).catch(() => {
        again += 1;
        return hubs[0]!.graph<IssueAnswer>(ISSUE, { input });
      });
      underway -= 1;
      return answer;
    }),
  );
  return { answers, overlapped, again };
}

const numbersIn = (databaseUrl: string) =>
  queryDatabase<{ sequence: number }>(databaseUrl, 'select sequence from invoice order by year, sequence');

describe('50 issuers over three hubs', () => {
  let database: FreshDatabase;
  let hubs: HubProcess[];
  let customerId: string;
  let issued = 0;

  beforeAll(async () => {
    database = await freshDatabase();
    hubs = await Promise.all([1, 2].map(() => HubProcess.start({ databaseUrl: database.url })));
    customerId = await setUp((query, variables) => hubs[0]!.graph(query, variables));
  });
  afterAll(async () => {
    await Promise.all(hubs.map((hub) => hub.stop()));
    await database.drop();
  });

  test.each(scaled(['before-commit', 'after-commit'], POINTS))(
    'one of which is killed %s: each order has one invoice, numbered 1 to n',
    async (point) => {
      for (let round = 0; round < scaled(1, 20); round += 1) {
        const orders = await takeOrders((query, variables) => hubs[0]!.graph(query, variables), customerId, ISSUERS);
        const victim = await HubProcess.start({ databaseUrl: database.url, dieAt: `issueInvoice:${point}` });
        const { answers, overlapped, again } = await issueAll([...hubs, victim], orders);
        await victim.gone();
        expect(victim.hits.length).toBeGreaterThanOrEqual(1);
        expect([overlapped, again > 0]).toEqual([ISSUERS, true]);
        expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
        expect(answers.flatMap(({ data }) => data.issueInvoice.userErrors)).toEqual([]);
        expect(new Set(answers.map(({ data }) => data.issueInvoice.invoice!.number)).size).toBe(ISSUERS);
        issued += ISSUERS;
        expect(await numbersIn(database.url)).toEqual(
          Array.from({ length: issued }, (_, index) => ({ sequence: index + 1 })),
        );
        expect(await brokenInvariants(database.url)).toEqual([]);
      }
    },
  );
});

/** Orders that have shipped and whose invoices are due, but held back from every hub. */
async function shipAll(ask: Ask, customerId: string, count: number): Promise<void> {
  for (const orderId of await takeOrders(ask, customerId, count)) {
    const { createShipment } = await must(
      ask<{ createShipment: { shipment: { id: string }; userErrors: [] } }>(
        'mutation ($input: CreateShipmentInput!) { createShipment(input: $input) { shipment { id } userErrors { code } } }',
        { input: { idempotencyKey: newKey(), orderId } },
      ),
    );
    await must(
      ask('mutation ($input: UpdateShipmentInput!) { updateShipment(input: $input) { userErrors { code } } }', {
        input: { shipmentId: createShipment.shipment.id, status: 'SHIPPED' },
      }),
    );
  }
}

test('a hub that is killed as it invoices by itself leaves the rest to others, and none is issued twice', async () => {
  const { url, drop } = await freshDatabase();
  await queryDatabase(url, "alter table invoice_due alter next_try_at set default 'infinity'");
  let hub = await HubProcess.start({ databaseUrl: url });
  const ask: Ask = (query, variables) => hub.graph(query, variables);
  try {
    const customerId = await setUp(ask);
    const count = scaled(4, 40);
    for (const [round, point] of scaled(['before-commit'], POINTS).entries()) {
      await shipAll(ask, customerId, count);
      await hub.stop();
      const victim = await HubProcess.start({ databaseUrl: url, dieAt: `issue-due-invoice:${point}` });
      await queryDatabase(url, "update invoice_due set next_try_at = '-infinity'");
      await victim.gone();
      expect(victim.hits).toEqual([`issue-due-invoice:${point}`]);
      expect(await queryDatabase(url, 'select from invoice_due')).toHaveLength(
        point === 'after-commit' ? count - 1 : count,
      );
      hub = await HubProcess.start({ databaseUrl: url });
      await eventually('the others to be invoiced', async () => {
        const due = await queryDatabase(url, 'select from invoice_due');
        return due.length === 0;
      });
      expect(await numbersIn(url)).toEqual(
        Array.from({ length: (round + 1) * count }, (_, index) => ({ sequence: index + 1 })),
      );
      const twice = 'select shipment_id from invoice group by shipment_id having count(*) <> 1';
      expect(await queryDatabase(url, twice)).toEqual([]);
      expect(await brokenInvariants(url)).toEqual([]);
    }
  } finally {
    await hub.stop();
    await drop();
  }
});

test('the same kill leaves a gap where numbers come from a sequence', async () => {
  const bare = await freshDatabase();
  await queryDatabase(bare.url, 'create sequence careless_number');
  const instead = {
    'returning last_number, last_issued_at)':
      "returning nextval('careless_number')::int as last_number, last_issued_at)",
  };
  const hub = await HubProcess.start({ databaseUrl: bare.url, instead });
  try {
    const ask: Ask = (query, variables) => hub.graph(query, variables);
    const orders = await takeOrders(ask, await setUp(ask), 3);
    const victim = await HubProcess.start({ databaseUrl: bare.url, instead, dieAt: 'issueInvoice:before-commit' });
    const { again } = await issueAll([hub, victim], orders);
    await victim.gone();
    expect(again).toBeGreaterThan(0);
    expect(await brokenInvariants(bare.url)).not.toEqual([]);
  } finally {
    await hub.stop();
    await bare.drop();
  }
});
