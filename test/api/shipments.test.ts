import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { idOf, typeId } from '../../src/shared/ids.js';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { after, Desk, type Order, type Payload, type Shipment, type UserError } from './support/desk.js';

type ShipmentPayload = Payload<'shipment', Shipment> & { order: Order | null };
const HOUR = 3_600_000;

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

const confirmed = (lines: object[] = [{ sku, quantity: '4' }], more: object = {}) =>
  desk.order({ lines, confirm: true, ...more });

async function report(shipmentId: string, status: string, more: object = {}): Promise<ShipmentPayload> {
  return desk.done<ShipmentPayload>('updateShipment', { shipmentId, status, ...more });
}

describe('a shipment', () => {
  test('claims what the order has reserved, takes it off the shelf when it is shipped, and the order follows', async () => {
    const own = await desk.product('10.00', '10');
    const order = await confirmed([{ sku: own, quantity: '4' }]);
    const made = await desk.done<ShipmentPayload>('createShipment', { orderId: order.id, carrier: 'DHL' });
    expect(made.shipment).toMatchObject({
      number: expect.stringMatching(/^SH-\d{6}$/),
      status: 'PENDING',
      version: 1,
      location: { code: 'MAIN' },
      carrier: 'DHL',
      shippedAt: null,
      lines: [{ sku: own, quantity: '4', orderLine: { id: order.lines[0]!.id } }],
      trackingEvents: [],
    });
    expect(made.order).toMatchObject({ status: 'PROCESSING', fulfillmentStatus: 'UNFULFILLED', version: 2 });
    expect(await desk.level(own)).toMatchObject({ onHand: '10', reserved: '4', available: '6' });
    for (const status of ['PICKING', 'PACKED']) await report(made.shipment!.id, status);
    hub.clock.forward(HOUR);
    const shipped = await report(made.shipment!.id, 'SHIPPED', { trackingNumber: 'T1' });
    expect(shipped.shipment).toMatchObject({ status: 'SHIPPED', trackingNumber: 'T1', shippedAt: after(HOUR) });
    expect(shipped.order).toMatchObject({
      status: 'SHIPPED',
      fulfillmentStatus: 'FULFILLED',
      lines: [{ reservedQuantity: '0', shippedQuantity: '4', deliveredQuantity: '0' }],
    });
    expect(await desk.level(own)).toMatchObject({ onHand: '6', reserved: '0', available: '6' });
    const delivered = await report(made.shipment!.id, 'DELIVERED', { place: 'Milano', description: 'at the door' });
    expect(delivered.shipment).toMatchObject({
      status: 'DELIVERED',
      deliveredAt: after(HOUR),
      trackingEvents: [
        { status: 'SHIPPED', place: null },
        { status: 'DELIVERED', place: 'Milano', description: 'at the door' },
      ],
    });
    expect(delivered.order).toMatchObject({
      status: 'DELIVERED',
      fulfillmentStatus: 'DELIVERED',
      lines: [{ shippedQuantity: '4', deliveredQuantity: '4' }],
    });
    const timeline = await desk.timeline(order.id);
    expect(timeline.map(({ type, changes }) => [type, ...changes.map(({ to }) => to)])).toEqual([
      ['CREATED'],
      ['STOCK_RESERVED'],
      ['STATUS_CHANGED', 'CONFIRMED'],
      ['SHIPMENT_CREATED', 'IN_PROGRESS'],
      ['STATUS_CHANGED', 'PROCESSING'],
      ['SHIPMENT_UPDATED', 'PICKING'],
      ['SHIPMENT_UPDATED', 'PACKED'],
      ['SHIPMENT_UPDATED', 'SHIPPED', 'T1', 'CLOSED'],
      ['STATUS_CHANGED', 'SHIPPED'],
      ['SHIPMENT_UPDATED', 'DELIVERED'],
      ['STATUS_CHANGED', 'DELIVERED'],
    ]);
    expect(timeline[7]!.data).toMatchObject({
      levels: [
        {
          sku: own,
          location: 'MAIN',
          reservedDelta: '-4',
          onHandDelta: '-4',
          availableBefore: '6',
          availableAfter: '6',
        },
      ],
    });
  });

  test('of some of the lines leaves the rest for another', async () => {
    const order = await confirmed([
      { sku, quantity: '4' },
      { sku, quantity: '1' },
    ]);
    const [line] = order.lines;
    const first = await desk.shipment(order.id, { lines: [{ lineId: line!.id, quantity: '3' }] });
    const tooMuch = { orderId: order.id, lines: [{ lineId: line!.id, quantity: '2' }] };
    expect(await desk.refusals('createShipment', tooMuch)).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
    expect((await report(first.id, 'SHIPPED')).order).toMatchObject({
      status: 'PARTIALLY_SHIPPED',
      fulfillmentStatus: 'PARTIALLY_FULFILLED',
    });
    const rest = await desk.shipment(order.id);
    expect(rest.lines.map(({ quantity }) => quantity)).toEqual(['1', '1']);
    expect((await report(first.id, 'DELIVERED')).order).toMatchObject({ status: 'PARTIALLY_SHIPPED' });
    expect((await report(rest.id, 'SHIPPED')).order).toMatchObject({ status: 'SHIPPED' });
    expect((await report(rest.id, 'DELIVERED')).order).toMatchObject({ status: 'DELIVERED' });
    expect(await desk.refusals('createShipment', { orderId: order.id })).toEqual(['CONFLICT at orderId']);
  });

  test('leaves from the location that is named, and needs the name where several hold the goods', async () => {
    const split = await desk.product('10.00', '2');
    await desk.stock(split, '3', 'TURIN');
    const order = await confirmed([{ sku: split, quantity: '5' }]);
    const { userErrors } = await desk.send<ShipmentPayload>('createShipment', {
      idempotencyKey: newKey(),
      orderId: order.id,
    });
    expect(userErrors).toMatchObject([
      { code: 'REQUIRED', field: ['location'], message: expect.stringContaining('MAIN, TURIN') },
    ]);
    expect(await desk.refusals('createShipment', { orderId: order.id, location: 'NOWHERE' })).toEqual([
      'NOT_FOUND at location',
    ]);
    const turin = await desk.shipment(order.id, { location: 'TURIN' });
    expect(turin).toMatchObject({ location: { code: 'TURIN' }, lines: [{ quantity: '3' }] });
    expect(await desk.shipment(order.id)).toMatchObject({ location: { code: 'MAIN' }, lines: [{ quantity: '2' }] });
  });

  test('needs no name where only one location holds what is asked for, wherever the rest is', async () => {
    const [here, there] = [await desk.product('10.00', '5'), await desk.product('10.00', null)];
    await desk.stock(there, '5', 'TURIN');
    const order = await confirmed([
      { sku: here, quantity: '1' },
      { sku: there, quantity: '1' },
    ]);
    for (const [index, code] of ['MAIN', 'TURIN'].entries()) {
      const lines = [{ lineId: order.lines[index]!.id, quantity: '1' }];
      expect(await desk.shipment(order.id, { lines })).toMatchObject({ location: { code } });
    }
  });

  test('that is canceled gives its goods back to the order', async () => {
    const order = await confirmed();
    const shipment = await desk.shipment(order.id);
    const claimed = await desk.refusals('cancelOrder', { orderId: order.id });
    expect(claimed).toEqual(['CONFLICT at orderId']);
    expect((await report(shipment.id, 'CANCELED')).order).toMatchObject({ status: 'CONFIRMED' });
    for (const status of ['SHIPPED', 'IN_TRANSIT', 'CANCELED'])
      expect(await desk.refusals('updateShipment', { shipmentId: shipment.id, status })).toEqual([
        'INVALID_TRANSITION',
      ]);
    expect((await desk.shipment(order.id)).lines).toMatchObject([{ quantity: '4' }]);
  });

  test('that is lost or comes back counts as not shipped: its goods wait for stock, or are canceled', async () => {
    for (const end of ['LOST', 'RETURNED_TO_SENDER']) {
      const order = await confirmed([{ sku, quantity: '2' }]);
      const shipment = await desk.shipment(order.id);
      await report(shipment.id, 'SHIPPED');
      expect((await report(shipment.id, end)).order).toMatchObject({
        status: 'PROCESSING',
        fulfillmentStatus: 'UNFULFILLED',
        lines: [{ shippedQuantity: '0', backorderedQuantity: '2', reservedQuantity: '0' }],
      });
      const canceled = await desk.done<Payload<'order', Order>>('cancelOrder', { orderId: order.id });
      expect(canceled.order).toMatchObject({ status: 'CANCELED' });
    }
  });

  test('of an order whose rest is canceled makes it SHIPPED, and DELIVERED when it has arrived', async () => {
    const order = await confirmed();
    const lineId = order.lines[0]!.id;
    const shipment = await desk.shipment(order.id, { lines: [{ lineId, quantity: '1' }] });
    await report(shipment.id, 'SHIPPED');
    const canceled = await desk.done<Payload<'order', Order>>('cancelOrder', { orderId: order.id });
    expect(canceled.order).toMatchObject({
      status: 'SHIPPED',
      lines: [{ canceledQuantity: '3', shippedQuantity: '1' }],
    });
    expect((await report(shipment.id, 'DELIVERED')).order).toMatchObject({ status: 'DELIVERED' });
    const other = await confirmed();
    const part = await desk.shipment(other.id, { lines: [{ lineId: other.lines[0]!.id, quantity: '1' }] });
    for (const status of ['SHIPPED', 'DELIVERED']) await report(part.id, status);
    const rest = await desk.done<Payload<'order', Order>>('cancelOrder', { orderId: other.id });
    expect(rest.order).toMatchObject({ status: 'DELIVERED' });
  });

  test('holds the parts of a bundle, and counts units of the line', async () => {
    const [nut, bolt] = [await desk.product('1.00', '100'), await desk.product('1.00', '100')];
    const order = await confirmed([{ sku, quantity: '3' }]);
    const line = order.lines[0]!;
    const ids = await hub.hub.db.pool.query<{ sku: string; id: string; location: string }>(
      `select p.sku, p.id::text, l.location_id::text as location from product p join stock_level l on l.product_id = p.id
        where p.sku = any($1::text[])`,
      [[nut, bolt, sku]],
    );
    const idOfSku = (of: string) => ids.rows.find((row) => row.sku === of)!;
    const lineId = idOf('oln', line.id)!;
    await hub.hub.db.pool.query('delete from stock_reservation where order_line_id = $1', [lineId]);
    await hub.hub.db.pool.query('update stock_level set reserved = reserved - 3 where product_id = $1', [
      idOfSku(sku).id,
    ]);
    for (const [part, per] of [
      [nut, '2'],
      [bolt, '1.5'],
    ] as const) {
      const { id, location } = idOfSku(part);
      const total = String(Number(per) * 3);
      await hub.hub.db.pool.query(`insert into order_line_part values ($1, $2, $3, $4)`, [lineId, id, part, per]);
      await hub.hub.db.pool.query(`insert into stock_reservation values ($1, $2, $3, $4)`, [
        lineId,
        id,
        location,
        total,
      ]);
      await hub.hub.db.pool.query(`update stock_level set reserved = reserved + $2 where product_id = $1`, [id, total]);
    }
    const shipment = await desk.shipment(order.id, { lines: [{ lineId: line.id, quantity: '2' }] });
    expect(shipment.lines.map(({ sku: of, quantity }) => [of, quantity]).sort()).toEqual(
      [
        [nut, '4'],
        [bolt, '3'],
      ].sort(),
    );
    const shipped = await report(shipment.id, 'SHIPPED');
    expect(shipped.order).toMatchObject({
      status: 'PARTIALLY_SHIPPED',
      lines: [{ shippedQuantity: '2', reservedQuantity: '1' }],
    });
    expect([await desk.level(nut), await desk.level(bolt)]).toMatchObject([
      { onHand: '96', reserved: '2' },
      { onHand: '97', reserved: '1.5' },
    ]);
    await report((await desk.shipment(order.id)).id, 'SHIPPED');
    expect(await desk.readOrder(order.id)).toMatchObject({ status: 'SHIPPED', lines: [{ shippedQuantity: '3' }] });
  });

  test('of goods that are not counted leaves without a movement', async () => {
    const made = await desk.product('10.00', null, { isStocked: false });
    const order = await confirmed([{ sku: made, quantity: '2' }]);
    await desk.done('upsertStockLocation', { code: 'MAIN' });
    const shipment = await desk.shipment(order.id, { location: 'MAIN' });
    expect((await report(shipment.id, 'SHIPPED')).order).toMatchObject({
      status: 'SHIPPED',
      lines: [{ shippedQuantity: '2', reservedQuantity: '0' }],
    });
    expect(await desk.level(made)).toBeNull();
    expect((await report(shipment.id, 'LOST')).order).toMatchObject({
      status: 'PROCESSING',
      lines: [{ shippedQuantity: '0', backorderedQuantity: '0' }],
    });
    await desk.done('releaseOrder', { orderId: order.id });
    expect((await desk.shipment(order.id, { location: 'MAIN' })).lines).toMatchObject([{ quantity: '2' }]);
  });
});

