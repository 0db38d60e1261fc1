import type { Actor } from '../../shared/actor.js';
import { exact, type Exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { minorOfAmount, moneyOfMinor, type Money } from '../../shared/money.js';
import type { QuoteLineRow } from './quote-line.type.js';
import type { QuoteRow } from './quote.type.js';
import { MONTHS } from './recurrence.rules.js';

/** Bounds of a rule; it asks where a quote is beyond all that are given. */
export interface Bounds {
  line_discount_over: string | null;
  discount_over: string | null;
  total_over_minor: string | null;
  total_over_currency: string | null;
  term_months_over: number | null;
}
export type QuoteFigures = Pick<QuoteRow, 'currency' | 'total_minor'>;
export type LineFigures = Pick<
  QuoteLineRow,
  'sku' | 'quantity' | 'unit_price' | 'list_price' | 'discount_rate' | 'recurrence_interval' | 'recurrence_terms'
>;

/** Why a rule asks for approval of a quote, in words; null where it does not. */
export function reasonToAsk(bounds: Bounds, quote: QuoteFigures, lines: readonly LineFigures[]): string | null {
  const reasons: (string | null)[] = [];
  if (bounds.line_discount_over !== null) reasons.push(lineReason(bounds.line_discount_over, lines));
  if (bounds.discount_over !== null) reasons.push(overallReason(bounds.discount_over, lines));
  if (bounds.total_over_minor !== null) reasons.push(totalReason(bounds, quote));
  if (bounds.term_months_over !== null) reasons.push(termReason(bounds.term_months_over, lines));
  return reasons.length === 0 || reasons.includes(null) ? null : reasons.join('; ');
}

function lineReason(bound: string, lines: readonly LineFigures[]): string | null {
  const rates = lines.map((line) => ({ sku: line.sku, rate: discountOf([line]) }));
  const most = rates.reduce((a, b) => (b.rate.greaterThan(a.rate) ? b : a));
  if (!most.rate.greaterThan(exact(bound))) return null;
  return `${most.sku} is ${percent(most.rate)} below its price, more than ${percent(exact(bound))}`;
}

function overallReason(bound: string, lines: readonly LineFigures[]): string | null {
  const rate = discountOf(lines);
  if (!rate.greaterThan(exact(bound))) return null;
  return `the lines are ${percent(rate)} below their prices, more than ${percent(exact(bound))}`;
}

function totalReason({ total_over_minor: bound, total_over_currency: currency }: Bounds, quote: QuoteFigures) {
  if (quote.currency !== currency || BigInt(quote.total_minor) <= BigInt(bound!)) return null;
  const [total, most] = [quote.total_minor, bound!].map((minor) => moneyOfMinor(minor, currency).amount);
  return `the total is ${total} ${currency}, more than ${most}`;
}

function termReason(bound: number, lines: readonly LineFigures[]): string | null {
  const months = lines.map((line) => (line.recurrence_terms ?? 0) * MONTHS[line.recurrence_interval ?? 'MONTH']);
  const most = Math.max(...months);
  if (most <= bound) return null;
  return `${lines[months.indexOf(most)]!.sku} runs for ${most} months, more than ${bound}`;
}

/**
 * How far lines together are below their prices: the price list's, or where the unit price that was agreed on is higher,
 * or there is no list price, that one. So a lower unit price counts as a discount does.
 */
function discountOf(lines: readonly LineFigures[]): Exact {
  let worth = exact(0);
  let net = exact(0);
  for (const { quantity, unit_price, list_price, discount_rate } of lines) {
    const unit = exact(unit_price);
    const list = exact(list_price ?? unit_price);
    worth = worth.plus(exact(quantity).times(list.greaterThan(unit) ? list : unit));
    net = net.plus(
      exact(quantity)
        .times(unit)
        .times(exact(1).minus(exact(discount_rate))),
    );
  }
  return worth.isZero() ? exact(0) : exact(1).minus(net.dividedBy(worth));
}

function percent(rate: Exact): string {
  return `${rate.times(100).toDecimalPlaces(4).toFixed()} %`;
}

/** The same holder: a record of its own, or where there is none the name. */
export function isSameActor(one: Actor, other: Actor): boolean {
  return one.kind === other.kind && one.id === other.id && (one.id !== null || one.name === other.name);
}

interface StatedBounds {
  lineDiscountOver?: string | null;
  discountOver?: string | null;
  totalOver?: Money | null;
  termMonthsOver?: number | null;
}

/** What is wrong with bounds by themselves. */
export function checkBounds(stated: StatedBounds, refusals: Refusals): void {
  for (const field of ['lineDiscountOver', 'discountOver'] as const) {
    const rate = exact(stated[field] ?? '0');
    if (!rate.isNegative() && rate.lessThan(1) && rate.decimalPlaces() <= 6) continue;
    const message = `${field}: expected a fraction from 0 to less than 1 with at most six digits, got ${stated[field]}`;
    refusals.add('INVALID', message, [field]);
  }
  const { totalOver, termMonthsOver } = stated;
  if (totalOver && (totalOver.amount.startsWith('-') || minorOfAmount(totalOver.amount, totalOver.currency) === null)) {
    const message = `totalOver: expected zero or more with the digits of ${totalOver.currency}, got ${totalOver.amount}`;
    refusals.add('INVALID', message, ['totalOver', 'amount']);
  }
  if (termMonthsOver != null && termMonthsOver < 0)
    refusals.add('INVALID', `termMonthsOver: expected zero or more, got ${termMonthsOver}`, ['termMonthsOver']);
}
