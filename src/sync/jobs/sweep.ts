import { buryMessage } from '../inbox/bury-message.js';
import { addMissingLaneJobs, forgetOldMessages, selectForsaken } from '../inbox/inbox.queries.js';
import { forgetOldDrift } from '../../modules/integrations/index.js';
import type { SyncParts } from '../parts.js';
import { comparableStreams } from '../reconcile/comparable.js';
import { addMissingReconcileJobs } from '../reconcile/reconcile.queries.js';
import { addMissingPullJobs, selectActiveIntegrations } from '../pull/pull.queries.js';
import { freeJobs } from './free-jobs.js';

/** How long a finished message can be looked at. */
const KEPT_MS = 30 * 86_400_000;
/** How long drift can be looked at that is over. */
const DRIFT_KEPT_MS = 90 * 86_400_000;

/**
 * Mends what a killed process leaves behind: jobs it still seems to hold (the worker itself would wait four hours),
 * lanes and streams without a job. Gives up what waited too long, and forgets what is long done. May run in several
 * processes at once and at any time.
 */
export async function sweep(parts: SyncParts): Promise<void> {
  const { db, clock, log } = parts;
  const now = clock.now();
  const deadWorkers = await db.transaction('unlock-jobs', freeJobs);
  const lanes = await db.transaction('add-lane-jobs', (tx) => tx.query(addMissingLaneJobs(now.toISOString())));
  await addPullJobs(parts);
  const forsaken = await db.read(selectForsaken(now.toISOString()));
  for (const { id, detail } of forsaken) await buryMessage(parts, id, `gave up: ${detail}`, 0);
  const oldest = new Date(now.getTime() - KEPT_MS).toISOString();
  await db.transaction('forget-messages', (tx) => tx.query(forgetOldMessages(oldest)));
  const oldestDrift = new Date(now.getTime() - DRIFT_KEPT_MS).toISOString();
  await db.transaction('forget-drift', (tx) => tx.query(forgetOldDrift(oldestDrift)));
  if (deadWorkers + lanes.length + forsaken.length > 0) {
    log.warn({ deadWorkers, lanes: lanes.length, forsaken: forsaken.length }, 'the inbox was mended');
  }
}

const NO_CONNECTOR = { pull: new Map() };

async function addPullJobs({ db, connectors, reconcileEveryMs }: SyncParts): Promise<void> {
  const active = await db.read(selectActiveIntegrations());
  const streams = active.flatMap(({ id, connector }) =>
    [...(connectors.get(connector)?.pull.keys() ?? [])].map((stream) => ({ id, stream })),
  );
  if (streams.length === 0) return;
  const ids = streams.map(({ id }) => id);
  const names = streams.map(({ stream }) => stream);
  await db.transaction('add-pull-jobs', (tx) => tx.query(addMissingPullJobs(ids, names)));
  const comparable = active.flatMap(({ id, connector }) =>
    comparableStreams(connectors.get(connector) ?? NO_CONNECTOR).map((stream) => ({ id, stream })),
  );
  const compared = addMissingReconcileJobs(
    comparable.map(({ id }) => id),
    comparable.map(({ stream }) => stream),
    reconcileEveryMs === 0,
  );
  await db.transaction('add-reconcile-jobs', (tx) => tx.query(compared));
}
