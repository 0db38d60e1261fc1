import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { after, Desk, eur, fresh, refusal, type Money, type Payload } from './support/desk.js';

interface Product {
  id: string;
  sku: string;
  version: number;
}
type ProductPayload = Payload<'product', Product>;
const DAY = 86_400_000;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

async function price(sku: string, currency = 'EUR', quantity?: string, customerId?: string): Promise<string | null> {
  const query = `query($sku: String!, $currency: CurrencyCode!, $quantity: Decimal, $customerId: ID) {
    product(sku: $sku) { price(currency: $currency, quantity: $quantity, customerId: $customerId) { amount currency } } }`;
  const { product } = await desk.ask<{ product: { price: Money | null } }>(query, {
    sku,
    currency,
    quantity,
    customerId,
  });
  if (product.price) expect(product.price.currency).toBe(currency);
  return product.price?.amount ?? null;
}

describe('a product', () => {
  const PRODUCT =
    'sku name description unit weightGrams taxCategory isActive isStocked requiresShipping createdAt updatedAt version';

  async function read(sku: string): Promise<object> {
    return (await desk.ask<{ product: object }>(`query($s: String!) { product(sku: $s) { ${PRODUCT} } }`, { s: sku }))
      .product;
  }

  test('is made with what is given and what is usual', async () => {
    const sku = fresh('NEW');
    await desk.done('upsertProduct', { sku, name: 'Bolt' });
    expect(await read(sku)).toEqual({
      sku,
      name: 'Bolt',
      description: null,
      unit: 'piece',
      weightGrams: null,
      taxCategory: 'standard',
      isActive: true,
      isStocked: true,
      requiresShipping: true,
      createdAt: START.toISOString(),
      updatedAt: START.toISOString(),
      version: 1,
    });
  });

  test('is changed where it differs: given fields change, others stay, null empties', async () => {
    const sku = fresh('EDIT');
    await desk.done('upsertProduct', { sku, name: 'Bolt', description: 'M8', unit: 'kg', weightGrams: 20 });
    hub.clock.forward(1_000);
    await desk.done('upsertProduct', { sku, description: null, weightGrams: null, requiresShipping: false });
    expect(await read(sku)).toMatchObject({
      name: 'Bolt',
      description: null,
      unit: 'kg',
      weightGrams: null,
      requiresShipping: false,
      version: 2,
      updatedAt: after(1_000),
    });
    await desk.done('upsertProduct', { sku, unit: 'kg' });
    expect(await read(sku)).toMatchObject({ version: 2, updatedAt: after(1_000) });
  });

  const cases: [string, object, string[]][] = [
    ['a new one without a name', { sku: 'unnamed' }, ['REQUIRED at name']],
    ['an empty SKU', { sku: '', name: 'x' }, ['INVALID at sku']],
    ['a SKU with spaces around it', { sku: ' A', name: 'x' }, ['INVALID at sku']],
    ['a SKU of more than 64 characters', { sku: 'x'.repeat(65), name: 'x' }, ['INVALID at sku']],
    ['a negative weight', { sku: 'heavy', name: 'x', weightGrams: -1 }, ['INVALID at weightGrams']],
    [
      'to empty what must be there',
      { sku: 'x', name: null, unit: '' },
      ['INVALID at name', 'INVALID at unit', 'REQUIRED at name'],
    ],
    [
      'an unknown integration',
      { sku: 'x', name: 'x', external: { integration: 'none', externalId: '1' } },
      ['NOT_FOUND at external.integration'],
    ],
  ];
  test.each(cases)('refuses %s, and leaves no trace', async (_, input, expected) => {
    const before = await desk.traces();
    expect(await desk.refusals('upsertProduct', input)).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
  });

  test('is linked to the id that a connected system gave it, which names no other', async () => {
    const external = { integration: await desk.integration(), externalId: 'p-1' };
    const sku = await desk.product(null, null, { external });
    const query = 'query($e: ExternalIdInput!) { product(external: $e) { sku } }';
    expect(await desk.ask(query, { e: external })).toEqual({ product: { sku } });
    expect(await desk.refusals('upsertProduct', { sku: fresh('OTHER'), name: 'x', external })).toEqual([
      'ALREADY_EXISTS at external.externalId',
    ]);
  });
});

