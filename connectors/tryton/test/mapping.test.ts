import { describe, expect, test } from '@jest/globals';
import { type Change, type StatedOrder, type StatedShipment } from '#connect';
import { orderChanges } from '../mapping/order.js';
import { customerChanges } from '../mapping/people.js';
import { levelChanges } from '../mapping/goods.js';
import { saleLines } from '../mapping/sale.js';
import { shipmentChanges } from '../mapping/shipments.js';
import { orderOf } from './records.js';

const settings = {
  baseUrl: 'http://erp.example/live',
  locations: { BOLOGNA: '5' },
  clientUrl: 'https://erp.example/live',
};
const at = (second: string) => ({
  __class__: 'datetime',
  year: '2026',
  month: '3',
  day: '1',
  hour: '10',
  minute: '0',
  second,
  microsecond: '17',
});
const decimal = (value: string) => ({ __class__: 'Decimal', decimal: value });
const times = { create_date: at('0'), write_date: null };

function lineOf(id: string, quantity: string, price: string, amount: string, more: object = {}) {
  const sold = { product: '3', 'product.': { id: '3', code: 'VLV', name: 'Valve', type: 'goods' }, description: null };
  const priced = { quantity, unit_price: decimal(price), amount: decimal(amount) };
  return { id, sale: '1', type: 'line', sequence: null, ...sold, ...priced, taxes: ['1'], ...times, ...more };
}
function saleOf(lines: object[], amounts: [net: string, tax: string, total: string], more: object = {}) {
  const [untaxed, tax, total] = amounts.map(decimal);
  const sale = {
    id: '1',
    number: '7',
    reference: 'PO-1',
    description: null,
    comment: null,
    state: 'processing',
    party: '4',
    'party.': { id: '4', name: 'Donau Technik AG' },
    'currency.': { id: '1', code: 'EUR' },
    untaxed_amount: untaxed,
    tax_amount: tax,
    total_amount: total,
    invoice_address: null,
    shipment_address: null,
    create_date: at('0'),
    write_date: at('9'),
  };
  const taxes = [{ id: '1', name: 'VAT 19%', type: 'percentage', rate: decimal('0.19') }];
  return { sale: { ...sale, ...more }, lines, taxes, addresses: [] };
}
function orderIn(raw: unknown): StatedOrder {
  const [change] = orderChanges(raw, { settings });
  return (change as Extract<Change, { kind: 'order' }>).order;
}

describe('a sale', () => {
  test('whose halves of a cent went to the even one has them as a discount, and its tax over its lines', () => {
    const lines = [lineOf('1', '2.5', '16.6500', '41.62'), lineOf('2', '20', '11.2050', '224.10'), lineOf('3', '1', '9.9000', '9.90')]; // prettier-ignore
    const order = orderIn(saleOf(lines, ['275.62', '52.37', '327.99']));
    expect(order).toMatchObject({
      channelNumber: '7',
      purchaseOrderNumber: 'PO-1',
      externalUrl: 'https://erp.example/live/model/sale.sale/1',
      customer: { externalId: '4', name: 'Donau Technik AG' },
      stated: { subtotal: '275.63', discountTotal: '0.01', taxTotal: '52.37', total: '327.99' },
    });
    expect(order.sourceVersion).toEqual(new Date('2026-03-01T10:00:09.000Z'));
    expect(order.lines.map(({ discount }) => discount)).toEqual(['0.01', '0.00', '0.00']);
    expect(order.lines.map(({ taxLines }) => taxLines[0]!.amount)).toEqual(['7.91', '42.58', '1.88']);
  });

  test('that is an offer, was called off or is the hub’s own is no order of Tryton’s', () => {
    const amounts: [string, string, string] = ['12.45', '2.37', '14.82'];
    const lines = [lineOf('1', '1', '12.4500', '12.45')];
    for (const more of [{ state: 'quotation' }, { state: 'cancelled' }, { description: 'Hub order ord_1' }]) {
      expect(orderChanges(saleOf(lines, amounts, more), { settings })).toEqual([]);
    }
    expect(orderChanges(saleOf(lines, amounts, { description: 'by telephone' }), { settings })).toHaveLength(1);
  });

  test.each([
    ['a state that nobody has heard of', [], { state: 'new' }, /state: expected one of draft, quotation/],
    ['a total that is not its parts', [], { total_amount: decimal('14.83') }, /says 14.83, its parts come to 14.82/],
    [
      'a tax that is not its lines’',
      [],
      { tax_amount: decimal('9.00'), total_amount: decimal('21.45') },
      /off what the lines’ taxes/,
    ],
    ['what comes back', [lineOf('2', '-1', '1.0000', '-1.00')], {}, /what comes back is no part of an order/],
    ['an amount that is not its price', [lineOf('2', '1', '5.0000', '4.00')], {}, /says 4, 1 of 5 are something else/],
  ])('with %s is refused in words', (_, added, more, message) => {
    const lines = [lineOf('1', '1', '12.4500', '12.45'), ...added];
    expect(() => orderIn(saleOf(lines, ['12.45', '2.37', '14.82'], more))).toThrow(message);
  });
});

