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
