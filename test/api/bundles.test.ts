import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { Desk, eur, fresh, MONEY, type Order, type Payload, type Shipment } from './support/desk.js';

interface Bundle {
  sku: string;
  version: number;
  components: { quantity: string; isOptional: boolean; product: { sku: string } }[];
  availableToPromise: string | null;
  price: { amount: string } | null;
  stock: object[];
}
const BUNDLE = `sku version components { quantity isOptional product { sku } } availableToPromise
  price(currency: "EUR") ${MONEY} stock { id }`;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});

const read = async (sku: string) =>
  (await desk.ask<{ product: Bundle }>(`query($sku: String) { product(sku: $sku) { ${BUNDLE} } }`, { sku })).product;

/** A kit of two pens and half a kilogram of clay, a box on request; 10 pens and 9 kg of clay are at MAIN. */
async function kit(price: string | null = '25.00') {
  const pen = await desk.product('3.00', '10');
  const clay = await desk.product('8.00', '9');
  const box = await desk.product('1.50', '5');
  const components = [
    { sku: pen, quantity: '2' },
    { sku: clay, quantity: '0.5' },
    { sku: box, quantity: '1', isOptional: true },
  ];
  const sku = await desk.product(price, null, { components });
  return { sku, pen, clay, box, components };
}

describe('a bundle', () => {
  test('has parts, no stock of its own, and as many to promise as its parts make up', async () => {
    const { sku, pen, clay, box } = await kit();
    expect(await read(sku)).toEqual({
      sku,
      version: 2,
      components: [
        { quantity: '2', isOptional: false, product: { sku: pen } },
        { quantity: '0.5', isOptional: false, product: { sku: clay } },
        { quantity: '1', isOptional: true, product: { sku: box } },
      ],
      availableToPromise: '5',
      price: eur('25.00'),
      stock: [],
    });
    expect(await desk.refusals('adjustStock', { sku, location: 'MAIN', delta: '1', reason: 'x' })).toEqual([
      `INVALID at sku`,
    ]);
  });

  test('counts only what lies together at one location', async () => {
    const { sku, pen, clay } = await kit();
    await desk.stock(pen, '7', 'OTHER');
    expect(await read(sku)).toMatchObject({ availableToPromise: '5' });
    await desk.stock(clay, '0.9', 'OTHER');
    expect(await read(sku)).toMatchObject({ availableToPromise: '6' });
  });

  test('is stated as a whole: what stays the same is no change, an empty list makes a simple product', async () => {
    const { sku, pen, components } = await kit();
    await desk.done('upsertProduct', {
      sku,
      components: [{ ...components[0], quantity: '2.0' }, ...components.slice(1)],
    });
    expect((await read(sku)).version).toBe(2);
    await desk.done('upsertProduct', { sku, components: [{ sku: pen, quantity: '3' }] });
    expect(await read(sku)).toMatchObject({ version: 3, components: [{ quantity: '3' }], availableToPromise: '3' });
    await desk.done('upsertProduct', { sku, name: 'Another name' });
    expect((await read(sku)).components).toHaveLength(1);
    await desk.done('upsertProduct', { sku, components: [] });
    expect(await read(sku)).toMatchObject({ version: 5, components: [], availableToPromise: '0' });
    const { product } = await desk.ask<{ product: { history: { nodes: { changes: object[] }[] } } }>(
      `query($sku: String) { product(sku: $sku) { history(first: 50) { nodes { changes { field from to } } } } }`,
      { sku },
    );
    expect(product.history.nodes.flatMap(({ changes }) => changes)).toContainEqual({
      field: 'components',
      from: [{ sku: pen, quantity: '3', isOptional: false }],
      to: null,
    });
  });

  test.each<[string, (own: string, part: string) => object[], string[]]>([
    ['itself', (own) => [{ sku: own, quantity: '1' }], ['INVALID at components.0.sku']],
    ['an unknown SKU', () => [{ sku: 'nothing', quantity: '1' }], ['NOT_FOUND at components.0.sku']],
    ['a quantity of none', (_, part) => [{ sku: part, quantity: '0' }], ['INVALID at components.0.quantity']],
    [
      'the same twice',
      (_, part) => [
        { sku: part, quantity: '1' },
        { sku: part, quantity: '2' },
      ],
      ['INVALID at components.1.sku'],
    ],
    ['options alone', (_, part) => [{ sku: part, quantity: '1', isOptional: true }], ['INVALID at components']],
  ])('is not made of %s', async (_, components, refusals) => {
    const [own, part] = [await desk.product(null, null), await desk.product(null, null)];
    expect(await desk.refusals('upsertProduct', { sku: own, components: components(own, part) })).toEqual(refusals);
    expect((await read(own)).components).toEqual([]);
  });

  test('is not made of bundles, nor of a product that has stock, nor is a part of one', async () => {
    const { sku, pen } = await kit();
    const simple = await desk.product(null, null);
    const components = [{ sku, quantity: '1' }];
    expect(await desk.refusals('upsertProduct', { sku: simple, components })).toEqual(['INVALID at components.0.sku']);
    const ofSimple = [{ sku: simple, quantity: '1' }];
    expect(await desk.refusals('upsertProduct', { sku: pen, components: ofSimple })).toEqual([
      'CONFLICT at components',
      'CONFLICT at components',
    ]);
  });
});

