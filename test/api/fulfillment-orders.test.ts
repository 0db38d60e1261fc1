import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { idOf } from '../../src/shared/ids.js';
import { eventually } from '../support/eventually.js';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import {
  Desk,
  fresh,
  FULFILLMENT_ORDER,
  type FulfillmentOrder,
  type Order,
  type Payload,
  type Shipment,
  type UserError,
} from './support/desk.js';

type ShipmentPayload = Payload<'shipment', Shipment> & { order: Order };
type StepPayload = Payload<'fulfillmentOrder', FulfillmentOrder> & {
  newFulfillmentOrder: FulfillmentOrder | null;
  order: Order;
};

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});
beforeEach(() => hub.clock.set(START));

const confirmed = (lines: object[] = [{ sku, quantity: '5' }], more: object = {}) =>
  desk.order({ lines, confirm: true, ...more });

async function worksOf(orderId: string): Promise<FulfillmentOrder[]> {
  const query = `query($id: ID!) { order(id: $id) { fulfillmentOrders { ${FULFILLMENT_ORDER} } } }`;
  return (await desk.ask<{ order: { fulfillmentOrders: FulfillmentOrder[] } }>(query, { id: orderId })).order
    .fulfillmentOrders;
}

/** An order of five, all of it with MAIN. */
async function released(): Promise<{ order: Order; lineId: string; work: FulfillmentOrder }> {
  const order = await confirmed();
  const [work] = await desk.released(order.id);
  return { order, lineId: order.lines[0]!.id, work: work! };
}

function step(name: string, work: { id: string }, input: object = {}): Promise<StepPayload> {
  return desk.done<StepPayload>(name, { fulfillmentOrderId: work.id, ...input });
}

async function report(shipmentId: string, status: string): Promise<ShipmentPayload> {
  return desk.done<ShipmentPayload>('updateShipment', { shipmentId, status });
}

/** A location of its own, with this much of the product. */
async function place(of: string, quantity: string): Promise<string> {
  const code = fresh('P');
  await desk.stock(of, quantity, code);
  return code;
}

interface Refusable {
  userErrors: UserError[];
}
/**
 * Sends all while somebody else holds the order, and lets them go when each of them waits before it has read anything;
 * answers their codes.
 */
