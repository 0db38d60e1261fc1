import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setPrice, upsertProduct } from '../../src/modules/catalog/index.js';
import { createShipment, updateShipment } from '../../src/modules/fulfillment/index.js';
import {
  confirmOrder,
  convertQuoteToOrder,
  createOrder,
  recordMerger,
  recordStatedOrder,
  recordStatedShipment,
} from '../../src/modules/order-flow/index.js';
import { ORDER_PREFIX } from '../../src/modules/orders/index.js';
import { acceptQuote, createQuote, QUOTE_PREFIX } from '../../src/modules/quotes/index.js';
import { selectReferences } from '../../src/modules/references/references.queries.js';
import type { Actor } from '../../src/shared/actor.js';
import { idOf, typeId } from '../../src/shared/ids.js';
import type { OutgoingRecords } from '../../src/shared/outgoing/index.js';
import type { StatedOrder } from '../../src/shared/stated/index.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { brokenInvariants } from '../support/invariants.js';
import { PushHub } from './push-hub.js';
import { office, PushVendor, shop } from './push-vendor.js';

let fresh: FreshDatabase;
let hub: PushHub;
let shopSystem: PushVendor;
let officeSystem: PushVendor;
let seller: Actor;
let erp: Actor;
beforeAll(async () => {
  fresh = await freshDatabase();
  hub = await PushHub.start(fresh);
  [shopSystem, officeSystem] = await Promise.all([PushVendor.start(), PushVendor.start()]);
  seller = await hub.connect('seller', shop, shopSystem.url);
  erp = await hub.connect('erp', office, officeSystem.url);
  await hub.product('LAMP', '10');
  const giftCard = { sku: 'gift-card', name: 'Gift card', isStocked: false, requiresShipping: false };
  await hub.act((scope) => upsertProduct(scope, giftCard));
  await hub.quiet();
});
afterAll(async () => {
  await hub.stop();
  await Promise.all([shopSystem.close(), officeSystem.close()]);
  await fresh.drop();
});

/** Two lamps at 12.20 with tax in the price, and one that nobody stocks, as the shop has it. */
function statedOrder(note?: string): StatedOrder {
  const at = new Date('2026-03-01T11:00:00.000Z');
  return {
    externalId: 'A',
    sourceVersion: note === undefined ? at : new Date(at.getTime() + 1_000),
    placedAt: at,
    channelNumber: '#1001',
    ...(note !== undefined && { note }),
    currency: 'EUR',
    pricesIncludeTax: true,
    customer: { externalId: 'C-1', name: 'Ada', email: 'ada@example.com' },
    lines: [
      {
        externalId: 'A-1',
        sku: 'LAMP',
        description: 'Lamp',
        quantity: '2',
        unitPrice: '12.20',
        discount: '0.40',
        taxLines: [{ name: 'IVA', rate: '0.22', amount: '4.33' }],
        requiresShipping: true,
      },
      {
        externalId: 'A-2',
        sku: 'gift-card',
        description: 'Gift card',
        quantity: '1',
        unitPrice: '5',
        discount: '0',
        taxLines: [],
        requiresShipping: false,
      },
    ],
    shippingLines: [],
    adjustments: [],
    shippingAddress: { line1: 'Via Roma 1', city: 'Milano', country: 'IT' },
    stated: { subtotal: '29.40', discountTotal: '0.40', shippingTotal: '0', taxTotal: '4.33', total: '29.00' },
  };
}
const state = (note?: string) =>
  hub.act(
    (scope) =>
      recordStatedOrder(scope, statedOrder(note), {
        integrationId: seller.id!,
        integrationCode: 'seller',
        channelCode: 'seller',
        observedAt: hub.now,
      }),
    seller,
  );
const timeline = (orderId: string) =>
  hub.rows<{ type: string; message: string; sequence: number }>(
    `select type, message, sequence from event where subject_kind = 'order' and subject_id = $1 order by sequence`,
    [idOf(ORDER_PREFIX, orderId)],
  );

