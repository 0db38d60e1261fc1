import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { after, Desk, eur, fresh, refusal, seeded, type Order, type Payload, type Quote } from './support/desk.js';

type Converted = Payload<'order', Order> & Payload<'quote', Quote>;
const DAY = 86_400_000;

let hub: TestHub;
let desk: Desk;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  customerId = (await desk.customer()).id;
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

function convert(quote: { id: string }, more: object = {}): Promise<Converted> {
  return desk.done<Converted>('convertQuoteToOrder', { quoteId: quote.id, ...more });
}

function refusedConversion(quote: { id: string }, more: object = {}): Promise<string[]> {
  return desk.refusals('convertQuoteToOrder', { quoteId: quote.id, ...more });
}

async function quoteOf(
  quantity = '4',
  onHand = '10',
  line: object = {},
): Promise<{ sku: string; quote: Quote; lineId: string }> {
  const sku = await desk.product('10.00', onHand);
  const quote = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity, ...line }] });
  return { sku, quote, lineId: quote.lines[0]!.id };
}

test('makes a CONFIRMED order of all of it, at its prices and discounts, with the stock reserved', async () => {
  const { sku, quote, lineId } = await quoteOf('4', '10', { unitPrice: eur('9.00'), discountRate: '0.25' });
  const { order, quote: now } = await convert(quote, { purchaseOrderNumber: 'PO-1' });
  expect(order).toMatchObject({
    status: 'CONFIRMED',
    version: 1,
    customer: { id: customerId },
    quote: { id: quote.id },
    subtotal: eur('36.00'),
    discountTotal: eur('9.00'),
    taxTotal: eur('5.94'),
    total: eur('32.94'),
    lines: [{ sku, quantity: '4', unitPrice: eur('9.00'), reservedQuantity: '4' }],
  });
  expect(now).toMatchObject({
    status: 'CONVERTED',
    version: 4,
    orders: [{ id: order!.id }],
    lines: [{ convertedQuantity: '4' }],
  });
  expect(await desk.level(sku)).toMatchObject({ reserved: '4', available: '6' });
  expect((await desk.timeline(order!.id)).map(({ sequence, type }) => `${sequence} ${type}`)).toEqual([
    '1 CREATED',
    '2 STOCK_RESERVED',
  ]);
  const query =
    'query($id: ID!) { order(id: $id) { channel { code } purchaseOrderNumber quote { number } lines { quoteLine { id } } } }';
  expect(await desk.ask(query, { id: order!.id })).toEqual({
    order: {
      channel: { code: 'cpq' },
      purchaseOrderNumber: 'PO-1',
      quote: { number: quote.number },
      lines: [{ quoteLine: { id: lineId } }],
    },
  });
});

test('converts part by part until nothing is left, with an event for each', async () => {
  const { sku, quote, lineId } = await quoteOf('5', '3');
  const first = await convert(quote, { lines: [{ lineId, quantity: '1.5' }] });
  expect(first).toMatchObject({
    order: { total: eur('18.30') },
    quote: { status: 'PARTIALLY_CONVERTED', version: 4, lines: [{ convertedQuantity: '1.5' }] },
  });
  const second = await convert(quote, { lines: [{ lineId, quantity: '1' }] });
  expect(second.quote).toMatchObject({
    status: 'PARTIALLY_CONVERTED',
    version: 5,
    lines: [{ convertedQuantity: '2.5' }],
  });
  expect(await refusedConversion(quote)).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
  await desk.stock(sku, '2');
  const last = await convert(quote);
  expect(last).toMatchObject({
    order: { lines: [{ quantity: '2.5' }] },
    quote: { status: 'CONVERTED', version: 6, lines: [{ convertedQuantity: '5' }] },
  });
  expect(last.quote!.orders.map(({ id }) => id)).toEqual([first.order!.id, second.order!.id, last.order!.id]);
  const { rows } = await hub.hub.db.pool.query<{ sequence: number; type: string; status_to: string }>(
    `select e.sequence, e.type, e.status_to from event e join quote q on q.id = e.subject_id
      where e.subject_kind = 'quote' and q.number = $1 and e.sequence > 3 order by e.sequence`,
    [quote.number],
  );
  expect(rows.map(({ sequence, type, status_to }) => `${sequence} ${type} ${status_to}`)).toEqual([
    '4 STATUS_CHANGED PARTIALLY_CONVERTED',
    '5 CONVERTED PARTIALLY_CONVERTED',
    '6 STATUS_CHANGED CONVERTED',
  ]);
});

