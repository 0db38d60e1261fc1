import { afterEach, describe, expect, test } from '@jest/globals';
import { ConnectorFailure, type OutgoingOrder, type OutgoingShipment, type OutgoingStock } from '#connect';
import vendure from '../index.js';
import { connected, insist, push, walk, type Connected } from './shop.js';

type Json = Record<string, unknown>;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
async function shop(options: Parameters<typeof connected>[0] = {}): Promise<Connected> {
  const opened = await connected({ acts: 4, ...options });
  stops.push(opened.stop);
  return opened;
}
const levels = ({ shop: { state } }: Connected) =>
  state().levels as Record<string, { onHand: number; allocated: number }>;
const order = ({ shop: { state } }: Connected, id: string) => state().orders![id] as Json;
const sentNames = ({ sent }: Connected) => sent.map(({ operation }) => operation);

function stockOf(sku: string, available: string, more: Partial<OutgoingStock> = {}): Partial<OutgoingStock> {
  return {
    hubId: 'x',
    externalId: null,
    version: 1,
    sku,
    productExternalId: null,
    location: 'BOLOGNA',
    available,
    ...more,
  };
}

describe('stock that is told', () => {
  test('is set so that the shop, which takes off what its orders hold, sells what the hub has to sell', async () => {
    const opened = await shop();
    const { allocated } = levels(opened)['LAMP-1@1']!;
    expect(allocated).toBeGreaterThan(0);
    const [sent] = await push('stock', opened).send([stockOf('LAMP-1', '7.9')]);
    expect(levels(opened)['LAMP-1@1']).toEqual({ onHand: 7 + allocated, allocated });
    const pulled = (await walk('stock', opened, null)).records.find(({ externalId }) => externalId === '1@1')!;
    expect(sent).toEqual({ externalId: '1@1', version: pulled.version, modifiedAt: pulled.modifiedAt });
  });

  test('is held against what the shop has free to sell', async () => {
    const opened = await shop();
    const { differs } = vendure.push.get('stock')! as unknown as {
      differs(raw: unknown, record: Partial<OutgoingStock>, context: { settings: unknown }): object[];
    };
    await push('stock', opened).send([stockOf('LAMP-1', '7.9')]);
    const { raw } = (await walk('stock', opened, null)).records.find(({ externalId }) => externalId === '1@1')!;
    const { settings } = opened.context;
    expect(differs(raw, stockOf('LAMP-1', '7.9'), { settings })).toEqual([]);
    const other = [{ field: 'available', told: '6', there: '7' }];
    expect(differs(raw, stockOf('LAMP-1', '6'), { settings })).toEqual(other);
  });

  test('is not written where the shop has it already', async () => {
    const opened = await shop();
    const batch = [stockOf('BOOK-1', '5', { productExternalId: '2' })];
    const first = await push('stock', opened).send(batch);
    expect(await push('stock', opened).send(batch)).toEqual(first);
    expect(sentNames(opened).filter((name) => name === 'SetStock')).toHaveLength(1);
  });

  test('is set again where an order was placed between reading and writing', async () => {
    const opened = await shop();
    const { http } = opened.context;
    let isFirst = true;
    opened.context.http = {
      ...http,
      send(request) {
        if (request.operation === 'SetStock' && isFirst) {
          isFirst = false;
          opened.shop.act(6);
        }
        return http.send(request);
      },
    };
    await push('stock', opened).send([stockOf('LAMP-1', '9'), stockOf('BOOK-1', '9'), stockOf('DESK-1', '9')]);
    expect(isFirst).toBe(false);
    expect(sentNames(opened).filter((name) => name === 'SetStock').length).toBeGreaterThan(1);
    for (const sku of ['LAMP-1', 'BOOK-1', 'DESK-1']) {
      const { onHand, allocated } = levels(opened)[`${sku}@1`]!;
      expect([sku, onHand - allocated]).toEqual([sku, 9]);
    }
  });

  test('begins a level at a place that had none, and passes over what the shop does not sell', async () => {
    const opened = await shop({ settings: { locations: { BOLOGNA: '1', TORINO: '2' } } });
    const sent = await push('stock', opened).send([
      stockOf('DESK-1', '4', { location: 'TORINO' }),
      stockOf('NONE', '1'),
    ]);
    expect(sent).toMatchObject([{ externalId: '3@2' }, { externalId: null }]);
    expect(levels(opened)['DESK-1@2']).toEqual({ onHand: 4, allocated: 0 });
  });

  test('concerns the places of the settings alone, and nothing where the shop counts', async () => {
    const opened = await shop();
    expect(push('stock', opened).concerns(stockOf('LAMP-1', '1'))).toBe(true);
    expect(push('stock', opened).concerns(stockOf('LAMP-1', '1', { location: 'ELSEWHERE' }))).toBe(false);
    const counting = await shop({ settings: { stockCountedBy: 'SHOP' } });
    expect(push('stock', counting).concerns(stockOf('LAMP-1', '1'))).toBe(false);
  });
});

