import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { Refusals } from '../../../src/shared/failures.js';
import { currencyDigits } from '../../../src/shared/money.js';
import { figuresOf, lineAsItIs } from '../../../src/modules/orders/actions/change-order-figures.js';
import { pricedTotals } from '../../../src/modules/orders/actions/write-order.js';
import { priceOrder, type PriceRequest } from '../../../src/modules/orders/order-pricing.rules.js';
import { isReverseCharged, vatCountry } from '../../../src/modules/tax/reverse-charge.rules.js';
import { ratedTaxes } from '../../../src/modules/tax/tax-provider.rules.js';
import { taxAmounts, taxOf, unitPriceWith, type TaxMode } from '../../../src/modules/tax/tax.rules.js';
import { seeded } from '../../api/support/desk.js';

const VAT = { name: 'VAT 22 %', rate: '0.220000' };
const DOMESTIC = { country: 'IT', customer_kind: null, customer_tax_id: null };
const sum = (values: Iterable<bigint>) => [...values].reduce((a, b) => a + b, 0n);

test('taxes an amount half up and shows the rate at its shortest', () => {
  expect(taxOf(1_025n, VAT)).toEqual({ name: 'VAT 22 %', rate: '0.22', taxable: '1025', amount: '226' });
  expect(taxOf(25n, { name: 'X', rate: '0.1' }).amount).toBe('3');
});

test('takes the tax out of an amount that includes it', () => {
  expect(taxOf(1_220n, VAT, true)).toEqual({ name: 'VAT 22 %', rate: '0.22', taxable: '1000', amount: '220' });
  expect(taxOf(999n, VAT, true)).toMatchObject({ taxable: '819', amount: '180' });
  expect(unitPriceWith('0.01', VAT, 'EUR')).toBe('0.0122');
});

test('rounds each line’s tax, or each tax once over all lines', () => {
  const items = [10n, 10n, 10n, 0n].map((minor) => ({ minor, tax: { name: 'X', rate: '0.05' } }));
  const amounts = (mode: TaxMode) => taxAmounts(items, mode).map(([tax]) => tax!.amount);
  expect(amounts({ rounding: 'LINE', pricesIncludeTax: false })).toEqual(['1', '1', '1', '0']);
  expect(amounts({ rounding: 'ORDER', pricesIncludeTax: false })).toEqual(['1', '1', '0', '0']);
  expect(taxAmounts([{ minor: 5n, tax: null }], { rounding: 'ORDER', pricesIncludeTax: false })).toEqual([[]]);
});

describe('a business in another member state', () => {
  const customer = { country: 'DE', customer_kind: 'COMPANY', customer_tax_id: 'DE 136 695 976' };

  test('owes the tax itself, on goods, shipping and fees alike, known rate or not', () => {
    expect(isReverseCharged(customer, 'IT')).toBe(true);
    const rates = [{ ...customer, category: 'standard', name: 'VAT 19 %', rate: '0.19' }];
    const items = [
      { kind: 'LINE' as const, minor: 1_000n, category: 'unheard-of' },
      { kind: 'SHIPPING' as const, minor: 500n },
      { kind: 'FEE' as const, minor: 100n },
    ];
    const answer = ratedTaxes(rates, 'IT').quote(items, { rounding: 'LINE', pricesIncludeTax: false });
    expect(answer.untaxed).toEqual([]);
    expect(answer.taxes).toEqual(
      ['1000', '500', '100'].map((taxable) => [
        { name: 'Reverse charge', rate: '0', taxable, amount: '0', exemption: 'REVERSE_CHARGE' },
      ]),
    );
  });

  test.each([
    ['a person', { customer_kind: 'PERSON' }, 'IT'],
    ['no VAT id', { customer_tax_id: null }, 'IT'],
    ['wrong check digits', { customer_tax_id: 'DE136695977' }, 'IT'],
    ['no country before it', { customer_tax_id: '136695976' }, 'IT'],
    ['an id of the seller’s own country', { customer_tax_id: 'IT12345670785' }, 'IT'],
    ['goods that stay in the country', { country: 'IT' }, 'IT'],
    ['goods that leave the Union', { country: 'CH' }, 'IT'],
    ['a seller outside of it', {}, 'CH'],
  ])('unless there is %s', (_, change, seller) => {
    expect(isReverseCharged({ ...customer, ...change }, seller)).toBe(false);
  });

  test('has an id that its country’s rules allow', () => {
    expect(['ATU13585627', 'EL094259216', 'fr 40 303 265 045', 'NL004495445B01'].map(vatCountry)).toEqual([
      ...['AT', 'GR', 'FR', 'NL'],
    ]);
    expect(['GB980780684', 'IT00000010011', ''].map(vatCountry)).toEqual([null, null, null]);
  });
});

