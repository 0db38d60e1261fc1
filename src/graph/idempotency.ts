import { sql } from '../db/statement.js';
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
