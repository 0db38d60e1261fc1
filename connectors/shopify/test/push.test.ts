import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ConnectorFailure,
  type OutgoingOrder,
  type OutgoingShipment,
  type OutgoingStock,
  type Sending,
} from '#connect';
import shopify from '../index.js';
import { connected, insist, walk, type Connected } from './walk.js';

type Json = Record<string, unknown>;
const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
async function shop(options: Parameters<typeof connected>[0] & { acts?: number } = {}): Promise<Connected> {
  const opened = await connected(options);
  stops.push(opened.stop);
  opened.shop.act(options.acts ?? 12);
  return opened;
}

function push(stream: string, { context }: Connected) {
  const { send, concerns } = shopify.push.get(stream)! as unknown as {
    send(given: unknown, batch: readonly Sending<never>[]): Promise<(Json | ConnectorFailure)[]>;
    concerns(record: unknown, given: { settings: unknown }): boolean;
  };
  return {
    send: (records: readonly object[], { mayHaveArrived = false } = {}) =>
      send(
        context,
        records.map((record, index) => ({
          record,
          idempotencyKey: `${stream}-${index}-${JSON.stringify(record).length}`,
          mayHaveArrived,
        })) as never[],
      ),
    concerns: (record: object) => concerns(record, { settings: context.settings }),
  };
}

const stockOf = (sku: string, available: string, more: Partial<OutgoingStock> = {}): OutgoingStock => ({
  hubId: `lvl_${sku}`,
  externalId: null,
  version: 1,
  sku,
  productExternalId: null,
  location: 'BOLOGNA',
  onHand: available,
  reserved: '0',
  available,
  ...more,
});
const levels = ({ shop: { state } }: Connected) => state().levels as Record<string, { available: number }>;

describe('stock', () => {
  test('is set by SKU or by variant, in whole pieces, and found by the next walk in the version that was answered', async () => {
    const opened = await shop();
    const sent = await push('stock', opened).send([
      stockOf('LAMP-1', '17.9'),
      stockOf('BOOK-1', '5', { productExternalId: '44000000000001' }),
      stockOf('NOT-SOLD', '3'),
    ]);
    expect(levels(opened)).toMatchObject({
      '46000000000000@61000000001': { available: 17 },
      '46000000000001@61000000001': { available: 5 },
    });
    expect((sent as Json[]).map(({ externalId }) => externalId)).toEqual([
      '46000000000000@61000000001',
      '46000000000001@61000000001',
      null,
    ]);
    const { records } = await walk('stock', opened, LONG_AGO);
    for (const { externalId, version } of sent.slice(0, 2) as Json[]) {
      expect(records.find((record) => record.externalId === externalId)!.version).toBe(version);
    }
  });

  test('that is right already is not written again, nor by an attempt whose answer was lost', async () => {
    const opened = await shop();
    const [first] = await push('stock', opened).send([stockOf('LAMP-1', '17')]);
    const [again] = await push('stock', opened).send([stockOf('LAMP-1', '17')], { mayHaveArrived: true });
    expect(again).toEqual(first);
  });

  test('is read again where the shop changed it between reading and writing', async () => {
    const opened = await shop();
    const { http } = opened.context;
    let writes = 0;
    const context = {
      ...opened.context,
      http: {
        ...http,
        send: (request: Parameters<typeof http.send>[0]) => {
          if (request.operation === 'SetQuantities') {
            writes += 1;
            if (writes === 1) opened.shop.act(8);
          }
          return http.send(request);
        },
      },
    };
    const [sent] = await push('stock', { ...opened, context }).send([stockOf('LAMP-1', '3')]);
    // The first found another figure than it was to write over.
    expect(writes).toBe(2);
    expect(sent).toMatchObject({ externalId: '46000000000000@61000000001' });
    expect(levels(opened)['46000000000000@61000000001']!.available).toBe(3);
  });

  test('of an article that the place did not stock begins it there', async () => {
    const opened = await shop({ settings: { locations: { BOLOGNA: '61000000001', TORINO: '61000000002' } } });
    const [sent] = await push('stock', opened).send([stockOf('DESK-1', '4', { location: 'TORINO' })]);
    expect(sent).toMatchObject({ externalId: '46000000000002@61000000002' });
    expect(levels(opened)['46000000000002@61000000002']).toEqual({ available: 4, onHand: 4 });
  });

  test('of one article that cannot be taken does not keep the others from it', async () => {
    const opened = await shop();
    const sent = await push('stock', opened).send([stockOf('LAMP-1', '2000000000'), stockOf('BOOK-1', '6')]);
    expect(sent[0]).toMatchObject({ kind: 'rejected', message: 'stock LAMP-1: Too high. (INVALID_QUANTITY_TOO_HIGH)' });
    expect(levels(opened)['46000000000001@61000000001']!.available).toBe(6);
  });

  test('is held against what the shop has', async () => {
    const { differs } = shopify.push.get('stock')! as unknown as {
      differs(raw: unknown, record: OutgoingStock, context: { settings: unknown }): object[];
    };
    const opened = await shop({ acts: 0 });
    const pull = shopify.pull.get('stock')!;
    const { records } = await pull.page(opened.context, { since: new Date(0), cursor: null });
    const raw = records[0]!.raw as { quantities: { name: string; quantity: string }[] };
    const { quantity } = raw.quantities.find(({ name }) => name === 'available')!;
    const { settings } = opened.context;
    expect(differs(raw, stockOf('A', `${quantity}.5`), { settings })).toEqual([]);
    const other = [{ field: 'available', told: '3', there: quantity }];
    expect(differs(raw, stockOf('A', '3'), { settings })).toEqual(other);
  });

  test('concerns places that the settings name, and those only where the hub counts', async () => {
    const hub = push('stock', await shop({ acts: 0 }));
    expect(['BOLOGNA', 'NOWHERE'].map((location) => hub.concerns(stockOf('A', '1', { location })))).toEqual([
      true,
      false,
    ]);
    const counting = push('stock', await shop({ acts: 0, settings: { stockCountedBy: 'SHOP' } }));
    expect(counting.concerns(stockOf('A', '1'))).toBe(false);
  });
});

