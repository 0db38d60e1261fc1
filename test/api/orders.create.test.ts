import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, fresh, refusal, type Order, type Payload } from './support/desk.js';

type OrderPayload = Payload<'order', Order>;

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100');
  customerId = (await desk.customer({ email: 'desk@acme.example' })).id;
});
afterAll(() => hub.stop());

test('takes an order as RECEIVED, priced by the list and taxed by the country of the customer', async () => {
  const order = await desk.order({ customerId, lines: [{ sku, quantity: '3' }], note: 'ring twice' });
  expect(order).toMatchObject({
    status: 'RECEIVED',
    version: 1,
    currency: 'EUR',
    email: 'desk@acme.example',
    note: 'ring twice',
    placedAt: START.toISOString(),
    customer: { id: customerId },
    subtotal: eur('30.00'),
    discountTotal: eur('0.00'),
    shippingTotal: eur('0.00'),
    taxTotal: eur('6.60'),
    total: eur('36.60'),
    taxLines: [{ name: 'VAT 22 %', rate: '0.22', taxable: eur('30.00'), amount: eur('6.60') }],
    lines: [
      {
        sku,
        quantity: '3',
        unitPrice: eur('10.00'),
        total: eur('30.00'),
        taxTotal: eur('6.60'),
        reservedQuantity: '0',
      },
    ],
  });
  expect(order.number).toMatch(/^SO-\d{6}$/);
});

test('gives each order a number of its own and tells its beginning in its timeline', async () => {
  const [one, two] = [
    await desk.order({ lines: [{ sku, quantity: '1' }] }),
    await desk.order({ lines: [{ sku, quantity: '2' }] }),
  ];
  expect(one.number).not.toBe(two.number);
  expect(await desk.timeline(two.id)).toMatchObject([
    {
      sequence: 1,
      type: 'CREATED',
      message: 'Order received',
      at: START.toISOString(),
      actor: { kind: 'API_KEY', name: 'Administrator' },
      data: { channel: 'api', total: eur('24.40'), lines: [{ sku, quantity: '2' }] },
    },
  ]);
});

test('keeps a draft as a DRAFT', async () => {
  const order = await desk.order({ lines: [{ sku, quantity: '1' }], draft: true });
  expect(order).toMatchObject({ status: 'DRAFT', version: 1 });
  expect((await desk.timeline(order.id)).map(({ type, message }) => `${type}: ${message}`)).toEqual([
    'CREATED: Draft begun',
  ]);
});

test('confirms at once: reserves the stock and writes its events in the same transaction', async () => {
  const own = await desk.product('10.00', '5');
  const order = await desk.order({ lines: [{ sku: own, quantity: '4' }], confirm: true });
  expect(order).toMatchObject({
    status: 'CONFIRMED',
    version: 1,
    lines: [{ reservedQuantity: '4', backorderedQuantity: '0' }],
  });
  expect(await desk.level(own)).toMatchObject({ onHand: '5', reserved: '4', available: '1', shortfall: '0' });
  expect(await desk.timeline(order.id)).toMatchObject([
    { sequence: 1, type: 'CREATED' },
    {
      sequence: 2,
      type: 'STOCK_RESERVED',
      data: { levels: [{ sku: own, location: 'MAIN', reservedDelta: '4', availableBefore: '5', availableAfter: '1' }] },
    },
    { sequence: 3, type: 'STATUS_CHANGED', changes: [{ field: 'status', from: 'RECEIVED', to: 'CONFIRMED' }] },
  ]);
  const { rows } = await hub.hub.db.pool.query<{ xmin: string }>(
    `select o.xmin::text from orders o where o.number = $1
      union select e.xmin::text from event e join orders o on o.id = e.subject_id where o.number = $1 and e.subject_kind = 'order'
      union select r.xmin::text from stock_reservation r join order_line l on l.id = r.order_line_id
        join orders o on o.id = l.order_id where o.number = $1`,
    [order.number],
  );
  expect(rows).toHaveLength(1);
});

test('lets what is not in stock wait where the caller allows it', async () => {
  const own = await desk.product('10.00', '5');
  const order = await desk.order({ lines: [{ sku: own, quantity: '8' }], confirm: true, allowBackorder: true });
  expect(order.lines).toMatchObject([{ quantity: '8', reservedQuantity: '5', backorderedQuantity: '3' }]);
  expect(await desk.level(own)).toMatchObject({ reserved: '5', available: '0' });
});

test('never asks for stock of a product that is not stocked', async () => {
  const service = await desk.product('50.00', null, { isStocked: false });
  const order = await desk.order({ lines: [{ sku: service, quantity: '1000' }], confirm: true });
  expect(order).toMatchObject({ status: 'CONFIRMED', lines: [{ reservedQuantity: '0', backorderedQuantity: '0' }] });
  expect((await desk.timeline(order.id)).map(({ type }) => type)).toEqual(['CREATED', 'STATUS_CHANGED']);
});

