import { addLaterPushJobs } from '../../modules/integrations/index.js';
import { parseInstant } from '../../shared/clock.js';
import { freeJobs } from '../jobs/free-jobs.js';
import { LIVING } from '../jobs/living.js';
import { giveBackDead, selectDeadSenders, selectJobless } from './item.queries.js';
import type { PushParts } from './parts.js';
import { SILENT } from './push.queries.js';

const STRAGGLE_MS = 30_000;

/**
 * Mends what a killed process leaves behind: jobs it still seems to hold, records it was sending, streams without a job.
 * May run in several processes at once and at any time.
 */
export async function sweepPushes(parts: PushParts): Promise<void> {
  const { db, clock, log, straggleMs = STRAGGLE_MS } = parts;
  const deadWorkers = await db.transaction('push-unlock-jobs', freeJobs);
  const items = await db.transaction('push-free-items', async (tx) => {
    const dead = (await tx.query(selectDeadSenders(LIVING))).map(({ sender }) => sender);
    return dead.length === 0 ? [] : tx.query(giveBackDead(dead, straggleMs / 1000));
  });
  const now = clock.now();
  const jobless = await db.read(selectJobless(SILENT, now.toISOString()));
  for (const { integration_id: id, stream, due_at: dueAt } of jobless) {
    const waitMs = Math.max(parseInstant(dueAt).getTime() - now.getTime(), 0);
    await db.transaction('push-add-job', (tx) => tx.query(addLaterPushJobs([id], [stream], waitMs / 1000)));
  }
  if (deadWorkers + items.length > 0) {
    const facts = { deadWorkers, items: items.length };
    log.warn(facts, 'what a process left behind that was sending was mended');
  }
}