function parcel(orderId: string, lines: [id: string, quantity: string][], more: Partial<OutgoingShipment> = {}) {
  return {
    hubId: 'shp',
    externalId: null,
    version: 1,
    number: 'SHP-1',
    status: 'SHIPPED',
    location: 'BOLOGNA',
    carrier: 'DHL',
    service: 'Parcel',
    trackingNumber: 'T-1',
    trackingUrl: null,
    shippedAt: null,
    deliveredAt: null,
    order: { hubId: 'ord', externalId: orderId, number: 'SO-1' },
    lines: lines.map(([lineExternalId, quantity]) => ({ lineExternalId, sku: 'x', quantity, leftBefore: false })),
    ...more,
  } satisfies OutgoingShipment;
}
/** The lines of an order as the shop tells them. */
async function linesOf(opened: Connected, id: string): Promise<[string, string][]> {
  const one = await vendure.pull.get('orders')!.one!(opened.context, id);
  const { lines } = one!.raw as { lines: { id: string; quantity: string }[] };
  return lines.map((line) => [line.id, line.quantity]);
}

describe('a parcel that is told', () => {
  test('becomes a fulfillment with its tracking code, and moves on with it', async () => {
    const opened = await shop();
    const lines = await linesOf(opened, '4');
    const [sent] = await push('shipments', opened).send([parcel('4', lines)]);
    expect(order(opened, '4')).toMatchObject({
      state: 'Shipped',
      fulfillments: [{ state: 'Shipped', method: 'DHL Parcel', trackingCode: 'T-1' }],
    });
    const { externalId } = sent as { externalId: string };
    const [pulled] = (await walk('shipments', opened, null)).records.filter((each) => each.externalId === externalId);
    expect((sent as { modifiedAt: Date }).modifiedAt.toISOString()).toBe(
      (pulled!.raw as { updatedAt: string }).updatedAt,
    );
    await push('shipments', opened).send([parcel('4', lines, { externalId, status: 'DELIVERED' })]);
    expect(order(opened, '4')).toMatchObject({ state: 'Delivered', fulfillments: [{ state: 'Delivered' }] });
    const again = await push('shipments', opened).send([parcel('4', lines, { externalId })]);
    expect(again).toMatchObject([{ externalId }]);
    expect(order(opened, '4').state).toBe('Delivered');
  });

  test('is found by its tracking code where nobody heard that it was made', async () => {
    const opened = await shop();
    const lines = await linesOf(opened, '4');
    const [first] = await push('shipments', opened).send([parcel('4', lines)]);
    const [second] = await push('shipments', opened).send([parcel('4', lines)]);
    expect(second).toEqual(first);
    const untracked = { trackingNumber: null, carrier: null, service: null };
    const two = await linesOf(opened, '1');
    const [bare] = await push('shipments', opened).send([parcel('1', two, untracked)]);
    expect(await push('shipments', opened).send([parcel('1', two, untracked)])).toEqual([bare]);
    expect(order(opened, '1').fulfillments).toMatchObject([{ method: 'Shipment SHP-1', trackingCode: '' }]);
  });

  test('is made once through every fault of the way', async () => {
    const opened = await shop({ modes: ['429', '500', 'reset', 'html'] });
    const lines = await insist(() => linesOf(opened, '4'));
    await insist(async () => {
      const [sent] = await push('shipments', opened).send([parcel('4', lines, { status: 'DELIVERED' })]);
      if (sent instanceof ConnectorFailure) throw sent;
    });
    opened.faults.calm();
    expect(order(opened, '4').fulfillments).toMatchObject([{ state: 'Delivered', trackingCode: 'T-1' }]);
  });

  test('of what was sent already, and of half a piece, is refused in words', async () => {
    const opened = await shop();
    const [[line]] = (await linesOf(opened, '4')) as [[string, string]];
    const outcomes = await push('shipments', opened).send([
      parcel('4', [[line, '99']]),
      parcel('4', [[line, '0.5']]),
      parcel('88', []),
    ]);
    expect(outcomes.map((outcome) => (outcome as ConnectorFailure).message)).toEqual([
      'Fulfill: One or more OrderItems are already part of a Fulfillment (ITEMS_ALREADY_FULFILLED_ERROR)',
      'shipment SHP-1: expected a whole number of x, got 0.5',
      'shipment SHP-1: the shop has no order 88',
    ]);
  });

  test('is called off with the hub’s, and the shop’s stock is as it was', async () => {
    const opened = await shop();
    const before = levels(opened);
    const lines = await linesOf(opened, '4');
    const [sent] = await push('shipments', opened).send([parcel('4', lines)]);
    expect(levels(opened)).not.toEqual(before);
    const { externalId } = sent as { externalId: string };
    await push('shipments', opened).send([parcel('4', lines, { externalId, status: 'CANCELED' })]);
    expect(order(opened, '4').fulfillments).toMatchObject([{ state: 'Cancelled' }]);
    expect(levels(opened)).toEqual(before);
  });

  test('concerns orders of the shop, once it has left', async () => {
    const { concerns } = push('shipments', await shop());
    expect(concerns(parcel('4', []))).toBe(true);
    expect(concerns(parcel('4', [], { status: 'PACKED' }))).toBe(false);
    expect(concerns(parcel('4', [], { order: { hubId: 'ord', externalId: null, number: 'SO-1' } }))).toBe(false);
  });
});

