import { addLaterPushJobs, addPushJobs } from '../../modules/integrations/index.js';
import { parseInstant } from '../../shared/clock.js';
import { giveBackOwn, selectNextDue } from './item.queries.js';
import type { PushJob, PushParts } from './parts.js';
import { pushBatch } from './push-batch.js';
import type { Sender } from './sender.js';
import { isWaiting, openStream } from './told-stream.js';
import { walkOn } from './walk-records.js';

/** Calls of one stream that are under way at once; of other records each. */
const LANES = 3;
/** How many batches a job sends before others have their turn. */
const MOST_BATCHES = 60;
/** What became due just now, or is in the hands of another process. */
const SOONEST_MS = 1_000;

/** Works off what is due of a stream, and leaves a job for what is due later. May run in several processes at once. */
export async function pushStream(parts: PushParts, sender: Sender, job: PushJob): Promise<void> {
  await sender.hold();
  await giveBack(parts, sender);
  const { db } = parts;
  let left = MOST_BATCHES;
  let walks = true;
  while (walks && left > 0) {
    const stream = await openStream(parts, job);
    if (!stream || isWaiting(parts, stream)) break;
    walks = await walkOn(parts, job, stream.row);
    left = await pushInLanes(parts, sender, job, left);
  }
  if (left <= 0) await db.transaction('push-go-on', (tx) => tx.query(addPushJobs([job.integrationId], [job.stream])));
  else await leaveJob(parts, job);
}

/** What this process was sending when the database failed it. What it sends in other jobs meanwhile is not touched. */
async function giveBack({ db }: PushParts, sender: Sender): Promise<void> {
  const { dropped } = sender;
  if (dropped.length === 0) return;
  await db.transaction('push-give-back', (tx) => tx.query(giveBackOwn(dropped, 0)));
  sender.forget(dropped);
}

/** Sends batch by batch until nothing is due; more at once where a batch was full. Answers how many it may still send. */
async function pushInLanes(parts: PushParts, sender: Sender, job: PushJob, most: number): Promise<number> {
  let left = most;
  const lanes: Promise<void>[] = [];
  const failures: unknown[] = [];
  const open = (): void => {
    if (lanes.length < LANES) lanes.push(lane().catch((error: unknown) => void failures.push(error)));
  };
  const lane = async (): Promise<void> => {
    while (left > 0 && failures.length === 0) {
      left -= 1;
      if (!(await pushBatch(parts, sender, job, open))) return;
    }
  };
  open();
  for (let at = 0; at < lanes.length; at += 1) await lanes[at];
  if (failures.length > 0) throw failures[0];
  return left;
}

/** A job for when the next item is due, or the system may be asked again. */
async function leaveJob(parts: PushParts, job: PushJob): Promise<void> {
  const { db, clock } = parts;
  const { integrationId, stream: name } = job;
  const [next, stream] = await Promise.all([db.readOne(selectNextDue(integrationId, name)), openStream(parts, job)]);
  const due = next?.due_at ?? null;
  if (!stream || (due === null && stream.row.walk === null)) return;
  const times = [due, stream.row.waits_until].map((text) => (text === null ? 0 : parseInstant(text).getTime()));
  const waitMs = Math.max(...times, clock.now().getTime() + SOONEST_MS) - clock.now().getTime();
  await db.transaction('push-later', (tx) => tx.query(addLaterPushJobs([integrationId], [name], waitMs / 1000)));
}
