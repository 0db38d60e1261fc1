import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NotYet } from '../../src/shared/failures.js';
import { Desk, fresh, FULFILLMENT_ORDER, type FulfillmentOrder } from '../api/support/desk.js';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { at, Speaker } from './speaker.js';

let hub: TestHub;
let desk: Desk;
let shop: Speaker;
beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  shop = await Speaker.make(hub);
  await desk.done('upsertStockLocation', { code: 'MAIN' });
});
afterAll(async () => {
  const broken = await brokenInvariants(hub.database.url);
  await hub.stop();
  expect(broken).toEqual([]);
});

const AN_HOUR_ON = 120;
const line = (sku: string, quantity: string) => ({ id: sku, sku, quantity });
const count = (sku: string, setTo: string, location = 'MAIN') =>
  desk.done('adjustStock', { sku, location, setTo, reason: 'Counted' });
async function shelf(sku: string) {
  const query = `query ($sku: String!) { stockLevel(sku: $sku, location: "MAIN") { onHand reserved
    movements { nodes { kind quantity } } } }`;
  const { stockLevel } = await desk.ask<{
    stockLevel: { onHand: string; reserved: string; movements: { nodes: { kind: string; quantity: string }[] } } | null;
  }>(query, { sku });
  return (
    stockLevel && { ...stockLevel, movements: stockLevel.movements.nodes.map((one) => `${one.kind} ${one.quantity}`) }
  );
}
const told = async (id: string) =>
  (await desk.timeline(id))
    .filter(({ type }) => type === 'SHIPMENT_UPDATED')
    .map(({ message, data }) => ({ message, data }));

async function works(id: string): Promise<FulfillmentOrder[]> {
  const query = `query($id: ID!) { order(id: $id) { fulfillmentOrders { ${FULFILLMENT_ORDER} } } }`;
  return (await desk.ask<{ order: { fulfillmentOrders: FulfillmentOrder[] } }>(query, { id })).order.fulfillmentOrders;
}

test('a parcel of goods that were never counted takes nothing off a shelf, and its order has left', async () => {
  const sku = await desk.product('10.00', null);
  const { id } = await shop.order(sku, 1, [line(sku, '2')]);
  expect(await shop.shipment(sku, 2, sku, [{ sku, quantity: '2' }], 'DELIVERED')).toEqual({ effect: 'created' });
  expect(await desk.readOrder(id)).toMatchObject({
    status: 'DELIVERED',
    fulfillmentStatus: 'DELIVERED',
    lines: [{ shippedQuantity: '2', reservedQuantity: '0', backorderedQuantity: '0' }],
  });
  expect(await shelf(sku)).toBeNull();
  expect((await told(id))[0]).toEqual({
    message: expect.stringMatching(
      /^Shipment SH-\d+ is now shipped; it left before its goods were first counted there/,
    ),
    data: expect.objectContaining({ uncounted: [{ sku, quantity: '2' }] }),
  });
  await count(sku, '7');
  expect(await shelf(sku)).toEqual({ onHand: '7', reserved: '0', movements: ['ADJUSTMENT 7'] });
});

test('a parcel of goods that the hub has not heard of waits for them, and names them once they are here', async () => {
  const sku = fresh('SKU');
  const { id } = await shop.order(sku, 1, [line(sku, '1')]);
  const parcel = () => shop.shipment(sku, 2, sku, [{ sku, quantity: '1' }]);
  await expect(parcel()).rejects.toMatchObject({ kind: 'sku', externalId: sku });
  await expect(parcel()).rejects.toBeInstanceOf(NotYet);
  await shop.product(sku, 1);
  expect(await parcel()).toEqual({ effect: 'created' });
  expect(await desk.readOrder(id)).toMatchObject({ status: 'SHIPPED', fulfillmentStatus: 'FULFILLED' });
  const products = `query ($id: ID!) { order(id: $id) { lines { product { sku } } } }`;
  expect(await desk.ask(products, { id })).toEqual({ order: { lines: [{ product: { sku } }] } });
  expect(await shelf(sku)).toBeNull();
});

