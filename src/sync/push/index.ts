import { PUSH_TASK } from '../../modules/integrations/index.js';
import { startWorker } from '../jobs/worker.js';
import { Follower } from './follower.js';
import type { PushJob, PushParts } from './parts.js';
import { pushStream } from './push-stream.js';
import { Sender } from './sender.js';
import { sweepPushes } from './sweep-pushes.js';

export type { PushParts } from './parts.js';

/** Calls to slow systems take none of the places at which messages are worked off. */
const CONCURRENCY = 4;

/**
 * Starts telling connected systems what changes. Needs the job tables; throws where the database cannot be reached.
 * Several processes may run it on one database. `stop` lets what is being sent end.
 */
export async function startPush(parts: PushParts): Promise<{ stop(): Promise<void> }> {
  const { db, log } = parts;
  const sender = new Sender(db.url, log);
  await sender.hold();
  const follower = new Follower(parts);
  const tasks = { [PUSH_TASK]: (payload: unknown) => pushStream(parts, sender, payload as PushJob) };
  const sweep = () => sweepPushes(parts);
  const worker = await startWorker(db.url, log, tasks, sweep, { name: 'pushes', concurrency: CONCURRENCY });
  follower.start();
  return {
    stop: async () => {
      await follower.stop();
      await worker.stop();
      await sender.release();
    },
  };
}
