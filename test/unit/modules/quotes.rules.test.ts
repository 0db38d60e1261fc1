import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { checkOptions, type Choice, type Option } from '../../../src/modules/catalog/product-option.rules.js';
import { checkBounds, isSameActor, reasonToAsk, type Bounds } from '../../../src/modules/quotes/approval.rules.js';
import { chosenOf, listPriceOf, type ConfiguredLine } from '../../../src/modules/quotes/configuration.rules.js';
import type { QuoteLineRow } from '../../../src/modules/quotes/quote-line.type.js';
import type { QuoteRow } from '../../../src/modules/quotes/quote.type.js';
import { dueAfter, MONTHS, whatFollows } from '../../../src/modules/quotes/recurrence.rules.js';
import { changesBetween } from '../../../src/modules/quotes/revision-diff.rules.js';
import { Refusals } from '../../../src/shared/failures.js';
import { seeded } from '../../api/support/desk.js';

function line(values: Partial<QuoteLineRow>): QuoteLineRow {
  return {
    id: '1',
    quote_id: '1',
    product_id: '1',
    external_line_id: null,
    sku: 'A',
    description: 'A thing',
    quantity: '1',
    unit_price: '10.0000000000',
    list_price: null,
    discount_rate: '0.000000',
    tax_minor: '0',
    total_minor: '1000',
    tax_lines: [],
    converted_quantity: '0',
    recurrence_interval: null,
    recurrence_terms: null,
    configuration: [],
    currency: 'EUR',
    ...values,
  };
}
const NONE: Bounds = {
  line_discount_over: null,
  discount_over: null,
  total_over_minor: null,
  total_over_currency: null,
  term_months_over: null,
};
const quote = { currency: 'EUR', total_minor: '100000' };

