import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { hubSchema } from '../../src/app.js';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { aPayment, statePayment } from './support/pay.js';
import { after, Desk, eur, fresh, type Order, type Payload, type Quote } from './support/desk.js';

/** Fields below the roots that no customer may read: each must say so by itself. */
const FORBIDDEN_FIELDS = [
  'Product.stock',
  'Order.fulfillmentOrders',
  'Order.department',
  'Order.assignee',
  'Quote.approvals',
  'Shipment.label',
  'Shipment.offers',
  'Payment.externalReferences',
  'Shipment.pickListUrl',
  'Customer.insights',
  'Integration.lastError',
  'Integration.webhookUrl',
  'Integration.lagSeconds',
  'Integration.deadLetters',
  'Integration.streams',
  'Integration.fieldPolicies',
  'FieldProvenance.otherValues',
  'DeadLetter.payload',
  ...[
    'Customer',
    'Product',
    'PriceList',
    'StockLocation',
    'StockLevel',
    'Integration',
    'ApiKey',
    'ApprovalRule',
    'AutomationRule',
  ].map((type) => `${type}.history`),
  'TaxRate.history',
];
/** Records below records: with the pages between them, documents are eight and more fields deep. */
const DEPTH = 3;

interface Party {
  desk: Desk;
  customer: { id: string; number: string };
  order: Order;
  quote: Quote;
  /** Under which staff converted the quote. */
  conversionKey: string;
  /** Whatever names the party or its records: none of it may reach anybody else. */
  traces: string[];
  ids: string[];
}

let hub: TestHub;
let admin: Desk;
let schema: GraphQLSchema;
let integration: string;
let sku: string;
let ended: string;
let one: Party;
let two: Party;

async function party(name: string, price: string): Promise<Party> {
  const word = `${name}${fresh('')}`.replace('-', 'x');
  const list = `list-${word}`;
  await admin.done('setPrice', { sku, priceList: list, unitPrice: eur(price) });
  const address = {
    name: `${word} dock`,
    line1: `${word} street`,
    city: `${word} city`,
    country: 'IT',
    phone: `${word}-phone`,
  };
  const customer = await admin.customer({
    name: `${word} Ltd`,
    email: `desk@${word}.example`,
    phone: `+1 ${word}`,
    taxId: `TAX-${word}`,
    priceList: list,
    billingAddress: address,
    shippingAddresses: [address],
    contacts: [{ name: `${word} contact`, email: `contact@${word}.example` }],
    tags: [`${word}-tag`],
    external: { integration, externalId: `${word}-crm` },
  });
  const order = await admin.order({
    customerId: customer.id,
    confirm: true,
    note: `${word} note`,
    purchaseOrderNumber: `${word}-po`,
    lines: [
      { sku, quantity: '2' },
      { sku: ended, quantity: '1' },
    ],
    external: { integration, externalId: `${word}-order` },
  });
  await admin.done('addNote', { orderId: order.id, text: `${word} open`, isInternal: false });
  const shown = { displayName: `${word} card` };
  await statePayment(hub, integration, aPayment(`${word}-order`, hub.clock.now(), shown));
  const quote = await admin.quote({
    customerId: customer.id,
    lines: [{ sku, quantity: '3' }],
    external: { integration, externalId: `${word}-quote` },
  });
  await admin.done('sendQuote', { quoteId: quote.id });
  await admin.done('acceptQuote', { quoteId: quote.id });
  const conversionKey = newKey();
  await admin.done('convertQuoteToOrder', {
    idempotencyKey: conversionKey,
    quoteId: quote.id,
    lines: [{ lineId: quote.lines[0]!.id, quantity: '1' }],
  });
  const query =
    'query($id: ID!) { customer(id: $id) { contacts { id } orders { nodes { id number payments { id } lines { id } timeline { nodes { id } } } } } }';
  const known = await admin.ask<{
    customer: {
      contacts: { id: string }[];
      orders: {
        nodes: {
          id: string;
          number: string;
          payments: { id: string }[];
          lines: { id: string }[];
          timeline: { nodes: { id: string }[] };
        }[];
      };
    };
  }>(query, { id: customer.id });
  const orders = known.customer.orders.nodes;
  const ids = [
    customer.id,
    quote.id,
    ...known.customer.contacts.map(({ id }) => id),
    ...quote.lines.map(({ id }) => id),
    ...orders.flatMap(({ id, payments, lines, timeline }) => [
      id,
      ...payments.map((payment) => payment.id),
      ...lines.map((line) => line.id),
      ...timeline.nodes.map((event) => event.id),
    ]),
  ];
  const traces = [...ids, customer.number, quote.number, word, ...orders.map(({ number }) => number)];
  return { desk: await admin.customerDesk(customer.id), customer, order, quote, conversionKey, traces, ids };
}

