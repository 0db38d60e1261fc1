import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { Desk, eur, type Order, type Payload } from './support/desk.js';

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub({ seller: { country: 'IT', currency: 'EUR', taxRounding: 'ORDER' } });
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
  await hub.hub.db.pool.query(
    `insert into tax_rate (country, region, category, name, rate, valid_from, valid_until) values
       ('CA', '', 'standard', 'GST 5 %', 0.05, '2020-01-01', null),
       ('CA', '', 'reduced', 'GST 0 %', 0, '2020-01-01', null),
       ('CA', 'ON', 'standard', 'HST 13 %', 0.13, '2020-01-01', '2026-01-01'),
       ('CA', 'ON', 'standard', 'HST 15 %', 0.15, '2026-01-01', null),
       ('CA', 'ON', 'shipping', 'HST shipping 1 %', 0.01, '2026-01-01', null)`,
  );
});
afterAll(() => hub.stop());

const canada = (region: string | null) => ({ line1: 'x', city: 'x', country: 'CA', region });
const taxesOf = (order: Order) => order.taxLines.map(({ name, amount }) => `${name}: ${amount.amount}`);

test('takes a region’s rate before its country’s, category by category, as of the day', async () => {
  const lines = [{ sku, quantity: '1' }];
  const to = async (region: string | null, more: object = {}) =>
    taxesOf(await desk.order({ lines, shippingAddress: canada(region), ...more }));
  expect(await to('ON')).toEqual(['HST 15 %: 1.50']);
  expect(await to('on', { placedAt: '2025-12-31T12:00:00Z' })).toEqual(['HST 13 %: 1.30']);
  expect(await to('ON', { shippingPrice: eur('10.00') })).toEqual(['HST 15 %: 1.50', 'HST shipping 1 %: 0.10']);
  expect(await to('QC')).toEqual(['GST 5 %: 0.50']);
  expect(await to(null)).toEqual(['GST 5 %: 0.50']);
  const reduced = await desk.product('10.00', null, { taxCategory: 'reduced' });
  expect(
    taxesOf(await desk.order({ lines: [{ sku: reduced, quantity: '1' }], shippingAddress: canada('ON') })),
  ).toEqual(['GST 0 %: 0.00']);
});

test('takes the region of the customer’s own address, on orders, quotes and later confirmations', async () => {
  const { id: customerId } = await desk.customer({ shippingAddresses: [canada('ON')] });
  const lines = [{ sku, quantity: '1' }];
  expect(taxesOf(await desk.order({ customerId, lines, confirm: true }))).toEqual(['HST 15 %: 1.50']);
  const quote = await desk.acceptedQuote({ customerId, lines, shippingPrice: eur('20.00') });
  expect(quote).toMatchObject({ taxTotal: eur('1.70'), total: eur('31.70') });
  const { order } = await desk.done<Payload<'order', Order>>('convertQuoteToOrder', { quoteId: quote.id });
  expect(order!.total).toEqual(quote.total);
  const odd = await desk.product('10.00', '10', { taxCategory: 'odd' });
  const late = await desk.order({ customerId, lines: [{ sku: odd, quantity: '1' }] });
  const blocked = async () =>
    (
      await desk.ask<{ order: { blockers: object[] } }>('query($id: ID!) { order(id: $id) { blockers { code } } }', {
        id: late.id,
      })
    ).order.blockers;
  expect(await blocked()).toEqual([{ code: 'TAX_MISSING' }]);
  await hub.hub.db.pool.query(
    `insert into tax_rate (country, region, category, name, rate, valid_from) values ('CA', 'ON', 'odd', 'Odd', 0.5, '2020-01-01')`,
  );
  expect(await blocked()).toEqual([]);
  const confirmed = await desk.done<Payload<'order', Order>>('confirmOrder', { orderId: late.id });
  expect(taxesOf(confirmed.order!)).toEqual(['Odd: 5.00']);
});

test('rounds each tax once over the order, and the same after a part of it is canceled', async () => {
  const lines = ['0.10', '0.10', '0.10'].map((amount) => ({ sku, quantity: '2', unitPrice: eur(amount) }));
  const order = await desk.order({ lines, shippingAddress: canada(null), confirm: true });
  expect([order.taxTotal, order.total]).toEqual([eur('0.03'), eur('0.63')]);
  // 5 % of three times 0.10 is 0.015; each line’s 0.005 for itself would make 0.03.
  const { order: left } = await desk.done<Payload<'order', Order>>('cancelOrder', {
    orderId: order.id,
    lines: order.lines.map(({ id }) => ({ lineId: id, quantity: '1' })),
  });
  expect([left!.taxTotal, left!.total]).toEqual([eur('0.02'), eur('0.32')]);
  expect(left!.lines.map((line) => line.taxTotal.amount)).toEqual(['0.01', '0.01', '0.00']);
});

