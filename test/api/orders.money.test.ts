import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, seeded, type Order } from './support/desk.js';

const DIGITS: Record<string, number> = { EUR: 2, JPY: 0, KWD: 3 };
const RATES: Record<string, string> = { standard: '0.22', reduced: '0.10' };

let hub: TestHub;
let desk: Desk;
const skus: Record<string, string> = {};

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  skus.standard = await desk.product(null, null, { isStocked: false });
  skus.reduced = await desk.product(null, null, { isStocked: false, taxCategory: 'reduced' });
});
afterAll(() => hub.stop());

/** An exact decimal: digits over a power of ten. */
interface Ratio {
  top: bigint;
  digits: number;
}

function ratio(text: string): Ratio {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const top = BigInt(whole! + fraction);
  return { top: text.startsWith('-') ? -top : top, digits: fraction.length };
}

function times(a: Ratio, b: Ratio): Ratio {
  return { top: a.top * b.top, digits: a.digits + b.digits };
}

/** Half up, away from zero, to this many digits after the point. */
function round({ top, digits }: Ratio, to: number): bigint {
  if (digits <= to) return top * 10n ** BigInt(to - digits);
  const unit = 10n ** BigInt(digits - to);
  const magnitude = top < 0n ? -top : top;
  const rounded = (magnitude * 2n + unit) / (unit * 2n);
  return top < 0n ? -rounded : rounded;
}

function minor(money: { amount: string; currency: string }): bigint {
  const { top, digits } = ratio(money.amount);
  expect(digits).toBe(DIGITS[money.currency]);
  return top;
}

function sum(values: bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}

function inMinor(rate: string, of: bigint): bigint {
  return round(times({ top: of, digits: 0 }, ratio(rate)), 0);
}

interface Wanted {
  currency: string;
  lines: { category: string; quantity: string; price: string }[];
  discounts: string[];
  fees: string[];
  rounding: string | null;
  shipping: string | null;
}