describe('what needs no shipping', () => {
  test('is delivered once it is confirmed, and an order of nothing else with it', async () => {
    const service = await desk.product('50.00', null, { isStocked: false, requiresShipping: false });
    const order = await confirmed([{ sku: service, quantity: '2' }]);
    expect(order).toMatchObject({
      status: 'DELIVERED',
      fulfillmentStatus: 'DELIVERED',
      lines: [{ deliveredQuantity: '2' }],
    });
    const draft = await desk.order({ lines: [{ sku: service, quantity: '1' }], draft: true });
    expect(draft).toMatchObject({ fulfillmentStatus: 'UNFULFILLED', lines: [{ deliveredQuantity: '0' }] });
    const later = await desk.done<Payload<'order', Order>>('confirmOrder', { orderId: draft.id });
    expect(later.order).toMatchObject({ status: 'DELIVERED' });
    expect((await desk.timeline(draft.id)).flatMap(({ changes }) => changes.map(({ to }) => to))).toEqual([
      'RECEIVED',
      'CONFIRMED',
      'DELIVERED',
    ]);
    const customer = await desk.customer();
    const quote = await desk.acceptedQuote({ customerId: customer.id, lines: [{ sku: service, quantity: '1' }] });
    const converted = await desk.done<Payload<'order', Order>>('convertQuoteToOrder', { quoteId: quote.id });
    expect(converted.order).toMatchObject({ status: 'DELIVERED' });
  });

  test('waits for nothing, and what is shipped beside it decides', async () => {
    const service = await desk.product('50.00', null, { isStocked: false, requiresShipping: false });
    const order = await confirmed([
      { sku: service, quantity: '1' },
      { sku, quantity: '1' },
    ]);
    expect(order).toMatchObject({ status: 'CONFIRMED', fulfillmentStatus: 'UNFULFILLED' });
    const lines = [{ lineId: order.lines[0]!.id, quantity: '1' }];
    expect(await desk.refusals('createShipment', { orderId: order.id, lines })).toEqual([
      'INVALID at lines.0.quantity',
    ]);
    const shipment = await desk.shipment(order.id);
    expect(shipment.lines).toMatchObject([{ sku }]);
    expect((await report(shipment.id, 'SHIPPED')).order).toMatchObject({ status: 'SHIPPED' });
    expect((await report(shipment.id, 'DELIVERED')).order).toMatchObject({ status: 'DELIVERED' });
    const other = await confirmed([
      { sku: service, quantity: '1' },
      { sku, quantity: '1' },
    ]);
    const goods = [{ lineId: other.lines[1]!.id, quantity: '1' }];
    const rest = await desk.done<Payload<'order', Order>>('cancelOrder', { orderId: other.id, lines: goods });
    expect(rest.order).toMatchObject({ status: 'DELIVERED' });
  });
});