describe('the price of a bundle', () => {
  test('is its own, with what is optional on top', async () => {
    const { sku, box } = await kit();
    const order = await desk.order({
      lines: [
        { sku, quantity: '2' },
        { sku, quantity: '1', optionalParts: [box] },
      ],
    });
    expect(order.lines.map((line) => line.unitPrice.amount)).toEqual(['25.00', '26.50']);
  });

  test('is what its parts cost together where no list has one', async () => {
    const { sku, box } = await kit(null);
    expect((await read(sku)).price).toEqual(eur('10.00'));
    const order = await desk.order({ lines: [{ sku, quantity: '1', optionalParts: [box] }] });
    expect(order.lines[0]!.unitPrice).toEqual(eur('11.50'));
  });

  test('is missing where that of a part is, and the part is named', async () => {
    const unpriced = await desk.product(null, '5');
    const sku = await desk.product(null, null, { components: [{ sku: unpriced, quantity: '1' }] });
    const payload = await desk.send<Payload<'order', Order>>('createOrder', {
      idempotencyKey: fresh('key'),
      channel: 'api',
      currency: 'EUR',
      lines: [{ sku, quantity: '1' }],
    });
    expect(payload.userErrors).toMatchObject([
      { code: 'PRICE_MISSING', field: ['lines', '0', 'unitPrice'], message: expect.stringContaining(unpriced) },
    ]);
    expect((await read(sku)).price).toBeNull();
  });
});