describe('a price', () => {
  test('is shown with the digits of its currency, or as many more as it has', async () => {
    const sku = await desk.product(null, null);
    for (const [amount, currency] of [
      ['1.5', 'EUR'],
      ['12', 'JPY'],
      ['3.14159', 'KWD'],
      ['0.00000001', 'USD'],
    ]) {
      await desk.done('setPrice', { sku, unitPrice: { amount, currency } });
    }
    expect([
      await price(sku),
      await price(sku, 'JPY'),
      await price(sku, 'KWD'),
      await price(sku, 'USD'),
      await price(sku, 'GBP'),
    ]).toEqual(['1.50', '12', '3.14159', '0.00000001', null]);
  });

  test('is that of the largest step that the quantity reaches', async () => {
    const sku = await desk.product('10.00', null);
    await desk.done('setPrice', { sku, unitPrice: eur('9.00'), minimumQuantity: '10' });
    await desk.done('setPrice', { sku, unitPrice: eur('7.00'), minimumQuantity: '100.5' });
    const asked = ['1', '9.999', '10', '100', '100.5', '100000'];
    expect(await Promise.all(asked.map((quantity) => price(sku, 'EUR', quantity)))).toEqual([
      '10.00',
      '10.00',
      '9.00',
      '9.00',
      '7.00',
      '7.00',
    ]);
    expect(await price(sku, 'EUR', '0.5')).toBe('10.00');
    await desk.done('setPrice', { sku, unitPrice: eur('12.00'), minimumQuantity: '0.1' });
    expect(await price(sku, 'EUR', '0.5')).toBe('12.00');
    expect(await price(sku, 'EUR', '0.05')).toBe('10.00');
    const order = await desk.order({
      lines: [
        { sku, quantity: '10' },
        { sku, quantity: '9' },
      ],
    });
    expect(order.lines.map(({ unitPrice }) => unitPrice.amount)).toEqual(['9.00', '10.00']);
  });

  test('holds from its first instant to its last, exclusive, as the clock moves', async () => {
    const sku = await desk.product('10.00', null);
    await desk.done('setPrice', { sku, unitPrice: eur('8.00'), validFrom: after(DAY), validUntil: after(2 * DAY) });
    const shown: (string | null)[] = [];
    for (const ms of [0, DAY - 1, DAY, 2 * DAY - 1, 2 * DAY]) {
      hub.clock.set(new Date(START.getTime() + ms));
      const order = await desk.order({ lines: [{ sku, quantity: '1' }] });
      expect(order.lines[0]!.unitPrice.amount).toBe(await price(sku));
      shown.push(await price(sku));
    }
    expect(shown).toEqual(['10.00', '10.00', '8.00', '8.00', '10.00']);
  });

  test('that began last holds where several do, and the same beginning replaces the price before', async () => {
    const sku = await desk.product('10.00', null);
    await desk.done('setPrice', { sku, unitPrice: eur('12.00'), validFrom: after(-2 * DAY) });
    await desk.done('setPrice', { sku, unitPrice: eur('11.00'), validFrom: after(-DAY) });
    expect(await price(sku)).toBe('11.00');
    await desk.done('setPrice', { sku, unitPrice: eur('11.50'), validFrom: after(-DAY) });
    expect(await price(sku)).toBe('11.50');
    await desk.done('setPrice', { sku, unitPrice: eur('9.99') });
    expect(await price(sku)).toBe('11.50');
  });

  test('of the customer’s list goes before that of the default list, which fills in where it has none', async () => {
    const [sku, other] = [await desk.product('10.00', null), await desk.product('20.00', null)];
    const list = fresh('gold');
    await desk.done('setPrice', { sku, priceList: list, unitPrice: eur('8.00') });
    const { id } = await desk.customer({ priceList: list });
    const stranger = (await desk.customer()).id;
    expect([
      await price(sku),
      await price(sku, 'EUR', '1', id),
      await price(other, 'EUR', '1', id),
      await price(sku, 'EUR', '1', stranger),
    ]).toEqual(['10.00', '8.00', '20.00', '10.00']);
    const order = await desk.order({
      customerId: id,
      lines: [
        { sku, quantity: '1' },
        { sku: other, quantity: '1' },
      ],
    });
    expect(order.lines.map(({ unitPrice }) => unitPrice.amount)).toEqual(['8.00', '20.00']);
    await desk.done('upsertCustomer', { id, priceList: null });
    expect(await price(sku, 'EUR', '1', id)).toBe('10.00');
  });

  test('raises the version of its product', async () => {
    const sku = fresh('VERSION');
    await desk.done('upsertProduct', { sku, name: 'x' });
    expect((await desk.done<ProductPayload>('setPrice', { sku, unitPrice: eur('1.00') })).product).toMatchObject({
      version: 2,
    });
    expect((await desk.done<ProductPayload>('setPrice', { sku, unitPrice: eur('1.00') })).product).toMatchObject({
      version: 3,
    });
  });

  test('named by the code of the default list goes to the default list, whoever comes first', async () => {
    const sku = await desk.product(null, null);
    await desk.done('setPrice', { sku, priceList: 'standard-chf', unitPrice: { amount: '5', currency: 'CHF' } });
    expect(await price(sku, 'CHF')).toBe('5.00');
    await desk.done('setPrice', { sku, unitPrice: { amount: '6', currency: 'CHF' } });
    expect(await price(sku, 'CHF')).toBe('6.00');
  });

  const unit = eur('1.00');
  const cases: [string, (sku: string) => object, string[]][] = [
    ['an unknown product', () => ({ sku: 'nothing', unitPrice: unit }), ['NOT_FOUND at sku']],
    ['a negative price', (sku) => ({ sku, unitPrice: eur('-0.01') }), ['INVALID at unitPrice.amount']],
    [
      'more than six digits beyond the currency',
      (sku) => ({ sku, unitPrice: eur('1.123456789') }),
      ['INVALID at unitPrice.amount'],
    ],
    ['a step of zero', (sku) => ({ sku, unitPrice: unit, minimumQuantity: '0' }), ['INVALID at minimumQuantity']],
    [
      'an end before its beginning',
      (sku) => ({ sku, unitPrice: unit, validFrom: after(DAY), validUntil: after(DAY) }),
      ['INVALID at validUntil'],
    ],
    ['a list without a code', (sku) => ({ sku, unitPrice: unit, priceList: '' }), ['INVALID at priceList']],
    [
      'a list of another currency',
      (sku) => ({ sku, priceList: 'standard-eur', unitPrice: { amount: '1', currency: 'USD' } }),
      ['CURRENCY_MISMATCH at unitPrice.currency'],
    ],
    [
      'several things at once',
      (sku) => ({ sku, unitPrice: eur('-1.123456789'), minimumQuantity: '-1' }),
      ['INVALID at unitPrice.amount', 'INVALID at unitPrice.amount', 'INVALID at minimumQuantity'],
    ],
  ];
  test.each(cases)('is refused for %s, and leaves no trace', async (_, input, expected) => {
    const sku = await desk.product('1.00', null);
    const before = await desk.traces();
    expect(await desk.refusals('setPrice', input(sku))).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
  });

  test('is refused until there is a product, then the same key succeeds', async () => {
    const input = { idempotencyKey: newKey(), sku: fresh('LATE'), unitPrice: unit };
    expect((await desk.send<ProductPayload>('setPrice', input)).userErrors.map(refusal)).toEqual(['NOT_FOUND at sku']);
    await desk.done('upsertProduct', { sku: input.sku, name: 'x' });
    expect(await desk.send<ProductPayload>('setPrice', input)).toMatchObject({
      product: { version: 2 },
      replayed: false,
    });
  });

  test('is asked for with a quantity of more than zero and the id of a customer', async () => {
    const sku = await desk.product('1.00', null);
    const query = (args: string) => `{ product(sku: "${sku}") { price(currency: "EUR", ${args}) { amount } } }`;
    expect(await desk.code(query('quantity: "0"'))).toBe('BAD_USER_INPUT');
    expect(await desk.code(query('customerId: "x"'))).toBe('BAD_USER_INPUT');
  });
});
