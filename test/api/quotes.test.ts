import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { after, Desk, eur, refusal, type Payload, type Quote } from './support/desk.js';

type QuotePayload = Payload<'quote', Quote>;
const DAY = 86_400_000;

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', null);
  customerId = (await desk.customer()).id;
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

async function step(name: string, quoteId: string, more: object = {}): Promise<Quote> {
  return (await desk.done<QuotePayload>(name, { quoteId, ...more })).quote!;
}

describe('making one', () => {
  test('prices and taxes it as of now, with what the lists said beside what is offered', async () => {
    const quote = await desk.quote({
      customerId,
      lines: [
        { sku, quantity: '3' },
        { sku, quantity: '2', unitPrice: eur('9.995'), discountRate: '0.1' },
      ],
    });
    // 2 × 9.995 is 19.99; a tenth of it is 1.999, rounded 2.00.
    expect(quote).toMatchObject({
      revision: 1,
      status: 'DRAFT',
      version: 1,
      validUntil: after(14 * DAY),
      subtotal: eur('49.99'),
      discountTotal: eur('2.00'),
      taxTotal: eur('10.56'),
      total: eur('58.55'),
      orders: [],
      lines: [
        {
          sku,
          quantity: '3',
          unitPrice: eur('10.00'),
          listPrice: eur('10.00'),
          discountRate: '0',
          total: eur('30.00'),
          taxTotal: eur('6.60'),
          convertedQuantity: '0',
        },
        {
          quantity: '2',
          unitPrice: eur('9.995'),
          listPrice: eur('10.00'),
          discountRate: '0.1',
          total: eur('17.99'),
          taxTotal: eur('3.96'),
        },
      ],
    });
    expect(quote.number).toMatch(/^Q-\d{6}$/);
  });

  test('has no list price where no list has one', async () => {
    const unlisted = await desk.product(null, null);
    const quote = await desk.quote({ customerId, lines: [{ sku: unlisted, quantity: '1', unitPrice: eur('5.00') }] });
    expect(quote.lines).toMatchObject([{ unitPrice: eur('5.00'), listPrice: null }]);
  });

  test('charges shipping with its tax, and says so', async () => {
    const shipping = { shippingMethod: 'Road freight', shippingPrice: eur('7.50') };
    const quote = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }], ...shipping });
    expect(quote).toMatchObject({
      subtotal: eur('10.00'),
      shippingMethod: 'Road freight',
      shippingTotal: eur('7.50'),
      taxTotal: eur('3.85'),
      total: eur('21.35'),
    });
    const query = 'query($id: ID!) { quote(id: $id) { history { nodes { changes { field from to } } } } }';
    const { quote: told } = await desk.ask<{ quote: { history: { nodes: { changes: object[] }[] } } }>(query, {
      id: quote.id,
    });
    expect(told.history.nodes[0]!.changes).toEqual(
      expect.arrayContaining([
        { field: 'shippingMethod', from: null, to: 'Road freight' },
        { field: 'shippingTotal', from: null, to: eur('7.50') },
        { field: 'total', from: null, to: eur('21.35') },
      ]),
    );
  });

  test.each([
    ['a price alone is of Shipping', () => ({ shippingPrice: eur('5.00') }), 'Shipping', '5.00'],
    ['a method alone costs nothing', () => ({ shippingMethod: 'Picked up' }), 'Picked up', '0.00'],
    ['nothing is none', () => ({}), null, '0.00'],
  ])('of shipping, %s', async (_, shipping, shippingMethod, total) => {
    const quote = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }], ...shipping() });
    expect(quote).toMatchObject({ shippingMethod, shippingTotal: eur(total) });
  });

  const line = () => ({ sku, quantity: '1' });
  const cases: [string, () => object, string[]][] = [
    ['an unknown customer', () => ({ customerId: 'x' }), ['NOT_FOUND at customerId']],
    ['a contact that the customer does not have', () => ({ contactId: 'x' }), ['NOT_FOUND at contactId']],
    ['a validity that has passed', () => ({ validUntil: START.toISOString() }), ['INVALID at validUntil']],
    ['a quote without lines', () => ({ lines: [] }), ['REQUIRED at lines']],
    ['a quantity of zero', () => ({ lines: [{ sku, quantity: '0' }] }), ['INVALID at lines.0.quantity']],
    ['an unknown product', () => ({ lines: [{ sku: 'nothing', quantity: '1' }] }), ['NOT_FOUND at lines.0.sku']],
    [
      'a negative discount',
      () => ({ lines: [{ ...line(), discountRate: '-0.1' }] }),
      ['INVALID at lines.0.discountRate'],
    ],
    [
      'more than all of it off',
      () => ({ lines: [line(), { ...line(), discountRate: '1.000001' }] }),
      ['INVALID at lines.1.discountRate'],
    ],
    [
      'a discount with seven digits',
      () => ({ lines: [{ ...line(), discountRate: '0.1234567' }] }),
      ['INVALID at lines.0.discountRate'],
    ],
    [
      'a price in another currency',
      () => ({ lines: [{ ...line(), unitPrice: { amount: '1', currency: 'USD' } }] }),
      ['CURRENCY_MISMATCH at lines.0.unitPrice.currency'],
    ],
    ['shipping below zero', () => ({ shippingPrice: eur('-0.01') }), ['INVALID at shippingPrice.amount']],
    ['a part of a cent for shipping', () => ({ shippingPrice: eur('0.001') }), ['INVALID at shippingPrice.amount']],
    [
      'shipping in another currency',
      () => ({ shippingPrice: { amount: '1', currency: 'USD' } }),
      ['CURRENCY_MISMATCH at shippingPrice.currency'],
    ],
    ['a currency without prices', () => ({ currency: 'USD' }), ['PRICE_MISSING at lines.0.unitPrice']],
    [
      'a country without a tax rate',
      () => ({ shippingAddress: { line1: 'x', city: 'x', country: 'US' } }),
      ['TAX_MISSING at shippingAddress.country'],
    ],
    [
      'an unknown integration',
      () => ({ external: { integration: 'none', externalId: '1' } }),
      ['NOT_FOUND at external.integration'],
    ],
    [
      'several things at once',
      () => ({ lines: [{ sku, quantity: '0', discountRate: '2' }], validUntil: START.toISOString() }),
      ['INVALID at lines.0.quantity', 'INVALID at lines.0.discountRate', 'INVALID at validUntil'],
    ],
  ];

  test.each(cases)('refuses %s, and leaves no trace', async (_, input, expected) => {
    const before = await desk.traces();
    const values = { customerId, currency: 'EUR', validUntil: after(DAY), lines: [line()], ...input() };
    expect(await desk.refusals('createQuote', values)).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
  });

  test('is refused for a product that is no longer sold and a customer that is not active', async () => {
    const ended = await desk.product('1.00', null, { isActive: false });
    const gone = await desk.customer({ isActive: false });
    const values = {
      customerId: gone.id,
      currency: 'EUR',
      validUntil: after(DAY),
      lines: [{ sku: ended, quantity: '1' }],
    };
    expect(await desk.refusals('createQuote', values)).toEqual([
      'INVALID at customerId',
      'PRODUCT_INACTIVE at lines.0.sku',
    ]);
  });

  test('lets the same key succeed once a refusal is mended', async () => {
    const later = await desk.product(null, null);
    const input = {
      idempotencyKey: newKey(),
      customerId,
      currency: 'EUR',
      validUntil: after(DAY),
      lines: [{ sku: later, quantity: '1' }],
    };
    expect((await desk.send<QuotePayload>('createQuote', input)).userErrors.map(refusal)).toEqual([
      'PRICE_MISSING at lines.0.unitPrice',
    ]);
    await desk.done('setPrice', { sku: later, unitPrice: eur('4.00') });
    expect(await desk.send<QuotePayload>('createQuote', input)).toMatchObject({
      quote: { total: eur('4.88') },
      replayed: false,
    });
  });
});

