import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestHub, START, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { after, Desk, eur, fresh, MONEY, type Money, type Order, type Payload, type Quote } from './support/desk.js';

type Converted = Payload<'order', Order> & Payload<'quote', Quote>;
interface Configured {
  configuration: { option: string; choice: string; sku: string | null }[];
  unitPrice: Money;
  listPrice: Money | null;
  nextDueAt: string | null;
  remainingTerms: number | null;
}
interface Ordered extends Configured {
  recurrence: { interval: string; termCount: number } | null;
  parts: { sku: string; quantity: string }[];
  total: Money;
}

const CHOSEN = `configuration { option choice sku } unitPrice ${MONEY} nextDueAt remainingTerms`;
const OPTIONS = `options { code name isRequired choices { code name sku priceDelta ${MONEY} requires excludes } }`;

let hub: TestHub;
let desk: Desk;
let customerId: string;
let motor: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  customerId = (await desk.customer()).id;
  motor = await desk.product('80.00', '50');
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});
beforeEach(() => hub.clock.set(START));

const options = () => [
  {
    code: 'top',
    name: 'Table top',
    isRequired: true,
    choices: [{ code: 'oak', priceDelta: eur('40') }, { code: 'white' }],
  },
  { code: 'size', choices: [{ code: 'small', priceDelta: eur('-15.50') }, { code: 'large' }] },
  {
    code: 'motor',
    choices: [{ code: 'single', sku: motor, priceDelta: eur('60'), requires: ['size:small'], excludes: ['top:white'] }],
  },
];
const pick = (...names: string[]) =>
  names.map((name) => ({ option: name.split(':')[0]!, choice: name.split(':')[1]! }));

async function table(more: object = {}): Promise<string> {
  return desk.product('200.00', '20', { options: options(), ...more });
}
async function linesOf(quoteId: string): Promise<Configured[]> {
  const query = `query($id: ID!) { quote(id: $id) { lines { ${CHOSEN} listPrice ${MONEY} } } }`;
  return (await desk.ask<{ quote: { lines: Configured[] } }>(query, { id: quoteId })).quote.lines;
}
async function orderedOf(orderId: string): Promise<Ordered[]> {
  const query = `query($id: ID!) { order(id: $id) { lines {
    ${CHOSEN} recurrence { interval termCount } parts { sku quantity } total ${MONEY} } } }`;
  return (await desk.ask<{ order: { lines: Ordered[] } }>(query, { id: orderId })).order.lines;
}
async function convert(quote: { id: string }, more: object = {}): Promise<Order> {
  return (await desk.done<Converted>('convertQuoteToOrder', { quoteId: quote.id, ...more })).order!;
}

describe('options of a product', () => {
  test('are stated as a whole, read as they are, and emptied by null; each change is in the history', async () => {
    const sku = await table();
    const read = async () => {
      const query = `query($sku: String!) { product(sku: $sku) { version ${OPTIONS} history { nodes { changes { field } } } } }`;
      return (
        await desk.ask<{
          product: { version: number; options: object[]; history: { nodes: { changes: { field: string }[] }[] } };
        }>(query, { sku })
      ).product;
    };
    const made = await read();
    const [top, size, drive] = made.options;
    expect(top).toEqual({
      code: 'top',
      name: 'Table top',
      isRequired: true,
      choices: [
        { code: 'oak', name: 'oak', sku: null, priceDelta: eur('40.00'), requires: [], excludes: [] },
        { code: 'white', name: 'white', sku: null, priceDelta: null, requires: [], excludes: [] },
      ],
    });
    expect(size).toMatchObject({ name: 'size', isRequired: false });
    expect(drive).toMatchObject({ choices: [{ sku: motor, requires: ['size:small'], excludes: ['top:white'] }] });
    await desk.done('upsertProduct', { sku, options: options() });
    expect((await read()).version).toBe(made.version);
    await desk.done('upsertProduct', { sku, name: 'Table' });
    expect((await read()).options).toEqual(made.options);
    await desk.done('upsertProduct', { sku, options: null });
    expect(await read()).toMatchObject({ options: [] });
    expect((await read()).history.nodes.at(-1)!.changes).toEqual([{ field: 'options' }]);
  });

  test('are refused with the path of what is wrong', async () => {
    const bundle = await desk.product(null, null, { components: [{ sku: motor, quantity: '1' }] });
    const sku = fresh('T');
    const refusals = (choices: object[]) =>
      desk.refusals('upsertProduct', { sku, name: 'x', options: [{ code: 'a', choices }] });
    expect(await refusals([{ code: 'x', sku: 'NONE' }])).toEqual(['NOT_FOUND at options.0.choices.0.sku']);
    expect(await refusals([{ code: 'x' }, { code: 'y', sku: bundle }])).toEqual(['INVALID at options.0.choices.1.sku']);
    expect(await refusals([{ code: 'x', requires: ['b:y'] }])).toEqual(['INVALID at options.0.choices.0.requires.0']);
    expect(await desk.ask('query($sku: String!) { product(sku: $sku) { id } }', { sku })).toEqual({ product: null });
  });
});

