import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import {
  availableOf,
  levelChange,
  shownChange,
  planReservation,
  shortfallOf,
  totalAvailable,
  type LockedLevel,
  type Need,
} from '../../../src/modules/stock/stock.rules.js';
import { seeded } from '../../api/support/desk.js';

function level(product: string, location: string, onHand: string, more: Partial<LockedLevel> = {}): LockedLevel {
  return {
    id: `${product} ${location}`,
    product_id: product,
    location_id: location,
    location_code: location,
    sku: `SKU-${product}`,
    on_hand: onHand,
    reserved: '0',
    safety_stock: '0',
    version: 1,
    ...more,
  };
}

function need(productId: string, quantity: string): Need {
  return { pieces: [{ productId, perUnit: '1' }], quantity, isBundle: false };
}

function shown(needs: Need[], levels: LockedLevel[]) {
  const { allocations, missing } = planReservation(needs, levels);
  return {
    taken: allocations.map(
      ({ need: index, level: from, quantity }) => `${index}: ${quantity} at ${from.location_code}`,
    ),
    missing,
  };
}

test.each([
  ['10', '0', '0', '10', '0'],
  ['10', '3.5', '2', '4.5', '0'],
  ['10', '9', '2', '0', '0'],
  ['1', '4', '0', '0', '3'],
])(
  'of %s on hand, %s reserved and %s kept back, %s is available and %s short',
  (on_hand, reserved, safety_stock, available, short) => {
    expect([
      availableOf({ on_hand, reserved, safety_stock }),
      shortfallOf({ on_hand, reserved, safety_stock }),
    ]).toEqual([available, short]);
  },
);

test('adds up what is available of one product', () => {
  expect(totalAvailable([level('1', 'A', '2'), level('2', 'A', '9'), level('1', 'B', '0.5')], '1')).toBe('2.5');
});

test('tells a level before and after a reservation', () => {
  expect(shownChange(levelChange(level('1', 'A', '5', { reserved: '1', version: 7 }), '2.50'))).toEqual({
    sku: 'SKU-1',
    location: 'A',
    reservedDelta: '2.5',
    availableBefore: '4',
    availableAfter: '1.5',
    version: 8,
  });
});

describe('a plan', () => {
  test('takes everything from the first location by code that has everything', () => {
    const levels = [
      level('1', 'C', '9'),
      level('2', 'C', '9'),
      level('1', 'B', '5'),
      level('2', 'B', '5'),
      level('1', 'A', '9'),
    ];
    expect(shown([need('1', '5'), need('2', '5')], levels)).toEqual({
      taken: ['0: 5 at B', '1: 5 at B'],
      missing: ['0', '0'],
    });
  });

  test('else takes each need from where most is', () => {
    const levels = [level('1', 'A', '2'), level('1', 'B', '4'), level('2', 'A', '1')];
    expect(shown([need('1', '5'), need('2', '1')], levels)).toEqual({
      taken: ['0: 4 at B', '0: 1 at A', '1: 1 at A'],
      missing: ['0', '0'],
    });
  });

  test('counts two needs of one product together', () => {
    const levels = [level('1', 'A', '3')];
    expect(shown([need('1', '2'), need('1', '2')], levels)).toEqual({
      taken: ['0: 2 at A', '1: 1 at A'],
      missing: ['0', '1'],
    });
  });

  test('leaves out what is reserved or kept back', () => {
    const levels = [level('1', 'A', '9', { reserved: '4', safety_stock: '3' })];
    expect(shown([need('1', '5')], levels)).toEqual({ taken: ['0: 2 at A'], missing: ['3'] });
  });

  test('of nothing takes nothing', () => {
    expect(shown([], [level('1', 'A', '1')])).toEqual({ taken: [], missing: [] });
    expect(shown([need('1', '1')], [])).toEqual({ taken: [], missing: ['1'] });
  });

  test('of a bundle takes whole units, each from one location', () => {
    const kit: Need = {
      pieces: [
        { productId: '1', perUnit: '2' },
        { productId: '2', perUnit: '0.5' },
      ],
      quantity: '4',
      isBundle: true,
    };
    const levels = [level('1', 'A', '7'), level('2', 'A', '9'), level('1', 'B', '9'), level('2', 'B', '0.9')];
    expect(shown([kit], levels)).toEqual({
      taken: ['0: 6 at A', '0: 1.5 at A', '0: 2 at B', '0: 0.5 at B'],
      missing: ['0'],
    });
    expect(shown([kit], [level('1', 'A', '99'), level('2', 'B', '99')])).toEqual({ taken: [], missing: ['4'] });
    expect(shown([need('1', '6'), kit], levels.slice(0, 2))).toEqual({ taken: ['0: 6 at A'], missing: ['0', '4'] });
  });

  /** Needs and levels in thousandths, so that plain integers can judge. */
  function world(below: (n: number) => number) {
    const products = 1 + below(4);
    const needs = Array.from({ length: 1 + below(5) }, () => ({
      product: below(products),
      thousandths: 1 + below(9_000),
    }));
    const levels = ['A', 'B', 'C'].flatMap((location) =>
      Array.from({ length: products }, (_, product) => ({
        product,
        location,
        has: below(8_000),
        reserved: below(4_000),
      })),
    );
    return { products, needs, levels };
  }

  test('never takes more than there is, never less than it could, and from one place where one has everything', () => {
    const below = seeded(41);
    for (let run = 0; run < 1_000; run += 1) {
      const { products, needs, levels } = world(below);
      const text = (thousandths: number) => (thousandths / 1_000).toFixed(3);
      const locked = levels.map((each) =>
        level(String(each.product), each.location, text(each.has), { reserved: text(each.reserved) }),
      );
      const plan = planReservation(
        needs.map(({ product, thousandths }) => need(String(product), text(thousandths))),
        locked,
      );
      const free = levels.map((each) => Math.max(0, each.has - each.reserved));
      const taken = levels.map(() => 0);
      for (const { level: from, quantity, need: index } of plan.allocations) {
        expect(from.product_id).toBe(String(needs[index]!.product));
        taken[locked.indexOf(from)]! += Math.round(Number(quantity) * 1_000);
      }
      taken.forEach((amount, index) => expect(amount).toBeLessThanOrEqual(free[index]!));
      for (let product = 0; product < products; product += 1) {
        const of = <T extends { product: number }>(list: T[], value: (item: T, index: number) => number) =>
          list.reduce((sum, item, index) => sum + (item.product === product ? value(item, index) : 0), 0);
        const needed = of(needs, (each) => each.thousandths);
        const missing = of(needs, (_, index) => Math.round(Number(plan.missing[index]) * 1_000));
        expect(of(levels, (_, index) => taken[index]!)).toBe(needed - missing);
        expect(missing).toBe(Math.max(0, needed - of(levels, (_, index) => free[index]!)));
      }
      const complete = ['A', 'B', 'C'].find((location) =>
        Array.from({ length: products }, (_, product) => product).every((product) => {
          const needed = needs
            .filter((need) => need.product === product)
            .reduce((sum, need) => sum + need.thousandths, 0);
          const at = levels.findIndex((each) => each.location === location && each.product === product);
          return needed <= free[at]!;
        }),
      );
      if (complete)
        expect(new Set(plan.allocations.map((each) => each.level.location_code))).toEqual(new Set([complete]));
    }
  });
});