test('takes an order for a country without a tax rate, and taxes it when it is known', async () => {
  const address = { line1: '1 Main St', city: 'Springfield', country: 'US' };
  const order = await desk.order({ lines: [{ sku, quantity: '1' }], shippingAddress: address });
  expect(order).toMatchObject({ taxLines: [], taxTotal: eur('0.00'), total: eur('10.00') });
});

test('takes the address, tax and contact that the order names before those of the customer', async () => {
  const contacts = [{ name: 'Ada', isPrimary: true }];
  const customer = await desk.customer({ contacts });
  const query = 'query($id: ID!) { customer(id: $id) { contacts { id } } }';
  const [contact] = (await desk.ask<{ customer: { contacts: { id: string }[] } }>(query, { id: customer.id })).customer
    .contacts;
  const shippingAddress = { line1: 'Unter den Linden 1', city: 'Berlin', country: 'DE' };
  const order = await desk.order({
    customerId: customer.id,
    contactId: contact!.id,
    shippingAddress,
    lines: [{ sku, quantity: '1' }],
  });
  expect(order.taxLines).toMatchObject([{ name: 'VAT 19 %', rate: '0.19', amount: eur('1.90') }]);
  const more = 'query($id: ID!) { order(id: $id) { contact { name } shippingAddress { city country } } }';
  expect(await desk.ask(more, { id: order.id })).toEqual({
    order: { contact: { name: 'Ada' }, shippingAddress: { city: 'Berlin', country: 'DE' } },
  });
});

test('is found again by the id that a connected system gave it', async () => {
  const integration = await desk.integration();
  const external = { integration, externalId: 'A-17' };
  const order = await desk.order({ lines: [{ sku, quantity: '1' }], external });
  const query =
    'query($e: ExternalIdInput!) { order(external: $e) { id externalReferences { externalId integration { code } } } }';
  expect(await desk.ask(query, { e: external })).toEqual({
    order: { id: order.id, externalReferences: [{ externalId: 'A-17', integration: { code: integration } }] },
  });
});

