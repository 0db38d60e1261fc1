import { describe, expect, test } from '@jest/globals';
import { ConnectorFailure } from '#connect';
import { changedFixture, fixture, readOrder } from './read-order.js';

type Json = Record<string, unknown>;
const lineOf = (order: Json, index: number): Json => (order.line_items as Json[])[index]!;
const failureOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConnectorFailure) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'no failure';
};
const refusal = async (name: string, change: (order: Json) => void): Promise<string> => {
  const order = await changedFixture(name, change);
  return failureOf(() => readOrder(order));
};

describe('an order as it is delivered today', () => {
  test('is read with every amount as the shop states it, in the shop’s currency', async () => {
    const order = readOrder(await fixture('order-created'));
    expect(order.stated).toEqual({
      subtotal: '83.20',
      discountTotal: '10.01',
      shippingTotal: '8.00',
      taxTotal: '13.37',
      total: '83.69',
    });
    expect(order.currency).toBe('EUR');
    expect(order.pricesIncludeTax).toBe(true);
    expect(order.lines).toEqual([
      {
        externalId: '866550311766439020',
        sku: 'LAMP-1',
        description: 'Lamp - brass',
        quantity: '3',
        unitPrice: '24.40',
        discount: '6.01',
        taxLines: [{ name: 'VAT', rate: '0.22', amount: '12.12' }],
        requiresShipping: true,
      },
      {
        externalId: '866550311766439021',
        sku: 'shopify:44000000000002',
        description: 'Manual (download)',
        quantity: '1',
        unitPrice: '10.00',
        discount: '1.00',
        taxLines: [{ name: 'VAT', rate: '0.04', amount: '0.35' }],
        requiresShipping: false,
      },
    ]);
    expect(order.shippingLines).toEqual([
      { method: 'Express', price: '8.00', discount: '3.00', taxLines: [{ name: 'VAT', rate: '0.22', amount: '0.90' }] },
    ]);
    expect(order.adjustments).toEqual([{ kind: 'FEE', label: 'Tip', amount: '2.50' }]);
  });

  test('keeps all digits of ids beyond 2^53 and turns times into UTC', async () => {
    const order = readOrder(await fixture('order-created'));
    expect(order.externalId).toBe('820982911946154508');
    expect(order.customer!.externalId).toBe('7115310627314723954');
    expect(order.externalUrl).toBe('https://my-shop.myshopify.com/admin/orders/820982911946154508');
    expect(order.sourceVersion.toISOString()).toBe('2026-03-01T21:30:06.000Z');
    expect(order.placedAt.toISOString()).toBe('2026-03-01T21:30:04.000Z');
  });

  test('is read with its customer, addresses, note and purchase order', async () => {
    const order = readOrder(await fixture('order-created'));
    expect(order.customer).toEqual({
      externalId: '7115310627314723954',
      name: 'Ferri Arredi',
      kind: 'COMPANY',
      email: 'ada.ferri@example.com',
      phone: '+39 051 555 0101',
    });
    expect(order.billingAddress).toEqual({
      name: 'Ada Ferri',
      company: 'Ferri Arredi',
      line1: 'Via Emilia 12',
      line2: undefined,
      city: 'Bologna',
      region: 'Bologna',
      postalCode: '40121',
      country: 'IT',
      phone: undefined,
    });
    expect(order.shippingAddress).toEqual({
      name: 'Ada Ferri',
      company: undefined,
      line1: 'Hauptstrasse 3',
      line2: '2. Stock',
      city: 'Graz',
      region: undefined,
      postalCode: '8010',
      country: 'AT',
      phone: '+43 316 555 010',
    });
    expect(order).toMatchObject({
      channelNumber: '#1042',
      note: 'Leave with the porter',
      purchaseOrderNumber: 'PO-7781',
      email: 'ada.ferri@example.com',
    });
    expect(order.canceledAt).toBeUndefined();
  });

  test('has no customer where it was a guest’s', async () => {
    const order = readOrder(await changedFixture('order-created', (each) => void (each.customer = null)));
    expect(order.customer).toBeUndefined();
  });

  test('is canceled as it was placed, although nothing of it is left', async () => {
    const order = readOrder(
      await changedFixture('order-created', (each) => {
        Object.assign(each, {
          cancelled_at: '2026-03-02T08:00:00+02:00',
          cancel_reason: 'inventory',
          current_total_price: '0.00',
        });
        for (const index of [0, 1]) lineOf(each, index).current_quantity = '0';
      }),
    );
    expect(order.canceledAt?.toISOString()).toBe('2026-03-02T06:00:00.000Z');
    expect(order.cancelReason).toBe('inventory');
    expect(order.stated.total).toBe('83.69');
    expect(order.lines.map((line) => line.quantity)).toEqual(['3', '1']);
  });
});

