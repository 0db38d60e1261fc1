import { describe, expect, test } from '@jest/globals';
import { dueLines, type DraftLine } from '../../../src/modules/invoices/due-lines.rules.js';
import { grossOf, NO_PORTION, spreadGross, sumTaxes } from '../../../src/modules/invoices/invoice-share.rules.js';
import type { IssuedLine } from '../../../src/modules/invoices/invoice.queries.js';
import { paidOf } from '../../../src/modules/invoices/particulars.rules.js';
import { figuresOf, type LineChange, type LockedLine, type LockedOrder } from '../../../src/modules/orders/index.js';
import { taxOf, type TaxFigure } from '../../../src/modules/tax/index.js';
import { dayOf } from '../../../src/shared/clock.js';
import { around, numberFormat } from '../../../src/shared/document-number.js';
import { minorOfQuantity } from '../../../src/shared/money.js';
import { seeded } from '../../api/support/desk.js';

type Random = (below: number) => number;
const VAT = { name: 'VAT 22 %', rate: '0.22' };
const REDUCED = { name: 'VAT 4 %', rate: '0.04' };
const none: LineChange = {
  id: '',
  requiresShipping: true,
  quantity: '1',
  canceled: '0',
  unitPrice: '0',
  orderedDiscountMinor: 0n,
  orderedTaxLines: [],
  reserved: '0',
  backordered: '0',
  shipped: '0',
  delivered: '0',
};

/** An order with lines of odd prices, quantities, discounts and taxes, its shipping, a fee and a rounding. */
function anOrder(random: Random): { order: LockedOrder; lines: LineChange[] } {
  const currency = ['EUR', 'JPY', 'KWD'][random(3)]!;
  const includes = random(2) === 0;
  const order = {
    number: 'SO-1',
    currency,
    prices_include_tax: includes,
    tax_rounding: random(2) === 0 ? 'LINE' : 'ORDER',
    ...{ paid_minor: '0', refunded_minor: '0', authorized_minor: '0' },
    shipping_lines: [
      { id: '1', method: 'Courier', price_minor: '777', discount_minor: '23', tax_lines: [taxOf(777n, VAT, includes)] },
    ],
    adjustments: [
      { id: '2', kind: 'FEE', label: 'Fee', amount_minor: '101', tax_lines: [taxOf(101n, VAT, includes)] },
      { id: '3', kind: 'ROUNDING', label: 'Rounding', amount_minor: '-1', tax_lines: [] },
      { id: '4', kind: 'DISCOUNT', label: 'Spread already', amount_minor: '50', tax_lines: [] },
    ],
  } as unknown as LockedOrder;
  const lines = Array.from({ length: 1 + random(4) }, (_, index): LineChange => {
    const quantity = String(1 + random(13));
    const unitPrice = `${random(500)}.${1 + random(999)}`;
    const gross = minorOfQuantity(unitPrice, quantity, currency);
    const orderedDiscountMinor = (gross * BigInt(random(30))) / 100n;
    const tax = taxOf(gross - orderedDiscountMinor, random(3) === 0 ? REDUCED : VAT, includes);
    return { ...none, id: String(10 + index), quantity, unitPrice, orderedDiscountMinor, orderedTaxLines: [tax] };
  });
  return { order, lines };
}

/** The order's rows as they are, with so much of each line shipped and canceled. */
function asItIs({ order, lines }: ReturnType<typeof anOrder>): {
  order: LockedOrder;
  rows: LockedLine[];
  totalMinor: bigint;
} {
  const figures = figuresOf(order, lines);
  const rows = figures.lines.map((line) => ({
    id: line.id,
    requires_shipping: true,
    sku: 'X',
    description: 'X',
    quantity: line.quantity,
    unit_price: line.unitPrice,
    canceled_quantity: line.canceled,
    shipped_quantity: line.shipped,
    delivered_quantity: '0',
    discount_minor: line.totals.discountMinor.toString(),
    total_minor: line.totals.totalMinor.toString(),
    tax_lines: line.totals.taxLines,
  })) as unknown as LockedLine[];
  return {
    order: { ...order, shipping_lines: figures.shipping, adjustments: figures.adjustments },
    rows,
    totalMinor: figures.totals.totalMinor,
  };
}

function issued(lines: DraftLine[]): IssuedLine[] {
  return lines.map(
    ({ figures, ...line }) =>
      ({
        kind: 'INVOICE',
        source: line.source,
        source_id: line.sourceId,
        quantity: line.quantity,
        discount_minor: figures.discountMinor.toString(),
        total_minor: figures.totalMinor.toString(),
        tax_lines: figures.taxLines,
      }) as IssuedLine,
  );
}
const sumOf = (lines: DraftLine[], includes: boolean) =>
  lines.reduce((sum, { figures }) => sum + grossOf(figures, includes), 0n);

