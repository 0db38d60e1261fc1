import type { Transaction } from '../../db/transaction.js';
import { endJobs, selectDeadWorkers, selectReplaced, unlockWorkers } from '../inbox/inbox.queries.js';
import { LIVING } from './living.js';

/** Gives others the jobs that dead workers seem to hold, and ends those that were replaced meanwhile. Answers how many died. */
export async function freeJobs(tx: Transaction): Promise<number> {
  const dead = (await tx.query(selectDeadWorkers(LIVING))).map(({ worker }) => worker);
  if (dead.length === 0) return 0;
  const replaced = (await tx.query(selectReplaced(dead))).map(({ id }) => id);
  await tx.query(unlockWorkers(dead));
  if (replaced.length > 0) await tx.query(endJobs(replaced));
  return dead.length;
}
