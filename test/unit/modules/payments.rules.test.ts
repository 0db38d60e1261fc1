import { describe, expect, test } from '@jest/globals';
import {
  balanceDueOf,
  NO_MONEY_MOVED,
  paymentStatusOf,
  type MoneyMoved,
} from '../../../src/modules/orders/order.payment.rules.js';
import { maskCardNumbers } from '../../../src/modules/payments/card-number.rules.js';
import {
  checkReport,
  figuresAfter,
  moneyOfPayments,
  newPayment,
  stepsBetween,
  transactionsBetween,
  type PaymentFigures,
  type ReportedFigures,
} from '../../../src/modules/payments/payment.rules.js';
import type { Standing } from '../../../src/modules/payments/provider.js';
import { joined } from '../../../src/modules/payments/standing.rules.js';
import { paymentMachine, type PaymentStatus } from '../../../src/modules/payments/payment.states.js';
import { seeded } from '../../api/support/desk.js';

const report = (status: PaymentStatus, captured = 0, refunded = 0, more: Partial<ReportedFigures> = {}) =>
  ({ status, amount: 100n, captured: BigInt(captured), refunded: BigInt(refunded), ...more }) satisfies ReportedFigures;

/** What a payment comes to when these are reported of it, one after the other, and the events on the way. */
function after(...reports: ReportedFigures[]): { figures: PaymentFigures; types: string[] } {
  let figures = newPayment(reports[0]!.amount);
  const types: string[] = [];
  for (const each of reports) {
    checkReport(each, 'EUR');
    const next = figuresAfter(figures, each, 'EUR');
    const steps = stepsBetween(figures, next);
    types.push(...steps.map(({ type, after: { status } }) => `${type.replace('PAYMENT_', '')} ${status}`));
    expect(steps.at(-1)?.after ?? { ...figures, amount: next.amount }).toEqual(next);
    figures = next;
  }
  return { figures, types };
}

describe('an order is paid by the sums of its payments', () => {
  const money = (paid: number, refunded = 0, more: Partial<MoneyMoved> = {}): MoneyMoved => ({
    ...NO_MONEY_MOVED,
    paidMinor: BigInt(paid),
    refundedMinor: BigInt(refunded),
    ...more,
  });
  test.each<[string, number, MoneyMoved, number]>([
    ['PENDING', 100, money(0), 100],
    ['NOT_REQUIRED', 0, money(0), 0],
    ['AUTHORIZED', 100, money(0, 0, { authorizedMinor: 100n }), 100],
    ['PARTIALLY_PAID', 100, money(40), 60],
    ['PARTIALLY_PAID', 100, money(40, 0, { authorizedMinor: 60n }), 60],
    ['PAID', 100, money(100), 0],
    ['OVERPAID', 100, money(130), -30],
    // The order was canceled, and the money is still here.
    ['OVERPAID', 0, money(100), -100],
    ['OVERPAID', 0, money(100, 40), -60],
    ['PARTIALLY_REFUNDED', 100, money(100, 30), 0],
    // A line was taken out and paid back.
    ['PARTIALLY_REFUNDED', 70, money(100, 30), 0],
    ['REFUNDED', 100, money(100, 100), 0],
    ['REFUNDED', 0, money(100, 100), 0],
    // Paid back, to be paid in another way.
    ['AUTHORIZED', 100, money(100, 100, { authorizedMinor: 100n }), 0],
    ['VOIDED', 100, money(0, 0, { unpaid: 'VOIDED' }), 100],
    ['NOT_REQUIRED', 0, money(0, 0, { unpaid: 'VOIDED' }), 0],
    ['FAILED', 100, money(0, 0, { unpaid: 'FAILED' }), 100],
  ])('%s of a total of %s', (status, total, moved, due) => {
    expect([paymentStatusOf(BigInt(total), moved), balanceDueOf(BigInt(total), moved)]).toEqual([status, BigInt(due)]);
  });

  test('in whatever order they are added up; an attempt under way outweighs those that ended', () => {
    const all = (['FAILED', 'VOIDED', 'PENDING'] as const).map((status) => ({ ...newPayment(100n), status }));
    const [failed, voided, pending] = all as [PaymentFigures, PaymentFigures, PaymentFigures];
    expect(moneyOfPayments([failed, voided, pending]).unpaid).toBe('PENDING');
    expect(moneyOfPayments([voided, failed]).unpaid).toBe('VOIDED');
    expect(moneyOfPayments([failed, failed]).unpaid).toBe('FAILED');
    const { figures } = after(report('AUTHORIZED'), report('PARTIALLY_CAPTURED', 40));
    expect(moneyOfPayments([failed, figures])).toEqual(moneyOfPayments([figures, failed]));
    expect(moneyOfPayments([failed, figures])).toMatchObject({ paidMinor: 40n, authorizedMinor: 60n });
  });
});

