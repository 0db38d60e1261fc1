import type Stripe from 'stripe';
import type { Standing } from '../../provider.js';

/** Under these names its objects carry ours. */
export const PAYMENT_KEY = 'payment';
export const ATTEMPT_KEY = 'attempt';
/** A name of metadata has at most 40 characters. */
export const captureKey = (key: string): string => `c_${key}`;

/** Reasons for which a PaymentIntent ends that nobody has given up. */
const FAILED: readonly unknown[] = ['abandoned', 'automatic', 'expired'];

/**
 * Where a payment stands by its PaymentIntent and its refunds
 * (https://docs.stripe.com/payments/paymentintents/lifecycle).
 */
export function standingOf(intent: Stripe.PaymentIntent, refunds: readonly Stripe.Refund[]): Standing {
  const { status, amount, metadata } = intent;
  const captured = BigInt(intent.amount_received);
  const isFunded = status === 'requires_capture' || status === 'succeeded' || captured > 0n;
  const given = refunds.filter((refund) => refund.status === 'succeeded');
  const keys = Object.keys(metadata).filter((name) => name.startsWith(captureKey('')));
  return {
    reference: intent.id,
    unfunded: unfundedOf(intent),
    authorized: isFunded ? BigInt(amount) : 0n,
    captured,
    refunded: given.reduce((sum, refund) => sum + BigInt(refund.amount), 0n),
    isClosed: status === 'succeeded' || status === 'canceled',
    ...means(intent),
    actionUrl: intent.next_action?.redirect_to_url?.url ?? null,
    keys: new Set([
      ...keys.map((name) => name.slice(captureKey('').length)),
      ...given.flatMap((refund) => refund.metadata?.[ATTEMPT_KEY] ?? []),
    ]),
  };
}

function unfundedOf(intent: Stripe.PaymentIntent): Standing['unfunded'] {
  switch (intent.status) {
    case 'canceled':
      return FAILED.includes(intent.cancellation_reason) ? 'FAILED' : 'VOIDED';
    case 'requires_action':
      return 'REQUIRES_ACTION';
    case 'requires_payment_method':
      return intent.last_payment_error ? 'FAILED' : 'PENDING';
    default:
      return 'PENDING';
  }
}

function means({ latest_charge: charge }: Stripe.PaymentIntent): Pick<Standing, 'method' | 'displayName'> {
  const details = typeof charge === 'object' ? charge?.payment_method_details : null;
  if (!details) return { method: null, displayName: null };
  const { brand, last4 } = details.card ?? {};
  return { method: details.type, displayName: brand && last4 ? `${brand} •••• ${last4}` : null };
}

/** Whether its charge may be taken in several parts (https://docs.stripe.com/payments/multicapture). */
export function takesParts({ latest_charge: charge }: Stripe.PaymentIntent): boolean {
  return typeof charge === 'object' && charge?.payment_method_details?.card?.multicapture?.status === 'available';
}