test('takes prices that include tax as they are, and adds the tax to those of the price list', async () => {
  const lines = [
    { sku, quantity: '1', unitPrice: eur('12.20') },
    { sku, quantity: '3' },
  ];
  const order = await desk.order({ lines, pricesIncludeTax: true, shippingPrice: eur('6.10'), confirm: true });
  expect(order).toMatchObject({
    subtotal: eur('48.80'),
    shippingTotal: eur('6.10'),
    taxTotal: eur('9.90'),
    total: eur('54.90'),
    taxLines: [{ name: 'VAT 22 %', rate: '0.22', taxable: eur('45.00'), amount: eur('9.90') }],
  });
  expect(order.lines.map((line) => line.unitPrice.amount)).toEqual(['12.20', '12.20']);
  const shippingAddress = { line1: 'x', city: 'x', country: 'BR' };
  const input = { channel: 'api', currency: 'EUR', lines, pricesIncludeTax: true, shippingAddress };
  expect(await desk.refusals('createOrder', input)).toEqual(['TAX_MISSING at shippingAddress.country']);
});

test('leaves the tax to a business in another member state that has a valid VAT id, and says so', async () => {
  const address = { line1: 'x', city: 'Berlin', country: 'DE' };
  const values = { shippingAddresses: [address], kind: 'COMPANY', taxId: 'DE 136 695 976' };
  const { id: customerId } = await desk.customer(values);
  const lines = [{ sku, quantity: '1' }];
  const { id, total } = await desk.order({ customerId, lines, shippingPrice: eur('5.00'), confirm: true });
  expect(total).toEqual(eur('15.00'));
  const read = await desk.ask<{ order: object }>(
    'query($id: ID!) { order(id: $id) { taxLines { name rate exemption taxable { amount } } } }',
    { id },
  );
  expect(read.order).toEqual({
    taxLines: [{ name: 'Reverse charge', rate: '0', exemption: 'REVERSE_CHARGE', taxable: { amount: '15.00' } }],
  });
  expect(await desk.quote({ customerId, lines })).toMatchObject({ taxTotal: eur('0.00') });
  const person = await desk.customer({ ...values, kind: 'PERSON' });
  expect(taxesOf(await desk.order({ customerId: person.id, lines }))).toEqual(['VAT 19 %: 1.90']);
  const home = { line1: 'x', city: 'Milano', country: 'IT' };
  expect(taxesOf(await desk.order({ customerId, lines, shippingAddress: home }))).toEqual(['VAT 22 %: 2.20']);
});

test('makes, changes and ends a rate, tells what changed, and leaves placed orders as they are', async () => {
  const slot = { country: 'CH', category: 'standard', validFrom: '2020-01-01' };
  const upsert = async (more: object) =>
    (await desk.done<Payload<'taxRate', { id: string; version: number }>>('upsertTaxRate', { ...slot, ...more }))
      .taxRate!;
  const made = await upsert({ name: 'MWST 8.1 %', rate: '0.081' });
  expect(made).toMatchObject({ region: null, rate: '0.081', validUntil: null, version: 1 });
  const shippingAddress = { line1: 'x', city: 'Bern', country: 'CH', region: 'BE' };
  const placed = await desk.order({ lines: [{ sku, quantity: '1' }], shippingAddress });
  expect(taxesOf(placed)).toEqual(['MWST 8.1 %: 0.81']);
  expect(await upsert({ rate: '0.0810' })).toMatchObject({ version: 1 });
  expect(await upsert({ validUntil: '2025-01-01' })).toMatchObject({ id: made.id, rate: '0.081', version: 2 });
  const unknown = await desk.order({ lines: [{ sku, quantity: '1' }], shippingAddress });
  expect(await desk.refusals('confirmOrder', { orderId: unknown.id })).toEqual([
    'TAX_MISSING at shippingAddress.country',
  ]);
  expect((await desk.readOrder(placed.id)).taxTotal).toEqual(eur('0.81'));
  type Rates = { taxRates: { validFrom: string; history: { nodes: { changes: object[] }[] } }[] };
  const query = `query($at: DateTime) { taxRates(country: "CH", at: $at) { validFrom history { nodes { changes { field from to } } } } }`;
  const [rate] = (await desk.ask<Rates>(query)).taxRates;
  expect(rate!.history.nodes.map(({ changes }) => changes)).toContainEqual([
    { field: 'validUntil', from: null, to: '2025-01-01' },
  ]);
  expect((await desk.ask<Rates>(query, { at: '2025-01-01T00:00:00Z' })).taxRates).toEqual([]);
  expect((await desk.ask<Rates>(query, { at: '2024-12-31T00:00:00Z' })).taxRates).toHaveLength(1);
});

test('refuses a rate that is none, with all that is wrong at once', async () => {
  const wrong = { country: 'CH', region: 'Zürich', category: 'a b', validFrom: '2026-02-30', validUntil: '2026-01-01' };
  expect(await desk.refusals('upsertTaxRate', { ...wrong, rate: '22', name: '' })).toEqual([
    'INVALID at category',
    'INVALID at region',
    'INVALID at validFrom',
    'INVALID at validUntil',
    'INVALID at name',
    'INVALID at rate',
  ]);
  expect(await desk.refusals('upsertTaxRate', { country: 'CH', category: 'new', validFrom: '2026-01-01' })).toEqual([
    'REQUIRED at name',
    'REQUIRED at rate',
  ]);
});

test('leaves a database without contradictions', async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
});