describe('a report of a payment', () => {
  test.each<[string, ReportedFigures[], string[]]>([
    [
      'one by one',
      [report('PENDING'), report('AUTHORIZED'), report('CAPTURED', 100)],
      ['AUTHORIZED AUTHORIZED', 'CAPTURED CAPTURED'],
    ],
    ['sold at once', [report('CAPTURED', 100)], ['CAPTURED CAPTURED']],
    [
      'that jumps to a part',
      [report('PARTIALLY_CAPTURED', 40)],
      ['AUTHORIZED AUTHORIZED', 'CAPTURED PARTIALLY_CAPTURED'],
    ],
    ['that jumps to the end', [report('REFUNDED', 100, 100)], ['CAPTURED CAPTURED', 'REFUNDED REFUNDED']],
    [
      'of further parts, which are no transition',
      [
        report('PARTIALLY_CAPTURED', 40),
        report('PARTIALLY_CAPTURED', 60),
        report('PARTIALLY_REFUNDED', 60, 10),
        report('PARTIALLY_REFUNDED', 70, 20),
      ],
      [
        'AUTHORIZED AUTHORIZED',
        'CAPTURED PARTIALLY_CAPTURED',
        'CAPTURED PARTIALLY_CAPTURED',
        'REFUNDED PARTIALLY_REFUNDED',
        'CAPTURED PARTIALLY_REFUNDED',
        'REFUNDED PARTIALLY_REFUNDED',
      ],
    ],
    [
      'of a rest that is given up',
      [report('PARTIALLY_CAPTURED', 40), report('PARTIALLY_CAPTURED', 40, 0, { voided: 60n })],
      ['AUTHORIZED AUTHORIZED', 'CAPTURED PARTIALLY_CAPTURED', 'VOIDED PARTIALLY_CAPTURED'],
    ],
    ['that expired', [report('AUTHORIZED'), report('FAILED')], ['AUTHORIZED AUTHORIZED', 'FAILED FAILED']],
    ['that failed and is then called off', [report('FAILED'), report('VOIDED')], ['FAILED FAILED']],
    [
      'of money taken that is called off',
      [report('CAPTURED', 100), report('VOIDED')],
      ['CAPTURED CAPTURED', 'REFUNDED REFUNDED'],
    ],
    ['that is repeated', [report('AUTHORIZED'), report('AUTHORIZED')], ['AUTHORIZED AUTHORIZED']],
    ['of money that nobody is known to have taken', [report('REFUNDED', 0, 30)], ['REFUNDED REFUNDED']],
  ])('%s', (_, reports, types) => {
    expect(after(...reports).types).toEqual(types);
  });

  test.each<[string, ReportedFigures[], string]>([
    ['back to its beginning', [report('REFUNDED', 100, 100), report('PENDING')], 'money does not move back'],
    [
      'back before the authorization',
      [report('AUTHORIZED'), report('PENDING')],
      'AUTHORIZED and cannot become PENDING; allowed: PARTIALLY_CAPTURED, CAPTURED, VOIDED, FAILED',
    ],
    [
      'of money from what was given up',
      [report('VOIDED'), report('CAPTURED', 100)],
      'VOIDED and cannot become CAPTURED',
    ],
    [
      'of less than before',
      [report('PARTIALLY_CAPTURED', 40), report('PARTIALLY_CAPTURED', 30)],
      'captured: 0.30 is stated, 0.40 was before',
    ],
    [
      'that gives money behind the end',
      [report('REFUNDED', 50, 50), report('PARTIALLY_REFUNDED', 100, 50)],
      'REFUNDED and cannot become CAPTURED',
    ],
    [
      'that contradicts itself',
      [report('CAPTURED', 40)],
      'CAPTURED is stated, and of 1.00 0.40 captured, 0.00 refunded',
    ],
    ['below zero', [report('PENDING', -1)], 'captured: expected none below zero'],
  ])('is refused where it leads %s', (_, reports, message) => {
    expect(() => after(...reports)).toThrow(message);
  });
});