describe('a report', () => {
  async function onItsWay(): Promise<Shipment> {
    const shipment = await desk.shipment((await confirmed()).id);
    return (await report(shipment.id, 'SHIPPED', { at: START })).shipment!;
  }
  const at = (hours: number) => ({ at: after(hours * HOUR) });
  const statusOf = async (id: string) => {
    const query = `query($id: ID!) { node(id: $id) { ... on Shipment { status trackingEvents { status at } } } }`;
    return (await desk.ask<{ node: { status: string; trackingEvents: { status: string }[] } }>(query, { id })).node;
  };

  test('that is late is kept and moves nothing back', async () => {
    const { id } = await onItsWay();
    await report(id, 'OUT_FOR_DELIVERY', at(5));
    for (const [status, hours] of [
      ['IN_TRANSIT', 2],
      ['SHIPPED', 1],
      ['EXCEPTION', 4],
    ] as const)
      expect((await report(id, status, at(hours))).shipment).toMatchObject({ status: 'OUT_FOR_DELIVERY' });
    await report(id, 'DELIVERED', at(3));
    const late = await report(id, 'IN_TRANSIT', at(6));
    expect([late.shipment!.status, late.order!.status]).toEqual(['DELIVERED', 'DELIVERED']);
    expect((await statusOf(id)).trackingEvents.map(({ status }) => status)).toEqual([
      'SHIPPED',
      'SHIPPED',
      'IN_TRANSIT',
      'DELIVERED',
      'EXCEPTION',
      'OUT_FOR_DELIVERY',
      'IN_TRANSIT',
    ]);
  });

  test('that comes again changes nothing', async () => {
    const { id } = await onItsWay();
    await report(id, 'IN_TRANSIT', at(1));
    const before = [await statusOf(id), await desk.traces()];
    const again = await desk.send<ShipmentPayload>('updateShipment', {
      shipmentId: id,
      status: 'IN_TRANSIT',
      ...at(1),
    });
    expect(again).toMatchObject({ userErrors: [], shipment: { status: 'IN_TRANSIT' } });
    expect([await statusOf(id), await desk.traces()]).toEqual(before);
  });

  test('further along the course moves it even where an earlier one came with a later time', async () => {
    const { id } = await onItsWay();
    await report(id, 'IN_TRANSIT', at(6));
    expect((await report(id, 'OUT_FOR_DELIVERY', at(5))).shipment).toMatchObject({ status: 'OUT_FOR_DELIVERY' });
  });

  test('moves an exception on in both directions that the table has', async () => {
    const { id } = await onItsWay();
    await report(id, 'EXCEPTION', at(2));
    expect((await report(id, 'IN_TRANSIT', at(1))).shipment).toMatchObject({ status: 'EXCEPTION' });
    expect((await report(id, 'IN_TRANSIT', at(3))).shipment).toMatchObject({ status: 'IN_TRANSIT' });
    await report(id, 'DELIVERY_FAILED', at(4));
    expect((await report(id, 'DELIVERED', at(5))).shipment).toMatchObject({ status: 'DELIVERED' });
  });

  test('of trouble holds the order, once, until the parcel goes on or somebody decides', async () => {
    const order = await confirmed();
    const { id, number } = await desk.shipment(order.id);
    await report(id, 'SHIPPED', { at: START });
    await report(id, 'EXCEPTION', { ...at(1), description: 'The box is open' });
    const hold = { reason: 'MANUAL', note: `Shipment ${number} is exception: The box is open` };
    expect(await desk.openHolds(order.id)).toEqual([hold]);
    await report(id, 'DELIVERY_FAILED', at(2));
    await report(id, 'EXCEPTION', at(2));
    expect(await desk.openHolds(order.id)).toEqual([hold]);
    await report(id, 'IN_TRANSIT', at(3));
    expect(await desk.openHolds(order.id)).toEqual([]);
    await report(id, 'DELIVERY_FAILED', at(4));
    expect(await desk.openHolds(order.id)).toEqual([
      { reason: 'ADDRESS', note: `Shipment ${number} is delivery failed` },
    ]);
    await desk.done('releaseOrder', { orderId: order.id });
    await desk.done('holdOrder', { orderId: order.id, reason: 'FRAUD', note: 'of its own' });
    await report(id, 'DELIVERED', at(5));
    expect(await desk.openHolds(order.id)).toEqual([{ reason: 'FRAUD', note: 'of its own' }]);
    const ended = await desk.completableOrder();
    await desk.done('completeOrder', { orderId: ended.id });
    expect(await desk.openHolds(ended.id)).toEqual([]);
  });

  test('of a parcel that has not left is refused with what is allowed', async () => {
    const shipment = await desk.shipment((await confirmed()).id);
    const { userErrors } = await desk.send<ShipmentPayload>('updateShipment', {
      shipmentId: shipment.id,
      status: 'DELIVERED',
    });
    expect(userErrors).toMatchObject([
      { code: 'INVALID_TRANSITION', from: 'PENDING', allowed: ['PICKING', 'PACKED', 'SHIPPED', 'CANCELED'] },
    ]);
  });

  const bad: [string, object, string[]][] = [
    ['words without a status', { description: 'x', place: 'y' }, ['REQUIRED at status', 'REQUIRED at status']],
    ['a time far ahead', { status: 'SHIPPED', at: after(25 * HOUR) }, ['INVALID at at']],
    ['an address that is none', { trackingUrl: 'javascript:alert(1)' }, ['INVALID at trackingUrl']],
    ['a status that is emptied', { status: null }, ['INVALID at status']],
  ];
  test.each(bad)('is refused for %s', async (_, input, expected) => {
    const shipment = await desk.shipment((await confirmed()).id);
    const before = await desk.traces();
    expect(await desk.refusals('updateShipment', { shipmentId: shipment.id, ...input })).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
  });
});