describe('a rule for approvals', () => {
  test('asks where a line is further below its price than its bound, not where it is as far', () => {
    const bounds = { ...NONE, line_discount_over: '0.150000' };
    const lines = [line({}), line({ sku: 'B', discount_rate: '0.15' })];
    expect(reasonToAsk(bounds, quote, lines)).toBeNull();
    lines[1]!.discount_rate = '0.150001';
    expect(reasonToAsk(bounds, quote, lines)).toBe('B is 15.0001 % below its price, more than 15 %');
  });

  test('counts a unit price below the list price as a discount, and one above it not against another discount', () => {
    const bounds = { ...NONE, line_discount_over: '0.2' };
    const ask = (values: Partial<QuoteLineRow>) => reasonToAsk(bounds, quote, [line(values)]);
    expect(ask({ unit_price: '7.5', list_price: '10' })).toContain('25 %');
    expect(ask({ unit_price: '9', list_price: '10', discount_rate: '0.2' })).toContain('28 %');
    expect(ask({ unit_price: '12', list_price: '10', discount_rate: '0.2' })).toBeNull();
    expect(ask({ unit_price: '0', list_price: '0' })).toBeNull();
  });

  test('weighs the lines by what they are worth for the discount over all', () => {
    const bounds = { ...NONE, discount_over: '0.1' };
    const cheap = line({ discount_rate: '0.5' });
    const dear = line({ sku: 'B', unit_price: '40' });
    expect(reasonToAsk(bounds, quote, [cheap, dear])).toBeNull();
    expect(reasonToAsk(bounds, quote, [{ ...cheap, quantity: '1.01' }, dear])).toContain('10.0');
  });

  test('compares totals in its own currency alone', () => {
    const bounds = { ...NONE, total_over_minor: '100000', total_over_currency: 'EUR' };
    expect(reasonToAsk(bounds, quote, [line({})])).toBeNull();
    expect(reasonToAsk(bounds, { ...quote, total_minor: '100001' }, [line({})])).toBe(
      'the total is 1000.01 EUR, more than 1000.00',
    );
    expect(reasonToAsk(bounds, { currency: 'SEK', total_minor: '999999999' }, [line({})])).toBeNull();
  });

  test('counts terms in months', () => {
    const bounds = { ...NONE, term_months_over: 24 };
    const ask = (recurrence_interval: never, recurrence_terms: number) =>
      reasonToAsk(bounds, quote, [line({}), line({ sku: 'B', recurrence_interval, recurrence_terms })]);
    expect([ask('MONTH' as never, 24), ask('QUARTER' as never, 8), ask('YEAR' as never, 2)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(ask('YEAR' as never, 3)).toBe('B runs for 36 months, more than 24');
    expect(reasonToAsk({ ...NONE, term_months_over: 0 }, quote, [line({})])).toBeNull();
  });

  test('asks only where all its bounds are passed, and never without one', () => {
    const bounds = { ...NONE, line_discount_over: '0.1', total_over_minor: '1', total_over_currency: 'EUR' };
    expect(reasonToAsk(bounds, quote, [line({})])).toBeNull();
    expect(reasonToAsk(bounds, quote, [line({ discount_rate: '0.2' })])).toMatch(/^A is 20 %.*; the total is/);
    expect(reasonToAsk(NONE, quote, [line({ discount_rate: '0.9' })])).toBeNull();
  });

  test('has bounds that can be passed', () => {
    const refused = (stated: object) => {
      const refusals = new Refusals();
      checkBounds(stated, refusals);
      return refusals.errors.map(({ field }) => field!.join('.'));
    };
    expect(refused({ lineDiscountOver: '0', discountOver: '0.999999', termMonthsOver: 0 })).toEqual([]);
    expect(refused({ lineDiscountOver: '1' })).toEqual(['lineDiscountOver']);
    expect(refused({ discountOver: '-0.1' })).toEqual(['discountOver']);
    expect(refused({ discountOver: '0.0000001' })).toEqual(['discountOver']);
    expect(refused({ totalOver: { amount: '1.001', currency: 'EUR' } })).toEqual(['totalOver.amount']);
    expect(refused({ totalOver: { amount: '-1', currency: 'EUR' }, termMonthsOver: -1 })).toHaveLength(2);
  });

  test('knows its author by the record, and by name where there is none', () => {
    const key = { kind: 'API_KEY', id: '7', name: 'Anna' } as const;
    expect(isSameActor(key, { ...key, name: 'Anna, renamed' })).toBe(true);
    expect(isSameActor(key, { ...key, id: '8' })).toBe(false);
    expect(isSameActor({ kind: 'USER', id: null, name: 'Anna' }, { kind: 'USER', id: null, name: 'Bob' })).toBe(false);
  });
});

function choice(code: string, values: Partial<Choice> = {}): Choice {
  return { code, name: code, sku: null, priceDelta: null, requires: [], excludes: [], ...values };
}
function option(code: string, choices: Choice[], isRequired = false): Option {
  return { code, name: code, isRequired, choices };
}
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const DESK: Option[] = [
  option('top', [choice('oak', { priceDelta: eur('40.00') }), choice('white')], true),
  option('size', [choice('small', { priceDelta: eur('-15.50') }), choice('large')]),
  option('motor', [
    choice('single', { sku: 'M1', requires: ['size:small'] }),
    choice('twin', { sku: 'M2', requires: ['size:large'], excludes: ['top:white'] }),
  ]),
];

function refusedOptions(options: Option[]): string[] {
  const refusals = new Refusals();
  checkOptions(options, refusals);
  return refusals.errors.map(({ message, field }) => `${field!.join('.')}: ${message}`);
}

describe('options of a product', () => {
  test('are taken where each choice can be made', () => {
    expect(refusedOptions(DESK)).toEqual([]);
    expect(refusedOptions([])).toEqual([]);
    // A circle is no fault where it fits together.
    const circle = [
      option('a', [choice('x', { requires: ['b:y'] })]),
      option('b', [choice('y', { requires: ['a:x'] })]),
    ];
    expect(refusedOptions(circle)).toEqual([]);
  });

  test.each<[string, Option[], RegExp]>([
    ['a code twice', [option('a', [choice('x')]), option('a', [choice('x')])], /options\.1\.code: .*stands twice/],
    ['a choice twice', [option('a', [choice('x'), choice('x')])], /choices\.1\.code: .*stands twice/],
    ['a code that would be read as two', [option('a:b', [choice('x')])], /options\.0\.code: /],
    ['no choices', [option('a', [])], /options\.0\.choices: .*at least one/],
    ['a name of blanks', [{ ...option('a', [choice('x')]), name: ' ' }], /options\.0\.name: /],
    ['a choice that nobody has', [option('a', [choice('x', { requires: ['b:y'] })])], /requires\.0: .*got "b:y"/],
    ['a choice by half its name', [option('a', [choice('x')]), option('b', [choice('y', { excludes: ['x'] })])], /"x"/],
    ['one of its own option', [option('a', [choice('x', { requires: ['a:y'] }), choice('y')])], /same option/],
    [
      'the same required and excluded',
      [option('a', [choice('x', { requires: ['b:y'], excludes: ['b:y'] })]), option('b', [choice('y')])],
      /both requires and excludes b:y/,
    ],
    [
      'a price with too many digits',
      [option('a', [choice('x', { priceDelta: eur('0.000000001') })])],
      /priceDelta\.amount/,
    ],
    [
      'a requirement that excludes what requires it',
      [option('a', [choice('x', { requires: ['b:y'] })]), option('b', [choice('y', { excludes: ['a:x'] })])],
      /a:x can never be chosen: it needs a:x and b:y/,
    ],
    [
      'a circle that needs two choices of one option',
      [
        option('a', [choice('x', { requires: ['b:y'] }), choice('z')]),
        option('b', [choice('y', { requires: ['c:w'] })]),
        option('c', [choice('w', { requires: ['a:z'] })]),
      ],
      /a:x can never be chosen: it needs a:x and a:z/,
    ],
  ])('are refused with %s', (_, options, message) => {
    expect(refusedOptions(options).join('\n')).toMatch(message);
  });
});

function configured(line: Partial<ConfiguredLine>, currency = 'EUR') {
  const refusals = new Refusals();
  const asked = { sku: 'DESK', quantity: '1', ...line };
  const chosen = chosenOf(asked, DESK, currency, ['lines', '0'], refusals);
  return {
    chosen: chosen.map(({ option: of, choice: { code } }) => `${of}:${code}`),
    errors: refusals.errors.map(({ code, field, message }) => `${code} ${field!.slice(2).join('.')} ${message}`),
  };
}
const pick = (...names: string[]) =>
  names.map((name) => ({ option: name.split(':')[0]!, choice: name.split(':')[1]! }));

describe('a configuration', () => {
  test('is put into the order of the options', () => {
    expect(configured({ configuration: pick('motor:twin', 'size:large', 'top:oak') })).toEqual({
      chosen: ['top:oak', 'size:large', 'motor:twin'],
      errors: [],
    });
  });

  test('needs a choice of what is required, and no more', () => {
    expect(configured({ configuration: pick('top:white') }).errors).toEqual([]);
    expect(configured({}).errors).toEqual([
      'REQUIRED configuration configuration of DESK: expected a choice of top, one of oak, white',
    ]);
  });

  test('is refused by names that the product has not, naming what it has', () => {
    expect(configured({ configuration: pick('top:glass') }).errors).toEqual([
      'INVALID configuration.0.choice choice of DESK: expected of top one of oak, white, got "glass"',
    ]);
    expect(configured({ configuration: pick('top:oak', 'legs:four') }).errors).toEqual([
      'INVALID configuration.1.option option of DESK: expected one of top, size, motor, got "legs"',
    ]);
    const refusals = new Refusals();
    chosenOf({ sku: 'PLAIN', quantity: '1', configuration: pick('a:b') }, [], 'EUR', ['lines', '0'], refusals);
    expect(refusals.errors[0]!.message).toContain('expected none, it has no options');
  });

  test('has one choice of an option', () => {
    expect(configured({ configuration: pick('top:oak', 'top:white') }).errors).toEqual([
      'INVALID configuration.1.option option of DESK: expected one choice of top, got another',
    ]);
  });

  test('is refused where a choice lacks what it requires, or two exclude each other, naming both', () => {
    expect(configured({ configuration: pick('top:oak', 'motor:single') }).errors).toEqual([
      'INVALID configuration.1.choice configuration of DESK: motor:single requires size:small, which is not chosen',
    ]);
    const both = ['top:white', 'size:large', 'motor:twin'];
    const clash = ['motor:twin', 'top:white'];
    for (const names of [both, both.toReversed()]) {
      const { errors } = configured({ configuration: pick(...names) });
      expect(errors).toHaveLength(1);
      for (const name of clash) expect(errors[0]).toContain(name);
    }
  });

  test('adds to prices of its currency alone; a stated price has it in it', () => {
    const lines = { configuration: pick('top:oak') };
    expect(configured(lines, 'SEK').errors).toEqual([
      'CURRENCY_MISMATCH configuration.0.choice top:oak adds to prices in EUR, the quote is in SEK',
    ]);
    expect(configured({ ...lines, unitPrice: { amount: '1', currency: 'SEK' } }, 'SEK').errors).toEqual([]);
    expect(listPriceOf('100', pick('top:oak', 'size:small'), DESK, 'EUR')).toBe('124.5');
    expect(listPriceOf('100', pick('top:oak'), DESK, 'SEK')).toBeNull();
    expect(listPriceOf('100', pick('gone:gone'), DESK, 'EUR')).toBe('100');
    expect(listPriceOf(null, pick('top:oak'), DESK, 'EUR')).toBeNull();
    expect(listPriceOf('10', pick('size:small'), DESK, 'EUR')).toBe('0');
  });

  test('is sold whole where something is built in', () => {
    const parts = { configuration: pick('top:oak', 'size:small', 'motor:single'), quantity: '1.5' };
    expect(configured(parts).errors).toEqual([expect.stringMatching(/^INVALID quantity .*whole number/)]);
    expect(configured({ configuration: pick('top:oak'), quantity: '1.5' }).errors).toEqual([]);
  });
});

const revision = (values: Partial<QuoteRow>) =>
  ({
    currency: 'EUR',
    contact_id: null,
    valid_until: '2026-04-01 00:00:00+00',
    billing_address: null,
    shipping_address: null,
    subtotal_minor: '1000',
    discount_minor: '0',
    shipping_method: null,
    shipping_minor: '0',
    tax_minor: '0',
    total_minor: '1000',
    ...values,
  }) as QuoteRow;

describe('what differs between revisions', () => {
  const changes = (from: QuoteLineRow[], to: QuoteLineRow[]) =>
    changesBetween({ quote: revision({}), lines: from }, { quote: revision({}), lines: to });
  const red = [{ option: 'colour', choice: 'red', sku: null }];
  const blue = [{ option: 'colour', choice: 'blue', sku: null }];

  test('is nothing where nothing is, however numbers are written', () => {
    expect(changes([line({ quantity: '2.0' })], [line({ id: '9', quantity: '2.00', unit_price: '10' })])).toEqual([]);
  });

  test('has fields of the quote by their names in the graph, and amounts as money', () => {
    const before = { quote: revision({}), lines: [] };
    const after = { quote: revision({ valid_until: '2026-05-01 00:00:00+00', total_minor: '900' }), lines: [] };
    expect(changesBetween(before, after)).toEqual([
      { field: 'validUntil', from: '2026-04-01T00:00:00.000Z', to: '2026-05-01T00:00:00.000Z' },
      { field: 'total', from: eur('10.00'), to: eur('9.00') },
    ]);
  });

  test('has fields of lines by place in the newer, where SKU and configuration are the same', () => {
    const from = [line({ configuration: red }), line({ configuration: blue, unit_price: '11' })];
    const to = [line({ configuration: blue, unit_price: '12' }), line({ configuration: red, quantity: '3' })];
    expect(changes(from, to)).toEqual([
      { field: 'lines.0.unitPrice', from: eur('11.00'), to: eur('12.00') },
      { field: 'lines.1.quantity', from: '1', to: '3' },
    ]);
  });

  test('takes a line whose configuration changed for the same one, and lines of one SKU in their order', () => {
    expect(changes([line({ configuration: red })], [line({ configuration: blue })])).toEqual([
      {
        field: 'lines.0.configuration',
        from: [{ option: 'colour', choice: 'red' }],
        to: [{ option: 'colour', choice: 'blue' }],
      },
    ]);
    const from = [line({ quantity: '1' }), line({ quantity: '2' })];
    expect(changes(from, [line({ quantity: '1' }), line({ quantity: '5' })])).toEqual([
      { field: 'lines.1.quantity', from: '2', to: '5' },
    ]);
  });

  test('shows lines that came and went whole', () => {
    const whole = (sku: string) => ({
      sku,
      description: 'A thing',
      quantity: '1',
      unitPrice: eur('10.00'),
      discountRate: '0',
      configuration: [],
      recurrence: null,
      total: eur('10.00'),
    });
    expect(changes([line({ sku: 'OLD' }), line({})], [line({}), line({ sku: 'NEW' })])).toEqual([
      { field: 'lines.0', from: whole('OLD'), to: null },
      { field: 'lines.1', from: null, to: whole('NEW') },
    ]);
  });
});

describe('a period', () => {
  const INTERVALS = ['MONTH', 'QUARTER', 'YEAR'] as const;
  const lastDay = (date: Date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

  test.each([
    ['2026-01-31T23:59:59.999Z', 'MONTH', 1, '2026-02-28T23:59:59.999Z'],
    ['2026-01-31T00:00:00.000Z', 'MONTH', 2, '2026-03-31T00:00:00.000Z'],
    ['2028-01-31T00:00:00.000Z', 'MONTH', 1, '2028-02-29T00:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', 'YEAR', 1, '2029-02-28T12:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', 'YEAR', 4, '2032-02-29T12:00:00.000Z'],
    ['2025-11-30T00:00:00.000Z', 'QUARTER', 1, '2026-02-28T00:00:00.000Z'],
    ['2026-12-31T00:00:00.000Z', 'MONTH', 1, '2027-01-31T00:00:00.000Z'],
  ] as const)('that began at %s, by %s, is due %i later at %s', (start, interval, periods, due) => {
    expect(dueAfter(new Date(start), interval, periods).toISOString()).toBe(due);
  });

  test('is due so many months later, on the same day or the month’s last, at the same time: any start, any term', () => {
    const random = seeded(20_260_302);
    for (let turn = 0; turn < 1_000; turn += 1) {
      const start = new Date(
        Date.UTC(1999 + random(102), random(12), 1 + random(31), random(24), random(60), 0, random(1_000)),
      );
      const interval = INTERVALS[random(3)]!;
      const periods = random(1_201);
      const due = dueAfter(start, interval, periods);
      const months = (due.getUTCFullYear() - start.getUTCFullYear()) * 12 + due.getUTCMonth() - start.getUTCMonth();
      expect(months).toBe(periods * MONTHS[interval]);
      expect(due.getUTCDate()).toBe(Math.min(start.getUTCDate(), lastDay(due)));
      expect(due.toISOString().slice(10)).toBe(start.toISOString().slice(10));
      if (periods > 0) expect(due.getTime()).toBeGreaterThan(dueAfter(start, interval, periods - 1).getTime());
    }
  });

  test('is followed by one less than its term has, and the last by none', () => {
    const start = new Date('2026-03-02T09:00:00.000Z');
    expect(whatFollows(start, 'MONTH', 12)).toEqual({
      nextDueAt: new Date('2026-04-02T09:00:00.000Z'),
      remainingTerms: 11,
    });
    expect(whatFollows(start, 'YEAR', 1)).toEqual({ nextDueAt: null, remainingTerms: 0 });
  });
});