test('converts a unit once, however many ask under however many keys', async () => {
  const { sku, quote, lineId } = await quoteOf('6', '100');
  const lines = [{ lineId, quantity: '1' }];
  const calls = Array.from({ length: 15 }, () =>
    desk.send<Converted>('convertQuoteToOrder', { idempotencyKey: newKey(), quoteId: quote.id, lines }),
  );
  const answers = await Promise.all(calls);
  expect(answers.filter(({ order }) => order !== null)).toHaveLength(6);
  const errors = answers.flatMap(({ userErrors }) => userErrors);
  expect(errors.map(({ code }) => code)).toEqual(Array(9).fill('QUOTE_ALREADY_CONVERTED'));
  for (const error of errors) expect((error.orders as object[]).length).toBe(6);
  expect(await desk.level(sku)).toMatchObject({ reserved: '6' });
});

test('answers what is converted already with the orders it has become', async () => {
  const { quote, lineId } = await quoteOf('2');
  const { order } = await convert(quote);
  const payload = await desk.send<Converted>('convertQuoteToOrder', { idempotencyKey: newKey(), quoteId: quote.id });
  expect(payload).toMatchObject({
    order: null,
    quote: null,
    replayed: false,
    userErrors: [
      {
        __typename: 'AlreadyConvertedError',
        code: 'QUOTE_ALREADY_CONVERTED',
        field: ['quoteId'],
        orders: [{ id: order!.id, status: 'CONFIRMED' }],
      },
    ],
  });
  const two = await desk.acceptedQuote({
    customerId,
    lines: [
      { sku: quote.lines[0]!.sku, quantity: '1' },
      { sku: quote.lines[0]!.sku, quantity: '1' },
    ],
  });
  const done = [{ lineId: two.lines[0]!.id, quantity: '1' }];
  await convert(two, { lines: done });
  expect(await refusedConversion(two, { lines: done })).toEqual(['QUOTE_ALREADY_CONVERTED at lines.0.lineId']);
  expect(lineId).not.toBe(two.lines[0]!.id);
});

test('is found by the id that a CPQ tool gave it', async () => {
  const sku = await desk.product('10.00', '10');
  const external = { integration: await desk.integration(), externalId: 'deal-1' };
  const quote = await desk.acceptedQuote({ customerId, external, lines: [{ sku, quantity: '1' }] });
  const { order } = await desk.done<Converted>('convertQuoteToOrder', { external });
  expect(order).toMatchObject({ quote: { id: quote.id } });
});

test('lets what is not in stock wait where the caller allows it', async () => {
  const { quote } = await quoteOf('5', '2');
  const { order } = await convert(quote, { allowBackorder: true });
  expect(order!.lines).toMatchObject([{ reservedQuantity: '2', backorderedQuantity: '3' }]);
});

