import { describe, expect, test } from '@jest/globals';
import type { StatedOrder, StatedShipment } from '#connect';
import amazon from '../index.js';
import { fulfillment, item, money, order, part } from './fixtures.js';

const SETTINGS = { sellerId: 'A3TH9S8BH6GOGM', region: 'EU', marketplaceIds: ['APJ6JRA9NG5V4'], amazonLocation: 'FBA' };
const read = (raw: unknown, stream = 'orders', settings: object = SETTINGS) =>
  amazon.pull.get(stream)!.read(raw, { settings });
function orderOf(raw: unknown, settings?: object): StatedOrder {
  const [change] = read(raw, 'orders', settings);
  if (change?.kind !== 'order') throw new Error('expected an order');
  return change.order;
}
const shipmentsOf = (raw: unknown): StatedShipment[] =>
  read(raw, 'shipments').flatMap((change) => (change.kind === 'shipment' ? [change.shipment] : []));
/** An order of one item with those parts, of which the whole comes to that total. */
const soldFor = (total: string, ...parts: ReturnType<typeof part>[]) =>
  order({
    proceeds: { grandTotal: money(total) },
    orderItems: [item({ proceeds: { proceedsTotal: money(total), breakdowns: parts } })],
  });

describe('an order', () => {
  test('is stated with its lines, its tax on top, its buyer and where it goes', () => {
    expect(orderOf(order())).toEqual({
      externalId: '405-0000001-0000011',
      externalUrl: 'https://sellercentral-europe.amazon.com/orders-v3/order/405-0000001-0000011',
      sourceVersion: new Date('2026-02-01T11:00:00.500Z'),
      placedAt: new Date('2026-02-01T10:00:00Z'),
      channelNumber: '405-0000001-0000011',
      email: 'abc@marketplace.amazon.it',
      currency: 'EUR',
      pricesIncludeTax: false,
      customer: {
        externalId: 'abc@marketplace.amazon.it',
        name: 'Maria Rossi',
        kind: 'PERSON',
        email: 'abc@marketplace.amazon.it',
      },
      lines: [
        {
          externalId: '80000000000001',
          sku: 'LAMP-1',
          description: 'Lamp',
          quantity: '2',
          unitPrice: '10',
          discount: '0.00',
          taxLines: [{ name: 'Tax', rate: '0.22', amount: '4.40' }],
          requiresShipping: true,
        },
      ],
      shippingLines: [],
      adjustments: [],
      shippingAddress: {
        name: 'Maria Rossi',
        line1: 'Via Brera 1',
        line2: 'Scala B, Piano 2',
        city: 'Milano',
        region: 'MI',
        postalCode: '20121',
        country: 'IT',
      },
      stated: { subtotal: '20.00', discountTotal: '0.00', shippingTotal: '0.00', taxTotal: '4.40', total: '24.40' },
    });
  });

  test('has the price of the whole line shared out among its pieces, so that they come to it again', () => {
    const { lines, stated } = orderOf(
      order({
        proceeds: {},
        orderItems: [item({ quantityOrdered: '3', proceeds: { breakdowns: [part('ITEM', '10.00')] } })],
      }),
    );
    expect(lines[0]).toMatchObject({ quantity: '3', unitPrice: '3.333333' });
    expect(stated).toMatchObject({ subtotal: '10.00', total: '10.00' });
  });

  test('has shipping, its discount and its tax apart from the goods’, whatever sign discounts have', () => {
    for (const sign of ['-', '']) {
      const raw = soldFor(
        '24.40',
        part('ITEM', '20.00'),
        part('SHIPPING', '5.00'),
        part('DISCOUNT', `${sign}5.00`, { ITEM: `${sign}2.00`, SHIPPING: `${sign}3.00` }),
        part('TAX', '4.40', { ITEM: '3.96', SHIPPING: '0.44' }),
      );
      const { lines, shippingLines, stated } = orderOf(raw);
      expect(lines).toMatchObject([{ discount: '2.00', taxLines: [{ amount: '3.96', rate: '0.22' }] }]);
      expect(shippingLines).toEqual([
        {
          method: 'STANDARD',
          price: '5.00',
          discount: '3.00',
          taxLines: [{ name: 'Tax', rate: '0.22', amount: '0.44' }],
        },
      ]);
      expect(stated).toEqual({
        subtotal: '20.00',
        discountTotal: '5.00',
        shippingTotal: '5.00',
        taxTotal: '4.40',
        total: '24.40',
      });
    }
  });

  test('has tax in its prices where the total says so', () => {
    const stated = orderOf(soldFor('24.40', part('ITEM', '24.40'), part('TAX', '4.40')));
    expect(stated).toMatchObject({ pricesIncludeTax: true, stated: { subtotal: '24.40', total: '24.40' } });
    expect(stated.lines[0]!.taxLines).toEqual([{ name: 'Tax', rate: '0.22', amount: '4.40' }]);
  });

  test('has wrapping as a line that nobody ships, and fees and tips beside its lines', () => {
    const raw = soldFor(
      '27.00',
      part('ITEM', '20.00'),
      part('GIFT_WRAP', '3.00'),
      part('COD_FEE', '2.00'),
      part('TAX', '2.00', { ITEM: '1.70', GIFT_WRAP: '0.30' }),
    );
    const tip = { type: 'DELIVERY_TIP', subtotal: money('1.50') };
    const { lines, adjustments, stated } = orderOf({
      ...raw,
      proceeds: { grandTotal: money('27.00'), breakdowns: [tip] },
    });
    expect(lines[1]).toMatchObject({
      sku: 'amazon:gift-wrap',
      unitPrice: '3.00',
      requiresShipping: false,
      taxLines: [{ rate: '0.1', amount: '0.30' }],
    });
    expect(adjustments).toEqual([
      { kind: 'FEE', label: 'Cash on delivery', amount: '2.00' },
      { kind: 'FEE', label: 'Delivery tip', amount: '1.50' },
    ]);
    expect(stated.total).toBe('28.50');
  });

  test('of a company has its name, tax number and purchase order', () => {
    const raw = order({
      buyer: {
        buyerName: 'M',
        buyerEmail: 'c@marketplace.amazon.it',
        buyerCompanyName: 'Fontana',
        buyerPurchaseOrderNumber: 'PO 7',
      },
      tax: { taxRegistrations: [{ entityType: 'MERCHANT' }, { entityType: 'BUYER', taxRegistrationNumber: 'IT1' }] },
    });
    expect(orderOf(raw)).toMatchObject({
      purchaseOrderNumber: 'PO 7',
      customer: { name: 'Fontana', kind: 'COMPANY', taxId: 'IT1' },
    });
  });

  test('without what only a role may see has no customer and no address', () => {
    const { customer, email, shippingAddress } = orderOf(
      order({ buyer: null, recipient: { deliveryAddress: { city: 'Milano', countryCode: 'IT' } } }),
    );
    expect([customer, email, shippingAddress]).toEqual([undefined, undefined, undefined]);
  });

  test('names what has no SKU by its ASIN, and who keeps the tax', () => {
    const facilitated = item({
      product: { asin: 'B08C1W5N87' },
      tax: { taxCollections: [{ model: 'MARKETPLACE_FACILITATOR' }] },
    });
    const { lines } = orderOf(order({ proceeds: { grandTotal: money('20.00') }, orderItems: [facilitated] }));
    expect(lines[0]).toMatchObject({
      sku: 'amazon:B08C1W5N87',
      description: 'amazon:B08C1W5N87',
      taxLines: [{ name: 'Tax (collected by Amazon)' }],
    });
  });
});

