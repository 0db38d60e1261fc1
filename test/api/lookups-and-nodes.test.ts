import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { typeId } from '../../src/shared/ids.js';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, type Payload, type Quote } from './support/desk.js';
import { aPayment, statePayment } from './support/pay.js';

let hub: TestHub;
let desk: Desk;
let integration: string;
let sku: string;
let customer: { id: string; number: string };
let order: { id: string; number: string };
let quote: Quote;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  integration = await desk.integration();
  const external = (externalId: string) => ({ integration, externalId });
  sku = await desk.product('10.00', '100', { external: external('p') });
  customer = await desk.customer({ external: external('c'), contacts: [{ name: 'Ada' }] });
  order = await desk.order({
    customerId: customer.id,
    external: external('o'),
    lines: [{ sku, quantity: '1' }],
    confirm: true,
  });
  await statePayment(hub, integration, aPayment('o', hub.clock.now()));
  quote = await desk.quote({ customerId: customer.id, external: external('q'), lines: [{ sku, quantity: '1' }] });
});
afterAll(() => hub.stop());

const LOOKUPS: [string, string][] = [
  ['order', 'number'],
  ['customer', 'number'],
  ['quote', 'number'],
  ['product', 'sku'],
];

test.each(LOOKUPS)('%s is found by each of its names, and is null where there is none', async (field, name) => {
  const values: Record<string, { id?: string; name: string; externalId: string }> = {
    order: { id: order.id, name: order.number, externalId: 'o' },
    customer: { id: customer.id, name: customer.number, externalId: 'c' },
    quote: { id: quote.id, name: quote.number, externalId: 'q' },
    product: { name: sku, externalId: 'p' },
  };
  const { name: value, externalId } = values[field]!;
  const document = `query($id: ID, $name: String, $external: ExternalIdInput) { ${field}(id: $id, ${name}: $name, external: $external) { id } }`;
  const find = async (variables: object) =>
    (await desk.ask<Record<string, { id: string } | null>>(document, variables))[field]?.id ?? null;
  const id = await find({ name: value });
  expect(id).toMatch(/^[a-z]+_[0-9a-z]{26}$/);
  if (values[field]!.id) expect(id).toBe(values[field]!.id);
  expect(await find({ id })).toBe(id);
  expect(await find({ external: { integration, externalId } })).toBe(id);
  for (const none of [
    { name: 'none' },
    { id: 'none' },
    { id: id!.replace(/^[a-z]+/, 'xyz') },
    { external: { integration, externalId: 'none' } },
    { external: { integration: 'none', externalId } },
  ]) {
    expect(await find(none)).toBeNull();
  }
});

