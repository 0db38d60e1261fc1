import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, refusal, type Order, type Payload } from './support/desk.js';

type OrderPayload = Payload<'order', Order>;

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
});
afterAll(() => hub.stop());

async function step(name: string, orderId: string, more: object = {}): Promise<Order> {
  return (await desk.done<OrderPayload>(name, { orderId, ...more })).order!;
}

describe('placing', () => {
  test('leads from DRAFT to RECEIVED, raises the version by one and tells why', async () => {
    const draft = await desk.order({ lines: [{ sku, quantity: '1' }], draft: true });
    hub.clock.forward(60_000);
    const placed = await step('placeOrder', draft.id, { reason: 'called back' });
    expect(placed).toMatchObject({ id: draft.id, status: 'RECEIVED', version: 2, total: draft.total });
    expect((await desk.timeline(draft.id))[1]).toMatchObject({
      sequence: 2,
      type: 'STATUS_CHANGED',
      at: new Date(START.getTime() + 60_000).toISOString(),
      changes: [{ field: 'status', from: 'DRAFT', to: 'RECEIVED' }],
      data: { reason: 'called back' },
    });
    hub.clock.set(START);
  });

  test('is refused to an order that is not a draft, with what is allowed', async () => {
    const { id } = await desk.order({ lines: [{ sku, quantity: '1' }] });
    const { order, userErrors } = await desk.send<OrderPayload>('placeOrder', { orderId: id });
    expect([order, userErrors]).toMatchObject([
      null,
      [
        {
          __typename: 'TransitionError',
          code: 'INVALID_TRANSITION',
          from: 'RECEIVED',
          allowed: ['CONFIRMED', 'CANCELED'],
        },
      ],
    ]);
  });
});