interface Parcel {
  tracking: { number: string } | null;
  status: string;
  lines: { lineId: string; quantity: number }[];
}
const parcels = ({ shop: { state } }: Connected, orderId: string) =>
  Object.entries(state().fulfillments as Record<string, Parcel>).flatMap(([key, value]) =>
    key.startsWith(`${orderId} `) ? value : [],
  );
interface OrderState {
  isCanceled: boolean;
  refunds: unknown[];
  line_items: { id: string; sku: string; quantity: number; current_quantity: number }[];
}

/** An order of which nothing is sent yet. */
function openOrder(opened: Connected): [string, OrderState] {
  const orders = Object.entries(opened.shop.state().orders as Record<string, OrderState>);
  return orders.find(
    ([id, { isCanceled, line_items: lines }]) =>
      !isCanceled && parcels(opened, id).length === 0 && lines.every((line) => line.current_quantity === line.quantity),
  )!;
}
function shipmentOf([id, order]: [string, OrderState], more: Partial<OutgoingShipment> = {}): OutgoingShipment {
  const lines = order.line_items.map(({ id: line, sku, quantity }) => ({
    lineExternalId: line.replaceAll('@', ''),
    sku,
    quantity: `${quantity}.000000`,
    leftBefore: false,
  }));
  return {
    hubId: 'shp_1',
    externalId: null,
    version: 1,
    number: 'S-1',
    status: 'SHIPPED',
    location: 'BOLOGNA',
    carrier: 'DHL Express',
    service: null,
    trackingNumber: 'JD-1',
    trackingUrl: 'https://carrier.example/JD-1',
    shippedAt: new Date('2026-03-01T09:00:00Z'),
    deliveredAt: null,
    order: { hubId: 'ord_1', externalId: id, number: 'O-1' },
    lines,
    ...more,
  };
}

