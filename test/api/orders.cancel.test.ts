import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, refusal, seeded, type Order, type Payload } from './support/desk.js';

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

async function cancel(orderId: string, more: object = {}): Promise<Order> {
  return (await desk.done<OrderPayload>('cancelOrder', { orderId, ...more })).order!;
}

test('cancels the whole: gives its stock back, owes nothing, and says why', async () => {
  const own = await desk.product('10.00', '5');
  const order = await desk.order({
    lines: [{ sku: own, quantity: '3' }],
    shippingPrice: eur('7.00'),
    adjustments: [{ kind: 'FEE', label: 'x', amount: eur('1.00') }],
    confirm: true,
  });
  hub.clock.forward(1_000);
  const canceled = await cancel(order.id, { reason: 'changed their mind' });
  hub.clock.set(START);
  expect(canceled).toMatchObject({
    status: 'CANCELED',
    version: 2,
    subtotal: eur('0.00'),
    shippingTotal: eur('0.00'),
    taxTotal: eur('0.00'),
    total: eur('0.00'),
    taxLines: [],
    lines: [{ quantity: '3', canceledQuantity: '3', reservedQuantity: '0', total: eur('0.00'), taxTotal: eur('0.00') }],
  });
  expect(await desk.level(own)).toMatchObject({ onHand: '5', reserved: '0', available: '5' });
  expect((await desk.timeline(order.id)).slice(3)).toMatchObject([
    {
      sequence: 4,
      type: 'STOCK_RELEASED',
      data: { levels: [{ sku: own, location: 'MAIN', reservedDelta: '-3', availableAfter: '5' }] },
    },
    {
      sequence: 5,
      type: 'EDITED',
      changes: [
        { field: 'total', from: eur('46.36'), to: eur('0.00') },
        { field: 'paymentStatus', from: 'PENDING', to: 'NOT_REQUIRED' },
      ],
      data: { canceled: [{ sku: own, quantity: '3' }], reason: 'changed their mind' },
    },
    {
      sequence: 6,
      type: 'STATUS_CHANGED',
      at: new Date(START.getTime() + 1_000).toISOString(),
      changes: [{ field: 'status', from: 'CONFIRMED', to: 'CANCELED' }],
      data: { reason: 'changed their mind' },
    },
  ]);
});

test.each(['draft', 'received'])('cancels a %s order that has no stock', async (kind) => {
  const order = await desk.order({ lines: [{ sku, quantity: '1' }], draft: kind === 'draft' });
  expect(await cancel(order.id)).toMatchObject({ status: 'CANCELED', version: 2, total: eur('0.00') });
  expect((await desk.timeline(order.id)).map(({ type }) => type)).toEqual(['CREATED', 'EDITED', 'STATUS_CHANGED']);
});

test('cancels a part: the rest stands at its share of price, discount and tax, and the part is free again', async () => {
  const own = await desk.product('10.00', '10');
  const order = await desk.order({
    lines: [
      { sku: own, quantity: '3' },
      { sku, quantity: '1' },
    ],
    adjustments: [{ kind: 'DISCOUNT', label: 'x', amount: eur('4.00') }],
    confirm: true,
  });
  const left = await cancel(order.id, { lines: [{ lineId: order.lines[0]!.id, quantity: '2' }] });
  // 30.00 had 3.00 of the discount: a third of each stays.
  expect(left).toMatchObject({
    status: 'CONFIRMED',
    version: 2,
    subtotal: eur('20.00'),
    discountTotal: eur('2.00'),
    taxTotal: eur('3.96'),
    total: eur('21.96'),
    lines: [
      {
        quantity: '3',
        canceledQuantity: '2',
        reservedQuantity: '1',
        discountTotal: eur('1.00'),
        total: eur('9.00'),
        taxTotal: eur('1.98'),
      },
      { quantity: '1', canceledQuantity: '0', reservedQuantity: '1', discountTotal: eur('1.00'), total: eur('9.00') },
    ],
  });
  expect(await desk.level(own)).toMatchObject({ reserved: '1', available: '9' });
  expect((await desk.timeline(order.id)).map(({ type }) => type).slice(3)).toEqual(['STOCK_RELEASED', 'EDITED']);
});