test.each(LOOKUPS)('%s wants exactly one name', async (field, name) => {
  const document = `query($id: ID, $name: String, $external: ExternalIdInput) { ${field}(id: $id, ${name}: $name, external: $external) { id } }`;
  for (const variables of [
    {},
    { id: 'x', name: 'y' },
    { name: 'y', external: { integration, externalId: 'o' } },
    { id: null, name: null },
  ]) {
    const { errors, data } = await desk.answer(document, variables);
    expect(errors![0]).toMatchObject({ path: [field], extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors![0]!.message).toContain(`expected exactly one of id, ${name}, external`);
    expect(data).toEqual({ [field]: null });
  }
});

test('integration is found by id or code, and wants exactly one of them', async () => {
  const { integration: found } = await desk.ask<{ integration: { id: string } }>(
    'query($c: String) { integration(code: $c) { id code } }',
    { c: integration },
  );
  expect(await desk.ask('query($id: ID) { integration(id: $id) { code } }', { id: found.id })).toEqual({
    integration: { code: integration },
  });
  expect(await desk.ask('{ integration(code: "none") { code } }')).toEqual({ integration: null });
  expect(await desk.code('{ integration { code } }')).toBe('BAD_USER_INPUT');
  expect(await desk.ask('{ integrations { code } }')).toEqual({ integrations: [{ code: integration }] });
});

test('a quote is found by number and revision, and by the revision with its number alone', async () => {
  const find = (args: string) => desk.answer<{ quote: { id: string } | null }>(`{ quote(${args}) { id } }`);
  expect((await find(`number: "${quote.number}", revision: 1`)).data.quote).toEqual({ id: quote.id });
  expect((await find(`number: "${quote.number}", revision: 2`)).data.quote).toBeNull();
  expect((await find(`id: "${quote.id}", revision: 1`)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});

test('a stock level is found by SKU and location', async () => {
  expect(await desk.level(sku)).toMatchObject({ onHand: '100', reserved: '1' });
  expect([await desk.level(sku, 'none'), await desk.level('none')]).toEqual([null, null]);
});

/** One id of every kind of record that `node` finds. */
async function ids(): Promise<Record<string, string>> {
  const document = `query($o: ID!, $q: ID!, $c: ID!) {
    order(id: $o) { payments { id } lines { id product { id stock { id location { id } movements { nodes { id } } } } } channel { id } timeline(first: 1) { nodes { id } } }
    quote(id: $q) { lines { id } } customer(id: $c) { contacts { id } externalReferences { integration { id } } history { nodes { id } } }
    apiKeys { id } priceLists { id } approvalRules { id } automationRules { id } carrierRates { id } carrierRules { id } taxRates(country: "IT") { id } }`;
  await desk.done('upsertApprovalRule', { code: 'long', termMonthsOver: 1_000, approverRoles: ['SALES'] });
  await desk.done('upsertCarrierRule', { code: 'none', isActive: false });
  await desk.ownRated(sku);
  const automated = { code: 'held', triggers: [{ status: 'RECEIVED' }], actions: [{ action: 'HOLD_ORDER' }] };
  await desk.done('upsertAutomationRule', automated);
  const data = await desk.ask<{
    order: {
      payments: { id: string }[];
      lines: {
        id: string;
        product: {
          id: string;
          stock: { id: string; location: { id: string }; movements: { nodes: { id: string }[] } }[];
        };
      }[];
      channel: { id: string };
      timeline: { nodes: { id: string }[] };
    };
    quote: { lines: { id: string }[] };
    customer: {
      contacts: { id: string }[];
      externalReferences: { integration: { id: string } }[];
      history: { nodes: { id: string }[] };
    };
    apiKeys: { id: string }[];
    priceLists: { id: string }[];
    approvalRules: { id: string }[];
    carrierRates: { id: string }[];
    carrierRules: { id: string }[];
    automationRules: { id: string }[];
    taxRates: { id: string }[];
  }>(document, { o: order.id, q: quote.id, c: customer.id });
  const [line] = data.order.lines;
  const task = { department: 'SALES', title: 'x' };
  const note = { orderId: order.id, text: 'x' };
  const shipped = await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true });
  const billed = { orderId: shipped.id, scope: 'ALL' };
  const issued = await desk.done<Payload<'invoice', { id: string }>>('issueInvoice', billed);
  return {
    Invoice: issued.invoice!.id,
    Order: order.id,
    OrderLine: line!.id,
    Payment: data.order.payments[0]!.id,
    OrderEvent: data.order.timeline.nodes[0]!.id,
    Channel: data.order.channel.id,
    Quote: quote.id,
    QuoteLine: data.quote.lines[0]!.id,
    Customer: customer.id,
    Contact: data.customer.contacts[0]!.id,
    Product: line!.product.id,
    StockLevel: line!.product.stock[0]!.id,
    StockLocation: line!.product.stock[0]!.location.id,
    Integration: data.customer.externalReferences[0]!.integration.id,
    ApiKey: data.apiKeys[0]!.id,
    PriceList: data.priceLists[0]!.id,
    ApprovalRule: data.approvalRules[0]!.id,
    CarrierRate: data.carrierRates[0]!.id,
    CarrierRule: data.carrierRules[0]!.id,
    AutomationRule: data.automationRules[0]!.id,
    AutomationRun: await automationRun(),
    TaxRate: data.taxRates[0]!.id,
    RecordChange: data.customer.history.nodes[0]!.id,
    FulfillmentOrder: (await desk.released(shipped.id))[0]!.id,
    Shipment: (await desk.shipment(shipped.id)).id,
    WorkItem: (await desk.done<Payload<'workItem', { id: string }>>('openWorkItem', task)).workItem!.id,
    Note: (await desk.done<Payload<'note', { id: string }>>('addNote', note)).note!.id,
    InboundMail: await desk.mail(),
    Notification: await desk.failedNotification(sku),
    StockMovement: line!.product.stock[0]!.movements.nodes[0]!.id,
  };
}

/** Rules do not run here: a row is enough to be found. */
async function automationRun(): Promise<string> {
  const { db } = hub.hub;
  const id = await db.ids.one();
  await db.pool.query(
    `insert into automation_run (id, rule_id, order_id, event_id, event_type, event_at, event_sequence, after_minutes, depth,
                                 status, due_at)
     select $1, (select id from automation_rule), e.subject_id, e.id, e.type, e.at, e.sequence, 0, 0, 'DUE', e.at
       from event e where e.subject_kind = 'order' order by e.id limit 1 on conflict do nothing`,
    [id],
  );
  const { rows } = await db.pool.query<{ id: string }>('select id from automation_run');
  return typeId('run', rows[0]!.id);
}

test('node finds every kind of record by its id, and says which kind it is', async () => {
  const known = await ids();
  for (const [type, id] of Object.entries(known)) {
    expect(await desk.ask('query($id: ID!) { node(id: $id) { __typename id } }', { id })).toEqual({
      node: { __typename: type, id },
    });
  }
});

test('every type of the schema with an id of its own is found by node', async () => {
  const { __type } = await desk.ask<{ __type: { possibleTypes: { name: string }[] } }>(
    '{ __type(name: "Node") { possibleTypes { name } } }',
  );
  const known = Object.keys(await ids());
  // Dead letters, conflicts and drift have an id too; their own suites make some.
  expect(__type.possibleTypes.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([
    'DeadLetter',
    'DriftItem',
    'FieldConflict',
  ]);
});

test('nodes keeps the order of the ids, with null where there is none', async () => {
  const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Order { number } ... on Customer { name } } }';
  const { nodes } = await desk.ask<{ nodes: ({ id: string } | null)[] }>(query, {
    ids: [customer.id, 'x', order.id, customer.id, order.id.replace('ord', 'cus')],
  });
  expect(nodes.map((node) => node?.id ?? null)).toEqual([customer.id, null, order.id, customer.id, null]);
  const all = (count: number) => desk.answer(query, { ids: Array.from({ length: count }, () => 'x') });
  expect((await all(250)).errors).toBeUndefined();
  expect((await all(251)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});

test.each([
  '',
  'x',
  'ord_',
  `ord_${'0'.repeat(26)}`,
  `nop_${'0'.repeat(25)}1`,
  `ord_${'z'.repeat(26)}`,
  `${'9'.repeat(300)}`,
])('node answers null to %j', async (id) => {
  expect(await desk.ask('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
});