describe('an order that is told', () => {
  const told = (status: OutgoingOrder['status'], more: Partial<OutgoingOrder> = {}) => ({
    externalId: '4',
    number: 'SO-4',
    isTheirs: true,
    status,
    ...more,
  });

  test('has the hub’s number in its custom field, written once', async () => {
    const opened = await shop();
    await push('orders', opened).send([told('CONFIRMED')]);
    await push('orders', opened).send([told('PROCESSING')]);
    expect(order(opened, '4').externalRef).toBe('SO-4');
    expect(sentNames(opened).filter((name) => name === 'SetOrderReference')).toHaveLength(1);
  });

  test('is called off there when it is here, once, and sets free what it held', async () => {
    const opened = await shop();
    const [sent] = await push('orders', opened).send([told('CANCELED')]);
    expect(order(opened, '4').state).toBe('Cancelled');
    expect(await push('orders', opened).send([told('CANCELED')])).toEqual([sent]);
    expect(sentNames(opened).filter((name) => name === 'CancelOrder')).toHaveLength(1);
    const [missing] = await push('orders', opened).send([told('CANCELED', { externalId: '88' })]);
    expect(missing).toMatchObject({ kind: 'rejected', message: 'order SO-4: the shop has no order 88' });
  });

  test('concerns the shop’s own; and where no field takes the number, only the calling off', async () => {
    const { concerns } = push('orders', await shop());
    expect([told('CONFIRMED'), told('CANCELED'), told('CANCELED', { isTheirs: false })].map(concerns)).toEqual([
      true,
      true,
      false,
    ]);
    const without = push('orders', await shop({ settings: { orderReferenceField: undefined } }));
    expect([told('CONFIRMED'), told('CANCELED')].map(without.concerns)).toEqual([false, true]);
  });
});