describe('confirming', () => {
  test('reserves the stock of a RECEIVED order', async () => {
    const own = await desk.product('10.00', '5');
    const received = await desk.order({ lines: [{ sku: own, quantity: '2.5' }] });
    const confirmed = await step('confirmOrder', received.id);
    expect(confirmed).toMatchObject({
      status: 'CONFIRMED',
      version: 2,
      total: received.total,
      lines: [{ reservedQuantity: '2.5' }],
    });
    expect(await desk.level(own)).toMatchObject({ onHand: '5', reserved: '2.5', available: '2.5' });
    expect((await desk.timeline(received.id)).map(({ sequence, type }) => `${sequence} ${type}`)).toEqual([
      '1 CREATED',
      '2 STOCK_RESERVED',
      '3 STATUS_CHANGED',
    ]);
  });

  test('leads a DRAFT through RECEIVED, with an event for each', async () => {
    const draft = await desk.order({ lines: [{ sku, quantity: '1' }], draft: true });
    expect(await step('confirmOrder', draft.id)).toMatchObject({ status: 'CONFIRMED', version: 2 });
    const moves = (await desk.timeline(draft.id)).flatMap(({ sequence, changes }) =>
      changes.map(({ from, to }) => [sequence, from, to]),
    );
    expect(moves).toEqual([
      [2, 'DRAFT', 'RECEIVED'],
      [4, 'RECEIVED', 'CONFIRMED'],
    ]);
  });

  test('fills in the tax that was not known when the order came', async () => {
    const lines = [{ sku, quantity: '3' }];
    const adjustments = [
      { kind: 'DISCOUNT', label: 'x', amount: eur('0.10') },
      { kind: 'FEE', label: 'x', amount: eur('5.00') },
    ];
    const address = { line1: 'x', city: 'Oslo', country: 'NO' };
    const order = await desk.order({ lines, adjustments, shippingPrice: eur('7.00'), shippingAddress: address });
    expect(order).toMatchObject({ taxTotal: eur('0.00'), total: eur('41.90') });
    expect(await desk.refusals('confirmOrder', { orderId: order.id })).toEqual([
      'TAX_MISSING at shippingAddress.country',
    ]);
    await hub.hub.db.pool.query(
      `insert into tax_rate (country, category, name, rate, valid_from) values ('NO', 'standard', 'MVA 25 %', 0.25, '2020-01-01')`,
    );
    // 29.90 at 25 % is 7.475, 7.00 is 1.75, 5.00 is 1.25: each is rounded for itself, half up.
    expect(await step('confirmOrder', order.id)).toMatchObject({
      status: 'CONFIRMED',
      taxTotal: eur('10.48'),
      total: eur('52.38'),
      taxLines: [{ name: 'MVA 25 %', rate: '0.25', taxable: eur('41.90'), amount: eur('10.48') }],
    });
  });

  test('keeps the tax of the day on which the order was placed', async () => {
    const shippingAddress = { line1: 'x', city: 'Tallinn', country: 'EE' };
    const lines = [{ sku, quantity: '1' }];
    const before = await desk.order({ lines, shippingAddress, placedAt: '2025-06-30T23:59:59.999Z' });
    const since = await desk.order({ lines, shippingAddress, placedAt: '2025-07-01T00:00:00Z' });
    expect([before.taxTotal.amount, since.taxTotal.amount]).toEqual(['2.20', '2.40']);
    expect((await step('confirmOrder', before.id)).taxTotal).toEqual(eur('2.20'));
  });

  test('never reads a missing rate as zero, though the country may have a rate of zero', async () => {
    const lines = [{ sku, quantity: '1' }];
    const shippingAddress = { line1: 'x', city: 'Hong Kong', country: 'HK' };
    const order = await desk.order({ lines, shippingAddress });
    expect(await desk.refusals('confirmOrder', { orderId: order.id })).toEqual([
      'TAX_MISSING at shippingAddress.country',
    ]);
    await hub.hub.db.pool.query(
      `insert into tax_rate (country, category, name, rate, valid_from) values ('HK', 'standard', 'None', 0, '2020-01-01')`,
    );
    expect(await step('confirmOrder', order.id)).toMatchObject({
      total: eur('10.00'),
      taxLines: [{ name: 'None', rate: '0', taxable: eur('10.00'), amount: eur('0.00') }],
    });
  });

  test('is refused with everything that is wrong at once, and leaves no trace', async () => {
    const [few, ending] = [await desk.product('10.00', '1'), await desk.product('10.00', '1')];
    const lines = [
      { sku: few, quantity: '2' },
      { sku: ending, quantity: '1' },
    ];
    const order = await desk.order({ lines, shippingAddress: { line1: 'x', city: 'x', country: 'BR' } });
    await desk.done('upsertProduct', { sku: ending, isActive: false });
    const before = await desk.traces();
    expect(await desk.refusals('confirmOrder', { orderId: order.id })).toEqual([
      'PRODUCT_INACTIVE at lines.1.sku',
      'TAX_MISSING at shippingAddress.country',
      'INSUFFICIENT_STOCK at lines.0.quantity',
    ]);
    expect(await desk.traces()).toEqual(before);
    expect(await desk.readOrder(order.id)).toMatchObject({ status: 'RECEIVED', version: 1 });
  });

  test('lets the same key succeed once there is stock', async () => {
    const own = await desk.product('10.00', '1');
    const { id } = await desk.order({ lines: [{ sku: own, quantity: '2' }] });
    const input = { idempotencyKey: newKey(), orderId: id };
    const refused = await desk.send<OrderPayload>('confirmOrder', input);
    expect(refused.userErrors.map(refusal)).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
    await desk.stock(own, '1');
    expect(await desk.send<OrderPayload>('confirmOrder', input)).toMatchObject({
      order: { status: 'CONFIRMED' },
      replayed: false,
    });
  });

  test('lets what is missing wait where the order allows it', async () => {
    const own = await desk.product('10.00', '1');
    const { id } = await desk.order({ lines: [{ sku: own, quantity: '3' }], allowBackorder: true });
    expect((await step('confirmOrder', id)).lines).toMatchObject([{ reservedQuantity: '1', backorderedQuantity: '2' }]);
  });

  test('reserves only what is left of an order that was canceled in part before', async () => {
    const own = await desk.product('10.00', '10');
    const order = await desk.order({ lines: [{ sku: own, quantity: '5' }] });
    const canceled = await step('cancelOrder', order.id, { lines: [{ lineId: order.lines[0]!.id, quantity: '2' }] });
    expect(canceled).toMatchObject({ status: 'RECEIVED', version: 2, total: eur('36.60') });
    const confirmed = await step('confirmOrder', order.id);
    expect(confirmed).toMatchObject({ status: 'CONFIRMED', version: 3, total: eur('36.60') });
    expect(confirmed.lines).toMatchObject([
      { quantity: '5', canceledQuantity: '2', reservedQuantity: '3', total: eur('30.00') },
    ]);
    expect(await desk.level(own)).toMatchObject({ reserved: '3' });
  });

  test('asks nothing of a line of which nothing is left', async () => {
    const [kept, dropped] = [
      await desk.product('10.00', '1'),
      await desk.product('10.00', null, { taxCategory: 'unheard-of' }),
    ];
    const order = await desk.order({
      lines: [
        { sku: kept, quantity: '1' },
        { sku: dropped, quantity: '1' },
      ],
    });
    await desk.done('upsertProduct', { sku: dropped, isActive: false });
    await step('cancelOrder', order.id, { lines: [{ lineId: order.lines[1]!.id, quantity: '1' }] });
    expect(await step('confirmOrder', order.id)).toMatchObject({ status: 'CONFIRMED', total: eur('12.20') });
  });

  test('is refused to an order that is confirmed or canceled already', async () => {
    const { id } = await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true });
    expect(await desk.refusals('confirmOrder', { orderId: id })).toEqual(['INVALID_TRANSITION']);
    await step('cancelOrder', id);
    const { userErrors } = await desk.send<OrderPayload>('confirmOrder', { orderId: id });
    expect(userErrors).toMatchObject([{ code: 'INVALID_TRANSITION', from: 'CANCELED', allowed: [] }]);
  });

  test('happens once where many ask at the same time', async () => {
    const own = await desk.product('10.00', '100');
    const { id } = await desk.order({ lines: [{ sku: own, quantity: '7' }] });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => desk.send<OrderPayload>('confirmOrder', { orderId: id })),
    );
    expect(answers.filter(({ order }) => order !== null)).toHaveLength(1);
    expect(answers.flatMap(({ userErrors }) => userErrors.map(refusal))).toEqual(Array(11).fill('INVALID_TRANSITION'));
    expect(await desk.level(own)).toMatchObject({ reserved: '7' });
    expect((await desk.timeline(id)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});

test.each(['placeOrder', 'confirmOrder', 'cancelOrder'])(
  '%s answers NOT_FOUND to what names no order',
  async (name) => {
    const customer = await desk.customer();
    for (const orderId of ['x', customer.id, customer.id.replace('cus_', 'ord_')]) {
      expect(await desk.refusals(name, { orderId })).toEqual(['NOT_FOUND at orderId']);
    }
  },
);
