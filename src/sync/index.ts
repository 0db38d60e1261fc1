import type { Route } from '../graph/http.js';
import { LANE_TASK } from './inbox/inbox.queries.js';
import { processLane, type Lane } from './inbox/process-lane.js';
import { Receiver } from './inbox/receiver.js';
import { webhookRoute } from './inbox/webhook-route.js';
import { sweep } from './jobs/sweep.js';
import { migrateJobs, startWorker } from './jobs/worker.js';
import { closeHttp, httpFor } from './http.js';
import type { SyncParts } from './parts.js';
import { PULL_TASK } from './pull/pull.queries.js';
import { pullStream, type PullJob } from './pull/pull-stream.js';
import { startPush } from './push/index.js';
import { reconcileMetrics } from './reconcile/metrics.js';
import { RECONCILE_TASK } from './reconcile/reconcile.queries.js';
import { reconcileStream, type ReconcileJob } from './reconcile/reconcile-stream.js';

export { commandsOf } from './commands.js';
export { httpFor, type Priority } from './http.js';
export { breakersOf, type BreakerReport } from './pacing/breakers.js';
export type { SyncParts } from './parts.js';

export interface Sync {
  /** To be served by the hub's server. */
  routes: Route[];
  /** Takes no new jobs and waits for those that run; to be called once, after the server is drained. */
  stop(): Promise<void>;
}

/**
 * Starts the engine that keeps the hub in step with connected systems. Needs a migrated database; throws where that
 * cannot be reached. Several processes may run it on one database.
 */
export async function startSync(parts: SyncParts): Promise<Sync> {
  const { db, log } = parts;
  await migrateJobs(db.url, log);
  const receiver = new Receiver(db);
  const tasks = {
    [LANE_TASK]: (payload: unknown, { job }: { job: { attempts: number } }) =>
      processLane(parts, payload as Lane, { isCareful: job.attempts > 1, giveWay: () => receiver.giveWay() }),
    [PULL_TASK]: (payload: unknown) => pullStream(parts, payload as PullJob),
    [RECONCILE_TASK]: (payload: unknown) => reconcileStream(parts, payload as ReconcileJob),
  };
  reconcileMetrics(parts);
  const worker = await startWorker(db.url, log, tasks, () => sweep(parts));
  const call = parts.httpFor ?? ((connection, priority) => httpFor(parts, connection, priority));
  const push = await startPush({ ...parts, httpFor: call });
  const stop = async (): Promise<void> => {
    await push.stop();
    await worker.stop();
    await closeHttp(parts);
  };
  return { routes: [webhookRoute(parts, receiver)], stop };
}
