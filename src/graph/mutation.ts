import { createHash } from 'node:crypto';
import { sql } from '../db/statement.js';
import type { Transaction } from '../db/transaction.js';
import type { Actor } from '../shared/actor.js';
import { Refusal, RequestError, type UserErrorFacts } from '../shared/failures.js';
import { canonical } from './canonical.js';
import type { GraphContext, ServiceKey } from './context.js';
import { toUserError } from './user-errors.js';

/** Names the records a mutation touched; all that is remembered of it, since fields are read afresh. */
export type Outcome = Record<string, string | null>;

export interface MutationResult<O extends Outcome> {
  /** Null where the mutation was refused. */
  outcome: O | null;
  replayed: boolean;
  userErrors: object[];
}

/** What an action knows besides its input, whether a mutation or a connector calls it. */
export interface ActionScope {
  tx: Transaction;
  actor: Actor;
  now: Date;
  /** Set where the caller is a customer: all that it may touch belongs to this customer. */
  customerId: string | null;
  service<T>(key: ServiceKey<T>): T;
}

interface Stored {
  operation: string;
  input_hash: string;
  outcome: Outcome;
  created_at: string;
}

const claimKey = sql<{ claimed: number }>(
  'idempotency.claim',
  `insert into idempotency (caller, key, operation, input_hash, outcome, created_at)
   values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1 as claimed`,
);
const readKey = sql<Stored>(
  'idempotency.read',
  `select operation, input_hash, outcome, created_at from idempotency where caller = $1 and key = $2`,
);
const keepOutcome = sql('idempotency.outcome', `update idempotency set outcome = $3 where caller = $1 and key = $2`);

const LOCK_TIMEOUT = '55P03';

/** Thrown through the transaction when the key is taken: what this call began is rolled back. */
class KeyTaken extends Error {}

/** Calls under one key that this process is busy with: a duplicate waits here and holds no connection. */
const underway = new Map<string, Promise<unknown>>();

/**
 * The one way into a change. Runs the action in a transaction under the caller's idempotency key: what took
 * effect is remembered with it, a duplicate waits for the first and replays, a refusal leaves no trace.
 * `foreknown` is the outcome where it is known before the action runs; it saves a write.
 */
export async function mutate<O extends Outcome>(
  context: GraphContext,
  operation: string,
  input: { idempotencyKey?: string | null },
  action: (scope: ActionScope) => Promise<O>,
  foreknown?: O,
): Promise<MutationResult<O>> {
  const key = input.idempotencyKey ?? null;
  if (key === null) return attempt(context, operation, null, action, foreknown);
  if (key.length === 0 || key.length > 255) {
    return refused([
      { code: 'INVALID', message: 'idempotencyKey: expected 1 to 255 characters', field: ['idempotencyKey'] },
    ]);
  }
  const slot = `${context.viewer.caller}\n${key}`;
  while (underway.has(slot)) await underway.get(slot);
  const run = attempt(context, operation, { key, hash: inputHash(operation, input) }, action, foreknown);
  const settled = run.then(ignore, ignore);
  underway.set(slot, settled);
  try {
    return await run;
  } finally {
    underway.delete(slot);
  }
}

function ignore(): void {}

async function attempt<O extends Outcome>(
  context: GraphContext,
  operation: string,
  claim: { key: string; hash: string } | null,
  action: (scope: ActionScope) => Promise<O>,
  foreknown?: O,
): Promise<MutationResult<O>> {
  const { viewer, db } = context;
  let isKeyChecked = false;
  try {
    const outcome = await db.transaction(operation, async (tx) => {
      const now = context.clock.now();
      isKeyChecked = false;
      if (claim) {
        const values = [
          viewer.caller,
          claim.key,
          operation,
          claim.hash,
          JSON.stringify(foreknown ?? {}),
          now.toISOString(),
        ];
        tx.lead(claimKey(...values), (rows) => {
          isKeyChecked = true;
          if (rows.length === 0) throw new KeyTaken();
        });
      }
      const result = await action({
        tx,
        now,
        actor: viewer.actor,
        customerId: viewer.customerId,
        service: (service) => context.service(service),
      });
      if (claim && !foreknown) tx.defer(keepOutcome(viewer.caller, claim.key, JSON.stringify(result)));
      return result;
    });
    return { outcome, replayed: false, userErrors: [] };
  } catch (error) {
    if (error instanceof KeyTaken) return (await replay<O>(context, operation, claim!))!;
    if (error instanceof Refusal) {
      // Refused before the first trip to the database: the same call may have taken effect when its input was still
      // good (a validity has ended since, say), and is to be answered the same.
      const before = claim && !isKeyChecked ? await replay<O>(context, operation, claim) : null;
      return before ?? refused(error.errors);
    }
    if ((error as { code?: string }).code === LOCK_TIMEOUT) {
      throw new RequestError(
        'BUSY',
        `${operation}: another call holds the record; send the same call again`,
        {},
        { cause: error },
      );
    }
    throw error;
  } finally {
    context.forget();
  }
}

/** Null where nothing has taken effect under the key. */
async function replay<O extends Outcome>(
  context: GraphContext,
  operation: string,
  claim: { key: string; hash: string },
): Promise<MutationResult<O> | null> {
  const stored = await context.db.readOne(readKey(context.viewer.caller, claim.key));
  if (!stored) return null;
  if (stored.operation === operation && stored.input_hash === claim.hash) {
    return { outcome: stored.outcome as O, replayed: true, userErrors: [] };
  }
  return refused([
    {
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: `idempotencyKey: "${claim.key}" took effect before for ${stored.operation} with another input`,
      field: ['idempotencyKey'],
      type: 'IdempotencyConflictError',
      facts: { firstUsedAt: stored.created_at },
    },
  ]);
}

export function refused<O extends Outcome>(errors: UserErrorFacts[]): MutationResult<O> {
  return { outcome: null, replayed: false, userErrors: errors.map(toUserError) };
}

function inputHash(operation: string, input: object): string {
  const { idempotencyKey: _, ...rest } = input as { idempotencyKey?: string };
  return createHash('sha256').update(operation).update(canonical(rest)).digest('base64');
}