beforeAll(async () => {
  const many = { depth: 30, tokens: 1_000_000, aliases: 10_000, cost: Number.MAX_VALUE, bodyBytes: 10_000_000 };
  hub = await startTestHub({ limits: many });
  admin = new Desk(hub);
  schema = hubSchema();
  integration = await admin.integration();
  sku = await admin.product('10.00', '1000');
  ended = await admin.product('10.00', '1000');
  one = await party('alpha', '8.00');
  two = await party('beta', '6.00');
  await admin.done('upsertProduct', { sku: ended, isActive: false });
});
afterAll(() => hub.stop());

/** Values for arguments that must be given. */
const ARGUMENTS: Record<string, string> = { currency: '"EUR"' };

function written(args: readonly GraphQLArgument[]): string {
  const needed = args.filter(isRequiredArgument).map(({ name }) => {
    if (!(name in ARGUMENTS)) throw new Error(`no value is known for the argument ${name}`);
    return `${name}: ${ARGUMENTS[name]}`;
  });
  return needed.length > 0 ? `(${needed.join(', ')})` : '';
}

/**
 * Everything below a type, to a depth: all fields, all types of an interface. A type that the way has led through is not
 * entered again: each has an entrance of its own.
 */
function selection(type: GraphQLObjectType, depth: number, way: readonly string[] = []): string {
  const fields = Object.values(type.getFields()).flatMap((field) => selected(type, field, depth, [...way, type.name]));
  return `{ __typename ${fields.join(' ')} }`;
}

function selected(
  owner: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  depth: number,
  way: readonly string[],
): string[] {
  if (FORBIDDEN_FIELDS.includes(`${owner.name}.${field.name}`)) return [];
  const type = getNamedType(field.type);
  const call = `${field.name}${written(field.args)}`;
  // Edges lead where nodes lead.
  if (field.name === 'edges') return ['edges { cursor }'];
  if (way.includes(type.name)) return [];
  if (isObjectType(type)) {
    const isPage = type.name.endsWith('Connection') || field.name === 'nodes';
    return depth > 0 || isPage ? [`${call} ${selection(type, isPage ? depth : depth - 1, way)}`] : [];
  }
  if (isAbstractType(type)) {
    if (depth === 0) return [];
    return [`${call} ${anyOf(type.name, depth - 1, way)}`];
  }
  return [call];
}