test('what was counted behind it lacks it already: what is promised of it is free, and warehouses do not send it', async () => {
  const sku = await desk.product('10.00', '10');
  const { id } = await shop.order(sku, 1, [line(sku, '5')]);
  await desk.done('confirmOrder', { orderId: id });
  await desk.done('releaseToWarehouse', { orderId: id });
  await shop.shipment(`${sku}-1`, 2, sku, [{ sku, quantity: '2' }]);
  expect(await shelf(sku)).toMatchObject({ onHand: '10', reserved: '3', movements: ['RECEIPT 10'] });
  const [released, own] = await works(id);
  expect(released).toMatchObject({ status: 'OPEN', lines: [{ quantity: '3', remainingQuantity: '3' }] });
  expect(own).toMatchObject({ status: 'CLOSED', lines: [{ quantity: '2', remainingQuantity: '0' }] });
  hub.clock.set(at(AN_HOUR_ON));
  await shop.shipment(`${sku}-2`, AN_HOUR_ON, sku, [{ sku, quantity: '3' }]);
  hub.clock.set(START);
  expect(await shelf(sku)).toMatchObject({ onHand: '7', reserved: '0', movements: ['SHIPMENT -3', 'RECEIPT 10'] });
  expect(await desk.readOrder(id)).toMatchObject({ status: 'SHIPPED', fulfillmentStatus: 'FULFILLED' });
});

test('what a system was told lies there it has not counted itself', async () => {
  const sku = await desk.product('10.00', '10');
  await shop.order(sku, 1, [line(sku, '2')]);
  const { pool } = hub.hub.db;
  await pool.query(
    `insert into external_reference (integration_id, record_kind, external_id, record_id, synced_at, echo_version)
     select $1, 'stock', 'told ' || p.sku, l.id, now(), '1'
       from stock_level l join product p on p.id = l.product_id where p.sku = $2`,
    [shop.id, sku],
  );
  await shop.shipment(sku, 2, sku, [{ sku, quantity: '2' }]);
  expect(await shelf(sku)).toMatchObject({ onHand: '10', reserved: '0', movements: ['RECEIPT 10'] });
});

test('what left so shortly before that clocks may differ is taken off', async () => {
  const sku = await desk.product('10.00', '10');
  await shop.order(sku, 1, [line(sku, '5')]);
  const countedAt = 60;
  await shop.shipment(`${sku}-1`, countedAt - 6, sku, [{ sku, quantity: '2' }]);
  expect(await shelf(sku)).toMatchObject({ onHand: '10', movements: ['RECEIPT 10'] });
  await shop.shipment(`${sku}-2`, countedAt - 4, sku, [{ sku, quantity: '3' }]);
  expect(await shelf(sku)).toMatchObject({ onHand: '7', movements: ['SHIPMENT -3', 'RECEIPT 10'] });
});

test('what is counted elsewhere, or not yet counted where it left, is not taken off; where nobody says which place, it is nowhere', async () => {
  const sku = await desk.product('10.00', '10');
  const location = fresh('SIDE');
  await desk.done('upsertStockLocation', { code: location });
  hub.clock.set(at(AN_HOUR_ON));
  const { id } = await shop.order(sku, 1, [line(sku, '2')]);
  await shop.shipment(`${sku}-1`, AN_HOUR_ON, sku, [{ sku, quantity: '1' }], 'SHIPPED', { location });
  hub.clock.set(START);
  expect(await shelf(sku)).toMatchObject({ onHand: '10', reserved: '1' });
  await shop.shipment(`${sku}-2`, 2, sku, [{ sku, quantity: '1' }], 'SHIPPED', { location: undefined });
  expect(await shelf(sku)).toMatchObject({ onHand: '10', reserved: '0' });
  expect((await desk.readOrder(id)).status).toBe('SHIPPED');
});

