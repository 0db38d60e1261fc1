import { describe, expect, test } from '@jest/globals';
import { bundle, deal, line, LOST, object, quote, read, readQuote, WON } from './fixtures.js';

describe('a quote', () => {
  test('is stated whole, with the time of its newest part as its version', () => {
    expect(readQuote({})).toEqual({
      externalId: '512001',
      externalUrl: 'https://app.hubspot.com/contacts/24680135/record/0-14/512001',
      sourceVersion: new Date('2026-02-05T10:00:00Z'),
      number: 'HQ-20001',
      status: 'SENT',
      isWon: false,
      customerExternalId: '30111222333',
      currency: 'EUR',
      validUntil: new Date('2026-12-31T23:59:59.999Z'),
      lines: [{ externalId: '70000000001', sku: 'LAMP-1', description: 'Lamp', quantity: '2', unitPrice: '24.4' }],
    });
  });

  test('has the status that HubSpot says, and none that nobody has heard of', () => {
    const statusOf = (hs_status: string | null) => readQuote({ quote: quote({ hs_status }) }).status;
    expect(
      ['DRAFT', null, 'PENDING_APPROVAL', 'REJECTED', 'APPROVED', 'APPROVAL_NOT_NEEDED', 'ACCEPTED'].map(statusOf),
    ).toEqual(['DRAFT', 'DRAFT', 'PENDING_APPROVAL', 'REJECTED', 'SENT', 'SENT', 'ACCEPTED']);
    expect(() => statusOf('UNDER_A_SPELL')).toThrow('hs_status: expected one of DRAFT, PENDING_APPROVAL');
  });

  test('takes its days to their end, and times as they are', () => {
    const until = (hs_expiration_date: string) => readQuote({ quote: quote({ hs_expiration_date }) }).validUntil;
    expect(until('2026-12-31T12:00:00Z')).toEqual(new Date('2026-12-31T12:00:00Z'));
    expect(until('1798718400000')).toEqual(new Date('2026-12-31T12:00:00Z'));
    expect(() => until('soon')).toThrow('hs_expiration_date: expected a date, got "soon"');
  });

  test('is for its company, else its deal’s, else its one contact', () => {
    expect(readQuote({ companies: [] }).customerExternalId).toBe('30111222333');
    const bare = { companies: [], deals: [], contacts: ['41'] };
    expect(readQuote(bare).customerExternalId).toBe('contact-41');
    expect(() => readQuote({ ...bare, contacts: ['41', '42'] })).toThrow('got the contacts 41, 42');
    expect(() => readQuote({ companies: ['1', '2'] })).toThrow('expected one company that it is for, got 1, 2');
  });

  test('that is a draft without lines or without anybody is not told yet', () => {
    const draft = quote({ hs_status: 'DRAFT' });
    expect(read('quotes', bundle({ quote: draft, lines: [] }))).toEqual([]);
    expect(read('quotes', bundle({ quote: draft, companies: [], deals: [] }))).toEqual([]);
    expect(() => readQuote({ lines: [] })).toThrow('quote 512001: expected line items, got none');
  });

  test('has its currency, else the account’s, and none that is made up', () => {
    const bare = { quote: quote({ hs_currency: null }) };
    expect(readQuote(bare, { currency: 'CHF' }).currency).toBe('CHF');
    expect(() => readQuote(bare)).toThrow('hs_currency of 512001: expected an ISO 4217 code, got null');
  });

  test('is refused where its lines do not come to its amount: what the whole quote is reduced by cannot be read', () => {
    const amounting = (hs_quote_amount: string, properties = {}) =>
      readQuote({ quote: quote({ hs_quote_amount }), lines: [line(properties)] });
    expect(() => amounting('40.00')).toThrow('hs_quote_amount: expected 48.80, what its lines come to, got 40.00');
    expect(() => amounting('59.54')).toThrow('got 59.54');
    expect(amounting('48.81').lines).toHaveLength(1);
    expect(amounting('59.54', { hs_tax_rate_group_id: '7' }).lines).toHaveLength(1);
    const monthly = { recurringbillingfrequency: 'monthly', hs_recurring_billing_period: 'P12M' };
    expect(amounting('585.60', monthly).lines).toHaveLength(1);
  });
});

describe('a quote is won', () => {
  const outcomeOf = (parts: Parameters<typeof readQuote>[0]) => {
    const { status, isWon } = readQuote(parts);
    return [status, isWon];
  };
  const esigned = (completed: string) =>
    quote({ hs_esign_enabled: 'true', hs_esign_num_signers_required: '2', hs_esign_num_signers_completed: completed });

  test('where the buyer accepted, signed in full or paid', () => {
    expect(outcomeOf({ quote: quote({ hs_status: 'ACCEPTED' }) })).toEqual(['ACCEPTED', true]);
    expect(outcomeOf({ quote: esigned('2') })).toEqual(['ACCEPTED', true]);
    expect(outcomeOf({ quote: esigned('1') })).toEqual(['SENT', false]);
    expect(outcomeOf({ quote: quote({ hs_payment_status: 'PAID' }) })).toEqual(['ACCEPTED', true]);
  });

  test('where it is the one published quote of a deal that was closed as won, whatever the stage is called', () => {
    const draft = quote({ hs_status: 'DRAFT' }, '512002');
    expect(outcomeOf({ deals: [deal(WON, [quote(), draft])] })).toEqual(['ACCEPTED', true]);
    const other = quote({}, '512003');
    expect(outcomeOf({ deals: [deal(WON, [quote(), other])] })).toEqual(['SENT', false]);
    expect(outcomeOf({ quote: draft, deals: [deal(WON, [draft])] })).toEqual(['DRAFT', false]);
  });

  test('and declined where its deal was lost', () => {
    expect(outcomeOf({ deals: [deal(LOST)] })).toEqual(['DECLINED', false]);
    expect(outcomeOf({ quote: esigned('2'), deals: [deal(LOST)] })).toEqual(['ACCEPTED', true]);
  });
});