describe('a shipment', () => {
  test('is told with its tracking, once, also where the answer to the first attempt was lost', async () => {
    const opened = await shop();
    const order = openOrder(opened);
    const [first] = await push('shipments', opened).send([shipmentOf(order)]);
    const [again] = await push('shipments', opened).send([shipmentOf(order)], { mayHaveArrived: true });
    expect(again).toMatchObject({ externalId: (first as Json).externalId });
    expect(parcels(opened, order[0])).toEqual([
      expect.objectContaining({
        tracking: { company: 'DHL Express', number: 'JD-1', url: 'https://carrier.example/JD-1' },
        status: 'SUCCESS',
        lines: order[1].line_items.map(({ id, quantity }) => ({ lineId: id.replaceAll('@', ''), quantity })),
      }),
    ]);
    const { records } = await walk('shipments', opened, LONG_AGO);
    const pulled = records.find(({ externalId }) => externalId === (first as Json).externalId)!;
    expect(pulled.version).toBe((first as Json).version);
  });

  test('without a tracking number is known by what it holds', async () => {
    const opened = await shop();
    const order = openOrder(opened);
    const bare = shipmentOf(order, { trackingNumber: null, trackingUrl: null, carrier: null });
    const [first] = await push('shipments', opened).send([bare]);
    const [again] = await push('shipments', opened).send([bare], { mayHaveArrived: true });
    expect(again).toEqual(first);
    expect(parcels(opened, order[0])).toHaveLength(1);
  });

  test('whose tracking changes is changed, whose does not is left alone, and one that is off is called off', async () => {
    const opened = await shop();
    const order = openOrder(opened);
    const { send } = push('shipments', opened);
    const [{ externalId, version }] = (await send([shipmentOf(order)])) as [{ externalId: string; version: string }];
    const [same] = await send([shipmentOf(order, { externalId })]);
    expect(same).toMatchObject({ externalId, version });
    await send([shipmentOf(order, { externalId, trackingNumber: 'JD-2' })]);
    expect(parcels(opened, order[0])[0]!.tracking!.number).toBe('JD-2');
    await send([shipmentOf(order, { externalId, status: 'CANCELED' })]);
    expect(parcels(opened, order[0])[0]!.status).toBe('CANCELLED');
  });

  test('of more than is left is refused by number, and others of the batch are told all the same', async () => {
    const opened = await shop();
    const order = openOrder(opened);
    const tooMuch = shipmentOf(order, { number: 'S-9', trackingNumber: 'JD-9' });
    tooMuch.lines[0]!.quantity = '99';
    const [refused, sent] = await push('shipments', opened).send([tooMuch, shipmentOf(order)]);
    expect(refused).toMatchObject({ kind: 'rejected' });
    expect((refused as Error).message).toMatch(
      /^shipment S-9: the shop has \d+ of ".+" less left to send than the parcel holds$/,
    );
    expect(sent).toMatchObject({ externalId: expect.any(String) });
  });

  test('concerns orders of the shop only, and only once it has left', async () => {
    const opened = await shop();
    const order = openOrder(opened);
    const { concerns } = push('shipments', opened);
    expect(concerns(shipmentOf(order))).toBe(true);
    expect(concerns(shipmentOf(order, { status: 'PACKED' }))).toBe(false);
    expect(concerns(shipmentOf(order, { order: { hubId: 'ord_1', externalId: null, number: 'O-1' } }))).toBe(false);
  });
});

describe('a cancellation', () => {
  const orderOf = (externalId: string): Partial<OutgoingOrder> => ({
    hubId: 'ord_1',
    externalId,
    version: 2,
    number: 'O-1',
    status: 'CANCELED',
    isTheirs: true,
  });
  test('is told once; one that the shop made itself is none to tell', async () => {
    const opened = await shop();
    const [id] = openOrder(opened);
    const { send, concerns } = push('orders', opened);
    expect(concerns(orderOf(id))).toBe(true);
    expect(concerns({ ...orderOf(id), isTheirs: false })).toBe(false);
    expect(await send([orderOf(id)])).toEqual([{ externalId: id }]);
    expect((opened.shop.state().orders![id] as OrderState).isCanceled).toBe(true);
    expect(await send([orderOf(id)], { mayHaveArrived: true })).toEqual([{ externalId: id }]);
  });

  test('of what has left is the shop’s to refuse', async () => {
    const opened = await shop();
    const order = openOrder(opened);
    await push('shipments', opened).send([shipmentOf(order)]);
    const [refused] = await push('orders', opened).send([orderOf(order[0])]);
    expect((refused as Error).message).toBe(
      'CancelOrder: orderId: Cannot cancel an order that has fulfillments (INVALID)',
    );
  });
});

describe('over a line that breaks', () => {
  test('everything is there once, whatever was lost on the way', async () => {
    const opened = await shop({ modes: ['429', '500', 'reset', 'html'], share: 0.25 });
    const order = openOrder(opened);
    const tell = (stream: string, record: object) =>
      insist(async () => {
        const [outcome] = await push(stream, opened).send([record], { mayHaveArrived: true });
        if (outcome instanceof ConnectorFailure) throw outcome;
        return outcome;
      });
    await tell('shipments', shipmentOf(order));
    await tell('stock', stockOf('LAMP-1', '9'));
    await tell('stock', stockOf('LAMP-1', '11', { version: 2 }));
    await tell('stock', stockOf('BOOK-1', '7'));
    expect(parcels(opened, order[0])).toHaveLength(1);
    expect(levels(opened)['46000000000000@61000000001']!.available).toBe(11);
    expect(['429', '500', 'reset'].every((mode) => opened.faults.count(mode as '429') > 0)).toBe(true);
  });
});