describe('an order that changed after it was placed', () => {
  test('counts as it stands now where lines were removed', async () => {
    const order = readOrder(
      await changedFixture('order-created', (each) => {
        lineOf(each, 1).current_quantity = '0';
        Object.assign(each, {
          current_total_discounts: '9.01',
          current_total_tax: '13.02',
          current_total_price: '74.69',
        });
      }),
    );
    expect(order.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([['LAMP-1', '3']]);
    expect(order.stated).toEqual({
      subtotal: '73.20',
      discountTotal: '9.01',
      shippingTotal: '8.00',
      taxTotal: '13.02',
      total: '74.69',
    });
  });

  test('takes the share of discount and tax of a line that is left in part', async () => {
    const order = readOrder(
      await changedFixture('order-older', (each) => {
        const [first, second] = each.line_items as Json[];
        Object.assign(second!, { current_quantity: '1' });
        Object.assign(first!, { tax_lines: [{ title: 'T', rate: '0.1', price: '1.00' }] });
        Object.assign(second!, { tax_lines: [{ title: 'T', rate: '0.1', price: '1.50' }] });
        Object.assign(each, {
          total_tax: '2.50',
          current_total_discounts: '5.50',
          current_total_tax: '1.75',
          current_total_price: '23.25',
        });
      }),
    );
    expect(order.lines[1]).toMatchObject({ quantity: '1', discount: '2.50', taxLines: [{ amount: '0.75' }] });
    expect(order.stated).toEqual({
      subtotal: '23.00',
      discountTotal: '5.50',
      shippingTotal: '4.00',
      taxTotal: '1.75',
      total: '23.25',
    });
  });

  test('counts as ordered where goods came back', async () => {
    const order = readOrder(
      await changedFixture('order-created', (each) => {
        lineOf(each, 0).current_quantity = '2';
        each.refunds = [
          { refund_line_items: [{ line_item_id: '866550311766439020', quantity: '1', restock_type: 'return' }] },
        ];
        each.current_total_price = '61.29';
      }),
    );
    expect(order.lines[0]!.quantity).toBe('3');
    expect(order.stated.total).toBe('83.69');
  });

  test('is refused where some goods came back and others were removed', async () => {
    const reason = await refusal('order-created', (each) => {
      lineOf(each, 0).current_quantity = '1';
      each.refunds = [
        { refund_line_items: [{ line_item_id: '866550311766439020', quantity: '1', restock_type: 'return' }] },
      ];
    });
    expect(reason).toBe(
      'rejected: line_items.0.current_quantity: goods were returned and others removed; no total is stated for what was ordered',
    );
  });

  test('is refused where the totals since are missing', async () => {
    const reason = await refusal('order-older', (each) => void (lineOf(each, 1).current_quantity = '1'));
    expect(reason).toBe('rejected: current_total_price: the order was edited, and its totals since are not all there');
  });
});

describe('an order in the shape of older versions', () => {
  test('has its tax spread over the taxable lines without losing a cent, and its own discount on the order', async () => {
    const order = readOrder(await fixture('order-older'));
    expect(order.lines.map(({ sku, discount, taxLines }) => ({ sku, discount, taxLines }))).toEqual([
      { sku: 'A', discount: '0.00', taxLines: [{ name: 'State Tax', rate: '0.06', amount: '0.60' }] },
      { sku: 'B', discount: '5.00', taxLines: [{ name: 'State Tax', rate: '0.06', amount: '0.91' }] },
      { sku: 'shopify:custom:3', discount: '0.00', taxLines: [] },
    ]);
    expect(order.adjustments).toEqual([{ kind: 'DISCOUNT', label: 'THREE', amount: '3.00' }]);
    expect(order.stated).toEqual({
      subtotal: '33.00',
      discountTotal: '8.00',
      shippingTotal: '4.00',
      taxTotal: '1.51',
      total: '30.51',
    });
    expect(order.customer).toMatchObject({ name: 'Tom Reed', kind: 'PERSON' });
    expect(order.email).toBeUndefined();
  });
});

describe('what cannot be taken exactly is refused with its field', () => {
  const cases: [title: string, change: (order: Json) => void, reason: string][] = [
    [
      'an address without its country code',
      (o) => void delete (o.shipping_address as Json).country_code,
      'rejected: shipping_address.country_code: expected a text, got nothing',
    ],
    [
      'an address without a street',
      (o) => void ((o.billing_address as Json).address1 = ' '),
      'rejected: billing_address.address1: expected a text, got nothing',
    ],
    [
      'a currency that does not exist',
      (o) => void Object.assign(o, { currency: 'EURO' }),
      'rejected: currency: expected an ISO 4217 code, got "EURO"',
    ],
    [
      'shop money in another currency than the order',
      (o) => void ((o.total_price_set as { shop_money: Json }).shop_money.currency_code = 'USD'),
      "rejected: total_price_set.shop_money.currency_code: expected the order's EUR, got USD",
    ],
    [
      'a pair that says another amount',
      (o) => void ((o.total_price_set as { shop_money: Json }).shop_money.amount = '83.70'),
      'rejected: total_price: says 83.69, total_price_set.shop_money says 83.70',
    ],
    [
      'lines that do not come to their total',
      (o) => void Object.assign(o, { total_line_items_price: '83.21' }),
      'rejected: total_line_items_price: the order says 83.21, its lines come to 83.20',
    ],
    [
      'taxes that do not come to their total',
      (o) => void Object.assign(o, { total_tax: '13.38' }),
      'rejected: total_tax: the order says 13.38, its tax lines come to 13.37',
    ],
    [
      'parts that do not come to the total',
      (o) => void Object.assign(o, { total_price: '90.00', total_price_set: null }),
      'rejected: total_price: the order says 90.00, its parts come to 83.69',
    ],
    [
      'discounts on lines that exceed the order’s',
      (o) => void Object.assign(o, { total_discounts: '9.00' }),
      'rejected: total_discounts: says 9.00, lines and shipping come to 10.01',
    ],
    [
      'a shipping discount told in two ways',
      (o) => void ((o.shipping_lines as Json[])[0]!.discounted_price = '4.00'),
      'rejected: shipping_lines.0.discounted_price: expected 5.00, got 4.00',
    ],
    [
      'more digits than the currency has',
      (o) => void Object.assign(o, { total_tip_received: '2.505' }),
      'rejected: total_tip_received: expected no more digits than EUR has, got 2.505',
    ],
    [
      'tax on duties',
      (o) => void (lineOf(o, 0).duties = [{ tax_lines: [{ title: 'GST', rate: '0.1', price: '0.10' }] }]),
      'rejected: line_items.0.duties.0.tax_lines: tax on duties has no place in an order of the hub, got 0.10',
    ],
    [
      'an order without lines',
      (o) => void (o.line_items = []),
      'rejected: line_items: expected at least one line of which something is left',
    ],
    [
      'a time without its offset',
      (o) => void (o.updated_at = '2026-03-01T23:30:06'),
      'unexpected_shape: updated_at: expected a time with its offset, got "2026-03-01T23:30:06"',
    ],
    [
      'an amount that is no decimal',
      (o) => void (lineOf(o, 0).price = '24,40'),
      'unexpected_shape: line_items.0.price: expected a decimal amount that is not negative, got "24,40"',
    ],
    [
      'a body that is no order',
      (o) => void Object.keys(o).forEach((key) => key !== 'id' && delete o[key]),
      'unexpected_shape: name: expected a text, got nothing; created_at: expected a time, got nothing; updated_at: expected a time, got nothing; and 6 more',
    ],
  ];
  test.each(cases)('%s', async (_, change, reason) => {
    expect(await refusal('order-created', change)).toBe(reason);
  });

  test('duties and other fees count where they are stated', async () => {
    const order = readOrder(
      await changedFixture('order-created', (each) => {
        Object.assign(each, {
          original_total_duties_set: { shop_money: { amount: '5.00', currency_code: 'EUR' } },
          original_total_additional_fees_set: { shop_money: { amount: '1.00', currency_code: 'EUR' } },
          total_price: '89.69',
          total_price_set: null,
        });
      }),
    );
    expect(order.adjustments.map(({ label, amount }) => `${label} ${amount}`)).toEqual([
      'Tip 2.50',
      'Duties 5.00',
      'Additional fees 1.00',
    ]);
  });

  test('a body that is no JSON', () => {
    expect(failureOf(() => readOrder('{"id":'))).toMatch(/^unexpected_shape: body: expected JSON: /);
  });
});