describe('shipping', () => {
  const shipping = { shippingMethod: 'Road freight', shippingPrice: eur('7.50') };
  async function shippedQuote(quantity = '3') {
    const sku = await desk.product('10.00', '100');
    const quote = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity }], ...shipping });
    return { quote, part: { lines: [{ lineId: quote.lines[0]!.id, quantity: '1' }] } };
  }
  const linesOf = async ({ id }: { id: string }) => {
    const query =
      'query($id: ID!) { order(id: $id) { shippingLines { method price { amount } taxTotal { amount } } } }';
    return (await desk.ask<{ order: { shippingLines: object[] } }>(query, { id })).order.shippingLines;
  };

  test('is charged by the one order that is made of the whole', async () => {
    const { quote } = await shippedQuote();
    const { order } = await convert(quote);
    expect(order).toMatchObject({ shippingTotal: eur('7.50'), taxTotal: eur('8.25'), total: quote.total });
    expect(await linesOf(order!)).toEqual([
      { method: 'Road freight', price: { amount: '7.50' }, taxTotal: { amount: '1.65' } },
    ]);
  });

  test('is charged by the first of several orders alone, also where that one is canceled', async () => {
    const { quote, part } = await shippedQuote();
    const first = await convert(quote, part);
    expect(first.order).toMatchObject({ shippingTotal: eur('7.50'), total: eur('21.35') });
    await desk.done('cancelOrder', { orderId: first.order!.id });
    const second = await convert(quote, part);
    expect(second.order).toMatchObject({ shippingTotal: eur('0.00'), total: eur('12.20') });
    expect(await linesOf(second.order!)).toEqual([]);
    expect((await convert(quote)).order).toMatchObject({ shippingTotal: eur('0.00') });
  });

  test('is charged once by calls that come at once', async () => {
    const { quote, part } = await shippedQuote('5');
    const orders = await Promise.all(Array.from({ length: 5 }, () => convert(quote, part)));
    expect(orders.map(({ order }) => order!.shippingTotal.amount).toSorted()).toEqual([
      ...Array<string>(4).fill('0.00'),
      '7.50',
    ]);
  });

  test('counts for the credit limit, and is taxed where the goods go', async () => {
    const sku = await desk.product('10.00', '100');
    const { id } = await desk.customer({ creditLimit: eur('20.00') });
    const quote = await desk.acceptedQuote({ customerId: id, lines: [{ sku, quantity: '1' }], ...shipping });
    expect(await refusedConversion(quote)).toEqual(['CREDIT_LIMIT_EXCEEDED']);
    const { quote: other } = await shippedQuote('1');
    const shippingAddress = { line1: 'x', city: 'x', country: 'DE' };
    expect((await convert(other, { shippingAddress })).order).toMatchObject({ taxTotal: eur('3.33') });
  });

  test('makes the orders of a quote come to what it does, in whatever parts they are made', async () => {
    const below = seeded(7);
    const skus = [await desk.product('10.00', '1000'), await desk.product('25.00', '1000')];
    const cents = (amount: string) => BigInt(amount.replace('.', ''));
    for (let run = 0; run < 12; run += 1) {
      const lines = skus.map((sku) => ({ sku, quantity: String(1 + below(4)), discountRate: ['0', '0.2'][below(2)] }));
      const price = ['0.00', '3.33', '7.50'][below(3)]!;
      const quote = await desk.acceptedQuote({ customerId, lines, ...(below(4) > 0 && { shippingPrice: eur(price) }) });
      const orders: Order[] = [];
      const left = new Map(quote.lines.map(({ id, quantity }) => [id, Number(quantity)]));
      while (left.size > 0) {
        const asked = [...left].flatMap(([lineId, most]) => {
          const quantity = below(most + 1);
          return quantity === 0 ? [] : [{ lineId, quantity }];
        });
        for (const { lineId, quantity } of asked) left.set(lineId, left.get(lineId)! - quantity);
        for (const [lineId, most] of left) if (most === 0) left.delete(lineId);
        const parts = asked.map(({ lineId, quantity }) => ({ lineId, quantity: String(quantity) }));
        if (parts.length > 0) orders.push((await convert(quote, { lines: parts })).order!);
      }
      for (const field of ['subtotal', 'discountTotal', 'shippingTotal', 'taxTotal', 'total'] as const) {
        const sum = orders.reduce((all, order) => all + cents(order[field].amount), 0n);
        expect({ run, field, sum }).toEqual({ run, field, sum: cents(quote[field].amount) });
      }
      expect(await desk.readQuote(quote.id)).toMatchObject({ status: 'CONVERTED' });
    }
    expect(await brokenInvariants(hub.database.url)).toEqual([]);
  });
});