async function allAtOnce(orderId: string, calls: (() => Promise<Refusable>)[]): Promise<string[]> {
  const { pool } = hub.hub.db;
  const holder = await pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select from orders where id = $1 for update', [idOf('ord', orderId)]);
    const answers = Promise.all(calls.map((call) => call()));
    await eventually('all to wait for the order', async () => {
      const { rows } = await pool.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            and query like '%where o.id = $1 for no key update of o'`,
      );
      return rows.length === calls.length;
    });
    await holder.query('commit');
    return (await answers).map(({ userErrors }) => userErrors.map(({ code }) => code).join());
  } finally {
    holder.release();
  }
}

const states = (works: FulfillmentOrder[]) =>
  works.map(({ status, location, lines }) => [
    status,
    location.code,
    ...lines.map((l) => [l.quantity, l.remainingQuantity]),
  ]);

describe('a release', () => {
  test('gives each location what it has reserved, and the order is PROCESSING', async () => {
    const [first, second] = [await desk.product('10.00', null), await desk.product('10.00', null)];
    const [north, south] = [await place(first, '3'), await place(second, '9')];
    const order = await confirmed([
      { sku: first, quantity: '3' },
      { sku: second, quantity: '4' },
    ]);
    const payload = await desk.done<Payload<'order', Order> & { fulfillmentOrders: FulfillmentOrder[] }>(
      'releaseToWarehouse',
      { orderId: order.id },
    );
    expect(payload.order).toMatchObject({ status: 'PROCESSING', fulfillmentStatus: 'UNFULFILLED', version: 2 });
    expect(payload.fulfillmentOrders).toMatchObject([
      {
        number: expect.stringMatching(/^FO-\d{6}$/),
        status: 'OPEN',
        version: 1,
        location: { code: north },
        hold: null,
        lines: [{ sku: first, quantity: '3', remainingQuantity: '3', waitingQuantity: '0' }],
        shipments: [],
      },
      { location: { code: south }, lines: [{ sku: second, quantity: '4' }] },
    ]);
    const timeline = await desk.timeline(order.id);
    expect(timeline.slice(-2)).toMatchObject([
      {
        type: 'FULFILLMENT_RELEASED',
        data: {
          fulfillmentOrders: payload.fulfillmentOrders.map(({ id, number, location }) => ({
            id,
            number,
            location: location.code,
          })),
        },
      },
      { type: 'STATUS_CHANGED', changes: [{ from: 'CONFIRMED', to: 'PROCESSING' }] },
    ]);
    expect(await desk.refusals('releaseToWarehouse', { orderId: order.id })).toEqual(['CONFLICT at orderId']);
  });

  test('of a bundle has each part, and what is not counted goes with the rest, or to the first location', async () => {
    const [nut, gift] = [await desk.product('1.00', '100'), await desk.product('2.00', null, { isStocked: false })];
    const kit = await desk.product('5.00', null, { components: [{ sku: nut, quantity: '3' }] });
    const service = await desk.product('50.00', null, { isStocked: false, requiresShipping: false });
    const order = await confirmed([
      { sku: kit, quantity: '2' },
      { sku: gift, quantity: '1' },
      { sku: service, quantity: '1' },
    ]);
    const [work, ...others] = await desk.released(order.id);
    expect(others).toEqual([]);
    expect(work!.lines).toMatchObject([
      { sku: nut, quantity: '6' },
      { sku: gift, quantity: '1' },
    ]);
    const alone = await confirmed([{ sku: gift, quantity: '1' }]);
    const { stockLocations } = await desk.ask<{ stockLocations: { code: string }[] }>('{ stockLocations { code } }');
    expect(await desk.released(alone.id)).toMatchObject([{ location: { code: stockLocations[0]!.code } }]);
  });

  test('is refused before the order is confirmed, while it is held, unpaid or canceled', async () => {
    const received = await desk.order({ lines: [{ sku, quantity: '1' }] });
    expect(await desk.refusals('releaseToWarehouse', { orderId: received.id })).toEqual(['INVALID_TRANSITION']);
    await desk.done('cancelOrder', { orderId: received.id });
    expect(await desk.refusals('releaseToWarehouse', { orderId: received.id })).toEqual(['INVALID_TRANSITION']);
    const order = await confirmed();
    await desk.done('holdOrder', { orderId: order.id, reason: 'FRAUD' });
    expect(await desk.refusals('releaseToWarehouse', { orderId: order.id })).toEqual(['ON_HOLD at orderId']);
    await desk.done('releaseOrder', { orderId: order.id });
    await desk.done('authorizePayment', { orderId: order.id, provider: 'manual', method: 'TRANSFER' });
    expect(await desk.refusals('releaseToWarehouse', { orderId: order.id })).toEqual(['PAYMENT_REQUIRED at orderId']);
  });

  test('covers what waited for stock when that has come, as much as came', async () => {
    const scarce = await desk.product('10.00', '2');
    const order = await confirmed([{ sku: scarce, quantity: '6' }], { allowBackorder: true });
    expect(states(await desk.released(order.id))).toEqual([['OPEN', 'MAIN', ['2', '2']]]);
    await desk.stock(scarce, '1');
    expect(states(await worksOf(order.id))).toEqual([['OPEN', 'MAIN', ['3', '3']]]);
    await desk.shipment(order.id);
    await desk.stock(scarce, '1');
    const elsewhere = await place(scarce, '2');
    expect(states(await worksOf(order.id))).toEqual([
      ['IN_PROGRESS', 'MAIN', ['3', '3']],
      ['OPEN', 'MAIN', ['1', '1']],
      ['OPEN', elsewhere, ['2', '2']],
    ]);
    const types = (await desk.timeline(order.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'FULFILLMENT_RELEASED')).toHaveLength(4);
    const unreleased = await confirmed([{ sku: scarce, quantity: '1' }], { allowBackorder: true });
    await desk.stock(scarce, '1');
    expect(await worksOf(unreleased.id)).toEqual([]);
  });

  test('of three at once one takes all', async () => {
    const order = await confirmed();
    const answers = await allAtOnce(order.id, [
      () => desk.send<Refusable>('releaseToWarehouse', { idempotencyKey: newKey(), orderId: order.id }),
      () => desk.send<Refusable>('releaseToWarehouse', { idempotencyKey: newKey(), orderId: order.id }),
      () => desk.send<Refusable>('releaseToWarehouse', { idempotencyKey: newKey(), orderId: order.id }),
    ]);
    expect(answers.sort()).toEqual(['', 'CONFLICT', 'CONFLICT']);
    expect(states(await worksOf(order.id))).toEqual([['OPEN', 'MAIN', ['5', '5']]]);
  });
});

describe('a shipment', () => {
  test('draws on what was released, which is in progress, and closed when all has left', async () => {
    const { order, lineId, work } = await released();
    const two = await desk.shipment(order.id, { lines: [{ lineId, quantity: '2' }] });
    expect(await worksOf(order.id)).toMatchObject([
      { status: 'IN_PROGRESS', version: 2, lines: [{ remainingQuantity: '5' }], shipments: [{ id: two.id }] },
    ]);
    await report(two.id, 'SHIPPED');
    expect(states(await worksOf(order.id))).toEqual([['IN_PROGRESS', 'MAIN', ['5', '3']]]);
    const rest = await desk.shipment(order.id, { fulfillmentOrderId: work.id });
    expect(rest.lines).toMatchObject([{ quantity: '3' }]);
    expect((await report(rest.id, 'SHIPPED')).order).toMatchObject({ status: 'SHIPPED' });
    expect(await worksOf(order.id)).toMatchObject([
      {
        id: work.id,
        status: 'CLOSED',
        lines: [{ remainingQuantity: '0' }],
        shipments: [{ id: two.id }, { id: rest.id }],
      },
    ]);
  });

  test('of an order that nobody released brings its own fulfillment order, and takes it along when it is canceled', async () => {
    const order = await confirmed();
    const lines = [{ lineId: order.lines[0]!.id, quantity: '2' }];
    const shipment = await desk.shipment(order.id, { lines });
    expect(states(await worksOf(order.id))).toEqual([['IN_PROGRESS', 'MAIN', ['2', '2']]]);
    expect((await report(shipment.id, 'CANCELED')).order).toMatchObject({ status: 'CONFIRMED' });
    expect(states(await worksOf(order.id))).toEqual([['CANCELED', 'MAIN', ['2', '0']]]);
    await desk.shipment(order.id, { lines });
    await desk.released(order.id);
    expect(states(await worksOf(order.id)).slice(1)).toEqual([
      ['IN_PROGRESS', 'MAIN', ['2', '2']],
      ['OPEN', 'MAIN', ['3', '3']],
    ]);
  });

  test('that is canceled leaves what was released with its warehouse', async () => {
    const { order } = await released();
    const shipment = await desk.shipment(order.id);
    expect((await report(shipment.id, 'CANCELED')).order).toMatchObject({ status: 'PROCESSING' });
    expect(states(await worksOf(order.id))).toEqual([['IN_PROGRESS', 'MAIN', ['5', '5']]]);
    await report((await desk.shipment(order.id)).id, 'SHIPPED');
    expect(states(await worksOf(order.id))).toEqual([['CLOSED', 'MAIN', ['5', '0']]]);
  });

  test.each(['RETURNED_TO_SENDER', 'LOST'])(
    'that is %s opens it again, and it goes on when there is stock',
    async (gone) => {
      const own = await desk.product('10.00', '5');
      const order = await confirmed([{ sku: own, quantity: '5' }]);
      await desk.released(order.id);
      const shipment = await desk.shipment(order.id);
      await report(shipment.id, 'SHIPPED');
      expect((await report(shipment.id, gone)).order).toMatchObject({ status: 'PROCESSING' });
      expect(await worksOf(order.id)).toMatchObject([
        { status: 'OPEN', lines: [{ quantity: '5', remainingQuantity: '5', waitingQuantity: '5' }] },
      ]);
      expect(await desk.refusals('createShipment', { orderId: order.id, location: 'MAIN' })).toEqual([
        'ON_HOLD at orderId',
      ]);
      await desk.done('releaseOrder', { orderId: order.id });
      expect(await desk.refusals('createShipment', { orderId: order.id, location: 'MAIN' })).toEqual([
        'CONFLICT at location',
      ]);
      await desk.stock(own, '4');
      expect(await worksOf(order.id)).toMatchObject([
        { status: 'OPEN', lines: [{ remainingQuantity: '5', waitingQuantity: '1' }] },
      ]);
      await report((await desk.shipment(order.id)).id, 'SHIPPED');
      await desk.done('cancelOrder', { orderId: order.id });
      expect(states(await worksOf(order.id))).toEqual([['CLOSED', 'MAIN', ['4', '0']]]);
      expect(await desk.readOrder(order.id)).toMatchObject({ status: 'SHIPPED' });
    },
  );

  test('that came back is sent from where there is stock', async () => {
    const own = await desk.product('10.00', '3');
    const order = await confirmed([{ sku: own, quantity: '3' }]);
    await desk.released(order.id);
    const shipment = await desk.shipment(order.id);
    await report(shipment.id, 'SHIPPED');
    await report(shipment.id, 'LOST');
    const other = await place(own, '3');
    expect(states(await worksOf(order.id))).toEqual([
      ['CANCELED', 'MAIN', ['3', '0']],
      ['OPEN', other, ['3', '3']],
    ]);
  });

  test('of goods that are not counted takes them from whatever warehouse was to send them', async () => {
    const gift = await desk.product('2.00', null, { isStocked: false });
    const order = await confirmed([
      { sku, quantity: '1' },
      { sku: gift, quantity: '2' },
    ]);
    const [work] = await desk.released(order.id);
    const other = await place(sku, '1');
    const lines = [{ lineId: order.lines[1]!.id, quantity: '2' }];
    await step('holdFulfillmentOrder', work!, { reason: 'STOCK' });
    expect(await desk.refusals('createShipment', { orderId: order.id, location: other, lines })).toEqual([
      'ON_HOLD at lines.0.quantity',
    ]);
    await step('releaseFulfillmentOrder', work!);
    await desk.shipment(order.id, { location: other, lines });
    expect(states(await worksOf(order.id))).toEqual([
      ['OPEN', 'MAIN', ['1', '1']],
      ['IN_PROGRESS', other, ['2', '2']],
    ]);
  });

  test('is refused where the fulfillment order is another order’s, closed, elsewhere, or has less', async () => {
    const { order, lineId, work } = await released();
    const of = { orderId: order.id, fulfillmentOrderId: work.id };
    const more = [{ lineId, quantity: '3' }];
    await step('splitFulfillmentOrder', work, { lines: [{ lineId, quantity: '3' }] });
    expect(await desk.refusals('createShipment', { ...of, lines: more })).toEqual([
      'INSUFFICIENT_STOCK at lines.0.quantity',
    ]);
    expect(await desk.refusals('createShipment', { ...of, location: 'none' })).toEqual(['INVALID at location']);
    expect(await desk.refusals('createShipment', { ...of, orderId: (await confirmed()).id })).toEqual([
      'NOT_FOUND at fulfillmentOrderId',
    ]);
    await report((await desk.shipment(order.id, { fulfillmentOrderId: work.id })).id, 'SHIPPED');
    expect(await desk.refusals('createShipment', of)).toEqual(['INVALID_TRANSITION']);
  });
});

describe('a hold', () => {
  test('keeps what it holds from leaving, packed or not, and the rest goes on', async () => {
    const { order, lineId, work } = await released();
    const split = { lines: [{ lineId, quantity: '2' }] };
    const { newFulfillmentOrder: held } = await step('splitFulfillmentOrder', work, split);
    const packed = await desk.shipment(order.id, { fulfillmentOrderId: held!.id });
    const { fulfillmentOrder } = await step('holdFulfillmentOrder', held!, { reason: 'ADDRESS', note: 'no street' });
    expect(fulfillmentOrder).toMatchObject({
      status: 'ON_HOLD',
      hold: { reason: 'ADDRESS', note: 'no street', placedBy: { kind: 'API_KEY' } },
    });
    expect(await desk.refusals('updateShipment', { shipmentId: packed.id, status: 'SHIPPED' })).toEqual([
      'ON_HOLD at shipmentId',
    ]);
    expect(await desk.refusals('createShipment', { orderId: order.id, fulfillmentOrderId: held!.id })).toEqual([
      'ON_HOLD at fulfillmentOrderId',
    ]);
    expect((await desk.shipment(order.id)).lines).toMatchObject([{ quantity: '3' }]);
    expect(await step('releaseFulfillmentOrder', held!)).toMatchObject({
      fulfillmentOrder: { status: 'IN_PROGRESS', hold: null },
    });
    await report(packed.id, 'SHIPPED');
    const events = (await desk.timeline(order.id)).filter(({ type }) => type === 'FULFILLMENT_UPDATED');
    expect(events.slice(1).map(({ data }) => data)).toMatchObject([
      { fulfillmentOrder: { id: held!.id }, reason: 'ADDRESS', note: 'no street' },
      { fulfillmentOrder: { id: held!.id }, released: 'ADDRESS' },
    ]);
  });

  test('of the only one refuses what asks for all; a second is refused, and there is none to release twice', async () => {
    const { order, lineId, work } = await released();
    await step('holdFulfillmentOrder', work, { reason: 'MANUAL' });
    const lines = [{ lineId, quantity: '1' }];
    expect(await desk.refusals('createShipment', { orderId: order.id, lines })).toEqual([
      'ON_HOLD at lines.0.quantity',
    ]);
    expect(await desk.refusals('createShipment', { orderId: order.id })).toEqual(['ON_HOLD at orderId']);
    expect(await desk.refusals('holdFulfillmentOrder', { fulfillmentOrderId: work.id, reason: 'MANUAL' })).toEqual([
      'INVALID_TRANSITION',
    ]);
    expect(await step('releaseFulfillmentOrder', work)).toMatchObject({
      fulfillmentOrder: { status: 'OPEN', version: 3 },
    });
    expect(await step('releaseFulfillmentOrder', work)).toMatchObject({ fulfillmentOrder: { version: 3 } });
  });
});

describe('a split', () => {
  test('makes some one of its own, held like it; merged they are what they were', async () => {
    const { order, lineId, work } = await released();
    await step('holdFulfillmentOrder', work, { reason: 'MANUAL' });
    const { fulfillmentOrder, newFulfillmentOrder } = await step('splitFulfillmentOrder', work, {
      lines: [{ lineId, quantity: '2' }],
    });
    expect(states([fulfillmentOrder!, newFulfillmentOrder!])).toEqual([
      ['ON_HOLD', 'MAIN', ['3', '3']],
      ['ON_HOLD', 'MAIN', ['2', '2']],
    ]);
    await step('releaseFulfillmentOrder', work);
    const merged = await step('mergeFulfillmentOrders', work, { otherIds: [newFulfillmentOrder!.id] });
    expect(merged.fulfillmentOrder).toMatchObject({ status: 'ON_HOLD', hold: { reason: 'MANUAL' } });
    expect(states(await worksOf(order.id))).toEqual([
      ['ON_HOLD', 'MAIN', ['5', '5']],
      ['CANCELED', 'MAIN', ['2', '0']],
    ]);
  });

  test('is refused for more than there is, for all of it, and for what a shipment holds', async () => {
    const { order, lineId, work } = await released();
    const split = (quantity: string) =>
      desk.refusals('splitFulfillmentOrder', { fulfillmentOrderId: work.id, lines: [{ lineId, quantity }] });
    expect(await split('6')).toEqual(['INVALID at lines.0.quantity']);
    expect(await split('5')).toEqual(['INVALID at lines']);
    expect(await desk.refusals('splitFulfillmentOrder', { fulfillmentOrderId: work.id, lines: [] })).toEqual([
      'REQUIRED at lines',
    ]);
    const shipment = await desk.shipment(order.id, { lines: [{ lineId, quantity: '4' }] });
    expect(await split('2')).toEqual(['INVALID at lines.0.quantity']);
    expect(await split('1')).toEqual([]);
    await report(shipment.id, 'SHIPPED');
    expect(states(await worksOf(order.id))).toEqual([
      ['CLOSED', 'MAIN', ['4', '0']],
      ['OPEN', 'MAIN', ['1', '1']],
    ]);
    expect(await split('1')).toEqual(['CONFLICT at fulfillmentOrderId']);
  });
});

test('a merge is refused for one that is elsewhere, in progress, another order’s, or itself', async () => {
  const { order, lineId, work } = await released();
  const merge = (...otherIds: string[]) =>
    desk.refusals('mergeFulfillmentOrders', { fulfillmentOrderId: work.id, otherIds });
  expect(await merge()).toEqual(['INVALID at otherIds']);
  const split = { lines: [{ lineId, quantity: '2' }] };
  const { newFulfillmentOrder: other } = await step('splitFulfillmentOrder', work, split);
  const away = await place(sku, '9');
  await step('moveFulfillmentOrder', other!, { location: away });
  expect(await merge(other!.id)).toEqual(['CONFLICT at otherIds.0']);
  expect(await merge((await released()).work.id, work.id)).toEqual([
    'NOT_FOUND at otherIds.0',
    'INVALID at otherIds.1',
  ]);
  await step('moveFulfillmentOrder', other!, { location: 'MAIN' });
  await desk.shipment(order.id, { fulfillmentOrderId: other!.id });
  expect(await merge(other!.id)).toEqual(['CONFLICT at otherIds.0']);
});

describe('a move', () => {
  test('reserves at the other location what was reserved here, in one step', async () => {
    const own = await desk.product('10.00', '5');
    const order = await confirmed([{ sku: own, quantity: '4' }]);
    const [work] = await desk.released(order.id);
    const other = await place(own, '4');
    const { fulfillmentOrder, newFulfillmentOrder } = await step('moveFulfillmentOrder', work!, { location: other });
    expect([states([fulfillmentOrder!]), newFulfillmentOrder]).toEqual([[['OPEN', other, ['4', '4']]], null]);
    expect([await desk.level(own), await desk.level(own, other)]).toMatchObject([
      { onHand: '5', reserved: '0' },
      { onHand: '4', reserved: '4', available: '0' },
    ]);
    expect((await desk.timeline(order.id)).slice(-3).map(({ type }) => type)).toEqual([
      'STOCK_RELEASED',
      'STOCK_RESERVED',
      'FULFILLMENT_UPDATED',
    ]);
    expect((await report((await desk.shipment(order.id)).id, 'SHIPPED')).order).toMatchObject({ status: 'SHIPPED' });
  });

  test('is refused where the other has too little, is not in use, unknown or the same, and while a shipment holds some', async () => {
    const own = await desk.product('10.00', '5');
    const order = await confirmed([{ sku: own, quantity: '4' }]);
    const [work] = await desk.released(order.id);
    const move = (location: string) =>
      desk.send<{ userErrors: UserError[] }>('moveFulfillmentOrder', { fulfillmentOrderId: work!.id, location });
    const other = await place(own, '3');
    expect((await move(other)).userErrors).toMatchObject([
      { code: 'INSUFFICIENT_STOCK', sku: own, requested: '4', available: '3', field: ['location'] },
    ]);
    expect((await move('none')).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await move('MAIN')).userErrors).toMatchObject([{ code: 'INVALID' }]);
    await desk.stock(own, '1', other);
    await desk.done('upsertStockLocation', { code: other, isActive: false });
    expect((await move(other)).userErrors).toMatchObject([{ code: 'INVALID' }]);
    await desk.done('upsertStockLocation', { code: other, isActive: true });
    await desk.shipment(order.id, { lines: [{ lineId: order.lines[0]!.id, quantity: '1' }] });
    expect((await move(other)).userErrors).toMatchObject([{ code: 'CONFLICT', field: ['fulfillmentOrderId'] }]);
    expect(await desk.level(own, other)).toMatchObject({ reserved: '0' });
  });

  test('of one of which some has left takes the rest', async () => {
    const own = await desk.product('10.00', '5');
    const order = await confirmed([{ sku: own, quantity: '5' }]);
    const [work] = await desk.released(order.id);
    const lines = [{ lineId: order.lines[0]!.id, quantity: '2' }];
    await report((await desk.shipment(order.id, { lines })).id, 'SHIPPED');
    const other = await place(own, '3');
    const { newFulfillmentOrder } = await step('moveFulfillmentOrder', work!, { location: other });
    expect(states([newFulfillmentOrder!])).toEqual([['OPEN', other, ['3', '3']]]);
    expect(states(await worksOf(order.id))).toEqual([
      ['CLOSED', 'MAIN', ['2', '0']],
      ['OPEN', other, ['3', '3']],
    ]);
  });

  test('and a shipment at the same time: one of them takes the goods', async () => {
    const own = await desk.product('10.00', '1');
    const other = await place(own, '1');
    const order = await confirmed([{ sku: own, quantity: '1' }]);
    const [work] = await desk.released(order.id);
    const from = work!.location.code;
    const codes = await allAtOnce(order.id, [
      () =>
        desk.send<Refusable>('moveFulfillmentOrder', {
          fulfillmentOrderId: work!.id,
          location: from === 'MAIN' ? other : 'MAIN',
        }),
      () => desk.send<Refusable>('createShipment', { idempotencyKey: newKey(), orderId: order.id, location: from }),
    ]);
    expect([
      ['', 'CONFLICT'],
      ['CONFLICT', ''],
    ]).toContainEqual(codes);
    expect(await brokenInvariants(hub.database.url)).toEqual([]);
  });
});

describe('a cancel', () => {
  test('of the only one takes the order back to CONFIRMED; its goods stay reserved and can be released again', async () => {
    const { order, work } = await released();
    const canceled = await step('cancelFulfillmentOrder', work, { reason: 'closed today' });
    expect(canceled.order).toMatchObject({ status: 'CONFIRMED', lines: [{ reservedQuantity: '5' }] });
    expect(states([canceled.fulfillmentOrder!])).toEqual([['CANCELED', 'MAIN', ['5', '0']]]);
    for (const name of ['cancelFulfillmentOrder', 'releaseFulfillmentOrder'])
      expect(await desk.refusals(name, { fulfillmentOrderId: work.id })).toEqual(['INVALID_TRANSITION']);
    expect(states(await desk.released(order.id))).toEqual([
      ['CANCELED', 'MAIN', ['5', '0']],
      ['OPEN', 'MAIN', ['5', '5']],
    ]);
  });

  test('is refused while a shipment holds some of it, and where some has left', async () => {
    const { order, lineId, work } = await released();
    const cancel = () => desk.refusals('cancelFulfillmentOrder', { fulfillmentOrderId: work.id });
    const shipment = await desk.shipment(order.id, { lines: [{ lineId, quantity: '2' }] });
    expect(await cancel()).toEqual(['CONFLICT at fulfillmentOrderId']);
    await report(shipment.id, 'SHIPPED');
    expect(await cancel()).toEqual(['CONFLICT at fulfillmentOrderId']);
    const split = { lines: [{ lineId, quantity: '3' }] };
    const { newFulfillmentOrder } = await step('splitFulfillmentOrder', work, split);
    expect((await step('cancelFulfillmentOrder', newFulfillmentOrder!)).order).toMatchObject({
      status: 'PARTIALLY_SHIPPED',
    });
  });

  test('of some of the order takes it from its warehouses, what waits first; of all of it all', async () => {
    const { order, lineId } = await released();
    const some = { orderId: order.id, lines: [{ lineId, quantity: '2' }] };
    expect(await desk.done<Payload<'order', Order>>('cancelOrder', some)).toMatchObject({
      order: { status: 'PROCESSING' },
    });
    expect(states(await worksOf(order.id))).toEqual([['OPEN', 'MAIN', ['3', '3']]]);
    await desk.done('cancelOrder', { orderId: order.id });
    expect(states(await worksOf(order.id))).toEqual([['CANCELED', 'MAIN', ['3', '0']]]);
    expect(await desk.readOrder(order.id)).toMatchObject({ status: 'CANCELED' });
  });
});

test('warehouses find their work, the oldest first', async () => {
  const own = await desk.product('10.00', null);
  const code = await place(own, '100');
  const made: FulfillmentOrder[] = [];
  for (let index = 0; index < 3; index += 1) {
    hub.clock.forward(1_000);
    made.push(...(await desk.released((await confirmed([{ sku: own, quantity: '1' }])).id)));
  }
  await step('holdFulfillmentOrder', made[1]!, { reason: 'STOCK' });
  const query = `query($filter: FulfillmentOrderFilter, $after: String) {
    fulfillmentOrders(first: 2, after: $after, filter: $filter) { totalCount pageInfo { endCursor hasNextPage } nodes {
      id createdAt order { number } lines { orderLine { sku } } } } }`;
  interface Page {
    totalCount: number;
    pageInfo: { endCursor: string; hasNextPage: boolean };
    nodes: { id: string }[];
  }
  const page = async (filter: object, after?: string) =>
    (await desk.ask<{ fulfillmentOrders: Page }>(query, { filter: { location: [code], ...filter }, after }))
      .fulfillmentOrders;
  const first = await page({});
  expect([first.totalCount, first.pageInfo.hasNextPage]).toEqual([3, true]);
  expect(first.nodes).toMatchObject([{ id: made[0]!.id, lines: [{ orderLine: { sku: own } }] }, { id: made[1]!.id }]);
  expect((await page({}, first.pageInfo.endCursor)).nodes).toMatchObject([{ id: made[2]!.id }]);
  expect((await page({ status: ['ON_HOLD'] })).nodes).toMatchObject([{ id: made[1]!.id }]);
  expect((await page({ number: [made[2]!.number] })).nodes).toMatchObject([{ id: made[2]!.id }]);
});
