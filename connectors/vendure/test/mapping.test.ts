import { describe, expect, test } from '@jest/globals';
import type { Change, StatedOrder, StatedPayment } from '#connect';
import { orderChanges } from '../mapping/order.js';

const settings = { baseUrl: 'https://shop.example' };
const tax = [{ description: 'Standard', taxRate: '19' }];
const line = {
  id: '11',
  quantity: '3',
  orderPlacedQuantity: '3',
  unitPrice: '1999',
  unitPriceWithTax: '2379',
  linePrice: '5997',
  linePriceWithTax: '7136',
  proratedLinePrice: '5397',
  proratedLinePriceWithTax: '6422',
  taxLines: tax,
  productVariant: { id: '4', sku: 'VLV-025', name: 'Ball valve 25 mm' },
};
const shipping = {
  id: '21',
  price: '500',
  priceWithTax: '595',
  discountedPrice: '500',
  discountedPriceWithTax: '595',
  discounts: [],
  shippingMethod: { code: 'parcel', name: 'Parcel' },
};
const payment = {
  id: '31',
  createdAt: '2026-03-01T10:00:01.000Z',
  updatedAt: '2026-03-02T08:00:00.000Z',
  method: 'card',
  amount: '7017',
  state: 'Settled',
  transactionId: 'tx-1',
  refunds: [{ id: '41', updatedAt: '2026-03-03T08:00:00.000Z', total: '1000', state: 'Settled' }],
};
const order = {
  id: '7',
  code: 'ABC123',
  type: 'Regular',
  state: 'PaymentSettled',
  createdAt: '2026-03-01T09:59:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  orderPlacedAt: '2026-03-01T10:00:02.000Z',
  currencyCode: 'EUR',
  pricesIncludeTax: false,
  totalWithTax: '7017',
  customer: { id: '5', firstName: 'Anna', lastName: 'Berg', emailAddress: 'a@shop.example', addresses: [] },
  billingAddress: {},
  shippingAddress: { fullName: 'Anna Berg', streetLine1: 'Street 1', city: 'Berlin', countryCode: 'DE', company: '' },
  lines: [line],
  surcharges: [] as object[],
  shippingLines: [shipping],
  taxSummary: tax,
  payments: [payment],
  fulfillments: [],
};

const read = (more: object = {}, given: object = {}): Change[] =>
  orderChanges({ ...order, ...more }, { settings: { ...settings, ...given } });
function orderOf(more: object = {}, given: object = {}): StatedOrder {
  const [first] = read(more, given);
  if (first?.kind !== 'order') throw new Error('expected an order');
  return first.order;
}

