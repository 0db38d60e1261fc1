import { selectConnection, type ConnectionRow } from '../../modules/integrations/index.js';
import type { SyncParts } from '../parts.js';
import { addLaterLaneJob, countCrash, hasLater, selectNextMessages, type InboxRow } from './inbox.queries.js';
import { processMessage } from './process-message.js';
import { NOTHING_TAKEN, takeNewOrders } from './take-new-orders.js';

const BATCH = 50;

export interface Lane {
  integrationId: string;
  lane: number;
}

export interface LaneRun {
  /**
   * An earlier run did not come to its end: each message is counted before it is tried, so that one that kills the process
   * is found out and given up.
   */
  isCareful: boolean;
  /** Waits for what goes before. */
  giveWay(): Promise<void>;
}

/** Works off what a lane holds, in the order of its records. */
export async function processLane(
  parts: SyncParts,
  { integrationId, lane }: Lane,
  { isCareful, giveWay }: LaneRun,
): Promise<void> {
  const { db, clock } = parts;
  for (;;) {
    await giveWay();
    const now = clock.now().toISOString();
    const [connection, messages, left] = await Promise.all([
      db.readOne(selectConnection(integrationId)),
      db.read(selectNextMessages(integrationId, lane, now, BATCH)),
      db.readOne(hasLater(integrationId, lane, now)),
    ]);
    if (!connection || connection.status === 'PAUSED') return;
    if (messages.length === 0 && !left!.has_later) return;
    if (messages.length === 0) break;
    const isLeft = await processAll(parts, connection, messages, isCareful);
    // What came meanwhile has a job of its own.
    if (!isLeft && !left!.has_later && messages.length < BATCH) return;
  }
  await parts.db.transaction('end-lane', async (tx) => {
    tx.defer(addLaterLaneJob(integrationId, lane, parts.clock.now().toISOString()));
    return Promise.resolve();
  });
}

/** Answers whether something of it is to be tried later. */
async function processAll(
  parts: SyncParts,
  connection: ConnectionRow,
  messages: InboxRow[],
  isCareful: boolean,
): Promise<boolean> {
  const { taken, said } = isCareful ? NOTHING_TAKEN : await takeNewOrders(parts, connection, messages);
  /** Records of which a message is to be tried later: what comes behind it must not overtake it. */
  const held = new Set<string>();
  const answered = new Set<string>();
  let isLeft = false;
  for (const message of messages) {
    if (taken.has(message) || answered.has(message.id)) continue;
    if (message.external_id !== null && held.has(message.external_id)) continue;
    if (isCareful) {
      message.crashes += 1;
      await parts.db.transaction('count-crash', async (tx) => {
        tx.defer(countCrash(message.id, message.crashes));
        return Promise.resolve();
      });
    }
    const outcome = await processMessage(parts, connection, message, said.get(message));
    if (outcome !== 'later') {
      for (const id of outcome) answered.add(id);
      continue;
    }
    isLeft = true;
    if (message.external_id !== null) held.add(message.external_id);
  }
  return isLeft;
}