test('an order of a shop goes to the others at once, and back to the shop what the hub does about it', async () => {
  const { orderId: recordId } = await state();
  const orderId = typeId(ORDER_PREFIX, recordId);
  await state('Ring twice');
  await hub.quiet();
  expect(shopSystem.toldOf('orders', orderId)).toEqual([]);
  const order = officeSystem.toldOf<'order'>('orders', orderId).at(-1)!.record;
  expect(order).toMatchObject({
    externalId: order.externalId === null ? null : officeSystem.idsOf(orderId)[0],
    status: 'RECEIVED',
    channel: 'seller',
    isTheirs: false,
    currency: 'EUR',
    pricesIncludeTax: true,
    subtotal: '29.40',
    discountTotal: '0.40',
    shippingTotal: '0.00',
    taxTotal: '4.33',
    total: '29.00',
    placedAt: '2026-03-01T11:00:00.000Z',
    customer: { name: 'Ada', externalId: expect.stringContaining('customers-') as unknown },
    shippingAddress: { line1: 'Via Roma 1', city: 'Milano', country: 'IT' },
    lines: [
      {
        externalId: null,
        sku: 'LAMP',
        quantity: '2',
        unitPrice: '12.20',
        discountTotal: '0.40',
        taxTotal: '4.33',
        taxRates: ['0.22'],
        total: '24.00',
      },
      { externalId: null, sku: 'gift-card', quantity: '1', unitPrice: '5.00', taxRates: [] },
    ],
  });

  // The shop's own word again; that stock is promised for it is the hub's doing.
  await hub.act((scope) => confirmOrder(scope, { orderId }), seller);
  await hub.quiet();
  expect(shopSystem.toldOf('orders', orderId)).toEqual([]);
  const stock = shopSystem.told.filter(({ stream }) => stream === 'stock').map(({ record }) => record);
  expect(stock.at(-1)).toMatchObject({ sku: 'LAMP', onHand: '10', reserved: '2', available: '8' });

  const { shipmentId } = await hub.act((scope) =>
    createShipment(scope, { orderId, location: 'MILAN', carrier: 'DHL' }),
  );
  const shipment = typeId('shp', shipmentId);
  await hub.quiet();
  await hub.act((scope) => updateShipment(scope, { shipmentId: shipment, status: 'SHIPPED', trackingNumber: 'T-1' }));
  await hub.quiet();
  const parcels = shopSystem.toldOf<'shipment'>('shipments', shipment).map(({ record }) => record);
  // The same state may be told again under the same key.
  expect([...new Set(parcels.map(({ status }) => status))]).toEqual(['PENDING', 'SHIPPED']);
  expect(parcels.at(-1)).toMatchObject({
    location: 'MILAN',
    carrier: 'DHL',
    trackingNumber: 'T-1',
    shippedAt: hub.now.toISOString(),
    deliveredAt: null,
    order: { hubId: orderId, externalId: 'A' },
    lines: [{ lineExternalId: 'A-1', sku: 'LAMP', quantity: '2' }],
  });
  const back = shopSystem.toldOf<'order'>('orders', orderId).at(-1)!.record;
  expect(back).toMatchObject({ externalId: 'A', isTheirs: true, status: 'SHIPPED' });
  expect(back.lines.map(({ externalId }) => externalId)).toEqual(['A-1', 'A-2']);
  expect(shopSystem.told.filter(({ stream }) => stream === 'stock').at(-1)!.record).toMatchObject({
    onHand: '8',
    available: '8',
  });

  const told = (await timeline(orderId)).filter(({ type }) => type === 'SYNCED').map(({ message }) => message);
  expect(new Set(told)).toEqual(
    new Set(
      [
        'Order SO-1 sent to seller',
        'Order SO-1 sent to erp',
        'Shipment SH-1 sent to seller',
        'Shipment SH-1 sent to erp',
      ].map((text) => text.replace('SO-1', back.number).replace('SH-1', parcels[1]!.number)),
    ),
  );
  expect(await brokenInvariants(fresh.url)).toEqual([]);
});