describe('is refused', () => {
  test('before the order is confirmed, after it is canceled, and while it is held', async () => {
    const received = await desk.order({ lines: [{ sku, quantity: '1' }] });
    expect(await desk.refusals('createShipment', { orderId: received.id })).toEqual(['INVALID_TRANSITION']);
    await desk.done('cancelOrder', { orderId: received.id });
    expect(await desk.refusals('createShipment', { orderId: received.id })).toEqual(['INVALID_TRANSITION']);
    const order = await confirmed();
    await desk.done('holdOrder', { orderId: order.id, reason: 'FRAUD' });
    expect(await desk.refusals('createShipment', { orderId: order.id })).toEqual(['ON_HOLD at orderId']);
    await desk.done('releaseOrder', { orderId: order.id });
    const shipment = await desk.shipment(order.id);
    await desk.done('holdOrder', { orderId: order.id, reason: 'FRAUD' });
    for (const status of ['PICKING', 'PACKED', 'SHIPPED'])
      expect(await desk.refusals('updateShipment', { shipmentId: shipment.id, status })).toEqual([
        'ON_HOLD at orderId',
      ]);
    await desk.done('updateShipment', { shipmentId: shipment.id, carrier: 'DHL' });
    expect((await report(shipment.id, 'CANCELED')).order).toMatchObject({ status: 'CONFIRMED' });
  });

  test('where a count has found less than was promised', async () => {
    const short = await desk.product('10.00', '5');
    const order = await confirmed([{ sku: short, quantity: '5' }]);
    const shipment = await desk.shipment(order.id);
    await desk.done('adjustStock', { sku: short, location: 'MAIN', setTo: '3', kind: 'COUNT', reason: 'counted' });
    const { userErrors } = await desk.send<ShipmentPayload>('updateShipment', {
      shipmentId: shipment.id,
      status: 'SHIPPED',
    });
    expect(userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', sku: short, requested: '5', available: '3' }]);
    await desk.stock(short, '2');
    expect((await report(shipment.id, 'SHIPPED')).order).toMatchObject({ status: 'SHIPPED' });
  });

  test('for another version, an unknown id and another input under the same key', async () => {
    const order = await confirmed();
    expect(await desk.refusals('createShipment', { orderId: order.id, expectedVersion: 9 })).toEqual([
      'VERSION_CONFLICT at expectedVersion',
    ]);
    const input = { idempotencyKey: newKey(), orderId: order.id };
    const [first, second] = [
      await desk.send<ShipmentPayload>('createShipment', input),
      await desk.send<ShipmentPayload>('createShipment', input),
    ];
    expect([second.replayed, second.shipment!.id]).toEqual([true, first.shipment!.id]);
    const shipmentId = first.shipment!.id;
    expect(await desk.refusals('updateShipment', { shipmentId, status: 'PACKED', expectedVersion: 2 })).toEqual([
      'VERSION_CONFLICT at expectedVersion',
    ]);
    const unknown = typeId('shp', '1');
    expect(await desk.refusals('updateShipment', { shipmentId: unknown, status: 'PACKED' })).toEqual([
      'NOT_FOUND at shipmentId',
    ]);
  });
});

test('customers follow their own shipments and no others', async () => {
  const customer = await desk.customer();
  const own = await desk.customerDesk(customer.id);
  const mine = await confirmed(undefined, { customerId: customer.id });
  const [shipment, foreign] = [await desk.shipment(mine.id), await desk.shipment((await confirmed()).id)];
  await report(shipment.id, 'SHIPPED');
  const query = `query($id: ID!, $ids: [ID!]!) { order(id: $id) { shipments { number status location { code } lines { sku } } }
    nodes(ids: $ids) { id } }`;
  const seen = await own.ask<{ order: Order & { shipments: object[] }; nodes: ({ id: string } | null)[] }>(query, {
    id: mine.id,
    ids: [shipment.id, foreign.id],
  });
  expect(seen.order.shipments).toMatchObject([
    { number: shipment.number, status: 'SHIPPED', location: { code: 'MAIN' } },
  ]);
  expect(seen.nodes).toEqual([{ id: shipment.id }, null]);
  const events = await own.timeline(mine.id);
  expect(events.some(({ data }) => data !== null && 'levels' in data)).toBe(false);
});

test('is found by how far it is fulfilled', async () => {
  const customer = await desk.customer();
  const [untouched, gone] = [
    await confirmed(undefined, { customerId: customer.id }),
    await confirmed(undefined, { customerId: customer.id }),
  ];
  await report((await desk.shipment(gone.id)).id, 'SHIPPED');
  const find = async (fulfillmentStatus: string[]) => {
    const query = 'query($filter: OrderFilter) { orders(filter: $filter) { nodes { id } } }';
    const { orders } = await desk.ask<{ orders: { nodes: { id: string }[] } }>(query, {
      filter: { customerId: customer.id, fulfillmentStatus },
    });
    return orders.nodes.map(({ id }) => id);
  };
  expect([await find(['FULFILLED']), await find(['UNFULFILLED', 'DELIVERED'])]).toEqual([[gone.id], [untouched.id]]);
});

test('many at once for one order never claim the same goods', async () => {
  const order = await confirmed([{ sku, quantity: '5' }]);
  const lines = [{ lineId: order.lines[0]!.id, quantity: '1' }];
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      desk.send<{ userErrors: UserError[] }>('createShipment', {
        idempotencyKey: newKey(),
        orderId: order.id,
        location: 'MAIN',
        lines,
      }),
    ),
  );
  expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(5);
  const codes = new Set(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)));
  expect([...codes]).toEqual(['INSUFFICIENT_STOCK']);
});