describe('reports by chance', () => {
  /** A payment at its provider: each thing that may happen to it there, with what is reported afterwards. */
  function history(below: (n: number) => number): ReportedFigures[] {
    const amount = BigInt(1 + below(200));
    const part = (of: bigint) => (below(3) === 0 ? of : BigInt(below(Number(of) + 1)));
    let [captured, refunded] = [0n, 0n];
    const reports: ReportedFigures[] = [{ status: 'PENDING', amount, captured, refunded }];
    if (below(8) === 0) return [...reports, { status: 'FAILED', amount, captured, refunded }];
    reports.push({ status: 'AUTHORIZED', amount, captured, refunded });
    if (below(8) === 0) return [...reports, { status: 'VOIDED', amount, captured, refunded }];
    for (let n = below(8); n > 0; n -= 1) {
      const isOver = refunded > 0n && refunded === captured;
      if (isOver) break;
      if (captured > 0n && below(2) === 0) refunded += part(captured - refunded);
      else captured += part(amount - captured);
      if (captured === 0n) continue;
      const taken = captured < amount ? 'PARTIALLY_CAPTURED' : 'CAPTURED';
      const status = refunded === 0n ? taken : refunded < captured ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
      reports.push({ status, amount, captured, refunded });
    }
    return reports;
  }
  const shown = ({ status, amount, captured, refunded }: ReportedFigures) => ({ status, amount, captured, refunded });

  test('lead to what the newest says, whichever are lost, doubled or late, and the sums are those of the ledger', () => {
    const below = seeded(28);
    const met = new Set<string>();
    for (let run = 0; run < 500; run += 1) {
      const reports = history(below);
      const delivered = Array.from({ length: 1 + below(8) }, () => below(reports.length));
      let version = -1;
      let figures = newPayment(reports[delivered[0]!]!.amount);
      const ledger = { AUTHORIZATION: 0n, CAPTURE: 0n, REFUND: 0n, VOID: 0n };
      for (const at of delivered) {
        if (at < version) continue;
        version = at;
        checkReport(reports[at]!, 'EUR');
        const next = figuresAfter(figures, reports[at]!, 'EUR');
        const steps = stepsBetween(figures, next);
        for (const [n, step] of steps.entries()) {
          expect(step.before).toEqual(n === 0 ? figures : steps[n - 1]!.after);
          const { status: from } = step.before;
          const { status: to } = step.after;
          expect(from === to || paymentMachine.path(from, to) !== null).toBe(true);
          met.add(`${from} ${to}`);
        }
        expect(steps.at(-1)?.after ?? figures).toEqual(next);
        for (const { kind, minor } of transactionsBetween(figures, next)) ledger[kind] += minor;
        figures = next;
      }
      expect(shown(figures)).toEqual(shown(reports[Math.max(...delivered)]!));
      const { authorized, captured, refunded, voided } = figures;
      expect(ledger).toEqual({ AUTHORIZATION: authorized, CAPTURE: captured, REFUND: refunded, VOID: voided });
      expect(captured + voided <= authorized && refunded <= captured).toBe(true);
      const money = moneyOfPayments([figures]);
      expect([money.paidMinor, money.refundedMinor]).toEqual([captured, refunded]);
      const due = balanceDueOf(figures.amount, money);
      expect(due).toBe(figures.amount - captured);
    }
    expect(met.size).toBeGreaterThan(15);
  });
});