test('what an integration has not been told yet is pending at its reference', async () => {
  const id = await hub.customer({ name: 'Grace', external: { integration: 'erp', externalId: 'E-9' } });
  await hub.quiet();
  const pending = async () =>
    (await hub.db.read(selectReferences('customer', [idOf('cus', id)!])))
      .filter((row) => row.integration_id === erp.id)
      .map((row) => row.pending_push);
  expect(await pending()).toEqual([false]);
  await hub.setStatus(erp, 'PAUSED');
  await hub.customer({ id, name: 'Grace H.' });
  await hub.quiet();
  expect(await pending()).toEqual([true]);
  await hub.setStatus(erp, 'HEALTHY');
  await hub.quiet();
  expect(await pending()).toEqual([false]);
});

test('a quote is told with the orders it became, and again when these move on', async () => {
  const customerId = await hub.customer({
    name: 'ACME',
    shippingAddresses: [{ line1: 'Via Roma 1', city: 'Milano', country: 'IT' }],
  });
  const unitPrice = { amount: '10.00', currency: 'EUR' };
  await hub.act((scope) => setPrice(scope, { sku: 'LAMP', unitPrice }));
  const validUntil = new Date('2099-01-01T00:00:00.000Z');
  const lines = [{ sku: 'LAMP', quantity: '3' }];
  const { quoteId: recordId } = await hub.act((scope) =>
    createQuote(scope, {
      customerId,
      currency: 'EUR',
      validUntil,
      lines,
      external: { integration: 'erp', externalId: 'Q-7' },
    }),
  );
  const quoteId = typeId(QUOTE_PREFIX, recordId);
  await hub.act((scope) => acceptQuote(scope, { quoteId }));
  // The tool itself asks for the order: that there is one now is news to it all the same.
  const { orderId } = await hub.act(
    (scope) => convertQuoteToOrder(scope, { quoteId, lines: null, pricePolicy: undefined as never }),
    erp,
  );
  await hub.quiet();
  const told = () => officeSystem.toldOf<'quote'>('quotes', quoteId).at(-1)!.record;
  const order = { hubId: typeId(ORDER_PREFIX, orderId), total: '36.60', currency: 'EUR' };
  expect(told()).toMatchObject({ externalId: 'Q-7', status: 'CONVERTED', orders: [{ ...order, status: 'CONFIRMED' }] });
  expect(officeSystem.toldOf<'order'>('orders', order.hubId).at(-1)!.record.quote).toMatchObject({
    hubId: quoteId,
    externalId: 'Q-7',
  });
  const { version } = told();
  await hub.act((scope) => createShipment(scope, { orderId: order.hubId, location: 'MILAN' }));
  await hub.quiet();
  expect(told()).toMatchObject({ orders: [{ ...order, status: 'PROCESSING' }] });
  expect(told().version).toBeGreaterThan(version);
  expect((await timeline(order.hubId)).map(({ message }) => message)).toContain(
    `Quote ${told().number} with this order sent to erp`,
  );
  expect(await brokenInvariants(fresh.url)).toEqual([]);
});

test('an order with taxed shipping that is told again is the same, and a parcel first heard of when delivered has left', async () => {
  const stated: StatedOrder = {
    ...statedOrder(),
    externalId: 'B',
    shippingLines: [
      { method: 'Post', price: '5.00', discount: '0', taxLines: [{ name: 'IVA', rate: '0.22', amount: '0.90' }] },
    ],
    stated: { subtotal: '29.40', discountTotal: '0.40', shippingTotal: '5.00', taxTotal: '5.23', total: '34.00' },
  };
  const origin = { integrationId: seller.id!, integrationCode: 'seller', channelCode: 'seller', observedAt: hub.now };
  const { orderId: recordId } = await hub.act((scope) => recordStatedOrder(scope, stated, origin), seller);
  const orderId = typeId(ORDER_PREFIX, recordId);
  await hub.act((scope) => confirmOrder(scope, { orderId }));
  const later = { ...stated, sourceVersion: new Date(stated.sourceVersion.getTime() + 1_000) };
  expect(await hub.act((scope) => recordStatedOrder(scope, later, origin), seller)).toMatchObject({
    effect: 'unchanged',
  });
  const parcel = {
    externalId: 'P-1',
    sourceVersion: hub.now,
    orderExternalId: 'B',
    status: 'DELIVERED' as const,
    at: hub.now,
    lines: [{ lineExternalId: 'A-1', quantity: '2' }],
  };
  expect(await hub.act((scope) => recordStatedShipment(scope, parcel, origin), seller)).toEqual({ effect: 'created' });
  expect(await hub.rows('select status from shipment where order_id = $1', [recordId])).toEqual([
    { status: 'DELIVERED' },
  ]);
  expect(await hub.rows('select status from orders where id = $1', [recordId])).toEqual([{ status: 'DELIVERED' }]);
  expect(await brokenInvariants(fresh.url)).toEqual([]);
});