test('parcels of one order leave one by one; what is left of it waits for its goods', async () => {
  const [one, two] = [await desk.product('10.00', null), await desk.product('10.00', null)];
  const { id } = await shop.order(one, 1, [line(one, '5'), line(two, '1')]);
  await shop.shipment(`${one}-1`, 2, one, [{ sku: one, quantity: '2' }]);
  expect(await desk.readOrder(id)).toMatchObject({
    status: 'PARTIALLY_SHIPPED',
    lines: [{ backorderedQuantity: '3' }, { backorderedQuantity: '1' }],
  });
  await shop.shipment(`${one}-2`, 3, one, [{ sku: two, quantity: '1' }]);
  expect(await desk.readOrder(id)).toMatchObject({
    status: 'PARTIALLY_SHIPPED',
    lines: [{ backorderedQuantity: '3' }, { backorderedQuantity: '0', shippedQuantity: '1' }],
  });
  await count(one, '4');
  expect(await shelf(one)).toMatchObject({ onHand: '4', reserved: '3' });
  await shop.shipment(`${one}-3`, 4, one, [{ sku: one, quantity: '3' }]);
  expect(await shelf(one)).toMatchObject({ onHand: '4', reserved: '0' });
  expect(await desk.readOrder(id)).toMatchObject({ status: 'SHIPPED', fulfillmentStatus: 'FULFILLED' });
});

test('an order that is held because its goods are not here is held no more once they turn out to be sent', async () => {
  const sku = await desk.product('10.00', null);
  const { id } = await shop.order(sku, 1, [line(sku, '1')]);
  await desk.done('confirmOrder', { orderId: id });
  const holds = `query ($id: ID!) { order(id: $id) { holds { reason } } }`;
  expect(await desk.ask(holds, { id })).toEqual({ order: { holds: [{ reason: 'STOCK' }] } });
  await shop.shipment(sku, 2, sku, [{ sku, quantity: '1' }]);
  expect(await desk.ask(holds, { id })).toEqual({ order: { holds: [] } });
  expect((await desk.readOrder(id)).status).toBe('SHIPPED');
});

test('what is lost of it waits for its goods as any other does', async () => {
  const sku = await desk.product('10.00', null);
  const { id } = await shop.order(sku, 1, [line(sku, '2')]);
  await shop.shipment(sku, 2, sku, [{ sku, quantity: '2' }], 'LOST');
  expect(await desk.readOrder(id)).toMatchObject({
    status: 'PROCESSING',
    lines: [{ shippedQuantity: '0', backorderedQuantity: '2', reservedQuantity: '0' }],
  });
  await count(sku, '2');
  expect(await shelf(sku)).toMatchObject({ onHand: '2', reserved: '2' });
  const [work] = await works(id);
  expect(work).toMatchObject({ status: 'OPEN', lines: [{ remainingQuantity: '2', waitingQuantity: '0' }] });
});

test('a bundle of which some was counted by then leaves as it always did; one of which nothing was, from nowhere', async () => {
  const [top, leg] = [await desk.product(null, null), await desk.product(null, null)];
  const sku = await desk.product('10.00', null, {
    components: [
      { sku: top, quantity: '1' },
      { sku: leg, quantity: '4' },
    ],
  });
  const { id } = await shop.order(sku, 1, [line(sku, '1')]);
  await shop.shipment(sku, 2, sku, [{ sku, quantity: '1' }]);
  expect((await told(id))[0]!.data).toMatchObject({
    uncounted: [
      { sku: top, quantity: '1' },
      { sku: leg, quantity: '4' },
    ],
  });
  hub.clock.set(at(-60));
  await count(top, '5');
  hub.clock.set(START);
  await shop.order(`${sku}-2`, 1, [line(sku, '1')]);
  await expect(shop.shipment(`${sku}-2`, 2, `${sku}-2`, [{ sku, quantity: '1' }])).rejects.toThrow('available');
});
