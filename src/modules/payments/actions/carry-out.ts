import type { Database } from '../../../db/database.js';
import type { ServiceKey } from '../../../graph/context.js';
import type { Actor } from '../../../shared/actor.js';
import { parseInstant, type Clock } from '../../../shared/clock.js';
import type { Log } from '../../../shared/log.js';
import { typeId } from '../../../shared/ids.js';
import { isKeyForgotten, nextTry } from '../attempt.rules.js';
import { selectAttempt, selectOpenAttempts, postponeAttempt, type AttemptRow } from '../attempt.queries.js';
import { PAYMENT_PREFIX } from '../payment.type.js';
import { paymentProviders, type Answer, type ProviderCall, type RemoteProvider } from '../provider.js';
import { settleAttempt } from './settle-attempt.js';

/** What it takes to call a provider and to write down what came of it. */
export interface PaymentParts {
  db: Database;
  clock: Clock;
  log: Log;
  actor: Actor;
  service<T>(key: ServiceKey<T>): T;
}

/**
 * Carries out an attempt: asks its provider, and then settles it. To be called outside of any transaction; harmless when
 * called again, and when a process dies within it: whoever carries it out next finds out what became of the call.
 */
export async function carryOut(parts: PaymentParts, attemptId: string): Promise<void> {
  const attempt = (await parts.db.readOne(selectAttempt(attemptId)))!;
  if (attempt.status !== 'REQUESTED' && attempt.status !== 'WAITING') return;
  const answer = await ask(parts, attempt);
  if (answer === null) await postpone(parts, attempt);
  else {
    const { db, clock, actor, service } = parts;
    await db.transaction('settle-payment', (tx) =>
      settleAttempt({ tx, now: clock.now(), actor, customerId: null, service }, attempt, answer),
    );
  }
}

/** Null where nobody knows what became of the call, or where it has to wait for another. */
async function ask(parts: PaymentParts, attempt: AttemptRow): Promise<Answer | null> {
  const provider = parts.service(paymentProviders).get(attempt.acts_through);
  const facts = { attempt: attempt.id, kind: attempt.kind, provider: attempt.acts_through };
  if (!provider?.isRemote) {
    if (provider) return { kind: 'agreed' };
    parts.log.warn(facts, 'a payment waits for a provider that this hub does not act through');
    return null;
  }
  try {
    return (await isAhead(parts, attempt)) ? null : await call(provider, attempt, parts.clock.now());
  } catch (error) {
    // The error may carry what was sent: no more than its text is logged.
    const reason = error instanceof Error ? error.message : 'no error was given';
    parts.log.warn({ ...facts, reason }, 'a provider did not answer; it is asked again');
    return null;
  }
}

/** Whether the payment is not known at its provider yet: what is asked of it comes behind its authorization. */
async function isAhead({ db }: PaymentParts, attempt: AttemptRow): Promise<boolean> {
  if (attempt.kind === 'AUTHORIZE' || attempt.kind === 'READ' || attempt.provider_reference !== null) return false;
  const open = await db.read(selectOpenAttempts(attempt.order_id));
  return open.some(({ kind, payment_id }) => kind === 'AUTHORIZE' && payment_id === attempt.payment_id);
}

function call(provider: RemoteProvider, attempt: AttemptRow, now: Date): Promise<Answer> {
  const told: ProviderCall = {
    key: attempt.key,
    payment: typeId(PAYMENT_PREFIX, attempt.payment_id),
    order: attempt.order_number,
    reference: attempt.provider_reference,
    amount: BigInt(attempt.amount_minor ?? 0),
    // The last to be asked may be the first to arrive: what is taken beside another must leave that its part.
    isLast: BigInt(attempt.left_minor) <= 0n && !attempt.is_beside_another,
    currency: attempt.currency,
    token: attempt.token,
    returnUrl: attempt.return_url,
  };
  const isKnown = attempt.kind === 'AUTHORIZE' && attempt.provider_reference !== null;
  if (isKnown || attempt.status === 'WAITING' || isKeyForgotten(parseInstant(attempt.created_at), now))
    return provider.read(told);
  switch (attempt.kind) {
    case 'AUTHORIZE':
      return provider.authorize(told);
    case 'CAPTURE':
      return provider.capture(told);
    case 'VOID':
      return provider.void(told);
    case 'REFUND':
      return provider.refund(told);
    case 'READ':
      return provider.read(told);
  }
}

async function postpone({ db, clock }: PaymentParts, { id, tries }: AttemptRow): Promise<void> {
  const again = nextTry(clock.now(), tries + 1).toISOString();
  await db.transaction('postpone-payment', async (tx) => {
    tx.defer(postponeAttempt(id, again));
  });
}