describe('partial invoices', () => {
  test('add up to the order’s total to the cent, however it ships, in EUR, JPY and KWD', () => {
    const random = seeded(20_261);
    let several = 0;
    for (let round = 0; round < 400; round += 1) {
      const made = anOrder(random);
      const all: IssuedLine[] = [];
      const sums: bigint[] = [];
      const includes = made.order.prices_include_tax;
      while (made.lines.some((line) => line.shipped !== line.quantity)) {
        for (const line of made.lines)
          line.shipped = String(Number(line.shipped) + random(Number(line.quantity) - Number(line.shipped) + 1));
        const { order, rows } = asItIs(made);
        const due = dueLines(order, rows, all, 'SHIPPED');
        if (due.length === 0) continue;
        sums.push(sumOf(due, includes));
        all.push(...issued(due));
      }
      const { order, rows, totalMinor } = asItIs(made);
      expect(sums.reduce((a, b) => a + b, 0n)).toBe(totalMinor);
      expect(dueLines(order, rows, all, 'ALL')).toEqual([]);
      if (sums.length > 2) several += 1;
    }
    expect(several).toBeGreaterThan(100);
  });

  test('still do where some of the rest is canceled in between', () => {
    const random = seeded(20_262);
    for (let round = 0; round < 200; round += 1) {
      const made = anOrder(random);
      const includes = made.order.prices_include_tax;
      for (const line of made.lines) line.shipped = String(random(Number(line.quantity) + 1));
      const first = asItIs(made);
      const before = dueLines(first.order, first.rows, [], 'SHIPPED');
      for (const line of made.lines) line.canceled = String(random(Number(line.quantity) - Number(line.shipped) + 1));
      const { order, rows, totalMinor } = asItIs(made);
      const rest = dueLines(order, rows, issued(before), 'ALL');
      // A single order whose every unit was invoiced before has nothing that could take a cent of the rounding.
      if (
        rest.length > 0 &&
        made.lines.every(({ shipped, quantity, canceled }) => Number(shipped) < Number(quantity) - Number(canceled))
      )
        expect(sumOf(before, includes) + sumOf(rest, includes)).toBe(totalMinor);
    }
  });

  test('have the shipping and the fees on the first one', () => {
    const made = anOrder(seeded(3));
    made.lines = [{ ...made.lines[0]!, quantity: '2', shipped: '1' }];
    const { order, rows } = asItIs(made);
    const first = dueLines(order, rows, [], 'SHIPPED');
    expect(first.map(({ source }) => source)).toEqual(['LINE', 'SHIPPING', 'ADJUSTMENT', 'ADJUSTMENT']);
    made.lines[0]!.shipped = '2';
    const second = dueLines(order, asItIs(made).rows, issued(first), 'SHIPPED');
    expect(second.map(({ source, quantity }) => [source, quantity])).toEqual([['LINE', '1']]);
  });

  test('have goods of one shipment alone where one is named', () => {
    const made = anOrder(seeded(4));
    made.lines = ['5', '6'].map((id) => ({ ...made.lines[0]!, id, quantity: '9', shipped: '9' }));
    const { order, rows } = asItIs(made);
    const due = dueLines(order, rows, [], { shipment: new Map([['6', '4']]) });
    expect(due.filter(({ source }) => source === 'LINE').map((line) => [line.sourceId, line.quantity])).toEqual([
      ['6', '4'],
    ]);
  });
});

test('an amount that is credited is spread with its taxes to the cent', () => {
  const random = seeded(9);
  for (let round = 0; round < 300; round += 1) {
    const includes = random(2) === 0;
    const over = Array.from({ length: 1 + random(5) }, () => {
      const totalMinor = BigInt(random(10_000));
      const taxLines: TaxFigure[] = [taxOf(totalMinor, random(2) === 0 ? VAT : REDUCED, includes)];
      return { discountMinor: 0n, totalMinor, taxLines };
    });
    const whole = over.reduce((sum, figures) => sum + grossOf(figures, includes), 0n);
    if (whole === 0n) continue;
    const amount = 1n + (whole * BigInt(random(100))) / 100n;
    const parts = spreadGross(amount > whole ? whole : amount, over, includes);
    expect(parts.reduce((sum, figures) => sum + grossOf(figures, includes), 0n)).toBe(amount > whole ? whole : amount);
    parts.forEach((part, index) => {
      expect(part.totalMinor <= over[index]!.totalMinor + 1n).toBe(true);
      expect(sumTaxes(part.taxLines) <= sumTaxes(over[index]!.taxLines)).toBe(true);
    });
  }
  expect(spreadGross(0n, [NO_PORTION.figures], false)).toEqual([NO_PORTION.figures]);
});

test('payments go to an order’s invoices in their order', () => {
  expect([paidOf(100n, 0n, 60n), paidOf(100n, 60n, 60n), paidOf(100n, 120n, 60n), paidOf(0n, 0n, 60n)]).toEqual([
    60n,
    40n,
    0n,
    0n,
  ]);
});

test('numbers are made by a format that has the year and the number', () => {
  const format = numberFormat('A-{year}/{number:4}-{year}')!;
  expect(format).toEqual({ before: 'A-{year}/', digits: 4, behind: '-{year}' });
  expect(around(format, 2026)).toEqual({ before: 'A-2026/', behind: '-2026' });
  for (const wrong of [
    '{number:6}',
    '{year}',
    '{year}/{number}',
    '{year}/{number:0}',
    '{year}{number:6}{number:6}',
    '{month}{year}{number:3}',
  ])
    expect([wrong, numberFormat(wrong)]).toEqual([wrong, null]);
});

test('a day, and with it the year, is the one of the seller’s time zone', () => {
  const eve = new Date('2026-12-31T23:30:00Z');
  expect([dayOf(eve, 'UTC'), dayOf(eve, 'Europe/Rome'), dayOf(eve, 'America/New_York')]).toEqual([
    ...['2026-12-31', '2027-01-01', '2026-12-31'],
  ]);
});
