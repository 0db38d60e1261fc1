import { refuse, Refusals } from '../../shared/failures.js';
import { moneyOfMinor } from '../../shared/money.js';
import type { MoneyMoved, OrderEventTypeName } from '../orders/index.js';
import { endedUnpaid, wayTo, type PaymentStatus } from './payment.states.js';
import type { PaymentRow } from './payment.type.js';

/** Where a payment stands; minor units. */
export interface PaymentFigures {
  status: PaymentStatus;
  amount: bigint;
  authorized: bigint;
  captured: bigint;
  refunded: bigint;
  voided: bigint;
}
/** What is reported of it: sums, as they are by then. */
export interface ReportedFigures {
  status: PaymentStatus;
  amount: bigint;
  captured: bigint;
  refunded: bigint;
  /** Left out where the reporter does not tell. */
  voided?: bigint;
}
/** One row of the table that a report passed, or money that moved within one. */
export interface Step {
  type: OrderEventTypeName;
  before: PaymentFigures;
  after: PaymentFigures;
}

export type TransactionKind = 'AUTHORIZATION' | 'CAPTURE' | 'REFUND' | 'VOID';
const SUMS = { AUTHORIZATION: 'authorized', CAPTURE: 'captured', REFUND: 'refunded', VOID: 'voided' } as const;
export const TRANSACTION_KINDS = Object.keys(SUMS) as TransactionKind[];

/** The most that one amount may be, in minor units: sums of it can be kept. */
export const MOST = 10n ** 17n;

export function newPayment(amount: bigint): PaymentFigures {
  return { status: 'PENDING', amount, authorized: 0n, captured: 0n, refunded: 0n, voided: 0n };
}

export function figuresOf(row: PaymentRow): PaymentFigures {
  return {
    status: row.status,
    amount: BigInt(row.amount_minor),
    authorized: BigInt(row.authorized_minor),
    captured: BigInt(row.captured_minor),
    refunded: BigInt(row.refunded_minor),
    voided: BigInt(row.voided_minor),
  };
}

/** Throws a Refusal for figures that contradict the status they come with. */
export function checkReport(reported: ReportedFigures, currency: string): void {
  const { status, amount, captured, refunded, voided = 0n } = reported;
  const refusals = new Refusals();
  for (const [name, minor] of Object.entries({ amount, captured, refunded, voided })) {
    if (minor < 0n) refusals.add('INVALID', `${name}: expected none below zero`, [name]);
    if (minor > MOST) refusals.add('INVALID', `${name}: more than can be kept`, [name]);
  }
  const holds: Record<PaymentStatus, boolean> = {
    PENDING: captured === 0n && refunded === 0n,
    REQUIRES_ACTION: captured === 0n && refunded === 0n,
    AUTHORIZED: captured === 0n && refunded === 0n,
    PARTIALLY_CAPTURED: captured > 0n && captured < amount && refunded === 0n,
    CAPTURED: captured >= amount && refunded === 0n,
    PARTIALLY_REFUNDED: refunded > 0n && refunded < captured,
    // What is given back may have been taken by a payment that nobody tells of.
    REFUNDED: refunded > 0n && refunded >= captured,
    VOIDED: captured === 0n && refunded === 0n,
    FAILED: captured === 0n && refunded === 0n,
  };
  if (!holds[status]) {
    const [taken, whole, back] = [captured, amount, refunded].map(
      (minor) => moneyOfMinor(minor.toString(), currency).amount,
    );
    refusals.add('INVALID', `status: ${status} is stated, and of ${whole} ${taken} captured, ${back} refunded`, [
      'status',
    ]);
  }
  refusals.throwIfAny();
}

/**
 * Where a payment stands after a report, given where it stood. Money does not move back: sums that fall are refused,
 * except that what was taken and is now said to be void or failed was given back whole.
 */
export function figuresAfter(before: PaymentFigures, reported: ReportedFigures, currency: string): PaymentFigures {
  const { status, amount, captured, refunded } = reported;
  const ends = endedUnpaid(status);
  if (ends && before.captured > 0n)
    return { ...before, amount, status: 'REFUNDED', refunded: max(before.captured, before.refunded) };
  // No money stands behind either: how it ended is what was told first.
  if (ends && endedUnpaid(before.status)) return { ...before, amount };
  for (const [name, now, then] of [
    ['captured', captured, before.captured],
    ['refunded', refunded, before.refunded],
  ] as const) {
    if (now >= then) continue;
    const [less, more] = [now, then].map((minor) => moneyOfMinor(minor.toString(), currency).amount);
    throw refuse('CONFLICT', `${name}: ${less} is stated, ${more} was before; money does not move back`, [name]);
  }
  const isWaiting = status === 'PENDING' || status === 'REQUIRES_ACTION';
  const promised = isWaiting || ends ? before.authorized : max(before.authorized, amount);
  const voided = max(before.voided, ends ? promised - captured : (reported.voided ?? 0n));
  return { status, amount, captured, refunded, voided, authorized: max(promised, captured + voided) };
}