describe('its steps', () => {
  test('lead from DRAFT to SENT to ACCEPTED, a version each, with events that say why', async () => {
    const { id, number } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    expect(await step('sendQuote', id, { comment: 'by mail' })).toMatchObject({ status: 'SENT', version: 2 });
    expect(await step('acceptQuote', id)).toMatchObject({ status: 'ACCEPTED', version: 3 });
    const { rows } = await hub.hub.db.pool.query(
      `select e.sequence, e.type, e.status_from, e.status_to, e.data from event e join quote q on q.id = e.subject_id
        where e.subject_kind = 'quote' and q.number = $1 order by e.sequence`,
      [number],
    );
    expect(rows).toMatchObject([
      { sequence: 1, type: 'CREATED', status_from: null, status_to: 'DRAFT' },
      { sequence: 2, type: 'STATUS_CHANGED', status_from: 'DRAFT', status_to: 'SENT', data: { comment: 'by mail' } },
      { sequence: 3, type: 'STATUS_CHANGED', status_from: 'SENT', status_to: 'ACCEPTED', data: null },
    ]);
  });

  test('let staff accept a draft on the customer’s behalf', async () => {
    const { id } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    expect(await step('acceptQuote', id)).toMatchObject({ status: 'ACCEPTED', version: 2 });
  });

  test('let a customer accept what was sent to it, and nothing else', async () => {
    const own = await desk.customerDesk(customerId);
    const quote = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    expect(await own.refusals('acceptQuote', { quoteId: quote.id })).toEqual(['FORBIDDEN at quoteId']);
    await step('sendQuote', quote.id);
    const accepted = await own.done<QuotePayload>('acceptQuote', { quoteId: quote.id });
    expect(accepted.quote).toMatchObject({ status: 'ACCEPTED' });
    const other = await desk.customer();
    const foreign = await desk.quote({ customerId: other.id, lines: [{ sku, quantity: '1' }] });
    await step('sendQuote', foreign.id);
    expect(await own.refusals('acceptQuote', { quoteId: foreign.id })).toEqual(['NOT_FOUND at quoteId']);
  });

  test('are refused where the table has no such step, with what is allowed', async () => {
    const quote = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '1' }] });
    for (const name of ['sendQuote', 'acceptQuote']) {
      const { userErrors } = await desk.send<QuotePayload>(name, { quoteId: quote.id });
      expect(userErrors).toMatchObject([
        {
          code: 'INVALID_TRANSITION',
          from: 'ACCEPTED',
          allowed: ['PARTIALLY_CONVERTED', 'CONVERTED', 'EXPIRED', 'CANCELED'],
        },
      ]);
    }
    expect(await desk.refusals('sendQuote', { quoteId: 'x' })).toEqual(['NOT_FOUND at quoteId']);
  });

  test('are refused from the instant at which the validity ends', async () => {
    const { id } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }], validUntil: after(DAY) });
    hub.clock.forward(DAY);
    const before = await desk.traces();
    expect(await desk.refusals('sendQuote', { quoteId: id })).toEqual(['QUOTE_EXPIRED at quoteId']);
    expect(await desk.refusals('acceptQuote', { quoteId: id })).toEqual(['QUOTE_EXPIRED at quoteId']);
    expect(await desk.traces()).toEqual(before);
    hub.clock.forward(-1);
    expect(await step('acceptQuote', id)).toMatchObject({ status: 'ACCEPTED', version: 2 });
  });

  test('let the customer decline what was sent to it, and staff on its behalf', async () => {
    const own = await desk.customerDesk(customerId);
    const { id } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    expect(await own.refusals('declineQuote', { quoteId: id })).toEqual(['INVALID_TRANSITION']);
    await step('sendQuote', id);
    const declined = await own.done<QuotePayload>('declineQuote', { quoteId: id, comment: 'too dear' });
    expect(declined.quote).toMatchObject({ status: 'DECLINED', version: 3 });
    for (const name of ['acceptQuote', 'declineQuote', 'sendQuote', 'cancelQuote']) {
      expect(await desk.refusals(name, { quoteId: id })).toEqual(['INVALID_TRANSITION']);
    }
    expect(await desk.refusals('convertQuoteToOrder', { quoteId: id })).toEqual(['QUOTE_DECLINED at quoteId']);
    const other = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    await step('sendQuote', other.id);
    expect(await step('declineQuote', other.id)).toMatchObject({ status: 'DECLINED' });
  });

  test('let staff cancel a quote at any stage before all of it has become orders', async () => {
    const make = () => desk.quote({ customerId, lines: [{ sku, quantity: '2' }] });
    const draft = await make();
    expect(await step('cancelQuote', draft.id)).toMatchObject({ status: 'CANCELED', version: 2 });
    const sent = await make();
    await step('sendQuote', sent.id);
    expect(await step('cancelQuote', sent.id)).toMatchObject({ status: 'CANCELED' });
    const partly = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '2' }] });
    await desk.stock(sku, '1');
    const part = [{ lineId: partly.lines[0]!.id, quantity: '1' }];
    await desk.done('convertQuoteToOrder', { quoteId: partly.id, lines: part });
    const canceled = await step('cancelQuote', partly.id);
    expect(canceled).toMatchObject({ status: 'CANCELED', lines: [{ convertedQuantity: '1' }] });
    expect(canceled.orders).toMatchObject([{ status: 'CONFIRMED' }]);
    expect(await desk.refusals('convertQuoteToOrder', { quoteId: partly.id })).toEqual([
      'QUOTE_NOT_ACCEPTED at quoteId',
    ]);
  });
});