test('takes a country’s own rate for shipping and fees, else the standard one', () => {
  const rate = (category: string, value: string) => ({ ...DOMESTIC, category, name: value, rate: value });
  const own = ratedTaxes([rate('standard', '0.2'), rate('shipping', '0.1'), rate('fee', '0.3')], 'IT');
  const standard = ratedTaxes([rate('standard', '0.2')], 'IT');
  const names = [own, standard].map((taxes) => [taxes.taxFor({ kind: 'SHIPPING' }), taxes.taxFor({ kind: 'FEE' })]);
  expect(names.flat().map((tax) => tax!.name)).toEqual(['0.1', '0.3', '0.2', '0.2']);
  const none = ratedTaxes([], 'IT').quote([{ kind: 'SHIPPING', minor: 1n }], {
    rounding: 'LINE',
    pricesIncludeTax: false,
  });
  expect(none).toEqual({ taxes: [[]], untaxed: ['standard'] });
});

describe.each(['EUR', 'JPY', 'KWD'])('an order in %s', (currency) => {
  describe.each([false, true])('where prices including tax is %s', (pricesIncludeTax) => {
    test.each(['LINE', 'ORDER'] as const)('loses no unit, rounded per %s, whatever is canceled of it', (rounding) => {
      const below = seeded(`${currency}${String(pricesIncludeTax)}${rounding}`.length * 7 + currency.charCodeAt(0));
      for (let run = 0; run < 30; run += 1) {
        const { request, known, ids } = anOrder(below, currency, { rounding, pricesIncludeTax });
        const refusals = new Refusals();
        const pricing = priceOrder(request, known, ids, refusals);
        refusals.throwIfAny();
        const { lines, order } = pricedTotals(pricing, currency, pricesIncludeTax);
        const given = sum(request.adjustments.filter(({ kind }) => kind === 'DISCOUNT').map(({ minor }) => minor));
        expect(order.discountMinor).toBe(given);
        expect(lines.every((line) => line.totalMinor >= 0n)).toBe(true);
        checkSums(lines, pricing, order, { rounding, pricesIncludeTax });
        cancelStepByStep(pricing, { rounding, pricesIncludeTax }, currency, below, order.taxMinor);
      }
    });
  });
});

type Pricing = ReturnType<typeof priceOrder>;
type Totals = ReturnType<typeof pricedTotals>;

/** The order's tax is that of its parts, and where it is rounded once, what each rate says of all of them together. */
function checkSums(
  lines: Totals['lines'],
  { shipping, adjustments }: Pick<Pricing, 'shipping' | 'adjustments'>,
  order: Totals['order'],
  { rounding, pricesIncludeTax }: TaxMode,
): void {
  const parts = [
    ...lines.map(({ totalMinor, taxLines }) => ({ minor: totalMinor, taxLines })),
    ...[...shipping].map((line) => ({ minor: BigInt(line.price_minor), taxLines: line.tax_lines })),
    ...adjustments.flatMap((one) =>
      one.tax_lines.map((tax) => ({
        minor: BigInt(tax.taxable) + (pricesIncludeTax ? BigInt(tax.amount) : 0n),
        taxLines: [tax],
      })),
    ),
  ];
  for (const { amount_minor: minor, tax_lines: taxLines } of adjustments.filter(({ kind }) => kind === 'FEE')) {
    const shares = taxLines.map(({ taxable, amount }) => BigInt(taxable) + (pricesIncludeTax ? BigInt(amount) : 0n));
    expect(sum(shares)).toBe(BigInt(minor));
  }
  const taxes = parts.flatMap(({ taxLines }) => taxLines);
  expect(order.taxMinor).toBe(sum(taxes.map((tax) => BigInt(tax.amount))));
  expect(order.taxMinor).toBe(sum(order.taxLines.map((tax) => BigInt(tax.amount))));
  const basis = sum(lines.map((line) => line.totalMinor)) + order.shippingMinor;
  const extras = sum(adjustments.filter(({ kind }) => kind !== 'DISCOUNT').map((one) => BigInt(one.amount_minor)));
  expect(order.totalMinor).toBe(basis + extras + (pricesIncludeTax ? 0n : order.taxMinor));
  if (rounding === 'LINE') return;
  for (const [rate, same] of Map.groupBy(
    parts.filter(({ taxLines }) => taxLines.length > 0),
    ({ taxLines }) => taxLines[0]!.rate,
  )) {
    const whole = taxOf(sum(same.map(({ minor }) => minor)), { name: 'X', rate }, pricesIncludeTax);
    expect(sum(same.map(({ taxLines }) => BigInt(taxLines[0]!.amount)))).toBe(BigInt(whole.amount));
  }
}

/** Until nothing is left: each step is rounded as the order was placed, and none of them raises the tax. */
function cancelStepByStep(
  pricing: Pricing,
  { rounding, pricesIncludeTax }: TaxMode,
  currency: string,
  below: (limit: number) => number,
  placedTax: bigint,
): void {
  const order = {
    currency,
    tax_rounding: rounding,
    prices_include_tax: pricesIncludeTax,
    shipping_lines: pricing.shipping,
    adjustments: pricing.adjustments,
  };
  const changes = pricing.lines.map((line) => ({
    ...lineAsItIs({
      ...{ id: line.id, quantity: line.quantity, unit_price: line.unitPrice, ordered_tax_lines: line.taxLines },
      ...{ ordered_discount_minor: line.discountMinor.toString(), canceled_quantity: '0' },
    } as never),
  }));
  const asPlaced = figuresOf(order as never, changes);
  expect(asPlaced.totals.taxMinor).toBe(placedTax);
  expect(asPlaced.lines.map((line) => line.totals.taxLines)).toEqual(pricing.lines.map((line) => line.taxLines));
  let before = placedTax;
  for (const change of changes) {
    const part = below(Number(change.quantity) + 1);
    for (const canceled of new Set([String(part), change.quantity])) {
      change.canceled = canceled;
      const { lines, shipping, adjustments, totals } = figuresOf(order as never, changes);
      const left = lines.map((line) => line.totals);
      checkSums(left, { shipping, adjustments }, totals, { rounding, pricesIncludeTax });
      expect(totals.taxMinor <= before).toBe(true);
      before = totals.taxMinor;
    }
  }
}

