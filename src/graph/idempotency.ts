import { sql } from '../db/statement.js';
import type { GraphContext } from './context.js';
import type { Outcome } from './mutation.js';
import type { UpkeepTask } from './upkeep.js';

const REMEMBERED_MS = 30 * 24 * 3_600_000;

const forgetKeys = sql('idempotency.forget', `delete from idempotency where created_at < $1`);

/** Idempotency keys are forgotten after 30 days. */
export const forgetOldKeys: UpkeepTask = {
  name: 'forget-idempotency-keys',
  everyMs: 3_600_000,
  async run({ db, clock }) {
    await db.read(forgetKeys(new Date(clock.now().getTime() - REMEMBERED_MS).toISOString()));
  },
};

const readOutcome = sql<{ outcome: Outcome; created_at: string }>(
  'idempotency.read-outcome',
  `select outcome, created_at from idempotency where caller = $1 and key = $2 and operation = $3`,
);

/** What took effect for one operation under a key of the caller, and when; null where nothing has, or not yet. */
export async function outcomeOf(
  { db, viewer }: GraphContext,
  operation: string,
  key: string,
): Promise<{ outcome: Outcome; at: string } | null> {
  const row = await db.readOne(readOutcome(viewer.caller, key, operation));
  return row ? { outcome: row.outcome, at: row.created_at } : null;
}