describe('the clock', () => {
  const expire = () => hub.hub.upkeep.run('expire-quotes');

  test('makes quotes EXPIRED whose validity has passed, from every open status, and leaves the others', async () => {
    const make = (days: number) =>
      desk.quote({ customerId, lines: [{ sku, quantity: '1' }], validUntil: after(days * DAY) });
    const [draft, sent, accepted, declined, later] = await Promise.all([make(1), make(1), make(1), make(1), make(2)]);
    for (const { id } of [sent, accepted, declined]) await step('sendQuote', id);
    await step('acceptQuote', accepted.id);
    await step('declineQuote', declined.id);
    hub.clock.forward(DAY - 1);
    await expire();
    expect((await desk.readQuote(draft.id)).status).toBe('DRAFT');
    hub.clock.forward(1);
    await expire();
    const statuses = async () =>
      Promise.all([draft, sent, accepted, declined, later].map(async ({ id }) => (await desk.readQuote(id)).status));
    expect(await statuses()).toEqual(['EXPIRED', 'EXPIRED', 'EXPIRED', 'DECLINED', 'DRAFT']);
    const before = await desk.traces();
    await expire();
    expect(await desk.traces()).toEqual(before);
    for (const name of ['sendQuote', 'acceptQuote', 'declineQuote', 'cancelQuote', 'convertQuoteToOrder']) {
      expect(await desk.refusals(name, { quoteId: accepted.id })).toEqual(['QUOTE_EXPIRED at quoteId']);
    }
  });

  test('says who and when in the quote’s events', async () => {
    const { id, number } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }], validUntil: after(DAY) });
    hub.clock.forward(2 * DAY);
    await expire();
    expect(await desk.readQuote(id)).toMatchObject({ status: 'EXPIRED', version: 2 });
    const { rows } = await hub.hub.db.pool.query(
      `select e.sequence, e.at, e.actor_kind, e.status_from, e.status_to from event e join quote q on q.id = e.subject_id
        where e.subject_kind = 'quote' and q.number = $1 and e.status_to = 'EXPIRED'`,
      [number],
    );
    expect(rows).toMatchObject([{ sequence: 2, actor_kind: 'SYSTEM', status_from: 'DRAFT', status_to: 'EXPIRED' }]);
  });

  test('goes through more quotes than one step takes, two processes at once, each quote once', async () => {
    const lines = [{ sku, quantity: '1' }];
    const made = await Promise.all(
      Array.from({ length: 230 }, () => desk.quote({ customerId, lines, validUntil: after(DAY) })),
    );
    hub.clock.forward(DAY);
    await Promise.all([expire(), expire(), expire()]);
    await expire();
    const { rows } = await hub.hub.db.pool.query(
      `select count(*)::int as quotes, sum(version)::int as versions, count(*) filter (where status = 'EXPIRED')::int as expired
         from quote where number = any($1::text[])`,
      [made.map(({ number }) => number)],
    );
    expect(rows).toEqual([{ quotes: 230, versions: 460, expired: 230 }]);
  });
});