test('is canceled as a whole once its last part is, shipping and fees included', async () => {
  const order = await desk.order({
    lines: [
      { sku, quantity: '2' },
      { sku, quantity: '1' },
    ],
    shippingPrice: eur('5.00'),
    confirm: true,
  });
  const [one, two] = order.lines;
  expect(await cancel(order.id, { lines: [{ lineId: one!.id, quantity: '2' }] })).toMatchObject({
    status: 'CONFIRMED',
    total: eur('18.30'),
  });
  expect(await cancel(order.id, { lines: [{ lineId: two!.id, quantity: '1' }] })).toMatchObject({
    status: 'CANCELED',
    version: 3,
    total: eur('0.00'),
  });
});

test('takes what waits for stock first, so that no more is given back than must be', async () => {
  const own = await desk.product('10.00', '4');
  const order = await desk.order({ lines: [{ sku: own, quantity: '10' }], confirm: true, allowBackorder: true });
  const lineId = order.lines[0]!.id;
  expect((await cancel(order.id, { lines: [{ lineId, quantity: '5' }] })).lines).toMatchObject([
    { reservedQuantity: '4', backorderedQuantity: '1' },
  ]);
  expect((await cancel(order.id, { lines: [{ lineId, quantity: '3' }] })).lines).toMatchObject([
    { reservedQuantity: '2', backorderedQuantity: '0' },
  ]);
  expect(await desk.level(own)).toMatchObject({ reserved: '2', available: '2' });
});

test('gives back to each location what was reserved there', async () => {
  const own = await desk.product('10.00', '2');
  await desk.stock(own, '3', 'SOUTH');
  const order = await desk.order({ lines: [{ sku: own, quantity: '5' }], confirm: true });
  await cancel(order.id, { lines: [{ lineId: order.lines[0]!.id, quantity: '4' }] });
  const levels = await Promise.all(['MAIN', 'SOUTH'].map((code) => desk.level(own, code)));
  expect(levels.map((level) => Number(level!.reserved)).reduce((a, b) => a + b)).toBe(1);
  await cancel(order.id);
  expect(await Promise.all(['MAIN', 'SOUTH'].map((code) => desk.level(own, code)))).toMatchObject([
    { reserved: '0' },
    { reserved: '0' },
  ]);
});

describe('refuses', () => {
  test('an order that is canceled already', async () => {
    const { id } = await desk.order({ lines: [{ sku, quantity: '1' }] });
    await cancel(id);
    const { userErrors } = await desk.send<OrderPayload>('cancelOrder', { orderId: id });
    expect(userErrors).toMatchObject([
      { __typename: 'TransitionError', code: 'INVALID_TRANSITION', from: 'CANCELED', allowed: [] },
    ]);
  });

  test('an order that has shipped', async () => {
    const order = await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true });
    const shipment = await desk.shipment(order.id);
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'SHIPPED' });
    const before = await desk.traces();
    expect(await desk.refusals('cancelOrder', { orderId: order.id })).toEqual(['CONFLICT at orderId']);
    const lines = [{ lineId: order.lines[0]!.id, quantity: '1' }];
    expect(await desk.refusals('cancelOrder', { orderId: order.id, lines })).toEqual(['INVALID at lines.0.quantity']);
    expect(await desk.traces()).toEqual(before);
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'DELIVERED' });
    const { userErrors } = await desk.send<OrderPayload>('cancelOrder', { orderId: order.id });
    expect(userErrors).toMatchObject([
      { code: 'INVALID_TRANSITION', from: 'DELIVERED', allowed: ['COMPLETED', 'PARTIALLY_SHIPPED'] },
    ]);
  });

  test('lines and quantities that the order does not have, all at once and without a trace', async () => {
    const [order, other] = [
      await desk.order({ lines: [{ sku, quantity: '2' }], confirm: true }),
      await desk.order({ lines: [{ sku, quantity: '2' }] }),
    ];
    const lineId = order.lines[0]!.id;
    const before = await desk.traces();
    const lines = [
      { lineId: 'x', quantity: '1' },
      { lineId: other.lines[0]!.id, quantity: '1' },
      { lineId, quantity: '0' },
      { lineId, quantity: '-1' },
      { lineId, quantity: '3' },
    ];
    expect(await desk.refusals('cancelOrder', { orderId: order.id, lines })).toEqual([
      'NOT_FOUND at lines.0.lineId',
      'NOT_FOUND at lines.1.lineId',
      'INVALID at lines.2.quantity',
      'INVALID at lines.3.quantity',
      'INVALID at lines.4.quantity',
    ]);
    expect(await desk.refusals('cancelOrder', { orderId: order.id, lines: [] })).toEqual(['REQUIRED at lines']);
    const twice = [
      { lineId, quantity: '1.5' },
      { lineId, quantity: '0.6' },
    ];
    expect(await desk.refusals('cancelOrder', { orderId: order.id, lines: twice })).toEqual([
      'INVALID at lines.1.quantity',
    ]);
    expect(await desk.traces()).toEqual(before);
  });

  test('and lets the same key succeed with what is possible', async () => {
    const order = await desk.order({ lines: [{ sku, quantity: '2' }] });
    const key = newKey();
    const ask = (quantity: string) =>
      desk.send<OrderPayload>('cancelOrder', {
        idempotencyKey: key,
        orderId: order.id,
        lines: [{ lineId: order.lines[0]!.id, quantity }],
      });
    expect((await ask('3')).userErrors.map(refusal)).toEqual(['INVALID at lines.0.quantity']);
    expect(await ask('1')).toMatchObject({ order: { version: 2 }, replayed: false });
  });
});