function amountOf(units: number, digits: number): string {
  const text = String(units).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function randomOrder(below: (n: number) => number, currency: string): Wanted {
  const digits = DIGITS[currency]!;
  const lines = Array.from({ length: 1 + below(6) }, () => ({
    category: below(3) === 0 ? 'reduced' : 'standard',
    quantity: amountOf(1 + below(50_000), below(4)),
    price: amountOf(1 + below(2_000_000), digits + below(7)),
  }));
  const worth = Number(sum(lines.map((line) => round(times(ratio(line.price), ratio(line.quantity)), digits))));
  return {
    currency,
    lines,
    discounts: Array.from({ length: below(3) }, () => amountOf(below(Math.max(1, Math.floor(worth / 3))), digits)),
    fees: Array.from({ length: below(2) }, () => amountOf(below(10_000), digits)),
    rounding: below(3) === 0 ? `${below(2) ? '-' : ''}${amountOf(below(5), digits)}` : null,
    shipping: below(2) === 0 ? amountOf(below(3_000), digits) : null,
  };
}

function input({ currency, lines, discounts, fees, rounding, shipping }: Wanted): object {
  const money = (amount: string) => ({ amount, currency });
  return {
    currency,
    lines: lines.map(({ category, quantity, price }) => ({ sku: skus[category], quantity, unitPrice: money(price) })),
    adjustments: [
      ...discounts.map((amount) => ({ kind: 'DISCOUNT', label: 'less', amount: money(amount) })),
      ...fees.map((amount) => ({ kind: 'FEE', label: 'more', amount: money(amount) })),
      ...(rounding === null ? [] : [{ kind: 'ROUNDING', label: 'even', amount: money(rounding) }]),
    ],
    ...(shipping !== null && { shippingPrice: money(shipping), shippingMethod: 'post' }),
  };
}

/** A fee is shared by the lines as a discount is; what bears one rate is taxed together. */
function feeTax(fee: bigint, net: bigint[], { lines }: Wanted): bigint {
  const worth = sum(net);
  const exact = net.map((value) => (worth === 0n ? 0n : (fee * value) / worth));
  const rests = net.map((value, index) => ({ index, rest: worth === 0n ? 0n : (fee * value) % worth }));
  rests.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (let left = fee - sum(exact), at = 0; left > 0n; left -= 1n, at += 1) exact[rests[at]!.index]! += 1n;
  const of = (category: string) => sum(exact.filter((_, index) => lines[index]!.category === category));
  return inMinor('0.22', of('standard')) + inMinor('0.10', of('reduced'));
}

/** Everything that an order's figures must be, from what was asked for and nothing that the hub computed before. */
function check(order: Order, wanted: Wanted): void {
  const digits = DIGITS[wanted.currency]!;
  const gross = wanted.lines.map((line) => round(times(ratio(line.price), ratio(line.quantity)), digits));
  const given = sum(wanted.discounts.map((amount) => round(ratio(amount), digits)));
  const worth = sum(gross);
  const shares = order.lines.map((line) => minor(line.discountTotal));
  expect(sum(shares)).toBe(given);
  shares.forEach((share, index) => {
    if (worth === 0n) return;
    const off = share * worth - given * gross[index]!;
    expect(off < worth && off > -worth).toBe(true);
  });
  const net = gross.map((value, index) => value - shares[index]!);
  const taxes = net.map((value, index) => inMinor(RATES[wanted.lines[index]!.category]!, value));
  expect(order.lines.map((line) => minor(line.total))).toEqual(net);
  expect(order.lines.map((line) => minor(line.taxTotal))).toEqual(taxes);
  const shipping = wanted.shipping === null ? 0n : round(ratio(wanted.shipping), digits);
  const fees = wanted.fees.map((amount) => round(ratio(amount), digits));
  const rounding = wanted.rounding === null ? 0n : round(ratio(wanted.rounding), digits);
  const tax = sum(taxes) + inMinor('0.22', shipping) + sum(fees.map((fee) => feeTax(fee, net, wanted)));
  expect([order.subtotal, order.discountTotal, order.shippingTotal, order.taxTotal].map(minor)).toEqual([
    worth,
    given,
    shipping,
    tax,
  ]);
  expect(minor(order.total)).toBe(worth - given + shipping + sum(fees) + rounding + tax);
  expect(sum(order.taxLines.map((line) => minor(line.amount)))).toBe(tax);
}

test.each(['EUR', 'JPY', 'KWD'])('adds up forty random orders in %s as integers do', async (currency) => {
  const below = seeded(currency.charCodeAt(0));
  const wanted = Array.from({ length: 40 }, () => randomOrder(below, currency));
  const orders = await Promise.all(wanted.map((one) => desk.order(input(one))));
  orders.forEach((order, index) => check(order, wanted[index]!));
});

test('rounds a line once, half up, however its unit price is made', async () => {
  const line = (unitPrice: string, quantity: string) => ({ sku: skus.standard, quantity, unitPrice: eur(unitPrice) });
  const order = await desk.order({
    lines: [
      line('0.005', '1'),
      line('0.0049', '1'),
      line('1.005', '3'),
      line('0.33333333', '3'),
      line('19.99', '0.125'),
    ],
  });
  expect(order.lines.map((each) => each.total.amount)).toEqual(['0.01', '0.00', '3.02', '1.00', '2.50']);
  expect(order.lines.map((each) => each.unitPrice.amount)).toEqual(['0.005', '0.0049', '1.005', '0.33333333', '19.99']);
  expect(order.subtotal).toEqual(eur('6.53'));
});

test('spreads a discount over the lines without losing a cent', async () => {
  const lines = Array.from({ length: 3 }, () => ({ sku: skus.standard, quantity: '1', unitPrice: eur('10.00') }));
  const order = await desk.order({ lines, adjustments: [{ kind: 'DISCOUNT', label: 'x', amount: eur('10.00') }] });
  expect(order.lines.map((line) => line.discountTotal.amount)).toEqual(['3.34', '3.33', '3.33']);
  expect(order).toMatchObject({ discountTotal: eur('10.00'), total: eur('24.41') });
});

test('taxes a fee as the lines that it is spread over, and a rounding not at all', async () => {
  const line = { sku: skus.reduced, quantity: '1', unitPrice: eur('75.00') };
  const other = { sku: skus.standard, quantity: '1', unitPrice: eur('25.00') };
  const order = await desk.order({
    lines: [line, other],
    adjustments: [
      { kind: 'FEE', label: 'gift wrap', amount: eur('10.00') },
      { kind: 'ROUNDING', label: 'to five', amount: eur('-0.02') },
    ],
  });
  expect(order.taxLines).toEqual([
    { name: 'VAT 10 %', rate: '0.1', taxable: eur('82.50'), amount: eur('8.25') },
    { name: 'VAT 22 %', rate: '0.22', taxable: eur('27.50'), amount: eur('6.05') },
  ]);
  expect(order.total).toEqual(eur('124.28'));
});

test('holds amounts that a double cannot', async () => {
  const order = await desk.order({
    lines: [{ sku: skus.standard, quantity: '1', unitPrice: eur('70000000000000.01') }],
  });
  expect([order.subtotal.amount, order.taxTotal.amount, order.total.amount]).toEqual([
    '70000000000000.01',
    '15400000000000.00',
    '85400000000000.01',
  ]);
});
