import { transitionError } from '../../graph/user-errors.js';
import { Refusal } from '../../shared/failures.js';
import { machine } from '../../shared/state-machine.js';

export const PAYMENT_STATUSES = [
  'PENDING',
  'REQUIRES_ACTION',
  'AUTHORIZED',
  'PARTIALLY_CAPTURED',
  'CAPTURED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'VOIDED',
  'FAILED',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** What each status of a payment may become; walked at start, and the only way a status is written. */
export const paymentMachine = machine<PaymentStatus>('payment', PAYMENT_STATUSES, {
  initial: ['PENDING'],
  moves: {
    PENDING: ['REQUIRES_ACTION', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'VOIDED'],
    REQUIRES_ACTION: ['AUTHORIZED', 'CAPTURED', 'FAILED', 'VOIDED'],
    AUTHORIZED: ['PARTIALLY_CAPTURED', 'CAPTURED', 'VOIDED', 'FAILED'],
    PARTIALLY_CAPTURED: ['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'],
    CAPTURED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
    PARTIALLY_REFUNDED: ['REFUNDED', 'CAPTURED'],
    REFUNDED: [],
    VOIDED: [],
    FAILED: [],
  },
});

/** Where each step leads. One that leaves the status as it is, is none: its amounts decide. */
const LEADS_TO = {
  CAPTURE: { moves: ['CAPTURED', 'PARTIALLY_CAPTURED'], stays: ['CAPTURED', 'PARTIALLY_CAPTURED'] },
  VOID: { moves: ['VOIDED'], stays: ['PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED'] },
  REFUND: { moves: ['REFUNDED', 'PARTIALLY_REFUNDED'], stays: ['REFUNDED', 'PARTIALLY_REFUNDED'] },
} as const satisfies Record<string, { moves: readonly PaymentStatus[]; stays: readonly PaymentStatus[] }>;

/** Throws INVALID_TRANSITION with what is allowed, where the table has no such step from there. */
export function assertPaymentStep(status: PaymentStatus, step: keyof typeof LEADS_TO): void {
  const { moves, stays }: { moves: readonly PaymentStatus[]; stays: readonly PaymentStatus[] } = LEADS_TO[step];
  if (stays.includes(status) || moves.some((to) => paymentMachine.canMove(status, to))) return;
  throw new Refusal([transitionError('the payment', status, moves[0]!, paymentMachine.allowed(status))]);
}

/** It ended, and no money was taken. */
export function endedUnpaid(status: PaymentStatus): boolean {
  return status === 'VOIDED' || status === 'FAILED';
}

/** The statuses on the way; throws INVALID_TRANSITION with what is allowed where no way leads there. */
export function wayTo(from: PaymentStatus, to: PaymentStatus): PaymentStatus[] {
  const way = paymentMachine.path(from, to);
  if (!way) throw new Refusal([transitionError('it', from, to, paymentMachine.allowed(from))]);
  return way;
}