describe('refuses', () => {
  let inactive: string;
  let unpriced: string;
  let few: string;
  let strangers: string;
  let stranger: string;
  let gone: string;
  let integration: string;

  beforeAll(async () => {
    inactive = await desk.product('10.00', null, { isActive: false });
    unpriced = await desk.product(null, null);
    few = await desk.product('10.00', '2.5');
    gone = (await desk.customer({ isActive: false })).id;
    stranger = (await desk.customer({ contacts: [{ name: 'Eve' }] })).id;
    const query = 'query($id: ID!) { customer(id: $id) { contacts { id } } }';
    strangers = (await desk.ask<{ customer: { contacts: { id: string }[] } }>(query, { id: stranger })).customer
      .contacts[0]!.id;
    integration = await desk.integration();
    await desk.order({ lines: [{ sku, quantity: '1' }], external: { integration, externalId: 'taken' } });
    await hub.hub.db.pool.query(
      `insert into channel (id, code, name, kind, is_active) values (90, 'old', 'Old', 'API', false)`,
    );
  });

  const line = () => ({ sku, quantity: '1' });
  const cases: [string, () => object, string[]][] = [
    ['an unknown channel', () => ({ channel: 'nowhere', lines: [line()] }), ['NOT_FOUND at channel']],
    ['a channel that takes no more orders', () => ({ channel: 'old', lines: [line()] }), ['INVALID at channel']],
    ['an order without lines', () => ({ lines: [] }), ['REQUIRED at lines']],
    ['more than 500 lines', () => ({ lines: Array.from({ length: 501 }, line) }), ['INVALID at lines']],
    ['an unknown product', () => ({ lines: [{ sku: 'nothing', quantity: '1' }] }), ['NOT_FOUND at lines.0.sku']],
    [
      'a product that is no longer sold',
      () => ({ lines: [line(), { sku: inactive, quantity: '1' }] }),
      ['PRODUCT_INACTIVE at lines.1.sku'],
    ],
    [
      'a product without a price',
      () => ({ lines: [{ sku: unpriced, quantity: '1' }] }),
      ['PRICE_MISSING at lines.0.unitPrice'],
    ],
    [
      'a price in the lists of another currency alone',
      () => ({ currency: 'USD', lines: [line()] }),
      ['PRICE_MISSING at lines.0.unitPrice'],
    ],
    ['a quantity of zero', () => ({ lines: [{ sku, quantity: '0' }] }), ['INVALID at lines.0.quantity']],
    ['a negative quantity', () => ({ lines: [{ sku, quantity: '-0.5' }] }), ['INVALID at lines.0.quantity']],
    [
      'a unit price in another currency',
      () => ({ lines: [{ ...line(), unitPrice: { amount: '1', currency: 'USD' } }] }),
      ['CURRENCY_MISMATCH at lines.0.unitPrice.currency'],
    ],
    [
      'a negative unit price',
      () => ({ lines: [{ ...line(), unitPrice: eur('-0.01') }] }),
      ['INVALID at lines.0.unitPrice.amount'],
    ],
    [
      'a unit price with nine digits',
      () => ({ lines: [{ ...line(), unitPrice: eur('0.123456789') }] }),
      ['INVALID at lines.0.unitPrice.amount'],
    ],
    ['a text that is no id of a customer', () => ({ customerId: 'x', lines: [line()] }), ['NOT_FOUND at customerId']],
    ['the id of something else', () => ({ customerId: strangers, lines: [line()] }), ['NOT_FOUND at customerId']],
    ['a customer that is not active', () => ({ customerId: gone, lines: [line()] }), ['INVALID at customerId']],
    [
      'a contact of another customer',
      () => ({ customerId, contactId: strangers, lines: [line()] }),
      ['NOT_FOUND at contactId'],
    ],
    ['a contact without its customer', () => ({ contactId: strangers, lines: [line()] }), ['NOT_FOUND at contactId']],
    [
      'a negative discount',
      () => ({ lines: [line()], adjustments: [{ kind: 'DISCOUNT', label: 'x', amount: eur('-1.00') }] }),
      ['INVALID at adjustments.0.amount'],
    ],
    [
      'a negative fee',
      () => ({ lines: [line()], adjustments: [{ kind: 'FEE', label: 'x', amount: eur('-1.00') }] }),
      ['INVALID at adjustments.0.amount'],
    ],
    [
      'an adjustment with too many digits',
      () => ({ lines: [line()], adjustments: [{ kind: 'FEE', label: 'x', amount: eur('1.001') }] }),
      ['INVALID at adjustments.0.amount.amount'],
    ],
    [
      'an adjustment in another currency',
      () => ({ lines: [line()], adjustments: [{ kind: 'FEE', label: 'x', amount: { amount: '1', currency: 'JPY' } }] }),
      ['CURRENCY_MISMATCH at adjustments.0.amount.currency'],
    ],
    [
      'a negative shipping price',
      () => ({ lines: [line()], shippingPrice: eur('-1.00') }),
      ['INVALID at shippingPrice.amount'],
    ],
    [
      'a shipping price in another currency',
      () => ({ lines: [line()], shippingPrice: { amount: '1', currency: 'JPY' } }),
      ['CURRENCY_MISMATCH at shippingPrice.currency'],
    ],
    [
      'a shipping price with too many digits',
      () => ({ lines: [line()], shippingPrice: eur('1.005') }),
      ['INVALID at shippingPrice.amount'],
    ],
    [
      'a draft that is to be confirmed',
      () => ({ lines: [line()], draft: true, confirm: true }),
      ['INVALID at confirm'],
    ],
    [
      'an unknown integration',
      () => ({ lines: [line()], external: { integration: 'none', externalId: '1' } }),
      ['NOT_FOUND at external.integration'],
    ],
    [
      'an external id that another order has',
      () => ({ lines: [line()], external: { integration, externalId: 'taken' } }),
      ['ALREADY_EXISTS at external.externalId'],
    ],
    [
      'an empty external id',
      () => ({ lines: [line()], external: { integration, externalId: '' } }),
      ['INVALID at external.externalId'],
    ],
    [
      'to confirm without a tax rate',
      () => ({ lines: [line()], confirm: true, shippingAddress: { line1: 'x', city: 'x', country: 'US' } }),
      ['TAX_MISSING at shippingAddress.country'],
    ],
    [
      'to confirm what is not there',
      () => ({ lines: [{ sku: few, quantity: '3' }], confirm: true }),
      ['INSUFFICIENT_STOCK at lines.0.quantity'],
    ],
  ];

  test.each(cases)('%s, and leaves no trace', async (_, input, expected) => {
    const before = await desk.traces();
    expect(await desk.refusals('createOrder', { channel: 'api', currency: 'EUR', ...input() })).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
  });

  test('several things at once, each with its path', async () => {
    const lines = [
      { sku, quantity: '0' },
      { sku, quantity: '1', unitPrice: eur('-1') },
    ];
    const adjustments = [{ kind: 'DISCOUNT', label: 'x', amount: { amount: '1', currency: 'USD' } }];
    expect(
      await desk.refusals('createOrder', {
        channel: 'x',
        currency: 'EUR',
        customerId: 'x',
        draft: true,
        confirm: true,
        lines,
        adjustments,
      }),
    ).toEqual([
      'INVALID at confirm',
      'INVALID at lines.0.quantity',
      'INVALID at lines.1.unitPrice.amount',
      'CURRENCY_MISMATCH at adjustments.0.amount.currency',
      'NOT_FOUND at customerId',
    ]);
    const known = [
      { sku: 'nothing', quantity: '1' },
      { sku: unpriced, quantity: '1' },
      { sku: inactive, quantity: '1' },
      { sku: few, quantity: '9' },
    ];
    expect(
      await desk.refusals('createOrder', {
        channel: 'x',
        currency: 'EUR',
        customerId: gone,
        confirm: true,
        lines: known,
      }),
    ).toEqual([
      'NOT_FOUND at channel',
      'INVALID at customerId',
      'NOT_FOUND at lines.0.sku',
      'PRICE_MISSING at lines.1.unitPrice',
      'PRODUCT_INACTIVE at lines.2.sku',
      'INSUFFICIENT_STOCK at lines.1.quantity',
      'INSUFFICIENT_STOCK at lines.2.quantity',
      'INSUFFICIENT_STOCK at lines.3.quantity',
    ]);
  });

  test('with the facts of what is missing, added up over the lines of one product', async () => {
    const lines = [
      { sku: few, quantity: '2' },
      { sku: few, quantity: '1' },
    ];
    const payload = await desk.send<OrderPayload>('createOrder', {
      idempotencyKey: newKey(),
      channel: 'api',
      currency: 'EUR',
      lines,
      confirm: true,
    });
    expect(payload).toMatchObject({
      order: null,
      replayed: false,
      userErrors: [
        {
          __typename: 'InsufficientStockError',
          code: 'INSUFFICIENT_STOCK',
          field: ['lines', '1', 'quantity'],
          sku: few,
          requested: '3',
          available: '2.5',
        },
      ],
    });
    expect(await desk.level(few)).toMatchObject({ reserved: '0' });
  });

  test('and lets the same key succeed once the caller has mended it', async () => {
    const input = {
      idempotencyKey: newKey(),
      channel: 'api',
      currency: 'EUR',
      lines: [{ sku: few, quantity: '3' }],
      confirm: true,
    };
    const first = await desk.send<OrderPayload>('createOrder', input);
    expect(first.userErrors.map(refusal)).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
    await desk.stock(few, '0.5');
    const second = await desk.send<OrderPayload>('createOrder', input);
    expect(second).toMatchObject({ order: { status: 'CONFIRMED' }, replayed: false, userErrors: [] });
  });
});

