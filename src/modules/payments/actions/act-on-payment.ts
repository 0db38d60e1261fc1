import type { GraphContext } from '../../../graph/context.js';
import { mutate, type ActionScope } from '../../../graph/mutation.js';
import { toUserError } from '../../../graph/user-errors.js';
import type { UserErrorFacts } from '../../../shared/failures.js';
import { selectAttempt, type AttemptRow } from '../attempt.queries.js';
import type { Begun } from './begin-attempt.js';
import { carryOutAlone } from './settle-open-attempts.js';

export interface Acted {
  paymentId: string | null;
  orderId: string | null;
  replayed: boolean;
  userErrors: object[];
}

/** A step of a payment, whole: what is asked for is written, the provider is called, and what came of it is written. */
export async function actOnPayment<Input extends { idempotencyKey: string }>(
  context: GraphContext,
  name: string,
  input: Input,
  action: (scope: ActionScope, input: Input) => Promise<Begun>,
): Promise<Acted> {
  const { outcome, replayed, userErrors } = await mutate(context, name, input, (scope) => action(scope, input));
  if (!outcome) return { paymentId: null, orderId: null, replayed, userErrors };
  const { db, clock, log, viewer } = context;
  const service = context.service.bind(context);
  // What fails here leaves an attempt that is carried out later.
  await carryOutAlone({ db, clock, log, actor: viewer.actor, service }, outcome.attemptId);
  const attempt = (await db.readOne(selectAttempt(outcome.attemptId)))!;
  const failure = failureOf(attempt);
  const { paymentId, orderId } = outcome;
  return { paymentId, orderId, replayed, userErrors: failure ? [toUserError(failure)] : [] };
}

function failureOf({ status, acts_through: provider, reason }: AttemptRow): UserErrorFacts | null {
  if (status === 'REQUESTED') {
    const message = `${provider} has not answered; the hub finds out what became of it, and so does the same call sent again`;
    return { code: 'PROVIDER_UNAVAILABLE', message };
  }
  return status === 'FAILED' ? { code: 'PAYMENT_DECLINED', message: `${provider}: ${reason}` } : null;
}