describe('an order', () => {
  test('is told before tax where the shop lists prices so, to the cent', () => {
    expect(orderOf()).toMatchObject({
      externalId: '7',
      channelNumber: 'ABC123',
      pricesIncludeTax: false,
      billingAddress: undefined,
      shippingAddress: { name: 'Anna Berg', line1: 'Street 1', country: 'DE', company: undefined },
      lines: [{ unitPrice: '19.99', quantity: '3', discount: '6.00', taxLines: [{ rate: '0.19', amount: '10.25' }] }],
      shippingLines: [
        { method: 'Parcel', price: '5.00', taxLines: [{ name: 'Standard', rate: '0.19', amount: '0.95' }] },
      ],
      stated: { subtotal: '59.97', discountTotal: '6.00', shippingTotal: '5.00', taxTotal: '11.20', total: '70.17' },
    });
  });

  test('is told with tax where only so unit price times quantity is the line price, whatever the channel says now', () => {
    const gross = { ...line, unitPrice: '1680', unitPriceWithTax: '1999', linePrice: '5039', linePriceWithTax: '5997' };
    const told = orderOf({
      lines: [{ ...gross, proratedLinePrice: '5039', proratedLinePriceWithTax: '5997' }],
      totalWithTax: '6592',
    });
    expect(told).toMatchObject({
      pricesIncludeTax: true,
      lines: [{ unitPrice: '19.99', discount: '0.00', taxLines: [{ amount: '9.58' }] }],
      stated: { subtotal: '59.97', shippingTotal: '5.95', taxTotal: '10.53', total: '65.92' },
    });
  });

  test('that was called off is told as it was placed, its shipping included', () => {
    const none = { quantity: '0', linePrice: '0', linePriceWithTax: '0', proratedLinePrice: '0' };
    const freed = { discountedPrice: '0', discountedPriceWithTax: '0' };
    const calledOff = { adjustmentSource: 'CANCEL_ORDER', amount: '-500', amountWithTax: '-595' };
    const told = orderOf({
      state: 'Cancelled',
      lines: [{ ...line, ...none, proratedLinePriceWithTax: '0' }],
      shippingLines: [{ ...shipping, ...freed, discounts: [calledOff] }],
      totalWithTax: '0',
    });
    expect(told).toMatchObject({
      canceledAt: new Date('2026-03-01T10:00:00Z'),
      lines: [{ quantity: '3', unitPrice: '19.99', taxLines: [{ amount: '11.39' }] }],
      stated: { subtotal: '59.97', shippingTotal: '5.00', taxTotal: '12.34', total: '77.31' },
    });
  });

  test('is as new as the newest of what belongs to it, since its own time stands still', () => {
    expect(orderOf().sourceVersion).toEqual(new Date('2026-03-03T08:00:00Z'));
  });

  test('whose tax is reckoned as a whole is rounded by a cent or two, and no further', () => {
    expect(orderOf({ totalWithTax: '7016' })).toMatchObject({
      adjustments: [{ kind: 'ROUNDING', amount: '-0.01' }],
      stated: { total: '70.16' },
    });
    expect(() => orderOf({ totalWithTax: '7020' })).toThrow('totalWithTax: says 70.20, its parts come to 70.17');
  });

  test('has what was charged on top as a line and what was taken off as a discount', () => {
    const surcharges = [
      { id: '1', description: 'Gift wrap', sku: '', price: '200', priceWithTax: '238', taxLines: tax },
      { id: '2', description: 'Voucher', price: '-100', priceWithTax: '-100', taxLines: [] },
    ];
    expect(orderOf({ surcharges, totalWithTax: '7155' })).toMatchObject({
      lines: [{ externalId: '11' }, { externalId: 'surcharge:1', sku: 'vendure:surcharge', unitPrice: '2.00' }],
      adjustments: [{ kind: 'DISCOUNT', label: 'Voucher', amount: '1.00' }],
      stated: { total: '71.55' },
    });
  });

  test('in whole currencies is written by the shop with digits that it does not have', () => {
    const yen = { ...line, quantity: '1', orderPlacedQuantity: '1', unitPrice: '10000', unitPriceWithTax: '11000' };
    const prices = { linePrice: '10000', linePriceWithTax: '11000', proratedLinePrice: '10000' };
    const given = {
      currencyCode: 'JPY',
      lines: [{ ...yen, ...prices, proratedLinePriceWithTax: '11000' }],
      shippingLines: [],
      payments: [],
    };
    expect(orderOf({ ...given, totalWithTax: '11000' }).stated.total).toBe('110');
    expect(() => orderOf({ ...given, totalWithTax: '11050' })).toThrow(
      'expected no more digits than JPY has, got 110.5',
    );
    expect(orderOf({ ...given, totalWithTax: '11000' }, { moneyDigits: 0 }).stated.total).toBe('11000');
  });

  test('that was not placed, or is one seller’s part of another, says nothing', () => {
    expect(read({ orderPlacedAt: null, state: 'AddingItems' })).toEqual([]);
    expect(read({ type: 'Seller' })).toEqual([]);
  });

  test('in a state that nobody has heard of is refused, unless the settings know it', () => {
    expect(() => read({ state: 'AwaitingStock' })).toThrow('state: expected one of Created, Draft');
    expect(orderOf({ state: 'AwaitingStock' }, { orderStates: ['AwaitingStock'] }).canceledAt).toBeUndefined();
  });
});

describe('a payment', () => {
  const paymentOf = (more: object): StatedPayment => {
    const change = read({ payments: [{ ...payment, ...more }] })[1];
    if (change?.kind !== 'payment') throw new Error('expected a payment');
    return change.payment;
  };
  test('says what was taken and what was given back', () => {
    expect(paymentOf({})).toEqual({
      externalId: '31',
      sourceVersion: new Date('2026-03-03T08:00:00Z'),
      orderExternalId: '7',
      status: 'PARTIALLY_REFUNDED',
      currency: 'EUR',
      amount: '70.17',
      captured: '70.17',
      refunded: '10.00',
      provider: 'card',
      displayName: 'tx-1',
      createdAt: new Date('2026-03-01T10:00:01Z'),
    });
  });

  test.each([
    ['Created', 'PENDING'],
    ['Authorized', 'AUTHORIZED'],
    ['Settled', 'CAPTURED'],
    ['Declined', 'FAILED'],
    ['Error', 'FAILED'],
    ['Cancelled', 'VOIDED'],
  ])('that is %s there is %s', (state, status) => {
    expect(paymentOf({ state, refunds: [] }).status).toBe(status);
  });
});