test('never promises more than there is to orders that come at the same time', async () => {
  const own = await desk.product('1.00', '10');
  const calls = Array.from({ length: 25 }, () =>
    desk.send<OrderPayload>('createOrder', {
      idempotencyKey: newKey(),
      channel: 'api',
      currency: 'EUR',
      confirm: true,
      lines: [{ sku: own, quantity: '1' }],
    }),
  );
  const answers = await Promise.all(calls);
  expect(answers.filter(({ order }) => order?.status === 'CONFIRMED')).toHaveLength(10);
  expect(answers.flatMap(({ userErrors }) => userErrors.map(refusal))).toEqual(
    Array(15).fill('INSUFFICIENT_STOCK at lines.0.quantity'),
  );
  expect(await desk.level(own)).toMatchObject({ onHand: '10', reserved: '10', available: '0', shortfall: '0' });
});

test('gives an order to one location that has all of it, else to those that have most', async () => {
  const [one, two] = [await desk.product('1.00', '2'), await desk.product('1.00', '2')];
  for (const each of [one, two]) await desk.stock(each, '3', 'NORTH');
  await desk.order({
    confirm: true,
    lines: [
      { sku: one, quantity: '2' },
      { sku: two, quantity: '3' },
    ],
  });
  expect([await desk.level(one, 'NORTH'), await desk.level(two, 'NORTH')]).toMatchObject([
    { reserved: '2' },
    { reserved: '3' },
  ]);
  const order = await desk.order({ confirm: true, lines: [{ sku: one, quantity: '2.5' }] });
  expect(order.lines).toMatchObject([{ reservedQuantity: '2.5' }]);
  expect([await desk.level(one), await desk.level(one, 'NORTH')]).toMatchObject([
    { reserved: '2' },
    { reserved: '2.5' },
  ]);
});

test('reserves nothing at a location that no longer promises', async () => {
  const own = fresh('SKU');
  await desk.done('upsertProduct', { sku: own, name: own });
  await desk.stock(own, '10', 'CLOSED');
  await desk.done('upsertStockLocation', { code: 'CLOSED', isActive: false });
  const input = {
    channel: 'api',
    currency: 'EUR',
    confirm: true,
    lines: [{ sku: own, quantity: '1', unitPrice: eur('1') }],
  };
  const payload = await desk.send<OrderPayload>('createOrder', { idempotencyKey: newKey(), ...input });
  expect(payload.userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', requested: '1', available: '0' }]);
});
