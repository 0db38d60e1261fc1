import { describe, expect, test } from '@jest/globals';
import { longId } from '../ids.js';
import { instantOf } from '../wire.js';
import {
  account,
  ACCOUNT_ID,
  contact,
  item,
  line,
  opportunity,
  order,
  orderIn,
  quote,
  QUOTE_ID,
  quoteIn,
  read,
} from './fixtures.js';

describe('ids and times', () => {
  test('of 15 and 18 characters are the same record', () => {
    expect(longId('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
    expect(longId('001A0000006Vm9rIAC')).toBe('001A0000006Vm9rIAC');
    expect(longId('a00D0000008pQRA')).toBe('a00D0000008pQRAIA2');
  });

  test('are read with an offset without its colon, and not without one', () => {
    expect(instantOf('2026-11-02T09:15:03.000+0000')).toEqual(new Date('2026-11-02T09:15:03Z'));
    expect(instantOf('2026-11-02T09:15:03.120-0730')).toEqual(new Date('2026-11-02T16:45:03.120Z'));
    expect(['2026-11-02T09:15:03', '2026-11-02', 'yesterday'].map(instantOf)).toEqual([null, null, null]);
  });
});

describe('an account', () => {
  test('is a customer with the addresses that are whole', () => {
    const billing = { BillingStreet: 'Via Brera 1\r\nScala B', BillingCity: 'Milano', BillingCountry: 'Italia' };
    const half = { ShippingStreet: 'Via Roma 2', ShippingCountry: 'IT' };
    const more = { Phone: '+39 1', VAT__c: 'IT1', BillingPostalCode: '20121' };
    const [change] = read('accounts', account({ ...billing, ...half, ...more }), { taxIdField: 'VAT__c' });
    expect(change).toEqual({
      kind: 'customer',
      customer: {
        externalId: ACCOUNT_ID,
        sourceVersion: new Date('2026-11-02T09:15:03Z'),
        name: 'Cantina Aurora',
        phone: '+39 1',
        taxId: 'IT1',
        billingAddress: { line1: 'Via Brera 1', line2: 'Scala B', city: 'Milano', postalCode: '20121', country: 'IT' },
      },
    });
  });

  test('without a field that was asked for is not as documented', () => {
    const { Phone: _, ...rest } = account();
    expect(() => read('accounts', rest)).toThrow(`Phone of ${ACCOUNT_ID}: expected a value or null, got nothing`);
  });
});

test('a contact is a person at its account, by whichever form of the id', () => {
  const [change] = read('contacts', contact({ AccountId: ACCOUNT_ID.slice(0, 15), MobilePhone: '2' }));
  expect(change).toMatchObject({
    kind: 'contact',
    contact: { name: 'Carla De Rossi', email: 'carla@example.com', phone: '2', customerExternalIds: [ACCOUNT_ID] },
  });
});

describe('a quote', () => {
  test('is told with its number, its day to its end and its lines', () => {
    expect(quoteIn({})).toEqual({
      externalId: QUOTE_ID,
      sourceVersion: new Date('2026-11-02T09:15:03Z'),
      number: 'Q-00012',
      status: 'SENT',
      isWon: false,
      customerExternalId: ACCOUNT_ID,
      currency: 'EUR',
      validUntil: new Date('2026-12-31T23:59:59.999Z'),
      lines: [
        { externalId: 'a0L000000000001EAA', sku: 'LAMP-1', description: 'Lamp', quantity: '2', unitPrice: '24.4' },
      ],
    });
  });

  test.each([
    ['was ordered', { SBQQ__Ordered__c: true }, 'ACCEPTED', true],
    ['was accepted', { SBQQ__Status__c: 'Accepted' }, 'ACCEPTED', true],
    ['is primary of a won opportunity', opportunity({ IsWon: true, IsClosed: true }), 'ACCEPTED', true],
    ['is not primary', { ...opportunity({ IsWon: true, IsClosed: true }), SBQQ__Primary__c: false }, 'SENT', false],
    ['was rejected all the same', { ...opportunity({ IsWon: true }), SBQQ__Status__c: 'Rejected' }, 'DECLINED', false],
    ['is of a lost opportunity', opportunity({ IsClosed: true }), 'DECLINED', false],
    ['is in review', { SBQQ__Status__c: 'In Review' }, 'PENDING_APPROVAL', false],
    ['was denied', { SBQQ__Status__c: 'Denied' }, 'REJECTED', false],
  ])('that %s', (_, values, status, isWon) => {
    expect(quoteIn(values)).toMatchObject({ status, isWon });
  });

  test('is won only by what the settings name, and may have words of its own', () => {
    const settings = { wonWhen: ['ordered'], quoteStatuses: { Signed: 'ACCEPTED' } };
    expect(quoteIn({ SBQQ__Status__c: 'Signed' }, [line()], settings)).toMatchObject({
      status: 'ACCEPTED',
      isWon: false,
    });
    expect(() => quoteIn({ SBQQ__Status__c: 'Signed' })).toThrow(
      /SBQQ__Status__c: expected one of Draft, .*got "Signed"/,
    );
    expect(() => quoteIn({ SBQQ__Status__c: 'constructor' })).toThrow(/SBQQ__Status__c: expected one of/);
  });

  test('says nothing before it is calculated, nor a draft before it is whole', () => {
    expect(read('quotes', { quote: quote({ SBQQ__Uncalculated__c: true }), lines: [line()] })).toEqual([]);
    expect(read('quotes', { quote: quote({ SBQQ__Status__c: null }), lines: [] })).toEqual([]);
    expect(() => quoteIn({}, [])).toThrow('expected lines, got none');
  });

  test('whose lines come to another amount is refused, large doubles and all', () => {
    expect(() => quoteIn({ SBQQ__NetAmount__c: 50 })).toThrow(
      'SBQQ__NetAmount__c: expected 48.80, what its lines come to, got 50',
    );
    const large = line({ SBQQ__NetTotal__c: 2e21, SBQQ__NetPrice__c: 1e21, SBQQ__ListPrice__c: null });
    expect(quoteIn({ SBQQ__NetAmount__c: 2e21 }, [large]).lines[0]!.unitPrice).toBe('1000000000000000000000');
  });

  test('keeps its bundles, and leaves out options that were only shown, parts and all', () => {
    const part = line({ SBQQ__RequiredBy__c: 'a0L000000000001' }, 'a0L000000000002EAA');
    const option = line({ SBQQ__Optional__c: true }, 'a0L000000000003EAA');
    const ofOption = line({ SBQQ__RequiredBy__c: 'a0L000000000003', SBQQ__NetTotal__c: 0 }, 'a0L000000000004EAA');
    const { lines } = quoteIn({ SBQQ__NetAmount__c: 97.6 }, [line(), part, option, ofOption]);
    expect(lines.map(({ externalId, partOfLine }) => [externalId, partOfLine])).toEqual([
      ['a0L000000000001EAA', undefined],
      ['a0L000000000002EAA', 'a0L000000000001EAA'],
    ]);
    const circle = line({ SBQQ__RequiredBy__c: 'a0L000000000001' });
    expect(() => quoteIn({}, [circle])).toThrow('expected an end, got a circle');
  });

  test('names its currency, or counts in the one of the settings', () => {
    expect(quoteIn({ CurrencyIsoCode: 'CHF' }).currency).toBe('CHF');
    expect(quoteIn({ CurrencyIsoCode: undefined }, [line()], { currency: 'USD' }).currency).toBe('USD');
    expect(() => quoteIn({ CurrencyIsoCode: 'XYZZY' })).toThrow('expected an ISO 4217 code');
  });

  test('without an expiration counts so many days from when it was made, whatever is changed of it', () => {
    const { validUntil } = quoteIn(
      { SBQQ__ExpirationDate__c: null, CreatedDate: '2026-10-20T09:15:03.000+0000' },
      [line()],
      { quoteValidDays: 10 },
    );
    expect(validUntil).toEqual(new Date('2026-10-30T09:15:03Z'));
  });
});

describe('a line', () => {
  const lineIn = (values: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    quoteIn({ SBQQ__NetAmount__c: null, ...more }, [line(values)]).lines[0]!;

  test('is its list price and a rate where that says the same, else what its total comes to', () => {
    expect(lineIn({ SBQQ__NetTotal__c: 43.92 })).toMatchObject({ unitPrice: '24.4', discountRate: '0.1' });
    expect(lineIn({ SBQQ__NetTotal__c: 40 })).toMatchObject({ unitPrice: '20' });
    expect(lineIn({ SBQQ__NetTotal__c: 40 })).not.toHaveProperty('discountRate');
    expect(lineIn({ SBQQ__Quantity__c: 3, SBQQ__NetTotal__c: 10, SBQQ__NetPrice__c: 3.33333 }).unitPrice).toBe(
      '3.33333',
    );
    expect(() => lineIn({ SBQQ__NetTotal__c: -1 })).toThrow('expected an amount of at least zero');
    expect(() => lineIn({ SBQQ__Quantity__c: 0 })).toThrow('expected more than zero');
  });

  test('recurs for the quote’s term, its total split over the periods', () => {
    const recurring = {
      SBQQ__ChargeType__c: 'Recurring',
      SBQQ__BillingFrequency__c: 'Quarterly',
      SBQQ__NetTotal__c: 240,
    };
    expect(lineIn(recurring, { SBQQ__SubscriptionTerm__c: 12 })).toMatchObject({
      unitPrice: '30',
      recurrence: { interval: 'QUARTER', termCount: 4 },
    });
    expect(() => lineIn(recurring, { SBQQ__SubscriptionTerm__c: 13 })).toThrow(
      'expected whole periods, Quarterly, got "13"',
    );
    expect(() => lineIn({ ...recurring, SBQQ__BillingFrequency__c: 'Semiannual' })).toThrow('got "Semiannual"');
    expect(() => lineIn({ SBQQ__ChargeType__c: 'Usage' })).toThrow('expected One-Time or Recurring, got "Usage"');
  });

  test('of a product without a code has one by its id', () => {
    expect(lineIn({ SBQQ__Product__r: { ProductCode: null, Name: null } }).sku).toBe(
      'salesforce:product:01t000000000001AAA',
    );
    expect(lineIn({ SBQQ__Product__c: null, SBQQ__Product__r: null }).sku).toBe('salesforce:line:a0L000000000001EAA');
  });
});

describe('an order', () => {
  test('that was activated in Salesforce is an order here', () => {
    expect(
      orderIn({ PoNumber: 'PO-1', ShippingStreet: 'Via Roma 1', ShippingCity: 'Trento', ShippingCountry: 'IT' }),
    ).toMatchObject({
      channelNumber: '00000100',
      placedAt: new Date('2026-11-01T00:00:00Z'),
      purchaseOrderNumber: 'PO-1',
      customer: { externalId: ACCOUNT_ID, name: 'Cantina Aurora' },
      shippingAddress: { city: 'Trento' },
      lines: [{ sku: 'LAMP-1', quantity: '2', unitPrice: '24.4' }],
      stated: { subtotal: '48.80', total: '48.80' },
    });
    expect(orderIn({ StatusCode: 'Canceled' }).canceledAt).toEqual(new Date('2026-11-02T09:15:03Z'));
  });

  test.each([
    ['a draft', { StatusCode: 'Draft' }],
    ['the hub’s own', { Hub_Number__c: 'O-1' }],
    ['what became of a quote', { SBQQ__Quote__c: QUOTE_ID }],
    ['a reduction', { IsReductionOrder: true }],
  ])('says nothing where it is %s', (_, values) => {
    expect(read('orders', { order: order(values), items: [item()] })).toEqual([]);
  });

  test('that does not come to its total, or has an unheard-of state, is refused', () => {
    expect(() => orderIn({ TotalAmount: 50 })).toThrow('TotalAmount: expected 48.80, what its items come to, got "50"');
    expect(() => orderIn({ StatusCode: 'Frozen' })).toThrow('StatusCode: expected one of Draft, Activated');
  });
});
