import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { after, Desk, type Order } from './support/desk.js';

const DAY = 86_400_000;

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
beforeEach(() => hub.clock.set(START));

/** A confirmed order of which everything waits. */
async function waiting(sku: string, quantity: string, more: object = {}): Promise<Order> {
  hub.clock.forward(1_000);
  return desk.order({ confirm: true, allowBackorder: true, lines: [{ sku, quantity }], ...more });
}
const linesOf = async (...orders: Order[]) =>
  (await Promise.all(orders.map(({ id }) => desk.readOrder(id)))).map(({ lines: [line] }) => [
    line!.reservedQuantity,
    line!.backorderedQuantity,
  ]);

describe('a receipt', () => {
  test('fills what waits, the earliest promise first, then what was placed first', async () => {
    const sku = await desk.product('10.00', null);
    const first = await waiting(sku, '3');
    const second = await waiting(sku, '3');
    const late = await waiting(sku, '3', { requestedDeliveryAt: after(9 * DAY) });
    const early = await waiting(sku, '3', { requestedDeliveryAt: after(2 * DAY) });
    await desk.stock(sku, '7');
    expect(await linesOf(early, late, first, second)).toEqual([
      ['3', '0'],
      ['3', '0'],
      ['1', '2'],
      ['0', '3'],
    ]);
    await desk.stock(sku, '10', 'OTHER');
    expect(await linesOf(first, second)).toEqual([
      ['3', '0'],
      ['3', '0'],
    ]);
    expect(await desk.level(sku, 'OTHER')).toMatchObject({ onHand: '10', reserved: '5', available: '5' });
  });

  test('stands in the timeline of each order it fills, and raises its version', async () => {
    const sku = await desk.product('10.00', null);
    const order = await waiting(sku, '3', { requestedDeliveryAt: after(DAY) });
    const asked = `query($id: ID!) { order(id: $id) { promisedAt version } }`;
    expect(await desk.ask(asked, { id: order.id })).toEqual({ order: { promisedAt: after(DAY), version: 1 } });
    await desk.stock(sku, '5');
    expect(await desk.readOrder(order.id)).toMatchObject({ status: 'CONFIRMED', version: 2 });
    const { type, message, data } = (await desk.timeline(order.id)).at(-1)!;
    expect({ type, message, data }).toEqual({
      type: 'STOCK_RESERVED',
      message: 'Stock reserved for what was waiting',
      data: {
        levels: [{ sku, location: 'MAIN', reservedDelta: '3', availableBefore: '5', availableAfter: '2', version: 3 }],
      },
    });
    expect(await desk.level(sku)).toMatchObject({ version: 3 });
  });

  test('fills bundles that wait for the product, as far as their other parts are there', async () => {
    const [pen, clay] = [await desk.product('3.00', null), await desk.product('8.00', '1')];
    const components = [
      { sku: pen, quantity: '2' },
      { sku: clay, quantity: '0.5' },
    ];
    const sku = await desk.product('20.00', null, { components });
    const order = await waiting(sku, '3');
    await desk.stock(pen, '5', 'OTHER');
    expect(await linesOf(order)).toEqual([['0', '3']]);
    await desk.stock(pen, '9');
    expect(await linesOf(order)).toEqual([['2', '1']]);
    expect(await desk.level(pen)).toMatchObject({ reserved: '4' });
    await desk.stock(clay, '7');
    expect(await linesOf(order)).toEqual([['3', '0']]);
  });

  test('of a count fills too, of nothing more it does not', async () => {
    const sku = await desk.product('10.00', null);
    const order = await waiting(sku, '3');
    await desk.done('adjustStock', { sku, location: 'MAIN', setTo: '2', kind: 'COUNT', reason: 'counted' });
    expect(await linesOf(order)).toEqual([['2', '1']]);
    await desk.done('adjustStock', { sku, location: 'MAIN', setTo: '2', kind: 'COUNT', reason: 'counted' });
    expect(await linesOf(order)).toEqual([['2', '1']]);
  });

  test('leaves what is kept back', async () => {
    const sku = await desk.product('10.00', null);
    const order = await waiting(sku, '3');
    await desk.done('setReorderPolicy', { sku, location: 'MAIN', safetyStock: '4' });
    await desk.stock(sku, '5');
    expect(await linesOf(order)).toEqual([['1', '2']]);
  });
});

describe('stock that comes free otherwise', () => {
  const fill = () => hub.hub.upkeep.run('fill-backorders');

  test('is given to whoever waits by the hub itself', async () => {
    const sku = await desk.product('10.00', '4');
    const holder = await desk.order({ confirm: true, lines: [{ sku, quantity: '4' }] });
    const order = await waiting(sku, '3');
    await desk.done('cancelOrder', { orderId: holder.id });
    expect(await linesOf(order)).toEqual([['0', '3']]);
    await fill();
    expect(await linesOf(order)).toEqual([['3', '0']]);
    const { version } = await desk.readOrder(order.id);
    await fill();
    expect((await desk.readOrder(order.id)).version).toBe(version);
  });

  test('is given when less is kept back', async () => {
    const sku = await desk.product('10.00', '4');
    await desk.done('setReorderPolicy', { sku, location: 'MAIN', safetyStock: '4' });
    const order = await waiting(sku, '3');
    await desk.done('setReorderPolicy', { sku, location: 'MAIN', safetyStock: '2' });
    await fill();
    expect(await linesOf(order)).toEqual([['2', '1']]);
  });
});

test('orders that begin to wait, receipts and cancels at once leave nothing waiting that could be filled', async () => {
  const skus = [await desk.product('10.00', null), await desk.product('10.00', null)];
  const lines = skus.map((sku) => ({ sku, quantity: '2' }));
  const orders = await Promise.all(Array.from({ length: 6 }, () => waiting(skus[0]!, '2')));
  await Promise.all([
    ...Array.from({ length: 8 }, (_, index) =>
      desk.order({ confirm: true, allowBackorder: true, lines: index % 2 === 0 ? lines : lines.toReversed() }),
    ),
    ...skus.flatMap((sku) => Array.from({ length: 5 }, () => desk.stock(sku, '4'))),
    ...orders.slice(0, 2).map(({ id }) => desk.done('cancelOrder', { orderId: id })),
  ]);
  await hub.hub.upkeep.run('fill-backorders');
  const levels = await Promise.all(skus.map((sku) => desk.level(sku)));
  expect(levels.map((level) => level!.onHand)).toEqual(['20', '20']);
  expect(levels.map((level) => level!.reserved)).toEqual(['20', '16']);
  const list = `{ orders(filter: { sku: "${skus[0]}" }, first: 100) { nodes { lines { sku reservedQuantity backorderedQuantity } } } }`;
  const answer = await desk.ask<{ orders: { nodes: { lines: { sku: string; backorderedQuantity: string }[] }[] } }>(
    list,
  );
  const short = answer.orders.nodes.flatMap((node) => node.lines).filter((line) => line.sku === skus[0]);
  expect(short.reduce((sum, line) => sum + Number(line.backorderedQuantity), 0)).toBe(4);
});
