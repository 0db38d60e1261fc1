import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import {
  lineTotals,
  orderTotals,
  spreadDiscount,
  type LineFigures,
} from '../../../src/modules/orders/order.totals.rules.js';
import { taxOf, type TaxFigure } from '../../../src/modules/tax/tax.rules.js';
import { seeded } from '../../api/support/desk.js';

const VAT = { name: 'VAT 22 %', rate: '0.220000' };

function line(values: Partial<LineFigures> = {}): LineFigures {
  return {
    quantity: '3',
    canceledQuantity: '0',
    unitPrice: '10.00',
    orderedDiscountMinor: 0n,
    orderedTaxLines: [],
    ...values,
  };
}

describe('a line', () => {
  test('is its quantity at its price less its discount', () => {
    const tax = taxOf(2_900n, VAT);
    expect(lineTotals(line({ orderedDiscountMinor: 100n, orderedTaxLines: [tax] }), 'EUR')).toEqual({
      grossMinor: 3_000n,
      discountMinor: 100n,
      taxLines: [tax],
      taxMinor: 638n,
      totalMinor: 2_900n,
    });
  });

  test('keeps the share of discount and tax of what is not canceled', () => {
    const totals = lineTotals(
      line({ canceledQuantity: '1', orderedDiscountMinor: 100n, orderedTaxLines: [taxOf(2_900n, VAT)] }),
      'EUR',
    );
    expect(totals).toMatchObject({ grossMinor: 2_000n, discountMinor: 67n, totalMinor: 1_933n, taxMinor: 425n });
    expect(totals.taxLines).toEqual([{ name: 'VAT 22 %', rate: '0.22', taxable: '1933', amount: '425' }]);
  });

  test('is nothing once all of it is canceled', () => {
    const all = line({ canceledQuantity: '3', orderedDiscountMinor: 100n, orderedTaxLines: [taxOf(2_900n, VAT)] });
    expect(lineTotals(all, 'EUR')).toEqual({
      grossMinor: 0n,
      discountMinor: 0n,
      taxLines: [],
      taxMinor: 0n,
      totalMinor: 0n,
    });
  });

  test('never costs more for having been canceled in part, in random steps', () => {
    const below = seeded(31);
    for (let run = 0; run < 500; run += 1) {
      const quantity = 1 + below(40);
      const gross = BigInt(1 + below(100_000)) * BigInt(quantity);
      const figures = line({
        quantity: String(quantity),
        unitPrice: (Number(gross / BigInt(quantity)) / 100).toFixed(2),
        orderedDiscountMinor: gross / BigInt(2 + below(9)),
        orderedTaxLines: [taxOf(gross, VAT)],
      });
      let before = lineTotals(figures, 'EUR');
      for (let canceled = 1; canceled <= quantity; canceled += 1) {
        const now = lineTotals({ ...figures, canceledQuantity: String(canceled) }, 'EUR');
        expect(now.totalMinor <= before.totalMinor && now.taxMinor <= before.taxMinor).toBe(true);
        expect(now.totalMinor).toBe(now.grossMinor - now.discountMinor);
        before = now;
      }
      expect([before.totalMinor, before.taxMinor]).toEqual([0n, 0n]);
    }
  });
});

describe('an order', () => {
  const tax = (amount: string, name = 'VAT'): TaxFigure => ({ name, rate: '0.22', taxable: '100', amount });
  const lines = [
    lineTotals(line({ orderedDiscountMinor: 50n, orderedTaxLines: [tax('10')] }), 'EUR'),
    lineTotals(line({ quantity: '1', orderedTaxLines: [tax('5'), tax('1', 'Eco')] }), 'EUR'),
  ];
  const shipping = [{ id: '1', method: 'post', price_minor: '400', discount_minor: '100', tax_lines: [tax('2')] }];
  const adjustments = [
    { id: '1', kind: 'DISCOUNT' as const, label: 'x', amount_minor: '50', tax_lines: [] },
    { id: '2', kind: 'FEE' as const, label: 'x', amount_minor: '30', tax_lines: [tax('3')] },
    { id: '3', kind: 'ROUNDING' as const, label: 'x', amount_minor: '-2', tax_lines: [] },
  ];

  test('adds up lines, shipping, fees and roundings; its discounts are in the lines already', () => {
    expect(orderTotals(lines, shipping, adjustments, false)).toEqual({
      subtotalMinor: 4_000n,
      discountMinor: 150n,
      shippingMinor: 500n,
      taxMinor: 21n,
      totalMinor: 4_000n - 150n + 500n + 28n + 21n,
      taxLines: [
        { name: 'VAT', rate: '0.22', taxable: '400', amount: '20' },
        { name: 'Eco', rate: '0.22', taxable: '100', amount: '1' },
      ],
    });
  });

  test('counts tax once where prices include it', () => {
    const without = orderTotals(lines, shipping, adjustments, false);
    const including = orderTotals(lines, shipping, adjustments, true);
    expect(including.totalMinor).toBe(without.totalMinor - without.taxMinor);
    expect(including.taxMinor).toBe(without.taxMinor);
  });

  test('of nothing is nothing', () => {
    expect(orderTotals([], [], [], false)).toMatchObject({ subtotalMinor: 0n, totalMinor: 0n, taxLines: [] });
  });
});

test('spreads a discount by worth without losing a unit', () => {
  expect(spreadDiscount(1_000n, [3_000n, 1_000n, 0n])).toEqual([750n, 250n, 0n]);
  expect(spreadDiscount(1_000n, [1n, 1n, 1n])).toEqual([334n, 333n, 333n]);
});