function anyOf(name: string, depth: number, way: readonly string[] = []): string {
  const abstract = schema.getType(name);
  if (!isAbstractType(abstract)) throw new Error(`${name} is not abstract`);
  const parts = schema.getPossibleTypes(abstract).map((type) => {
    // Fields of the same name differ in type from one record to another: each gets a name of its own.
    const fields = Object.values(type.getFields()).flatMap((field) =>
      selected(type, field, depth, [...way, type.name]),
    );
    return `... on ${type.name} { ${fields.map((text) => `${type.name}_${text.split(/[\s({]/)[0]}: ${text}`).join(' ')} }`;
  });
  return `{ __typename ${parts.join(' ')} }`;
}

/** Every way into the graph that a customer has, asked for the other's records by all their names. */
function entrances(of: Party): string[] {
  const roots = schema.getQueryType()!.getFields();
  const into = (name: string, args: string, depth = 1) => {
    const type = getNamedType(roots[name]!.type);
    return `${name}${args} ${isObjectType(type) ? selection(type, DEPTH) : anyOf(type.name, depth)}`;
  };
  const external = (kind: string) =>
    `(external: { integration: "${integration}", externalId: "${of.traces.find((trace) => /^[a-z]+x\d+$/.test(trace))!}-${kind}" })`;
  const named = (name: string, id: string, number: string, kind: string) => [
    into(name, `(id: "${id}")`),
    into(name, `(number: "${number}")`),
    into(name, external(kind)),
  ];
  return [
    into('viewer', ''),
    into('channels', ''),
    ...['orders', 'customers', 'quotes', 'products'].map((name) => into(name, '(first: 250)')),
    ...['orders', 'quotes'].map((name) => into(name, `(filter: { customerId: "${of.customer.id}" })`)),
    into('customers', `(filter: { email: "desk@${of.traces.find((trace) => /^[a-z]+x\d+$/.test(trace))!}.example" })`),
    ...named('order', of.order.id, of.order.number, 'order'),
    ...named('customer', of.customer.id, of.customer.number, 'crm'),
    ...named('quote', of.quote.id, of.quote.number, 'quote'),
    into('conversion', `(idempotencyKey: "${of.conversionKey}")`),
    into('product', `(sku: "${sku}")`),
    into('previewOrder', `(input: { channel: "api", currency: "EUR", lines: [{ sku: "${sku}", quantity: "2" }] })`),
    into('previewOrder', `(input: { channel: "api", customerId: "${of.customer.id}", currency: "EUR", lines: [] })`),
    into('product', `(sku: "${ended}")`),
    ...oneOfEachKind(of.ids).map((id) => into('node', `(id: "${id}")`, 0)),
    into('nodes', `(ids: ${JSON.stringify(of.ids)})`),
  ];
}

/** The way from one is the way from the next; `nodes` asks for them all. */
function oneOfEachKind(ids: string[]): string[] {
  return [...new Map(ids.map((id) => [id.split('_')[0], id])).values()];
}

test('the walk starts at every root field that a customer may read', () => {
  const walked = new Set(entrances(two).map((text) => text.split(/[\s({]/)[0]));
  const closed = [
    'stockLevel',
    'stockLevels',
    'stockLocations',
    'connectors',
    'integrations',
    'integration',
    'apiKeys',
    'auditLog',
    'unknownKeyUses',
    'fieldConflicts',
    'fulfillmentOrders',
    'driftItems',
    'priceLists',
    'approvalQueue',
    'approvalRules',
    'carrierRates',
    'carrierRules',
    'automationRules',
    'automationRule',
    'automationFacts',
    'automationActions',
    'automationRuns',
    'testAutomationRule',
    'taxRates',
    'workQueue',
    'assignees',
    'inboundMails',
    'notifications',
    'notificationSettings',
    'notificationOptOuts',
  ];
  expect([...walked, ...closed].toSorted()).toEqual(Object.keys(schema.getQueryType()!.getFields()).toSorted());
});

test('a customer meets nothing of another customer, wherever it looks and whatever it asks for', async () => {
  let text = '';
  for (const entrance of entrances(two)) {
    const { data, errors } = await one.desk.answer(`{ ${entrance} }`);
    expect([entrance.slice(0, 80), errors]).toEqual([entrance.slice(0, 80), undefined]);
    text += JSON.stringify(data);
  }
  expect(two.traces.filter((trace) => text.includes(trace))).toEqual([]);
  expect(one.traces.filter((trace) => !text.includes(trace))).toEqual([]);
}, 60_000);

test('the same walk shows staff what it looks for', async () => {
  let text = '';
  for (const entrance of entrances(two)) {
    // Under a name: a document that came before would be compiled now, for this one time.
    const { data, errors } = await admin.answer(`query staff { ${entrance} }`);
    expect(errors).toBeUndefined();
    text += JSON.stringify(data);
  }
  expect(two.traces.filter((trace) => !text.includes(trace))).toEqual([]);
}, 60_000);

test('a customer finds no record of another by its id, and all of its own', async () => {
  const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  expect(await one.desk.ask(query, { ids: two.ids })).toEqual({ nodes: two.ids.map(() => null) });
  expect(await one.desk.ask(query, { ids: one.ids })).toEqual({ nodes: one.ids.map((id) => ({ id })) });
  for (const id of two.ids)
    expect(await one.desk.ask('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
});

test('a customer counts its own alone', async () => {
  expect(await one.desk.ask('{ orders { totalCount } quotes { totalCount } customers { totalCount } }')).toEqual({
    orders: { totalCount: 2 },
    quotes: { totalCount: 1 },
    customers: { totalCount: 1 },
  });
});

test('a customer sees what is sold, and what it ordered when it was', async () => {
  const { products } = await one.desk.ask<{ products: { nodes: { sku: string }[] } }>(
    '{ products { nodes { sku isActive } } }',
  );
  expect(products.nodes).toEqual([{ sku, isActive: true }]);
  const lookups = await one.desk.ask(
    `{ product(sku: "${ended}") { sku } order(id: "${one.order.id}") { lines { product { sku isActive } } } }`,
  );
  expect(lookups).toEqual({
    product: null,
    order: { lines: [{ product: { sku, isActive: true } }, { product: { sku: ended, isActive: false } }] },
  });
  const { products: inactive } = await one.desk.ask<{ products: { totalCount: number } }>(
    '{ products(filter: { isActive: false }) { totalCount } }',
  );
  expect(inactive.totalCount).toBe(0);
});

test('a customer sees and pays its own prices, and may ask for no others', async () => {
  const price = 'query($s: String!, $c: ID) { product(sku: $s) { price(currency: "EUR", customerId: $c) { amount } } }';
  expect(await one.desk.ask(price, { s: sku })).toEqual({ product: { price: { amount: '8.00' } } });
  expect(await one.desk.ask(price, { s: sku, c: one.customer.id })).toEqual({ product: { price: { amount: '8.00' } } });
  expect(await one.desk.code(price, { s: sku, c: two.customer.id })).toBe('FORBIDDEN');
  expect(await one.desk.order({ lines: [{ sku, quantity: '1' }] })).toMatchObject({
    customer: { id: one.customer.id },
    subtotal: eur('8.00'),
  });
});

test.each(FORBIDDEN_FIELDS.filter((name) => name.startsWith('Product')))('%s is forbidden by itself', async (name) => {
  const { errors } = await one.desk.answer(`{ products { nodes { ${name.split('.')[1]} { __typename } } } }`);
  expect(errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', field: name.split('.')[1] });
});

test('a customer reads that stock was promised to its order, and not where or how much is left', async () => {
  const query = 'query ($id: ID!) { order(id: $id) { timeline(types: [STOCK_RESERVED]) { nodes { type data } } } }';
  interface Answer {
    order: { timeline: { nodes: { type: string; data: { levels: unknown[] } | null }[] } };
  }
  const asCustomer = await one.desk.ask<Answer>(query, { id: one.order.id });
  expect(asCustomer.order.timeline.nodes).toEqual([{ type: 'STOCK_RESERVED', data: null }]);
  const asStaff = await admin.ask<Answer>(query, { id: one.order.id });
  expect(asStaff.order.timeline.nodes[0]!.data!.levels).toHaveLength(2);
});

test('a customer reads that a parcel of its order left, and nothing of the warehouse’s work', async () => {
  const lines = [{ sku: await admin.product(), quantity: '1' }];
  const { id } = await admin.order({ customerId: one.customer.id, lines, confirm: true });
  await admin.done('updateShipment', { shipmentId: (await admin.shipment(id)).id, status: 'SHIPPED' });
  const query =
    'query ($id: ID!) { order(id: $id) { timeline(types: [SHIPMENT_UPDATED]) { nodes { changes { field } } } } }';
  interface Answer {
    order: { timeline: { nodes: { changes: { field: string }[] }[] } };
  }
  const fields = async (desk: Desk) =>
    (await desk.ask<Answer>(query, { id })).order.timeline.nodes.flatMap(({ changes }) => changes.map((c) => c.field));
  expect(await fields(admin)).toEqual(['status', expect.stringMatching(/^fulfillmentOrders\.FO-\d+$/)]);
  expect(await fields(one.desk)).toEqual(['status']);
});

test('fields of an integration that are for staff are forbidden where a customer meets one', async () => {
  const ask = (field: string) =>
    one.desk.answer(`{ customers { nodes { externalReferences { integration { code ${field} } } } } }`);
  for (const field of ['lastError', 'webhookUrl', 'lagSeconds', 'deadLetters { totalCount }']) {
    expect((await ask(field)).errors![0]!.extensions.code).toBe('FORBIDDEN');
  }
  expect((await ask('name status')).errors).toBeUndefined();
});

test('a customer sees how its order is paid, and not what its provider calls it', async () => {
  const query = (field: string) =>
    one.desk.answer(`{ order(id: "${one.order.id}") { paymentStatus payments { status displayName ${field} } } }`);
  const { order } = (await query('')).data as unknown as { order: { payments: object[] } };
  expect(order.payments).toEqual([{ status: 'CAPTURED', displayName: expect.stringMatching(/ card$/) }]);
  expect((await query('externalReferences { externalId }')).errors![0]!.extensions.code).toBe('FORBIDDEN');
});

describe('a customer who orders', () => {
  const input = (more: object) => ({ channel: 'api', currency: 'EUR', lines: [{ sku, quantity: '1' }], ...more });

  test.each<[string, object, string[]]>([
    [
      'a unit price',
      { lines: [{ sku: 'x', quantity: '1', unitPrice: eur('0.01') }] },
      ['FORBIDDEN at lines.0.unitPrice'],
    ],
    ['what shipping costs', { shippingPrice: eur('0.00') }, ['FORBIDDEN at shippingPrice']],
    [
      'a discount',
      { adjustments: [{ kind: 'DISCOUNT', label: 'x', amount: eur('1.00') }] },
      ['FORBIDDEN at adjustments'],
    ],
    ['an empty list of adjustments', { adjustments: [] }, ['FORBIDDEN at adjustments']],
    ['when it ordered', { placedAt: after(0) }, ['FORBIDDEN at placedAt']],
    ['an id of a connected system', { external: { integration: 'x', externalId: 'y' } }, ['FORBIDDEN at external']],
  ])('may not set %s', async (_, more, expected) => {
    const before = await admin.traces();
    expect(await one.desk.refusals('createOrder', input(more))).toEqual(expected);
    expect(await admin.traces()).toEqual(before);
  });

  test('is told all that it may not set at once', async () => {
    const more = {
      shippingPrice: eur('0'),
      adjustments: [],
      placedAt: after(0),
      external: { integration: 'x', externalId: 'y' },
      lines: [{ sku, quantity: '1', unitPrice: eur('1') }],
    };
    expect(await one.desk.refusals('createOrder', input(more))).toEqual([
      'FORBIDDEN at shippingPrice',
      'FORBIDDEN at adjustments',
      'FORBIDDEN at placedAt',
      'FORBIDDEN at external',
      'FORBIDDEN at lines.0.unitPrice',
    ]);
  });

  test('orders for itself alone, with its own contacts', async () => {
    expect(await one.desk.refusals('createOrder', input({ customerId: two.customer.id }))).toEqual([
      'FORBIDDEN at customerId',
    ]);
    const contact = two.ids.find((id) => id.startsWith('con_'));
    expect(await one.desk.refusals('createOrder', input({ contactId: contact }))).toEqual(['NOT_FOUND at contactId']);
    expect(
      await one.desk.order({ customerId: one.customer.id, lines: [{ sku, quantity: '1' }], confirm: true }),
    ).toMatchObject({ status: 'CONFIRMED' });
  });

  test('reaches no order or quote of another by any step', async () => {
    const { id, lines } = two.order;
    const steps: [string, object, string][] = [
      ['placeOrder', { orderId: id }, 'orderId'],
      ['cancelOrder', { orderId: id }, 'orderId'],
      [
        'cancelOrder',
        { orderId: id, expectedVersion: 99, lines: [{ lineId: lines[0]!.id, quantity: '1' }] },
        'orderId',
      ],
      ['acceptQuote', { quoteId: two.quote.id }, 'quoteId'],
    ];
    for (const [name, step, path] of steps)
      expect(await one.desk.refusals(name, step)).toEqual([`NOT_FOUND at ${path}`]);
    expect(await admin.readOrder(id)).toMatchObject({ status: 'CONFIRMED', version: 2 });
  });

  test('cancels its own, part of it or all', async () => {
    const order = await one.desk.order({ lines: [{ sku, quantity: '2' }], draft: true });
    expect((await one.desk.done<Payload<'order', Order>>('placeOrder', { orderId: order.id })).order).toMatchObject({
      status: 'RECEIVED',
    });
    expect(
      await one.desk.refusals('cancelOrder', {
        orderId: order.id,
        lines: [{ lineId: two.order.lines[0]!.id, quantity: '1' }],
      }),
    ).toEqual(['NOT_FOUND at lines.0.lineId']);
    expect((await one.desk.done<Payload<'order', Order>>('cancelOrder', { orderId: order.id })).order).toMatchObject({
      status: 'CANCELED',
    });
  });

  test('gets nothing by the key under which another made an order', async () => {
    const key = newKey();
    const theirs = await two.desk.send<Payload<'order', Order>>('createOrder', { idempotencyKey: key, ...input({}) });
    const own = await one.desk.send<Payload<'order', Order>>('createOrder', { idempotencyKey: key, ...input({}) });
    expect([theirs.replayed, own.replayed, own.order!.customer]).toEqual([false, false, { id: one.customer.id }]);
  });
});
