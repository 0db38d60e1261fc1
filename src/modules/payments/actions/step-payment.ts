import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { balanceDueOf } from '../../orders/index.js';
import { capturable, isAsked, isVoidable, refundable } from '../attempt.rules.js';
import type { CapturePaymentInput, RefundPaymentInput, VoidPaymentInput } from '../payment-input.type.js';
import { figuresOf } from '../payment.rules.js';
import { assertPaymentStep } from '../payment.states.js';
import {
  amountOf,
  beginAttempt,
  lockPayment,
  particularsOf,
  refuseBeyond,
  refuseCardNumbers,
  type Begun,
  type LockedPayment,
} from './begin-attempt.js';

/** Takes some or all of what a payment has authorized, or notes that awaited money came. */
export async function capturePayment(scope: ActionScope, input: CapturePaymentInput): Promise<Begun> {
  refuseCardNumbers({ reason: input.reason });
  const locked = await lockPayment(scope, input);
  const { order, open, row, provider } = locked;
  assertPaymentStep(row.status, 'CAPTURE');
  const left = capturable(figuresOf(row), open, provider.isRemote);
  const due = balanceDueOf(BigInt(order.total_minor), {
    paidMinor: BigInt(order.paid_minor),
    refundedMinor: BigInt(order.refunded_minor),
  });
  const amount = input.amount == null ? (left < due ? left : due) : amountOf(input.amount, order);
  if (amount <= 0n) throw refuse('AMOUNT_EXCEEDED', `of the payment nothing is left to be taken`, ['paymentId']);
  refuseBeyond(amount, left, order, 'of the payment may be taken');
  return begin(scope, locked, 'CAPTURE', amount, input.reason);
}

/** Gives up what of a payment was not taken. */
export async function voidPayment(scope: ActionScope, input: VoidPaymentInput): Promise<Begun> {
  refuseCardNumbers({ reason: input.reason });
  const locked = await lockPayment(scope, input);
  const { open, row } = locked;
  assertPaymentStep(row.status, 'VOID');
  if (isAsked(open, 'VOID') || isAsked(open, 'CAPTURE'))
    throw refuse('CONFLICT', 'the payment is being taken or given up already', ['paymentId']);
  if (!isVoidable(figuresOf(row)))
    throw refuse('CONFLICT', `the payment is ${row.status}: nothing of it can be given up`, ['paymentId']);
  return begin(scope, locked, 'VOID', null, input.reason);
}

/** Gives back some or all of what a payment has taken; never more. */
export async function refundPayment(scope: ActionScope, input: RefundPaymentInput): Promise<Begun> {
  refuseCardNumbers({ reason: input.reason });
  const locked = await lockPayment(scope, input);
  const { order, open, row } = locked;
  assertPaymentStep(row.status, 'REFUND');
  const left = refundable(figuresOf(row), open);
  const amount = input.amount == null ? left : amountOf(input.amount, order);
  if (amount <= 0n) throw refuse('AMOUNT_EXCEEDED', 'of the payment nothing is left to be given back', ['paymentId']);
  refuseBeyond(amount, left, order, 'of the payment may be given back');
  return begin(scope, locked, 'REFUND', amount, input.reason);
}

function begin(
  scope: ActionScope,
  locked: LockedPayment,
  kind: 'CAPTURE' | 'VOID' | 'REFUND',
  amount: bigint | null,
  reason: string | null | undefined,
): Promise<Begun> {
  const { row, provider } = locked;
  const payment = { id: row.id, isNew: false, before: figuresOf(row), particulars: particularsOf(row) };
  return beginAttempt(scope, locked, { kind, amount, provider, payment, reason: reason ?? null });
}