describe('parcels', () => {
  const PARCELS = 'shipment { id weightGrams parcels { weightGrams lengthMm widthMm heightMm } }';
  interface Weighed {
    id: string;
    weightGrams: number | null;
    parcels: object[];
  }
  async function weigh(name: string, input: object): Promise<Weighed> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation($input: ${type}!) { ${name}(input: $input) { ${PARCELS} userErrors { code } } }`;
    return (await desk.ask<Record<string, { shipment: Weighed }>>(query, { input }))[name]!.shipment;
  }

  test('are given with a shipment or later, all at once; what it weighs is theirs, or its products’', async () => {
    const heavy = await desk.product('10.00', '50', { weightGrams: 250 });
    const order = await confirmed([{ sku: heavy, quantity: '4' }]);
    const box = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 100 };
    const lines = [{ lineId: order.lines[0]!.id, quantity: '2' }];
    const first = { idempotencyKey: newKey(), orderId: order.id, lines, parcels: [box, { weightGrams: 50 }] };
    const made = await weigh('createShipment', first);
    expect(made).toMatchObject({ weightGrams: 950, parcels: [box, { weightGrams: 50, lengthMm: null }] });
    const change = (parcels: object[] | null) => weigh('updateShipment', { shipmentId: made.id, parcels });
    expect(await change([{ lengthMm: 10 }])).toMatchObject({ weightGrams: 500, parcels: [{ lengthMm: 10 }] });
    const before = await desk.traces();
    await change([{ lengthMm: 10 }]);
    expect(await desk.traces()).toEqual(before);
    expect(await change(null)).toMatchObject({ weightGrams: 500, parcels: [] });
    expect((await desk.timeline(order.id)).at(-1)).toMatchObject({
      type: 'SHIPMENT_UPDATED',
      changes: [{ field: 'parcels', from: [{ lengthMm: 10 }], to: [] }],
    });
    const light = await confirmed([{ sku, quantity: '1' }]);
    expect(await weigh('createShipment', { idempotencyKey: newKey(), orderId: light.id })).toMatchObject({
      weightGrams: null,
      parcels: [],
    });
  });

  test('without weight or beyond what a shipment has are refused', async () => {
    const order = await confirmed();
    const refused = (parcels: object[]) => desk.refusals('createShipment', { orderId: order.id, parcels });
    expect(await refused([{ weightGrams: 1 }, { weightGrams: 0, heightMm: -1 }])).toEqual([
      'INVALID at parcels.1.weightGrams',
      'INVALID at parcels.1.heightMm',
    ]);
    expect(await refused(Array.from({ length: 101 }, () => ({})))).toEqual(['INVALID at parcels']);
  });
});