test('a customer that a system merged away is not told to it as a new one', async () => {
  const [kept, gone] = [await hub.customer({ name: 'Kept' }), await hub.customer({ name: 'Gone' })];
  await hub.quiet();
  const [keptId, goneId] = [officeSystem.idsOf(kept)[0]!, officeSystem.idsOf(gone)[0]!];
  const before = officeSystem.toldOf('customers', gone).length;
  const merger = { record: 'customer' as const, externalId: keptId, mergedIds: [goneId], sourceVersion: hub.now };
  const origin = { integrationId: erp.id!, integrationCode: 'erp', channelCode: 'erp', observedAt: hub.now };
  expect(await hub.act((scope) => recordMerger(scope, merger, origin), erp)).toMatchObject({ effect: 'updated' });
  await hub.quiet();
  expect(officeSystem.toldOf('customers', gone)).toHaveLength(before);
});

test('what an order rests on is told first, though it was here before the system was', async () => {
  const [known, secret] = [
    await hub.customer({ name: 'Known', phone: '1' }),
    await hub.customer({ name: 'Secret', phone: 'unspoken' }),
  ];
  const refused = await hub.customer({ name: 'Refused', phone: 'unwelcome' });
  await hub.product('OLD', '10');
  await hub.product('OTHER', '10');
  await hub.quiet();
  const lateSystem = await PushVendor.start();
  const late = await hub.connect('late', office, lateSystem.url, { skip: 'unspoken' });
  await hub.quiet();
  expect(lateSystem.told).toEqual([]);
  lateSystem.refusesText = 'unwelcome';
  let answer!: () => void;
  const hold = new Promise<void>((resolve) => (answer = resolve));
  const reached = new Promise<void>((resolve) => lateSystem.whims.push({ hold, reached: resolve }));
  const order = async (customerId: string) => {
    const lines = [{ sku: 'OLD', quantity: '1', unitPrice: { amount: '10.00', currency: 'EUR' } }];
    const input = { channel: 'api', currency: 'EUR', customerId, lines };
    return typeId(
      ORDER_PREFIX,
      (await hub.act(async (scope) => createOrder(scope, await scope.tx.ids.one(), input))).orderId,
    );
  };
  const first = await order(known);
  // The system is slow to answer what it is told first.
  await reached;
  await eventually('the order to wait', async () => {
    const [item] = await hub.items(late, 'orders');
    return item?.state === 'DUE' && /waits for .*(customer C-|product OLD)/.test(item.last_error ?? '');
  });
  answer();
  await hub.later(60_000);
  await hub.quiet();
  const told = lateSystem.toldOf<'order'>('orders', first);
  expect(told[0]!.record).toMatchObject({
    customer: { externalId: lateSystem.idsOf(known)[0] },
    lines: [{ productExternalId: expect.stringContaining('products-') as unknown }],
  });
  expect(told[0]!.mayHaveArrived).toBe(false);
  expect(lateSystem.told.filter(({ stream }) => stream === 'products')).toHaveLength(1);

  // Nobody waits for what the system is not to hear of, or did not take.
  for (const customer of [secret, refused]) {
    const orderId = await order(customer);
    await hub.quiet();
    await hub.later(60_000);
    await hub.quiet();
    expect(lateSystem.toldOf<'order'>('orders', orderId).map(({ record }) => record.customer)).toMatchObject([
      { externalId: null },
    ]);
  }
  expect(await hub.rows('select stream from dead_letter where integration_id = $1', [late.id])).toEqual([
    { stream: 'customers' },
  ]);
  await lateSystem.close();
});

