/** What is said of an order while no money stands behind its payments. */
export const UNPAID_STATUSES = ['PENDING', 'VOIDED', 'FAILED'] as const;
export type UnpaidStatus = (typeof UNPAID_STATUSES)[number];

export const ORDER_PAYMENT_STATUSES = [
  'NOT_REQUIRED',
  'PENDING',
  'AUTHORIZED',
  'PARTIALLY_PAID',
  'PAID',
  'OVERPAID',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'VOIDED',
  'FAILED',
] as const;
export type OrderPaymentStatus = (typeof ORDER_PAYMENT_STATUSES)[number];

/** What an order's payments add up to; minor units. */
export interface MoneyMoved {
  paidMinor: bigint;
  refundedMinor: bigint;
  /** Authorized, and neither taken nor given up. */
  authorizedMinor: bigint;
  unpaid: UnpaidStatus;
}
export const NO_MONEY_MOVED: MoneyMoved = { paidMinor: 0n, refundedMinor: 0n, authorizedMinor: 0n, unpaid: 'PENDING' };

/** From the sums of an order's payments against its total; written wherever one of the two changes. */
export function paymentStatusOf(totalMinor: bigint, money: MoneyMoved): OrderPaymentStatus {
  const kept = money.paidMinor - money.refundedMinor;
  if (kept > 0n && kept > totalMinor) return 'OVERPAID';
  if (kept > 0n && money.refundedMinor > 0n) return 'PARTIALLY_REFUNDED';
  if (kept > 0n) return money.paidMinor >= totalMinor ? 'PAID' : 'PARTIALLY_PAID';
  if (money.authorizedMinor > 0n) return 'AUTHORIZED';
  if (money.refundedMinor > 0n) return 'REFUNDED';
  return totalMinor > 0n ? money.unpaid : 'NOT_REQUIRED';
}

/** What was never paid. What was given back is not due again; below zero: paid beyond the total and not given back. */
export function balanceDueOf(totalMinor: bigint, { paidMinor, refundedMinor }: MoneyPaid): bigint {
  const due = totalMinor - paidMinor;
  if (due >= 0n) return due;
  const owed = due + refundedMinor;
  return owed < 0n ? owed : 0n;
}
type MoneyPaid = Pick<MoneyMoved, 'paidMinor' | 'refundedMinor'>;

/** What an order has to be covered with before anything of it leaves, and is not; zero where the hub takes no money for it. */
export function uncoveredOf(order: Covered): bigint {
  if (!order.needs_funds) return 0n;
  const covered = BigInt(order.paid_minor) - BigInt(order.refunded_minor) + BigInt(order.authorized_minor);
  const missing = BigInt(order.total_minor) - covered;
  return missing > 0n ? missing : 0n;
}
interface Covered {
  needs_funds: boolean;
  total_minor: string;
  paid_minor: string;
  refunded_minor: string;
  authorized_minor: string;
}