describe('a configured line', () => {
  test('costs the customer’s price and what the choices add, and tells what was chosen', async () => {
    const sku = await table();
    const configuration = pick('motor:single', 'size:small', 'top:oak');
    const quote = await desk.quote({ customerId, lines: [{ sku, quantity: '2', configuration, discountRate: '0.1' }] });
    expect(await linesOf(quote.id)).toEqual([
      {
        configuration: [
          { option: 'top', choice: 'oak', sku: null },
          { option: 'size', choice: 'small', sku: null },
          { option: 'motor', choice: 'single', sku: motor },
        ],
        unitPrice: eur('284.50'),
        listPrice: eur('284.50'),
        nextDueAt: null,
        remainingTerms: null,
      },
    ]);
    expect(quote).toMatchObject({ subtotal: eur('569.00'), discountTotal: eur('56.90') });
    const stated = [{ sku, quantity: '1', configuration: pick('top:oak'), unitPrice: eur('210.00') }];
    const { id } = await desk.quote({ customerId, lines: stated });
    expect(await linesOf(id)).toMatchObject([{ unitPrice: eur('210.00'), listPrice: eur('240.00') }]);
  });

  test('is refused with the paths of its faults, whether it is made or revised', async () => {
    const sku = await table();
    const { id: quoteId } = await desk.quote({
      customerId,
      lines: [{ sku, quantity: '1', configuration: pick('top:oak') }],
    });
    const refusals = async (configuration: object[] | undefined, more: object = {}) => {
      const lines = [{ sku, quantity: '1', ...(configuration && { configuration }), ...more }];
      const values = { customerId, currency: 'EUR', validUntil: after(1_000), lines };
      const made = await desk.refusals('createQuote', values);
      expect(await desk.refusals('reviseQuote', { quoteId, lines })).toEqual(made);
      return made;
    };
    expect(await refusals(undefined)).toEqual(['REQUIRED at lines.0.configuration']);
    expect(await refusals(pick('top:glass'))).toEqual(['INVALID at lines.0.configuration.0.choice']);
    expect(await refusals(pick('top:oak', 'legs:4'))).toEqual(['INVALID at lines.0.configuration.1.option']);
    expect(await refusals(pick('top:white', 'size:small', 'motor:single'))).toEqual([
      'INVALID at lines.0.configuration.2.choice',
    ]);
    expect(await refusals(pick('top:oak', 'motor:single'))).toEqual(['INVALID at lines.0.configuration.1.choice']);
    const whole = pick('top:oak', 'size:small', 'motor:single');
    expect(await refusals(whole, { quantity: '1.5' })).toEqual(['INVALID at lines.0.quantity']);
  });

  test('is refused where a choice’s price is of another currency, or takes off more than there is', async () => {
    const sku = await table();
    await desk.done('setPrice', { sku, unitPrice: { amount: '2200.00', currency: 'SEK' } });
    const cheap = await desk.product('10.00', null, { options: options() });
    const refusals = (line: object, currency: string) =>
      desk.refusals('createQuote', { customerId, currency, validUntil: after(1_000), lines: [line] });
    expect(await refusals({ sku, quantity: '1', configuration: pick('top:oak') }, 'SEK')).toEqual([
      'CURRENCY_MISMATCH at lines.0.configuration.0.choice',
    ]);
    const small = { sku: cheap, quantity: '1', configuration: pick('top:white', 'size:small') };
    expect(await refusals(small, 'EUR')).toEqual(['INVALID at lines.0.configuration']);
  });

  test('becomes an order’s line with its choices; what they build in is reserved, shipped and free again with it', async () => {
    const sku = await table();
    const configuration = pick('top:oak', 'size:small', 'motor:single');
    const quote = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '3', configuration }] });
    await desk.done('upsertProduct', { sku, options: null });
    const before = (await desk.level(motor))!;
    const order = await convert(quote);
    expect(await orderedOf(order.id)).toMatchObject([
      {
        configuration: [{ choice: 'oak' }, { choice: 'small' }, { option: 'motor', choice: 'single', sku: motor }],
        parts: [sku, motor].sort().map((one) => ({ sku: one, quantity: '1' })),
        unitPrice: eur('284.50'),
      },
    ]);
    const reserved = async () => [(await desk.level(sku))!.reserved, (await desk.level(motor))!.reserved];
    expect(await reserved()).toEqual(['3', String(Number(before.reserved) + 3)]);
    await desk.done('cancelOrder', { orderId: order.id, lines: [{ lineId: order.lines[0]!.id, quantity: '1' }] });
    expect(await reserved()).toEqual(['2', String(Number(before.reserved) + 2)]);
    const { id: shipmentId } = await desk.shipment(order.id);
    await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
    expect([(await desk.level(sku))!.onHand, (await desk.level(motor))!.onHand]).toEqual([
      '18',
      String(Number(before.onHand) - 2),
    ]);
  });

  test('is not converted where what is built in is not there', async () => {
    const scarce = await desk.product('5.00', '1');
    const sku = await desk.product('50.00', '9', {
      options: [{ code: 'cell', choices: [{ code: 'lithium', sku: scarce }] }],
    });
    const quote = await desk.acceptedQuote({
      customerId,
      lines: [{ sku, quantity: '2', configuration: pick('cell:lithium') }],
    });
    expect(await desk.refusals('convertQuoteToOrder', { quoteId: quote.id })).toEqual([
      'INSUFFICIENT_STOCK at lines.0.quantity',
    ]);
  });

  test('has its price compared with what its choices add now', async () => {
    const sku = await table();
    const lines = [{ sku, quantity: '1', configuration: pick('top:oak') }];
    const policy = { pricePolicy: 'REFUSE_IF_CHANGED' };
    await convert(await desk.acceptedQuote({ customerId, lines }), policy);
    const { id: quoteId } = await desk.acceptedQuote({ customerId, lines });
    const [top, ...others] = options();
    const oak = { ...top, choices: [{ code: 'oak', priceDelta: eur('41') }] };
    await desk.done('upsertProduct', { sku, options: [oak, others[0]] });
    expect(await desk.refusals('convertQuoteToOrder', { quoteId, ...policy })).toEqual(['PRICE_CHANGED at lines.0']);
  });

  test('of another tool is kept as the tool states it', async () => {
    const sku = await table();
    const configuration = [...pick('colour:red'), ...pick('motor:single')];
    const { quote } = await desk.done<Payload<'quote', Quote>>('upsertExternalQuote', {
      external: { integration: await desk.integration(), externalId: 'x' },
      sourceVersion: '1',
      status: 'ACCEPTED',
      customerId,
      currency: 'EUR',
      validUntil: after(1_000),
      lines: [{ lineId: 'a', sku, quantity: '1', unitPrice: eur('9.00'), configuration }],
    });
    const [line] = await linesOf(quote!.id);
    expect(line!.configuration).toEqual([
      { option: 'colour', choice: 'red', sku: null },
      { option: 'motor', choice: 'single', sku: motor },
    ]);
    const [ordered] = await orderedOf((await convert(quote!)).id);
    expect(ordered).toMatchObject({ configuration: line!.configuration, total: eur('9.00') });
    expect(ordered!.parts).toHaveLength(2);
  });
});

