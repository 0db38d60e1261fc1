import type { PaymentFigures } from './payment.rules.js';
import type { PaymentStatus } from './payment.states.js';
import type { PaymentStep } from './provider.js';

export type AttemptKind = PaymentStep | 'READ';
export type AttemptStatus = 'REQUESTED' | 'WAITING' | 'SUCCEEDED' | 'FAILED';

/** What guards look at of an attempt that is not settled. */
export interface OpenAttempt {
  payment_id: string;
  kind: AttemptKind;
  amount_minor: string | null;
}

const TAKES: readonly PaymentStatus[] = ['AUTHORIZED', 'PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED'];
const IS_UNDER_WAY: readonly PaymentStatus[] = ['PENDING', 'REQUIRES_ACTION'];

/** How much may still be taken, with what is being taken just now counted as taken. */
export function capturable(payment: PaymentFigures, open: readonly OpenAttempt[], isRemote: boolean): bigint {
  if (isAsked(open, 'VOID')) return 0n;
  const { status, amount, authorized, captured, voided } = payment;
  const mayCome = !isRemote && (status === 'PENDING' || (TAKES.includes(status) && voided === 0n));
  if (!mayCome && !TAKES.includes(status)) return 0n;
  return (mayCome ? amount : authorized - voided) - captured - asked(open, 'CAPTURE');
}

/** How much may still be given back. */
export function refundable({ captured, refunded }: PaymentFigures, open: readonly OpenAttempt[]): bigint {
  return captured - refunded - asked(open, 'REFUND');
}

/** Whether something of it can be given up: it is under way, or some of what is authorized was not taken. */
export function isVoidable({ status, authorized, captured, voided }: PaymentFigures): boolean {
  if (IS_UNDER_WAY.includes(status)) return true;
  return TAKES.includes(status) && authorized - captured - voided > 0n;
}

/** What an order's other payments bring, or may: what was kept, what is authorized, and what a provider was asked for. */
export function covered(payments: readonly { figures: PaymentFigures; isRemote: boolean }[]): bigint {
  return payments.reduce((sum, { figures, isRemote }) => {
    const { status, amount, authorized, captured, refunded, voided } = figures;
    const open = TAKES.includes(status) ? authorized - captured - voided : 0n;
    return sum + captured - refunded + open + (isRemote && IS_UNDER_WAY.includes(status) ? amount : 0n);
  }, 0n);
}

export function isAsked(open: readonly OpenAttempt[], kind: AttemptKind): boolean {
  return open.some((attempt) => attempt.kind === kind);
}

function asked(open: readonly OpenAttempt[], kind: AttemptKind): bigint {
  return open.reduce((sum, each) => (each.kind === kind ? sum + BigInt(each.amount_minor ?? 0) : sum), 0n);
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** When a call is tried again that nobody knows the outcome of; longer than a call may take. */
export function nextTry(now: Date, tries: number): Date {
  return new Date(now.getTime() + Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries, 10), LONGEST_PAUSE_MS));
}

/** Providers keep idempotency keys for a day: behind that, what became of a call is read, and it is not made again. */
export function isKeyForgotten(createdAt: Date, now: Date): boolean {
  return now.getTime() - createdAt.getTime() > 23 * 3_600_000;
}
