import { describe, expect, test } from '@jest/globals';
import { ConnectorFailure, type Change, type StatedPayment } from '#connect';
import shopify from '../index.js';
import { paymentsOf } from '../mapping/payments.js';
import { textOfHtml } from '../mapping/products.js';
import { orderMoneyShape } from '../wire/payments.js';

const settings = { shopDomain: 'my-shop.myshopify.com', locations: { MAIN: '61' }, stockCountedBy: 'SHOP' };
const read = (topic: string, body: object | string): Change[] =>
  shopify.webhooks!.read(topic, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), settings);
const failureOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ConnectorFailure) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'none';
};
const at = '2026-03-01T12:00:00+02:00';

describe('the payments of an order', () => {
  const bag = (amount: string, currencyCode = 'EUR') => ({ shopMoney: { amount, currencyCode } });
  const transaction = (id: number, kind: string, amount: string, more: object = {}) => ({
    id: `gid://shopify/OrderTransaction/${id}`,
    kind,
    status: 'SUCCESS',
    gateway: 'shopify_payments',
    formattedGateway: 'Shopify Payments',
    createdAt: '2026-03-01T10:00:00Z',
    amountSet: bag(amount),
    parentTransaction: null,
    paymentDetails: { company: 'Visa', number: '•••• •••• •••• 4242', paymentMethodName: 'card' },
    ...more,
  });
  const child = (id: number, kind: string, amount: string, parent: number, more: object = {}) =>
    transaction(id, kind, amount, { parentTransaction: { id: `gid://shopify/OrderTransaction/${parent}` }, ...more });
  const payments = (...transactions: object[]): StatedPayment[] =>
    paymentsOf(
      orderMoneyShape.parse({
        id: 'gid://shopify/Order/820982911946154508',
        updatedAt: '2026-03-01T11:00:00Z',
        currencyCode: 'EUR',
        transactions,
      }),
    );
  const CASES: [title: string, transactions: object[], status: string, money: string][] = [
    ['authorized', [transaction(1, 'AUTHORIZATION', '50.0')], 'AUTHORIZED', '50.00 0.00 0.00'],
    [
      'captured',
      [transaction(1, 'AUTHORIZATION', '50.0'), child(2, 'CAPTURE', '50.0', 1)],
      'CAPTURED',
      '50.00 50.00 0.00',
    ],
    [
      'captured in part',
      [transaction(1, 'AUTHORIZATION', '50.0'), child(2, 'CAPTURE', '20.5', 1)],
      'PARTIALLY_CAPTURED',
      '50.00 20.50 0.00',
    ],
    ['voided', [transaction(1, 'AUTHORIZATION', '50.0'), child(2, 'VOID', '50.0', 1)], 'VOIDED', '50.00 0.00 0.00'],
    ['sold at once', [transaction(1, 'SALE', '50.0')], 'CAPTURED', '50.00 50.00 0.00'],
    [
      'refunded in part, by way of the capture',
      [transaction(1, 'AUTHORIZATION', '50.0'), child(2, 'CAPTURE', '50.0', 1), child(3, 'REFUND', '9.99', 2)],
      'PARTIALLY_REFUNDED',
      '50.00 50.00 9.99',
    ],
    ['refunded', [transaction(1, 'SALE', '50.0'), child(3, 'REFUND', '50.0', 1)], 'REFUNDED', '50.00 50.00 50.00'],
    [
      'whose refund failed',
      [transaction(1, 'SALE', '50.0'), child(3, 'REFUND', '50.0', 1, { status: 'FAILURE' })],
      'CAPTURED',
      '50.00 50.00 0.00',
    ],
    ['failed', [transaction(1, 'SALE', '50.0', { status: 'FAILURE' })], 'FAILED', '50.00 0.00 0.00'],
    ['pending', [transaction(1, 'SALE', '50.0', { status: 'AWAITING_RESPONSE' })], 'PENDING', '50.00 0.00 0.00'],
    [
      'pending, then marked as paid',
      [transaction(1, 'SALE', '50.0', { status: 'PENDING' }), child(2, 'SALE', '50.0', 1)],
      'CAPTURED',
      '50.00 50.00 0.00',
    ],
    [
      'in cash, with change given back',
      [transaction(1, 'SALE', '50.0'), child(2, 'CHANGE', '1.5', 1)],
      'CAPTURED',
      '48.50 48.50 0.00',
    ],
  ];
  test.each(CASES)('one %s', (_, transactions, status, money) => {
    const [payment, ...others] = payments(...transactions);
    expect(others).toEqual([]);
    expect([payment!.status, `${payment!.amount} ${payment!.captured} ${payment!.refunded}`]).toEqual([status, money]);
  });

  test('are as many as there were beginnings, each shown by its last digits alone', () => {
    const found = payments(
      transaction(1, 'SALE', '20.0', { status: 'FAILURE' }),
      transaction(2, 'SALE', '20.0'),
      transaction(3, 'SUGGESTED_REFUND', '1.0'),
    );
    expect(found.map(({ externalId, status }) => [externalId, status])).toEqual([
      ['1', 'FAILED'],
      ['2', 'CAPTURED'],
    ]);
    expect(found[0]).toMatchObject({
      orderExternalId: '820982911946154508',
      provider: 'shopify_payments',
      method: 'card',
      displayName: 'Visa •••• 4242',
    });
  });

  test('in another currency, or of a kind that nobody heard of, are refused', () => {
    const dollars = { amountSet: bag('1.0', 'USD') };
    expect(failureOf(() => payments(transaction(1, 'SALE', '1.0', dollars)))).toBe(
      "rejected: transactions.0.amountSet.shopMoney.currencyCode: expected the order's EUR, got USD",
    );
    expect(() => payments(transaction(1, 'BARTER', '1.0'))).toThrow('expected one of AUTHORIZATION');
  });
});