describe('goods that left before', () => {
  const HOUR_MS = 3_600_000;
  const anOrder = async (externalId: string): Promise<string> => {
    const { note: _, ...stated } = statedOrder();
    const origin = { integrationId: seller.id!, integrationCode: 'seller', channelCode: 'seller', observedAt: hub.now };
    const own = { ...stated, externalId };
    return (await hub.act((scope) => recordStatedOrder(scope, own, origin), seller)).orderId;
  };
  const parcel = (externalId: string, order: string, quantity: string, at: Date) =>
    hub.act(
      (scope) =>
        recordStatedShipment(
          scope,
          {
            externalId,
            sourceVersion: hub.now,
            orderExternalId: order,
            status: 'SHIPPED',
            at,
            lines: [{ lineExternalId: 'A-1', quantity }],
          },
          { integrationId: seller.id!, integrationCode: 'seller', channelCode: 'seller', observedAt: hub.now },
        ),
      seller,
    );
  const ofOrder = (system: PushVendor, recordId: string) => {
    const orderId = typeId(ORDER_PREFIX, recordId);
    const shipments = system.told
      .filter(({ stream }) => stream === 'shipments')
      .map(({ record }) => record as OutgoingRecords['shipment'])
      .filter(({ order }) => order.hubId === orderId);
    return {
      hasLeftBefore: system.toldOf<'order'>('orders', orderId).at(-1)?.record.hasLeftBefore,
      lines: shipments.at(-1)?.lines.map(({ quantity, leftBefore }) => ({ quantity, leftBefore })),
    };
  };

  test('the hub first counted them are told as such, and an order that was sent so as a whole', async () => {
    await hub.product('LAMP', '10');
    const before = new Date(hub.now.getTime() - HOUR_MS);
    const [whole, half, fresh] = [await anOrder('W'), await anOrder('H'), await anOrder('F')];
    await parcel('P-W', 'W', '2', before);
    await parcel('P-H', 'H', '1', before);
    await parcel('P-F', 'F', '2', hub.now);
    await hub.quiet();
    expect(ofOrder(officeSystem, whole)).toEqual({
      hasLeftBefore: true,
      lines: [{ quantity: '2', leftBefore: true }],
    });
    expect(ofOrder(officeSystem, half)).toEqual({
      hasLeftBefore: false,
      lines: [{ quantity: '1', leftBefore: true }],
    });
    expect(ofOrder(officeSystem, fresh)).toEqual({
      hasLeftBefore: false,
      lines: [{ quantity: '2', leftBefore: false }],
    });
    // What left since makes the order one of now.
    await parcel('P-H2', 'H', '1', hub.now);
    await hub.quiet();
    expect(ofOrder(officeSystem, half).hasLeftBefore).toBe(false);
  });

  test('the system was connected are told to it as such, and to others as they are', async () => {
    const recordId = await anOrder('L');
    await parcel('P-L', 'L', '1', hub.now);
    await hub.quiet();
    await hub.later(HOUR_MS);
    const lateSystem = await PushVendor.start();
    await hub.connect('later', office, lateSystem.url);
    await hub.quiet();
    await parcel('P-L2', 'L', '1', hub.now);
    await hub.quiet();
    await hub.later(60_000);
    await hub.quiet();
    const told = lateSystem.told
      .filter(({ stream }) => stream === 'shipments')
      .map(({ record }) => record as OutgoingRecords['shipment'])
      .filter(({ order }) => order.externalId !== null);
    // The first of them is part of what it is told of the order; what is left to be sent is not to be sent twice.
    const parcels = new Map(told.map(({ number, lines }) => [number, lines.map(({ leftBefore }) => leftBefore)]));
    expect([...parcels].sort().map(([, before]) => before)).toEqual([[true], [false]]);
    expect(ofOrder(lateSystem, recordId).hasLeftBefore).toBe(false);
    expect(ofOrder(officeSystem, recordId).lines).toEqual([{ quantity: '1', leftBefore: false }]);
    await lateSystem.close();
  });
});