describe('an order of the hub', () => {
  test('is told before tax, its discounts in the prices and its charges as a line', () => {
    const lines = saleLines(orderOf('SO-1', '4', ['A', 'B']), 4);
    expect(lines.map(({ sku, quantity, unitPrice, rates }) => [sku, quantity, unitPrice, rates])).toEqual([
      ['A', '3', '17.2667', ['0.22']],
      ['B', '7', '8.1886', ['0.22']],
      [null, '1', '4.84', ['0.22']],
    ]);
  });

  test('of which nothing is left, or whose charges fit none of its rates, is refused', () => {
    const order = orderOf('SO-1', '4', ['A', 'B']);
    const gone = order.lines.map((line) => ({ ...line, quantity: '0' }));
    expect(() => saleLines({ ...order, lines: gone }, 4)).toThrow('order SO-1: nothing is left of it');
    expect(() => saleLines({ ...order, taxTotal: '24.50' }, 4)).toThrow(/none of its rates \(0.22\) fits/);
  });
});

describe('a party', () => {
  const address = (more: object) => ({
    id: '1',
    party_name: null,
    name: 'Tor 3',
    street: 'Ringstraße 12\n2. Stock',
    postal_code: '1010',
    city: 'Wien',
    'country.': { id: '2', code: 'AT' },
    'subdivision.': null,
    active: true,
    invoice: false,
    delivery: false,
    ...times,
    ...more,
  });
  test('has whole addresses alone, the first way of each kind, and is a company by its tax number', () => {
    const raw = {
      party: {
        id: '4',
        name: 'Donau',
        code: '4',
        active: true,
        'tax_identifier.': { id: '1', code: 'ATU13585627' },
        ...times,
      },
      addresses: [address({ city: null }), address({ id: '2', invoice: true }), address({ id: '3', active: false })],
      mechanisms: [
        { id: '1', type: 'mobile', value: '+43 1', active: true, ...times },
        { id: '2', type: 'email', value: 'old@donau.example', active: false, ...times },
        {
          id: '3',
          type: 'email',
          value: 'order@donau.example',
          active: true,
          create_date: at('0'),
          write_date: at('30'),
        },
      ],
      identifiers: [],
    };
    const place = { line1: 'Ringstraße 12', line2: 'Tor 3, 2. Stock', city: 'Wien', postalCode: '1010', country: 'AT' };
    expect(customerChanges(raw, { settings })).toMatchObject([
      {
        customer: {
          sourceVersion: new Date('2026-03-01T10:00:30.000Z'),
          kind: 'COMPANY',
          taxId: 'ATU13585627',
          email: 'order@donau.example',
          phone: '+43 1',
          billingAddress: place,
          shippingAddresses: [place],
        },
      },
    ]);
  });
});

describe('a level', () => {
  const raw = (quantity: string, more: object = {}) => ({
    product: { id: '3', code: null, type: 'goods', consumable: false, quantity, ...more },
    warehouse: '5',
    at: '2026-03-01T10:00:00.000017Z',
  });
  test.each([
    ['28.75', '28.75'],
    ['40.0', '40'],
    ['1e-05', '0.00001'],
    ['-3.0', '0'],
  ])('of %s is %s', (quantity, onHand) => {
    expect(levelChanges(raw(quantity), { settings })).toMatchObject([
      { level: { sku: 'tryton:3', location: 'BOLOGNA', onHand } },
    ]);
  });
  test('of what nobody counts is none', () => {
    expect(levelChanges(raw('1', { consumable: true }), { settings })).toEqual([]);
    expect(levelChanges({ ...raw('1'), warehouse: '6' }, { settings })).toEqual([]);
  });
});

describe('a shipment', () => {
  const raw = (state: string, description: string | null = null) => ({
    shipment: { id: '9', number: '9', reference: null, state, warehouse: '5', outgoing_moves: ['1', '2'], ...times },
    moves: ['1', '2'].map((id) => {
      const what = { product: '3', 'product.': { id: '3', code: 'VLV' }, quantity: '2.0', state: 'done' };
      return { id, ...what, origin: `sale.line,${id}`, ...times };
    }),
    lines: ['1', '2'].map((id) => ({ id, sale: `7${id}`, 'sale.': { id: `7${id}`, description } })),
  });
  const shipments = (given: unknown): StatedShipment[] =>
    shipmentChanges(given, { settings }).map((change) => (change as Extract<Change, { kind: 'shipment' }>).shipment);

  test('of several sales is one of each; of the hub’s it names articles, of others lines too', () => {
    expect(shipments(raw('done'))).toMatchObject([
      {
        externalId: '9:71',
        orderExternalId: '71',
        status: 'SHIPPED',
        location: 'BOLOGNA',
        lines: [{ lineExternalId: '1', sku: 'VLV', quantity: '2' }],
      },
      { externalId: '9:72', orderExternalId: '72' },
    ]);
    expect(shipments(raw('packed', 'Hub order ord_1'))[0]!.lines).toEqual([{ sku: 'VLV', quantity: '2' }]);
  });
  test('has left the stock when its goods moved, though it was written again', () => {
    const done = raw('done');
    const later = { ...done, shipment: { ...done.shipment, write_date: at('30') } };
    const [shipment] = shipments(later);
    const moved = shipments(done)[0]!.at;
    expect(shipment).toMatchObject({ at: new Date(moved.getTime() + 30_000), stockLeftAt: moved });
  });
  test.each(['draft', 'waiting', 'assigned'])('that is %s is a plan of Tryton’s', (state) => {
    expect(shipments(raw(state))).toEqual([]);
  });
});