describe('a standing by the provider’s word', () => {
  const standing = (more: Partial<Standing>): Standing => ({
    ...{ reference: 'pi_1', unfunded: 'PENDING', authorized: 0n, captured: 0n, refunded: 0n, isClosed: false },
    ...{ method: null, displayName: null, actionUrl: null, keys: new Set<string>() },
    ...more,
  });

  /** What a provider says of one payment over time, and how it ends. */
  function history(below: (limit: number) => number): Standing[] {
    const told = [standing({}), ...(below(2) === 0 ? [standing({ unfunded: 'REQUIRES_ACTION' })] : [])];
    const end = below(4);
    if (end === 0) return [...told, standing({ unfunded: 'FAILED', isClosed: true })];
    let now = standing({ authorized: 100n });
    told.push(now);
    if (end === 1) return [...told, standing({ unfunded: 'VOIDED', isClosed: true })];
    for (let n = below(4); n > 0; n -= 1) {
      const captured = below(3) === 0 ? 100n : now.captured + BigInt(below(Number(101n - now.captured)));
      const refunded = below(3) === 0 ? captured : now.refunded + BigInt(below(Number(captured - now.refunded) + 1));
      told.push((now = { ...now, captured, refunded }));
    }
    return end === 2 && now.captured > 0n ? [...told, { ...now, isClosed: true }] : told;
  }

  test('comes late, again and in any order, and leaves the same payment, by ways that the table has', () => {
    const below = seeded(20);
    const ended = new Set<string>();
    for (let n = 0; n < 600; n += 1) {
      const told = history(below);
      const follow = (standings: Standing[]) => {
        let figures = newPayment(100n);
        for (const each of standings) {
          const next = joined(figures, each);
          const steps = stepsBetween(figures, next);
          expect(steps.at(-1)?.after ?? figures).toEqual(next);
          for (const { kind, minor } of transactionsBetween(figures, next))
            expect([kind, minor > 0n]).toEqual([kind, true]);
          expect(next.captured + next.voided).toBeLessThanOrEqual(next.authorized);
          expect(next.refunded).toBeLessThanOrEqual(next.captured);
          figures = next;
        }
        return figures;
      };
      const mixed = [...told, ...told].sort(() => below(3) - 1);
      const inOrder = follow(told);
      expect(follow(mixed)).toEqual(inOrder);
      ended.add(inOrder.status);
    }
    expect(ended.size).toBeGreaterThan(6);
  });
});

describe('a card number', () => {
  test.each([
    ['4242424242424242', '•••• 4242'],
    ['Visa 4242 4242 4242 4242 (1 of 2)', 'Visa •••• 4242 (1 of 2)'],
    ['1 4242-4242-4242-4242', '1 •••• 4242'],
    ['378282246310005/4000056655665556', '•••• 0005/•••• 5556'],
    ['card4111.1111.1111.1111x', 'card•••• 1111x'],
  ])('in %j is masked', (text, masked) => {
    expect(maskCardNumbers(text)).toBe(masked);
  });

  test.each([
    'visa •••• 4242',
    '4242424242424243',
    'pi_3MtwBwLkdIwHu7ix28a3tqPa',
    '2026-03-01 10:00:00',
    'PO 1234567',
    '',
  ])('is not seen in %j', (text) => {
    expect(maskCardNumbers(text)).toBe(text);
  });
});
