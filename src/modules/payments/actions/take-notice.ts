import type { ActionScope } from '../../../graph/mutation.js';
import { idOf } from '../../../shared/ids.js';
import { findPaymentOfNotice, insertAttempt, noteReference } from '../attempt.queries.js';
import { PAYMENT_PREFIX } from '../payment.type.js';
import type { Notice } from '../provider.js';

/**
 * Keeps that a provider has news of a payment, once for each notice; what they are is asked of the provider. Null where it
 * is of none of the hub’s payments.
 */
export async function takeNotice({ tx, now }: ActionScope, provider: string, notice: Notice): Promise<string | null> {
  const named = notice.payment === null ? null : idOf(PAYMENT_PREFIX, notice.payment);
  const payment = await tx.one(findPaymentOfNotice(provider, named, notice.reference));
  if (!payment) return null;
  if (notice.reference !== null) tx.defer(noteReference(payment.id, notice.reference));
  const id = await tx.ids.one();
  const at = now.toISOString();
  tx.defer(
    insertAttempt(id, payment.id, 'READ', null, 'REQUESTED', `${provider} ${notice.id}`, null, null, at, at, null),
  );
  return id;
}