describe('a recurring line', () => {
  const service = () => desk.product('100.00', null, { isStocked: false, requiresShipping: false });
  const recurring = async (interval: string, termCount: number, quantity = '1') => {
    const lines = [{ sku: await service(), quantity, recurrence: { interval, termCount } }];
    return desk.acceptedQuote({ customerId, lines, validUntil: '2026-12-31T00:00:00.000Z' });
  };

  test('converts to its first period, and says when the next is due and how many follow', async () => {
    hub.clock.set(new Date('2026-03-31T22:30:00.000Z'));
    const quote = await recurring('MONTH', 12, '2');
    expect(await linesOf(quote.id)).toMatchObject([{ nextDueAt: null, remainingTerms: 12 }]);
    const order = await convert(quote);
    expect(order.subtotal).toEqual(eur('200.00'));
    const due = { nextDueAt: '2026-04-30T22:30:00.000Z', remainingTerms: 11 };
    expect(await orderedOf(order.id)).toMatchObject([
      { ...due, recurrence: { interval: 'MONTH', termCount: 12 }, total: eur('200.00') },
    ]);
    expect(await linesOf(quote.id)).toMatchObject([due]);
  });

  test.each([
    ['QUARTER', 8, '2026-06-02T09:00:00.000Z', 7],
    ['YEAR', 3, '2027-03-02T09:00:00.000Z', 2],
    ['YEAR', 1, null, 0],
  ])('by %s for %i says %s', async (interval, terms, nextDueAt, remainingTerms) => {
    const quote = await recurring(interval, terms);
    const order = await convert(quote);
    expect(await orderedOf(order.id)).toMatchObject([{ nextDueAt, remainingTerms }]);
    expect(await linesOf(quote.id)).toMatchObject([{ nextDueAt, remainingTerms }]);
  });

  test('counts from the first order of it, each order from itself; what is canceled is not due', async () => {
    const quote = await recurring('MONTH', 3, '2');
    const lines = [{ lineId: quote.lines[0]!.id, quantity: '1' }];
    const first = await convert(quote, { lines });
    hub.clock.forward(86_400_000);
    const second = await convert(quote, { lines });
    expect(await orderedOf(first.id)).toMatchObject([{ nextDueAt: '2026-04-02T09:00:00.000Z' }]);
    expect(await orderedOf(second.id)).toMatchObject([{ nextDueAt: '2026-04-03T09:00:00.000Z' }]);
    expect(await linesOf(quote.id)).toMatchObject([{ nextDueAt: '2026-04-02T09:00:00.000Z' }]);
  });

  test('that is due once says nothing', async () => {
    const lines = [{ sku: await service(), quantity: '1' }];
    const order = await convert(await desk.acceptedQuote({ customerId, lines }));
    expect(await orderedOf(order.id)).toMatchObject([{ recurrence: null, nextDueAt: null, remainingTerms: null }]);
  });
});