describe('when the list price has moved', () => {
  async function movedTo(price: string, line: object = {}) {
    const made = await quoteOf('2', '10', line);
    await desk.done('setPrice', { sku: made.sku, unitPrice: eur(price) });
    return made;
  }

  test.each([
    ['HONOR_QUOTE', '8.00', '20.00', '10.00'],
    ['HONOR_QUOTE', '12.00', '20.00', '10.00'],
    ['LOWER_PRICE', '8.00', '16.00', '8.00'],
    ['LOWER_PRICE', '12.00', '20.00', '10.00'],
  ])('%s at %s charges %s', async (pricePolicy, price, subtotal, unitPrice) => {
    const { quote } = await movedTo(price);
    const { order } = await convert(quote, { pricePolicy });
    expect(order).toMatchObject({ subtotal: eur(subtotal), lines: [{ unitPrice: eur(unitPrice) }] });
  });

  test('LOWER_PRICE compares with the quote after its discount', async () => {
    const { quote } = await movedTo('9.00', { discountRate: '0.2' });
    expect((await convert(quote, { pricePolicy: 'LOWER_PRICE' })).order).toMatchObject({
      subtotal: eur('20.00'),
      discountTotal: eur('4.00'),
    });
    const { quote: other } = await movedTo('7.99', { discountRate: '0.2' });
    expect((await convert(other, { pricePolicy: 'LOWER_PRICE' })).order).toMatchObject({
      subtotal: eur('15.98'),
      discountTotal: eur('0.00'),
    });
  });

  test('HONOR_QUOTE is what holds where nothing is said', async () => {
    const { quote } = await movedTo('1.00');
    expect((await convert(quote)).order).toMatchObject({ subtotal: eur('20.00') });
  });

  test('REFUSE_IF_CHANGED refuses with both prices, leaves no trace, and lets the same key succeed', async () => {
    const { quote, sku } = await movedTo('12.50');
    const before = await desk.traces();
    const input = { idempotencyKey: newKey(), quoteId: quote.id, pricePolicy: 'REFUSE_IF_CHANGED' };
    const refused = await desk.send<Converted>('convertQuoteToOrder', input);
    expect(refused.userErrors).toMatchObject([
      {
        __typename: 'PriceChangedError',
        code: 'PRICE_CHANGED',
        field: ['lines', '0'],
        sku,
        quoted: eur('10.00'),
        current: eur('12.50'),
      },
    ]);
    expect(await desk.traces()).toEqual(before);
    await desk.done('setPrice', { sku, unitPrice: eur('10.00') });
    expect(await desk.send<Converted>('convertQuoteToOrder', input)).toMatchObject({
      order: { status: 'CONFIRMED' },
      replayed: false,
    });
  });

  test('REFUSE_IF_CHANGED refuses a price that no list has any more', async () => {
    const sku = await desk.product(null, '10');
    await desk.done('setPrice', { sku, unitPrice: eur('10.00'), validUntil: after(DAY) });
    const quote = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '1' }] });
    hub.clock.forward(DAY);
    expect(await refusedConversion(quote, { pricePolicy: 'REFUSE_IF_CHANGED' })).toEqual(['PRICE_MISSING at lines.0']);
    expect((await convert(quote)).order).toMatchObject({ subtotal: eur('10.00') });
  });
});