describe('a line', () => {
  const lineOf = (properties: Record<string, string | null>, more: object = {}) =>
    readQuote({ quote: quote({ hs_quote_amount: null }), lines: [line(properties)] }, more).lines[0]!;

  test('has its discount as a share, where it is an exact one, else a lower price', () => {
    const priced = (properties: Record<string, string>) => {
      const { unitPrice, discountRate } = lineOf({ price: '30.00', ...properties });
      return [unitPrice, discountRate];
    };
    expect(priced({ hs_discount_percentage: '12.5' })).toEqual(['30', '0.125']);
    expect(priced({ discount: '3' })).toEqual(['30', '0.1']);
    expect(priced({ discount: '1' })).toEqual(['29', undefined]);
    expect(priced({ discount: '0', hs_discount_percentage: '0' })).toEqual(['30', undefined]);
    expect(() => priced({ discount: '1', hs_discount_percentage: '5' })).toThrow('expected a discount in percent or');
    expect(() => priced({ discount: '31' })).toThrow('expected a discount of at most the price');
  });

  test('recurs as often as it is billed, for whole periods', () => {
    const recurring = (frequency: string, period: string | null, more: object = {}) =>
      lineOf({ recurringbillingfrequency: frequency, hs_recurring_billing_period: period }, more).recurrence;
    expect(recurring('monthly', 'P12M')).toEqual({ interval: 'MONTH', termCount: 12 });
    expect(recurring('quarterly', 'P1Y6M')).toEqual({ interval: 'QUARTER', termCount: 6 });
    expect(recurring('annually', 'P3Y')).toEqual({ interval: 'YEAR', termCount: 3 });
    expect(recurring('monthly', null, { openEndedMonths: 24 })).toEqual({ interval: 'MONTH', termCount: 24 });
    expect(() => recurring('monthly', null)).toThrow('the setting openEndedMonths says for how long it counts');
    expect(() => recurring('annually', 'P18M')).toThrow('expected whole periods, annually, got "P18M"');
    expect(() => recurring('weekly', 'P12M')).toThrow('expected one of monthly, quarterly, annually, got "weekly"');
  });

  test('has a name of its own where nobody gave it a SKU', () => {
    expect(lineOf({ hs_sku: null, hs_product_id: '77' }).sku).toBe('hubspot:product:77');
    expect(lineOf({ hs_sku: null }).sku).toBe('hubspot:item:70000000001');
  });

  test('keeps every digit of its price and quantity, and none that is no number', () => {
    expect(lineOf({ price: '0.123450', quantity: '1.50' })).toMatchObject({ unitPrice: '0.12345', quantity: '1.5' });
    expect(() => lineOf({ price: '-1' })).toThrow('price of 70000000001: expected a decimal that is not negative');
    expect(() => lineOf({ quantity: null })).toThrow('quantity: expected more than zero, got none');
  });
});

describe('a deal without a quote', () => {
  const raw = (properties: Record<string, string | null>, lines = [line()]) => ({
    own: deal(properties, []),
    lines,
    quotes: [],
  });
  const asQuotes = { dealsWithoutQuote: 'quotes' };

  test('counts as one where the settings say so', () => {
    expect(read('deals', raw(WON))).toEqual([]);
    expect(read('deals', raw({ ...WON, closedate: '2026-02-05T00:00:00Z' }), asQuotes)).toMatchObject([
      {
        kind: 'quote',
        quote: {
          externalId: 'deal-600001',
          status: 'ACCEPTED',
          isWon: true,
          customerExternalId: '30111222333',
          currency: 'EUR',
          validUntil: new Date('2027-02-05T00:00:00Z'),
          lines: [{ sku: 'LAMP-1' }],
        },
      },
    ]);
    expect(read('deals', raw({}, []), asQuotes)).toEqual([]);
  });

  test('no longer does once it has one', () => {
    const now = { own: deal({}), lines: [], quotes: [bundle({})] };
    expect(read('deals', now, asQuotes).map((change) => change.kind)).toEqual(['quote', 'deleted']);
  });
});

describe('a line item', () => {
  test('brings the quotes it stands on', () => {
    const raw = { line: object('1', {}), quotes: [bundle({})] };
    expect(read('lineItems', raw)).toEqual(read('quotes', bundle({})));
  });
});
