import { addMissingJobs, removeJob, selectDeadWorkers, selectExhausted, unlockWorkers } from './inbox.queries.js';
import { LIVING } from './living.js';
import type { SyncParts } from './parts.js';
import { buryMessage } from './process-message.js';

/**
 * Mends what a killed process leaves behind: jobs it still seems to hold (the worker itself would wait four hours),
 * messages without a job, and messages whose job used up its attempts by killing the process. May run in several
 * processes at once and at any time.
 */
export async function sweepInbox(parts: SyncParts): Promise<void> {
  const dead = await parts.db.transaction('unlock-jobs', async (tx) => {
    const workers = (await tx.query(selectDeadWorkers(LIVING))).map(({ worker }) => worker);
    if (workers.length > 0) await tx.query(unlockWorkers(workers));
    return workers;
  });
  const added = await parts.db.transaction('add-missing-jobs', (tx) => tx.query(addMissingJobs()));
  const exhausted = await parts.db.read(selectExhausted());
  for (const { id, job_id: jobId, attempts, last_error: lastError } of exhausted) {
    await buryMessage(
      parts,
      id,
      `gave up after ${attempts} attempts: ${lastError ?? 'the process ended each time'}`,
      attempts,
    );
    await parts.db.transaction('remove-job', (tx) => tx.query(removeJob(jobId)));
  }
  if (dead.length + added.length + exhausted.length > 0) {
    parts.log.warn(
      { deadWorkers: dead.length, added: added.length, exhausted: exhausted.length },
      'the inbox was mended',
    );
  }
}