const RATES = { standard: '0.22', reduced: '0.055', zero: '0', odd: '0.14975' };

function anOrder(below: (limit: number) => number, currency: string, tax: TaxMode) {
  const scale = 10 ** currencyDigits(currency);
  const money = (minor: number) => ({ amount: (minor / scale).toFixed(currencyDigits(currency)), currency });
  const categories = Object.keys(RATES);
  const lines = Array.from({ length: 1 + below(6) }, (_, index) => ({
    sku: `P${index}`,
    quantity: String(1 + below(30)),
    unitPrice: money(below(50_000)),
    field: [],
  }));
  const worth = sum(
    lines.map((line) => BigInt(line.quantity) * BigInt(Math.round(Number(line.unitPrice.amount) * scale))),
  );
  const adjustment = (kind: 'DISCOUNT' | 'FEE' | 'ROUNDING', minor: bigint) => ({
    ...{ kind, label: kind, amount: money(Number(minor)), minor },
  });
  const request: PriceRequest = {
    currency,
    lines,
    adjustments: [
      adjustment('DISCOUNT', (worth * BigInt(below(101))) / 100n),
      adjustment('FEE', BigInt(below(2_000))),
      adjustment('ROUNDING', BigInt(below(3) - 1)),
      adjustment('FEE', BigInt(below(20))),
    ],
    shipping: { method: 'Post', minor: BigInt(below(1_500)) },
    tax,
  };
  const products = lines.map((line, index) => ({
    ...{ id: String(index), ordinal: String(index + 1), sku: line.sku, name: line.sku, is_active: true },
    ...{ tax_category: categories[below(categories.length)]!, components: null, unit_price: null },
  }));
  const rates = Object.entries(RATES).map(([category, rate]) => ({ ...DOMESTIC, category, name: category, rate }));
  const ids = Array.from({ length: lines.length + 5 }, (_, index) => String(index));
  return { request, known: { products: products as never[], taxes: ratedTaxes(rates, 'IT') }, ids };
}

describe.each(['EUR', 'JPY', 'KWD'])('a fee in %s', (currency) => {
  test('is borne by each rate as its lines are worth, to the unit', () => {
    const below = seeded(currency.charCodeAt(2));
    for (let run = 0; run < 100; run += 1) {
      const { request, known, ids } = anOrder(below, currency, { rounding: 'LINE', pricesIncludeTax: false });
      const { lines, adjustments } = priceOrder(request, known, ids, new Refusals());
      const { lines: figures } = pricedTotals({ lines, adjustments, shipping: [] }, currency);
      const whole = sum(figures.map((line) => line.totalMinor));
      if (whole === 0n) continue;
      for (const fee of adjustments.filter(({ kind }) => kind === 'FEE')) {
        for (const { name, taxable } of fee.tax_lines) {
          const own = figures.filter(({ taxLines }) => taxLines[0]!.name === name);
          const worth = sum(own.map((line) => line.totalMinor));
          const off = BigInt(taxable) * whole - BigInt(fee.amount_minor) * worth;
          // Each line's share is less than a unit off.
          expect(off < whole * BigInt(own.length) && off > -whole * BigInt(own.length)).toBe(true);
        }
        expect(new Set(fee.tax_lines.map(({ name }) => name)).size).toBe(fee.tax_lines.length);
      }
    }
  });

  test('has its own rate where the country has one for fees, and waits whole where one of its taxes is not known', () => {
    const below = seeded(7);
    const { request, known, ids } = anOrder(below, currency, { rounding: 'LINE', pricesIncludeTax: false });
    const taxedBy = (names: string[]) => {
      const rates = names.map((category) => ({ ...DOMESTIC, category, name: category, rate: '0.1' }));
      const { adjustments, untaxed } = priceOrder(
        request,
        { ...known, taxes: ratedTaxes(rates, 'IT') },
        ids,
        new Refusals(),
      );
      return { fee: adjustments[1]!, untaxed };
    };
    const all = Object.keys(RATES);
    expect(taxedBy([...all, 'fee']).fee.tax_lines.map(({ name }) => name)).toEqual(['fee']);
    const [line] = known.products as { tax_category: string }[];
    const { fee, untaxed } = taxedBy(all.filter((name) => name !== line!.tax_category));
    expect([fee.tax_lines, untaxed.includes(line!.tax_category)]).toEqual([[], true]);
  });
});