/** The rows of the table between two states, in their order; throws INVALID_TRANSITION where there is no way. */
export function stepsBetween(before: PaymentFigures, after: PaymentFigures): Step[] {
  const steps: Step[] = [];
  let at: PaymentFigures = { ...before, amount: after.amount };
  const take = (type: OrderEventTypeName, change: Partial<PaymentFigures>): void => {
    const next = { ...at, ...change };
    steps.push({ type, before: at, after: next });
    at = next;
  };
  if (after.captured > at.captured) {
    const way = capturedWay(at, after);
    if (way.includes('AUTHORIZED')) take('PAYMENT_AUTHORIZED', { status: 'AUTHORIZED', authorized: after.authorized });
    const { captured, authorized } = after;
    take('PAYMENT_CAPTURED', { status: way.at(-1) ?? at.status, captured, authorized });
  }
  if (after.refunded > at.refunded) {
    wayTo(at.status, after.status);
    take('PAYMENT_REFUNDED', { status: after.status, refunded: after.refunded, authorized: after.authorized });
  }
  for (const status of wayTo(at.status, after.status)) {
    // What was taken had been given back: its end is that the rest is given up.
    const isRest = status === 'REFUNDED' && after.voided > at.voided;
    const change = isRest || endedUnpaid(status) ? { voided: after.voided } : { authorized: after.authorized };
    take(isRest ? 'PAYMENT_VOIDED' : TYPES[status], { status, ...change });
  }
  if (after.authorized > at.authorized) take('PAYMENT_AUTHORIZED', { authorized: after.authorized });
  if (after.voided > at.voided) take('PAYMENT_VOIDED', { voided: after.voided });
  return steps;
}

const TYPES: Record<PaymentStatus, OrderEventTypeName> = {
  PENDING: 'EDITED',
  REQUIRES_ACTION: 'EDITED',
  AUTHORIZED: 'PAYMENT_AUTHORIZED',
  PARTIALLY_CAPTURED: 'PAYMENT_CAPTURED',
  CAPTURED: 'PAYMENT_CAPTURED',
  PARTIALLY_REFUNDED: 'PAYMENT_REFUNDED',
  REFUNDED: 'PAYMENT_REFUNDED',
  VOIDED: 'PAYMENT_VOIDED',
  FAILED: 'PAYMENT_FAILED',
};

/** A further capture of a part leaves what is partly refunded as it is, as does one behind which it is to stay so. */
function capturedWay({ status }: PaymentFigures, after: PaymentFigures): PaymentStatus[] {
  const reached = after.captured >= after.amount ? 'CAPTURED' : 'PARTIALLY_CAPTURED';
  if (status === 'PARTIALLY_REFUNDED' && (reached === 'PARTIALLY_CAPTURED' || after.status === status)) return [];
  return wayTo(status, reached);
}

/** How much money a step moved, of the kind that it is about. */
export function movedBy({ type, before, after }: Step): bigint {
  switch (type) {
    case 'PAYMENT_AUTHORIZED':
      return after.authorized - before.authorized;
    case 'PAYMENT_CAPTURED':
      return after.captured - before.captured;
    case 'PAYMENT_REFUNDED':
      return after.refunded - before.refunded;
    case 'PAYMENT_VOIDED':
      return after.voided > before.voided ? after.voided - before.voided : after.amount;
    default:
      return after.amount;
  }
}

/** What the payment's ledger gets, so that its sums are the payment's. */
export function transactionsBetween(
  before: PaymentFigures,
  after: PaymentFigures,
): { kind: TransactionKind; minor: bigint }[] {
  return TRANSACTION_KINDS.map((kind) => ({ kind, minor: after[SUMS[kind]] - before[SUMS[kind]] })).filter(
    ({ minor }) => minor > 0n,
  );
}

/** What an order's payments add up to, in whatever order they are given. */
export function moneyOfPayments(payments: readonly PaymentFigures[]): MoneyMoved {
  const sum = (read: (payment: PaymentFigures) => bigint) => payments.reduce((total, one) => total + read(one), 0n);
  const has = (...statuses: PaymentStatus[]) => payments.some(({ status }) => statuses.includes(status));
  return {
    paidMinor: sum(({ captured }) => captured),
    refundedMinor: sum(({ refunded }) => refunded),
    authorizedMinor: sum(openMinor),
    unpaid: has('PENDING', 'REQUIRES_ACTION')
      ? 'PENDING'
      : has('VOIDED')
        ? 'VOIDED'
        : has('FAILED')
          ? 'FAILED'
          : 'PENDING',
  };
}

/** What may still be taken of it. */
function openMinor({ status, authorized, captured, voided }: PaymentFigures): bigint {
  return status === 'AUTHORIZED' || status === 'PARTIALLY_CAPTURED' ? authorized - captured - voided : 0n;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