describe('a product by webhook', () => {
  const product = {
    id: 7,
    title: 'Lamp',
    body_html: '<p>Warm &amp; bright</p><ul><li>brass</li></ul>',
    status: 'active',
    updated_at: at,
    variants: [
      {
        id: 71,
        sku: 'L-1',
        title: 'brass',
        updated_at: at,
        inventory_management: 'shopify',
        grams: 400,
        requires_shipping: true,
      },
      { id: 72, sku: '', title: 'Default Title', updated_at: '2026-03-01T13:00:00+02:00' },
    ],
  };
  test('is one for each variant; what is not said is left out', () => {
    expect(read('products/update', product)).toEqual([
      {
        kind: 'product',
        product: {
          externalId: '71',
          externalUrl: 'https://my-shop.myshopify.com/admin/products/7/variants/71',
          sourceVersion: new Date(at),
          sku: 'L-1',
          name: 'Lamp - brass',
          description: 'Warm & bright\nbrass',
          isActive: true,
          isStocked: true,
          requiresShipping: true,
          weightGrams: 400,
        },
      },
      {
        kind: 'product',
        product: expect.objectContaining({
          externalId: '72',
          sku: 'shopify:72',
          name: 'Lamp',
          sourceVersion: new Date('2026-03-01T11:00:00Z'),
        }) as unknown,
      },
    ]);
    expect(read('products/delete', { id: 7 })).toEqual([]);
    expect(failureOf(() => read('products/update', { ...product, status: 'hidden' }))).toBe(
      'unexpected_shape: status: expected one of active, unlisted, archived, draft, got "hidden"',
    );
  });

  test('has its description in plain text', () => {
    expect(textOfHtml('<h1>A</h1>b<br>c &#8364;&#x20AC; &unknown; <script>')).toBe('A\nb\nc €€ &unknown;');
    expect(textOfHtml('<p> </p>')).toBeUndefined();
  });
});

