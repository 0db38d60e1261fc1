import type { PaymentFigures } from './payment.rules.js';
import { endedUnpaid, type PaymentStatus } from './payment.states.js';
import type { Standing } from './provider.js';

/**
 * What is known of a payment together with what its provider says. Sums only grow, and the status follows from them, so
 * that it does not matter in which order, how late or how often a standing comes.
 */
export function joined(before: PaymentFigures, standing: Standing): PaymentFigures {
  const captured = max(before.captured, standing.captured);
  const authorized = max(max(before.authorized, standing.authorized), captured + before.voided);
  // What was given up stays so for whoever tells late of what was before.
  const isClosed = standing.isClosed || before.voided > 0n || endedUnpaid(before.status);
  const sums = {
    amount: before.amount,
    authorized,
    captured,
    refunded: max(before.refunded, standing.refunded),
    voided: isClosed ? max(before.voided, authorized - captured) : before.voided,
  };
  return { ...sums, status: statusOfSums(sums, unfundedOf(before.status, standing.unfunded)) };
}

/** The status that follows from a payment's sums, and, where no money stands behind it, from what is said of it. */
export function statusOfSums(sums: Omit<PaymentFigures, 'status'>, unfunded: PaymentStatus): PaymentStatus {
  const { amount, authorized, captured, refunded, voided } = sums;
  // As long as more can be taken of it, it has not come to its end.
  const isOpen = authorized > captured + voided;
  if (refunded > 0n) return refunded >= captured && !isOpen ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (captured > 0n) return captured >= amount ? 'CAPTURED' : 'PARTIALLY_CAPTURED';
  if (endedUnpaid(unfunded)) return unfunded;
  if (voided > 0n) return 'VOIDED';
  return authorized > 0n ? 'AUTHORIZED' : unfunded;
}

function unfundedOf(before: PaymentStatus, now: Standing['unfunded']): PaymentStatus {
  if (endedUnpaid(before) || endedUnpaid(now)) return endedUnpaid(before) ? before : now;
  return before === 'REQUIRES_ACTION' ? before : now;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