describe('what is held back', () => {
  test('is an order that is pending, one of another channel, and one called off before it had a price', () => {
    for (const status of ['PENDING', 'PENDING_AVAILABILITY']) {
      expect(read(order({ fulfillment: fulfillment(status) }))).toEqual([]);
    }
    expect(read(order({ salesChannel: { channelName: 'NON_AMAZON' } }))).toEqual([]);
    const bare = item({ proceeds: null, product: { sellerSku: 'LAMP-1' } });
    expect(read(order({ fulfillment: fulfillment('CANCELLED'), orderItems: [bare] }))).toEqual([]);
  });

  test('is an item that was called off alone, and what is left is the order', () => {
    const off = item({
      orderItemId: '2',
      fulfillment: { quantityFulfilled: '0', quantityUnfulfilled: '0' },
      cancellation: { cancellationExecution: { cancelledBy: 'BUYER' } },
    });
    const none = item({ orderItemId: '3', quantityOrdered: '0', proceeds: null });
    const { lines, stated } = orderOf(order({ orderItems: [item(), off, none] }));
    expect(lines.map(({ externalId }) => externalId)).toEqual(['80000000000001']);
    expect(stated.total).toBe('24.40');
  });
});

test('an order that was called off whole counts as it was placed', () => {
  const off = item({ cancellation: { cancellationExecution: { cancelledBy: 'BUYER', cancelReason: 'NOT_NEEDED' } } });
  expect(orderOf(order({ fulfillment: fulfillment('CANCELLED'), orderItems: [off] }))).toMatchObject({
    canceledAt: new Date('2026-02-01T11:00:00.500Z'),
    cancelReason: 'BUYER: NOT_NEEDED',
    lines: [{ quantity: '2' }],
    stated: { total: '24.40' },
  });
});