describe('a customer by webhook', () => {
  test('is read with whole addresses and its tags; a log-in that is off is not an inactive customer', () => {
    const address = { address1: 'Via Po 1', city: 'Torino', country_code: 'IT', company: 'Ferri', first_name: 'Ada' };
    const [change] = read('customers/update', {
      id: 9,
      updated_at: at,
      first_name: 'Ada',
      last_name: 'Ferri',
      email: 'ada@example.com',
      state: 'disabled',
      tags: 'vip, b2b',
      default_address: address,
      addresses: [address, { city: 'Torino' }],
    });
    expect(change).toMatchObject({
      kind: 'customer',
      customer: {
        externalId: '9',
        name: 'Ferri',
        kind: 'COMPANY',
        phone: null,
        tags: ['vip', 'b2b'],
        billingAddress: { line1: 'Via Po 1' },
      },
    });
    const { customer } = change as { customer: { shippingAddresses: object[]; isActive?: boolean } };
    expect(customer.shippingAddresses).toHaveLength(1);
    expect(customer.isActive).toBeUndefined();
  });
});

describe('a fulfillment by webhook', () => {
  const fulfillment = {
    id: 5,
    order_id: 4,
    status: 'success',
    created_at: at,
    updated_at: at,
    location_id: 61,
    tracking_company: 'DHL',
    tracking_number: 'JD',
    line_items: [{ id: 3, sku: 'L-1', quantity: 2 }],
  };
  test('is a shipment from the place that the settings name', () => {
    expect(read('fulfillments/create', fulfillment)).toEqual([
      {
        kind: 'shipment',
        shipment: {
          externalId: '5',
          sourceVersion: new Date(at),
          orderExternalId: '4',
          status: 'SHIPPED',
          location: 'MAIN',
          carrier: 'DHL',
          trackingNumber: 'JD',
          trackingUrl: undefined,
          at: new Date(at),
          stockLeftAt: new Date(at),
          lines: [{ lineExternalId: '3', sku: 'L-1', quantity: '2' }],
        },
      },
    ]);
  });
  test.each([
    [{ status: 'cancelled' }, 'CANCELED'],
    [{ status: 'pending' }, 'PENDING'],
    [{ status: 'failure' }, undefined],
    [{ shipment_status: 'in_transit' }, 'IN_TRANSIT'],
    [{ shipment_status: 'delivered' }, 'DELIVERED'],
    [{ shipment_status: 'attempted_delivery' }, 'EXCEPTION'],
    [{ shipment_status: 'failure' }, 'DELIVERY_FAILED'],
    [{ shipment_status: 'label_printed' }, 'SHIPPED'],
  ])('%j is %s', (more, status) => {
    const [change] = read('fulfillments/update', { ...fulfillment, ...more });
    expect(change?.kind === 'shipment' ? change.shipment.status : undefined).toBe(status);
  });
  test('in a state that nobody heard of is refused', () => {
    expect(failureOf(() => read('fulfillments/update', { ...fulfillment, shipment_status: 'beamed' }))).toMatch(
      /^unexpected_shape: shipment_status: expected one of .*, got "beamed"$/,
    );
  });
});

