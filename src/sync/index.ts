import type { Route } from '../graph/http.js';
import { MAX_ATTEMPTS, PROCESS_TASK } from './inbox.queries.js';
import type { SyncParts } from './parts.js';
import { processMessage } from './process-message.js';
import { startPush } from './push/index.js';
import { sweepInbox } from './sweep.js';
import { webhookRoute } from './webhook-route.js';
import { migrateJobs, startWorker } from './worker.js';

export type { SyncParts } from './parts.js';

export interface Sync {
  /** To be served by the hub's server. */
  routes: Route[];
  /** Takes no new jobs and waits for those that run; to be called once, after the server is drained. */
  stop(): Promise<void>;
}

/**
 * Starts the engine that carries out what connected systems send. Needs a migrated database; throws where that cannot
 * be reached. Several processes may run it on one database.
 */
export async function startSync(parts: SyncParts): Promise<Sync> {
  const { db, log } = parts;
  await migrateJobs(db.url, log);
  const tasks = {
    [PROCESS_TASK]: async (payload: unknown, { job }: { job: { attempts: number } }) => {
      const { id } = payload as { id: string };
      await processMessage(parts, id, { number: job.attempts, isLast: job.attempts >= MAX_ATTEMPTS });
    },
  };
  const worker = await startWorker(db.url, log, tasks, () => sweepInbox(parts));
  const { httpFor } = parts;
  const push = httpFor && (await startPush({ ...parts, httpFor }));
  return {
    routes: [webhookRoute(parts)],
    stop: async () => {
      await push?.stop();
      await worker.stop();
    },
  };
}