test('a replacement is sent for nothing, in the currency of the settings', () => {
  const raw = order({
    proceeds: null,
    associatedOrders: [{ orderId: '1', associationType: 'REPLACEMENT_ORIGINAL_ID' }],
    orderItems: [item({ proceeds: null, product: { sellerSku: 'LAMP-1' } })],
  });
  expect(() => orderOf(raw)).toThrow('proceeds: expected an amount or the setting "currency", got neither');
  expect(orderOf(raw, { ...SETTINGS, currency: 'EUR' })).toMatchObject({ stated: { total: '0.00' } });
});

describe('refused by name', () => {
  const fails = (title: string, raw: unknown, message: string) =>
    test(title, () => expect(() => read(raw)).toThrow(message));
  const unpriced = item({ proceeds: null, product: { sellerSku: 'LAMP-1' } });
  fails(
    'is a total that the parts do not come to',
    soldFor('25.00', part('ITEM', '20.00'), part('TAX', '4.40')),
    'orderItems.0.proceeds.proceedsTotal: 25.00 is stated, the parts come to 20.00 without and 24.40 with tax',
  );
  fails(
    'is a grand total that the items do not come to',
    order({ proceeds: { grandTotal: money('30.00') } }),
    'proceeds.grandTotal: 30.00 is stated, the items come to 24.40',
  );
  fails('is an order without prices', order({ orderItems: [unpriced] }), 'expected what it is sold for, got nothing');
  fails(
    'are two currencies in one order',
    order({ proceeds: { grandTotal: money('24.40', 'SEK') } }),
    "currencyCode: expected the order's SEK, got EUR",
  );
  fails(
    'is a status that nobody has heard of',
    order({ fulfillment: fulfillment('TELEPORTED') }),
    'fulfillment.fulfillmentStatus: expected one of PENDING_AVAILABILITY',
  );
  fails('is a kind of amount that nobody has heard of', soldFor('1.00', part('LUCK', '1.00')), 'expected one of ITEM');
});

describe('what Amazon sends itself', () => {
  const sent = (quantityFulfilled: string, quantityUnfulfilled: string) => ({ quantityFulfilled, quantityUnfulfilled });

  test('is a shipment for each item that has left whole', () => {
    const raw = order({
      fulfillment: fulfillment('PARTIALLY_SHIPPED', 'AMAZON'),
      orderItems: [
        item({ fulfillment: sent('2', '0') }),
        item({ orderItemId: '2', fulfillment: sent('1', '1') }),
        item({ orderItemId: '3', fulfillment: sent('0', '0') }),
      ],
    });
    expect(shipmentsOf(raw)).toEqual([
      {
        externalId: '405-0000001-0000011/amazon/80000000000001',
        sourceVersion: new Date('2026-02-01T11:00:00.500Z'),
        orderExternalId: '405-0000001-0000011',
        status: 'SHIPPED',
        location: 'FBA',
        carrier: 'Amazon',
        service: 'STANDARD',
        at: new Date('2026-02-01T11:00:00.500Z'),
        lines: [{ lineExternalId: '80000000000001', quantity: '2' }],
      },
    ]);
  });

  test('is a shipment for each package where those are told', () => {
    const pack = (status: string, detailedStatus?: string) => ({
      packageReferenceId: '1',
      packageStatus: { status, detailedStatus },
      carrier: 'DHL',
      trackingNumber: 'T1',
      packageItems: [{ orderItemId: '80000000000001', quantity: '2' }],
    });
    const statusOf = (...words: [string, string?]) =>
      shipmentsOf(order({ fulfillment: fulfillment('SHIPPED', 'AMAZON'), packages: [pack(...words)] }))[0]!.status;
    expect(statusOf('IN_TRANSIT')).toBe('IN_TRANSIT');
    expect(statusOf('IN_TRANSIT', 'OUT_FOR_DELIVERY')).toBe('OUT_FOR_DELIVERY');
    expect(statusOf('UNDELIVERABLE', 'RETURNED_TO_SELLER')).toBe('RETURNED_TO_SENDER');
    expect(statusOf('CANCELLED')).toBe('CANCELED');
  });

  test('is nothing where the seller sends', () => {
    const packages = [{ packageReferenceId: '1', packageItems: [{ orderItemId: '80000000000001', quantity: '2' }] }];
    expect(shipmentsOf(order({ fulfillment: fulfillment('SHIPPED'), packages }))).toEqual([]);
  });
});