describe('what only hints, and what is a person’s', () => {
  const hint = (stream: string, externalId: string) => [{ kind: 'hint', stream, externalId }];
  test('names what is to be read', () => {
    expect(read('refunds/create', { id: 1, order_id: 4 })).toEqual(hint('orders', '4'));
    expect(read('order_transactions/create', { id: 1, order_id: 4 })).toEqual(hint('orders', '4'));
    expect(read('orders/edited', { order_edit: { order_id: 4 } })).toEqual(hint('orders', '4'));
    expect(read('orders/delete', { id: 4 })).toEqual(hint('orders', '4'));
    expect(read('customers/delete', { id: 9 })).toEqual(hint('customers', '9'));
    expect(read('fulfillment_events/create', { id: 1, fulfillment_id: 5 })).toEqual(hint('shipments', '5'));
    expect(read('inventory_levels/update', { inventory_item_id: 8, location_id: 61, available: 3 })).toEqual(
      hint('stock', '8@61'),
    );
    expect(read('inventory_levels/update', { inventory_item_id: 8, location_id: 62 })).toEqual([]);
    const kept = {
      admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/9',
      admin_graphql_api_customer_deleted_id: 'gid://shopify/Customer/8',
    };
    expect(read('customers/merge', kept)).toEqual([...hint('customers', '9'), ...hint('customers', '8')]);
  });
  test('is kept with what is to be done', () => {
    expect(failureOf(() => read('customers/redact', { customer: { id: 9 }, orders_to_redact: [4, 5] }))).toBe(
      'rejected: customers/redact: the shop asks to erase the data of customer 9 (orders: 4, 5); a person has to do it',
    );
    expect(failureOf(() => read('customers/data_request', { customer: { id: 9 }, orders_requested: [] }))).toMatch(
      /^rejected: .*orders: none/,
    );
    expect(failureOf(() => read('shop/redact', { shop_id: 1 }))).toMatch(/^rejected: shop\/redact/);
    expect(failureOf(() => read('app/uninstalled', { id: 1 }))).toMatch(/^unauthorized: app\/uninstalled/);
  });
  test('goes with the messages of the same record', () => {
    const recordOf = (topic: string, body: object) =>
      shopify.webhooks!.identify({
        method: 'POST',
        url: 'https://hub.example/webhooks/shop',
        receivedAt: new Date(at),
        headers: { 'x-shopify-topic': topic },
        rawBody: Buffer.from(JSON.stringify(body)),
        settings,
        credentials: { clientSecret: 's' },
      })[0]!.externalId;
    expect(recordOf('refunds/create', { id: 1, order_id: 4 })).toBe('4');
    expect(recordOf('orders/edited', { order_edit: { id: 1, order_id: 4 } })).toBe('4');
    expect(recordOf('inventory_levels/update', { inventory_item_id: 8, location_id: 61 })).toBe('8@61');
    expect(recordOf('customers/redact', { customer: { id: 9 } })).toBe('9');
    expect(recordOf('shop/redact', { shop_id: 1 })).toBeUndefined();
  });
});

describe('what a shop says when it does not answer', () => {
  const said = (status: number, body: unknown) => {
    const failure = shopify.http!.failure!({ status, headers: {}, body }, { operation: 'Orders', method: 'POST' });
    return failure && [failure.kind, failure.message, failure.retryAfterMs];
  };
  const throttled = (requested: string, available: string) => ({
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: {
      cost: {
        requestedQueryCost: requested,
        actualQueryCost: null,
        throttleStatus: { maximumAvailable: '2000.0', currentlyAvailable: available, restoreRate: '100.0' },
      },
    },
  });
  test('is read in each of its layers', () => {
    expect(said(200, throttled('800', '50'))).toEqual(['throttled', 'Orders: Throttled (THROTTLED)', 7_500]);
    expect(said(200, { errors: [{ message: 'no', extensions: { code: 'ACCESS_DENIED' } }] })).toEqual([
      'unauthorized',
      'Orders: no (ACCESS_DENIED)',
      null,
    ]);
    expect(
      said(200, { data: { a: 1 }, errors: [{ message: 'oops', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })![0],
    ).toBe('transient');
    expect(said(200, { errors: [{ message: 'no such field' }] })).toEqual(['rejected', 'Orders: no such field', null]);
    expect([402, 403, 423].map((status) => said(status, null)![0])).toEqual([
      'unauthorized',
      'unauthorized',
      'unauthorized',
    ]);
    expect(said(200, { data: {} })).toBeNull();
  });
  test('tells its allowance with every answer', () => {
    const { extensions } = throttled('1', '1990.5');
    expect(shopify.http!.allowance!({ status: 200, headers: {}, body: { data: {}, extensions } })).toEqual({
      available: 1990.5,
      burst: 2000,
      perSecond: 100,
    });
  });
});