describe('refuses', () => {
  test('a quote that has not been accepted', async () => {
    const sku = await desk.product('10.00', '10');
    const quote = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    expect(await refusedConversion(quote)).toEqual(['QUOTE_NOT_ACCEPTED at quoteId']);
    await desk.done('sendQuote', { quoteId: quote.id });
    expect(await refusedConversion(quote)).toEqual(['QUOTE_NOT_ACCEPTED at quoteId']);
  });

  test.each([
    ['DECLINED', 'QUOTE_DECLINED'],
    ['SUPERSEDED', 'QUOTE_SUPERSEDED'],
    ['EXPIRED', 'QUOTE_EXPIRED'],
    ['CANCELED', 'QUOTE_NOT_ACCEPTED'],
    ['REJECTED', 'QUOTE_NOT_ACCEPTED'],
  ])('a quote that is %s, with %s', async (status, code) => {
    const { quote } = await quoteOf();
    await hub.hub.db.pool.query('update quote set status = $2 where number = $1', [quote.number, status]);
    expect(await refusedConversion(quote)).toEqual([`${code} at quoteId`]);
  });

  test('a quote from the instant at which its validity ends, whole or the rest of it', async () => {
    const sku = await desk.product('10.00', '10');
    const quote = await desk.acceptedQuote({ customerId, validUntil: after(DAY), lines: [{ sku, quantity: '2' }] });
    hub.clock.set(new Date(START.getTime() + DAY - 1));
    await convert(quote, { lines: [{ lineId: quote.lines[0]!.id, quantity: '1' }] });
    hub.clock.forward(1);
    const before = await desk.traces();
    expect(await refusedConversion(quote)).toEqual(['QUOTE_EXPIRED at quoteId']);
    expect(await desk.traces()).toEqual(before);
  });

  test('what names no quote, two quotes or none', async () => {
    expect(await refusedConversion({ id: 'x' })).toEqual(['NOT_FOUND at quoteId']);
    expect(await desk.refusals('convertQuoteToOrder', {})).toEqual(['INVALID at quoteId']);
    const external = { integration: 'none', externalId: '1' };
    expect(await desk.refusals('convertQuoteToOrder', { external })).toEqual(['NOT_FOUND at external']);
    expect(await desk.refusals('convertQuoteToOrder', { quoteId: 'x', external })).toEqual(['INVALID at quoteId']);
  });

  test('lines, quantities and a channel that are not there', async () => {
    const [{ quote, lineId }, other] = [await quoteOf('2'), await quoteOf('2')];
    const lines = [
      { lineId: other.lineId, quantity: '1' },
      { lineId, quantity: '0' },
      { lineId, quantity: '2.1' },
    ];
    expect(await refusedConversion(quote, { lines })).toEqual([
      'NOT_FOUND at lines.0.lineId',
      'INVALID at lines.1.quantity',
      'INVALID at lines.2.quantity',
    ]);
    expect(await refusedConversion(quote, { lines: [] })).toEqual(['REQUIRED at lines']);
    expect(
      await refusedConversion(quote, {
        lines: [
          { lineId, quantity: '1.5' },
          { lineId, quantity: '1' },
        ],
      }),
    ).toEqual(['INVALID at lines.1.quantity']);
    expect(await refusedConversion(quote, { channel: 'nowhere' })).toEqual(['NOT_FOUND at channel']);
    expect(await refusedConversion(quote, { shippingAddress: { line1: 'x', city: 'x', country: 'US' } })).toEqual([
      'TAX_MISSING at shippingAddress.country',
    ]);
    await desk.done('upsertProduct', { sku: quote.lines[0]!.sku, isActive: false });
    expect(await refusedConversion(quote)).toEqual(['PRODUCT_INACTIVE at lines.0.sku']);
  });

  test('a channel that takes no more orders', async () => {
    const { quote } = await quoteOf('1');
    const code = fresh('closed');
    await hub.hub.db.pool.query(
      `insert into channel (id, code, name, kind, is_active) values ($1, $2, $2, 'CPQ', false)`,
      [await hub.hub.db.ids.one(), code],
    );
    expect(await refusedConversion(quote, { channel: code })).toEqual(['INVALID at channel']);
  });

  test('more than is in stock, and lets the same key succeed once it is there', async () => {
    const { sku, quote } = await quoteOf('3', '2');
    const input = { idempotencyKey: newKey(), quoteId: quote.id };
    const before = await desk.traces();
    const refused = await desk.send<Converted>('convertQuoteToOrder', input);
    expect(refused.userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', sku, requested: '3', available: '2' }]);
    expect(refused.userErrors.map(refusal)).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
    expect(await desk.traces()).toEqual(before);
    await desk.stock(sku, '1');
    expect((await desk.send<Converted>('convertQuoteToOrder', input)).order).toMatchObject({ status: 'CONFIRMED' });
  });
});