describe('an order of a bundle', () => {
  test('reserves, ships and cancels the parts, whole bundles at a time', async () => {
    const { sku, pen, clay, box } = await kit();
    const order = await desk.order({ confirm: true, lines: [{ sku, quantity: '4', optionalParts: [box] }] });
    expect(order).toMatchObject({ status: 'CONFIRMED', lines: [{ quantity: '4', reservedQuantity: '4' }] });
    const shelf = async () => Promise.all([pen, clay, box].map(async (part) => desk.level(part)));
    expect(await shelf()).toMatchObject([{ reserved: '8' }, { reserved: '2' }, { reserved: '4' }]);
    const parts = `query($id: ID!) { order(id: $id) { lines { parts { sku quantity product { sku } } } } }`;
    expect(await desk.ask(parts, { id: order.id })).toMatchObject({
      order: { lines: [{ parts: expect.arrayContaining([{ sku: clay, quantity: '0.5', product: { sku: clay } }]) }] },
    });
    const lineId = order.lines[0]!.id;
    const shipment = await desk.shipment(order.id, { lines: [{ lineId, quantity: '1' }] });
    expect(shipment.lines).toMatchObject([
      { sku: pen, quantity: '2' },
      { sku: clay, quantity: '0.5' },
      { sku: box, quantity: '1' },
    ]);
    const shipped = await desk.done<Payload<'shipment', Shipment> & { order: Order }>('updateShipment', {
      shipmentId: shipment.id,
      status: 'SHIPPED',
    });
    expect(shipped.order).toMatchObject({
      status: 'PARTIALLY_SHIPPED',
      lines: [{ shippedQuantity: '1', reservedQuantity: '3' }],
    });
    expect(await shelf()).toMatchObject([
      { onHand: '8', reserved: '6' },
      { onHand: '8.5', reserved: '1.5' },
      { onHand: '4', reserved: '3' },
    ]);
    await desk.done('cancelOrder', { orderId: order.id, lines: [{ lineId, quantity: '2' }] });
    expect(await shelf()).toMatchObject([{ reserved: '2' }, { reserved: '0.5' }, { reserved: '1' }]);
  });

  test('is refused, or waits, where no location has all parts of it', async () => {
    const { sku } = await kit();
    const lines = [{ sku, quantity: '6' }];
    const payload = await desk.send<Payload<'order', Order>>('createOrder', {
      idempotencyKey: fresh('key'),
      channel: 'api',
      currency: 'EUR',
      confirm: true,
      lines,
    });
    expect(payload.userErrors).toMatchObject([
      { code: 'INSUFFICIENT_STOCK', field: ['lines', '0', 'quantity'], sku, requested: '6', available: '5' },
    ]);
    const order = await desk.order({ confirm: true, allowBackorder: true, lines });
    expect(order.lines).toMatchObject([{ reservedQuantity: '5', backorderedQuantity: '1' }]);
  });

  test('keeps the parts it was placed with, and is confirmed with them', async () => {
    const { sku, pen, box } = await kit();
    const order = await desk.order({ lines: [{ sku, quantity: '2', optionalParts: [box] }] });
    await desk.done('upsertProduct', { sku, components: [{ sku: pen, quantity: '1' }] });
    await desk.done('confirmOrder', { orderId: order.id });
    expect(await desk.level(pen)).toMatchObject({ reserved: '4' });
    expect(await desk.level(box)).toMatchObject({ reserved: '2' });
  });

  test('that was a simple product when it was placed takes the parts it has at confirmation', async () => {
    const sku = await desk.product('10.00', null);
    const pen = await desk.product('3.00', '10');
    const order = await desk.order({ lines: [{ sku, quantity: '3' }] });
    await desk.done('upsertProduct', { sku, components: [{ sku: pen, quantity: '2' }] });
    await desk.done('confirmOrder', { orderId: order.id });
    expect(await desk.level(pen)).toMatchObject({ reserved: '6' });
    expect((await desk.shipment(order.id)).lines).toMatchObject([{ sku: pen, quantity: '6' }]);
  });

  test('ships parts that are not counted along with those that are', async () => {
    const pen = await desk.product('3.00', '10');
    const manual = await desk.product('0.00', null, { isStocked: false });
    const components = [
      { sku: pen, quantity: '1' },
      { sku: manual, quantity: '1' },
    ];
    const sku = await desk.product('5.00', null, { components });
    const order = await desk.order({ confirm: true, lines: [{ sku, quantity: '2' }] });
    const shipment = await desk.shipment(order.id);
    expect(shipment.lines).toMatchObject([
      { sku: pen, quantity: '2' },
      { sku: manual, quantity: '2' },
    ]);
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'SHIPPED' });
    expect(await desk.level(pen)).toMatchObject({ onHand: '8', reserved: '0' });
  });

  test('cannot be divided, nor have parts that are no options of it', async () => {
    const { sku, pen, box } = await kit();
    const order = (lines: object[]) => desk.refusals('createOrder', { channel: 'api', currency: 'EUR', lines });
    expect(await order([{ sku, quantity: '1.5' }])).toEqual(['INVALID at lines.0.quantity']);
    expect(await order([{ sku, quantity: '1', optionalParts: [box, pen] }])).toEqual([
      'INVALID at lines.0.optionalParts.1',
    ]);
    expect(await order([{ sku: pen, quantity: '1', optionalParts: [box] }])).toEqual([
      'INVALID at lines.0.optionalParts.0',
    ]);
    const made = await desk.order({ confirm: true, lines: [{ sku, quantity: '2' }] });
    const half = { orderId: made.id, lines: [{ lineId: made.lines[0]!.id, quantity: '0.5' }] };
    expect(await desk.refusals('cancelOrder', half)).toEqual(['INVALID at lines.0.quantity']);
    expect(await desk.refusals('createShipment', half)).toEqual(['INVALID at lines.0.quantity']);
  });

  test('of a quote is converted to its parts', async () => {
    const { sku, pen } = await kit();
    const { id: customerId } = await desk.customer();
    const quote = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '3' }] });
    await desk.done('convertQuoteToOrder', { quoteId: quote.id });
    expect(await desk.level(pen)).toMatchObject({ reserved: '6' });
  });
});

describe('what is held for a parcel', () => {
  test('stays there when the rest of the line is canceled', async () => {
    const sku = await desk.product('10.00', '4');
    await desk.stock(sku, '3', 'OTHER');
    const order = await desk.order({ confirm: true, lines: [{ sku, quantity: '7' }] });
    const shipment = await desk.shipment(order.id, { location: 'MAIN' });
    await desk.done('cancelOrder', { orderId: order.id, lines: [{ lineId: order.lines[0]!.id, quantity: '3' }] });
    expect(await desk.level(sku)).toMatchObject({ reserved: '4' });
    expect(await desk.level(sku, 'OTHER')).toMatchObject({ reserved: '0' });
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'SHIPPED' });
    expect(await desk.level(sku)).toMatchObject({ onHand: '0', reserved: '0' });
  });
});