test('cancels a unit once, however many ask at the same time', async () => {
  const own = await desk.product('10.00', '10');
  const order = await desk.order({ lines: [{ sku: own, quantity: '5' }], confirm: true });
  const lines = [{ lineId: order.lines[0]!.id, quantity: '1' }];
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => desk.send<OrderPayload>('cancelOrder', { orderId: order.id, lines })),
  );
  expect(answers.filter((answer) => answer.order !== null)).toHaveLength(5);
  const now = await desk.readOrder(order.id);
  expect(now).toMatchObject({
    status: 'CANCELED',
    version: 6,
    lines: [{ canceledQuantity: '5', reservedQuantity: '0' }],
  });
  expect(await desk.level(own)).toMatchObject({ reserved: '0', available: '10' });
  const sequences = (await desk.timeline(order.id)).map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});

test('keeps stock, lines and timeline in step through random steps of many orders', async () => {
  const own = await desk.product('3.33', '40');
  const below = seeded(11);
  for (let run = 0; run < 12; run += 1) {
    const lines = Array.from({ length: 1 + below(3) }, () => ({ sku: own, quantity: `${1 + below(4)}.${below(10)}` }));
    let order = await desk.order({ lines, confirm: below(2) === 0, allowBackorder: true });
    for (let step = 0; step < 4 && order.status !== 'CANCELED'; step += 1) {
      const line = order.lines[below(order.lines.length)]!;
      const left = Math.round((Number(line.quantity) - Number(line.canceledQuantity)) * 10);
      if (order.status === 'RECEIVED' && below(2) === 0) await desk.done('confirmOrder', { orderId: order.id });
      else if (left > 0) {
        const tenths = 1 + below(left);
        await cancel(order.id, { lines: [{ lineId: line.id, quantity: `${Math.floor(tenths / 10)}.${tenths % 10}` }] });
      }
      order = await desk.readOrder(order.id);
    }
    const sequences = (await desk.timeline(order.id)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  }
  const { rows } = await hub.hub.db.pool.query<{ matches: boolean }>(
    `select l.reserved = coalesce((select sum(r.quantity) from stock_reservation r where r.product_id = l.product_id), 0)
        and l.reserved = (select sum(o.reserved_quantity) from order_line o where o.product_id = l.product_id)
        and l.reserved <= l.on_hand as matches
       from stock_level l join product p on p.id = l.product_id where p.sku = $1`,
    [own],
  );
  expect(rows).toEqual([{ matches: true }]);
});
