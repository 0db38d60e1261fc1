import { askedToWait, ConnectorFailure } from '../../connect/index.js';
import { noteReconciled, selectConnection, settleVanished } from '../../modules/integrations/index.js';
import { parseInstant } from '../../shared/clock.js';
import { LostPlace } from '../pull/walk.rules.js';
import { connectorOf, scopeOf, type SyncParts } from '../parts.js';
import { streamContext } from '../stream-context.js';
import { compareRecord, type Compared } from './compare-record.js';
import { comparableStreams, isOnlyOfKind } from './comparable.js';
import { reconcileMetrics } from './metrics.js';
import {
  addLaterReconcileJob,
  beginRun,
  endRun,
  failRun,
  forgetCensus,
  forgetEnded,
  keepCensus,
  moveRun,
  openReconcile,
  type ReconcileRow,
} from './reconcile.queries.js';
import {
  beginning,
  behindCandidates,
  behindCensusPage,
  behindTotals,
  mayDelete,
  WINDOWS_AT_ONCE,
  type Figures,
  type Run,
} from './run.rules.js';
import { selectCandidates, selectTotals } from './window.queries.js';

const SILENT = ['PAUSED', 'DISCONNECTED', 'UNAUTHORIZED'];
const DAY_MS = 86_400_000;
/** How often it is looked whether the first walk has ended. */
const UNREAD_MS = 60_000;
const STEPS_A_JOB = 20;
const RECORDS_A_STEP = 25;
const TRIES_AT_A_PLACE = 3;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 900_000;

export interface ReconcileJob {
  integrationId: string;
  stream: string;
}

/**
 * Goes on with the compare of a stream: what the system has is listed page by page, counted against what the hub noted,
 * and only what is not as noted is read. Place and effect of each step stand in one transaction, so that a kill loses and
 * repeats nothing. Leaves the job for the next step or compare behind.
 */
export async function reconcileStream(parts: SyncParts, { integrationId, stream }: ReconcileJob): Promise<void> {
  const connection = await parts.db.readOne(selectConnection(integrationId));
  if (!connection || connection.only_listens || SILENT.includes(connection.status)) return;
  const connector = connectorOf(parts, connection);
  if (!comparableStreams(connector).includes(stream)) return;
  const compared = { connection, connector, stream, pull: connector.pull.get(stream)! };
  let pauseMs: number | null;
  try {
    pauseMs = await goOn(parts, compared);
  } catch (error) {
    if (!(error instanceof ConnectorFailure)) throw error;
    pauseMs = await noteFailure(parts, compared, error);
  }
  if (pauseMs === null) return;
  const afterMs = pauseMs;
  await parts.db.transaction('reconcile-again', (tx) => tx.query(addLaterReconcileJob(integrationId, stream, afterMs)));
}

/** How long until there is more to do; null where nothing is until somebody asks. */
async function goOn(parts: SyncParts, compared: Compared): Promise<number | null> {
  const { connection, stream } = compared;
  const row = (await parts.db.transaction('open-reconcile', (tx) => tx.one(openReconcile(connection.id, stream))))!;
  let run: Run | null = row.run;
  if (!run) {
    const waitMs = waitFor(parts, row);
    if (waitMs === null || waitMs > 0) return waitMs;
    run = await begin(parts, compared);
  }
  for (let steps = 0; run && steps < STEPS_A_JOB; steps += 1) {
    run = run.phase === 'CENSUS' ? await listPage(parts, compared, run) : await compareNext(parts, compared, run);
  }
  if (run) return 0;
  // It is over, or another process goes on with it.
  return parts.reconcileEveryMs === 0 ? null : (parts.reconcileEveryMs ?? DAY_MS);
}

function waitFor({ clock, reconcileEveryMs = DAY_MS }: SyncParts, row: ReconcileRow): number | null {
  if (!row.is_loaded) return row.is_asked || reconcileEveryMs > 0 ? UNREAD_MS : null;
  if (row.is_asked) return 0;
  if (reconcileEveryMs === 0) return null;
  return Math.max(0, parseInstant(row.last_at).getTime() + reconcileEveryMs - clock.now().getTime());
}

async function begin({ db, clock }: SyncParts, { connection, stream }: Compared): Promise<Run | null> {
  return db.transaction('begin-reconcile', async (tx) => {
    const run = beginning(await tx.ids.one(), clock.now());
    const begun = await tx.one(beginRun(connection.id, stream, JSON.stringify(run)));
    return begun ? run : null;
  });
}

async function listPage(parts: SyncParts, compared: Compared, run: Run): Promise<Run | null> {
  const { connection, stream, pull } = compared;
  const { records, next } = await pull.census!(streamContext(parts, connection, 'backfill'), run.cursor);
  const paged = next === null ? null : behindCensusPage(run, records.length, next);
  return parts.db.transaction('reconcile-page', async (tx) => {
    const listed = keepCensus(
      connection.id,
      stream,
      records.map(({ externalId }) => externalId),
      records.map(({ version }) => version),
    );
    await tx.query(listed);
    let behind = paged;
    if (!behind) {
      await tx.query(forgetEnded(connection.id, stream));
      const totals = (await tx.one(
        selectTotals(pull.of, connection.id, stream, isOnlyOfKind(compared.connector, stream), null),
      ))!;
      behind = behindTotals({ ...run, rows: run.rows + records.length }, totals);
    }
    const moved = await tx.one(moveRun(connection.id, stream, JSON.stringify(behind), run.step));
    return moved ? behind : null;
  });
}

/** Looks at the next candidates; ends the run where there are no more. */
async function compareNext(parts: SyncParts, compared: Compared, run: Run): Promise<Run | null> {
  const { connection, connector, stream, pull } = compared;
  if (run.windows.length === 0) return end(parts, compared, run);
  const windows = run.windows.slice(0, WINDOWS_AT_ONCE);
  const isOnly = isOnlyOfKind(connector, stream);
  const candidates = await parts.db.read(
    selectCandidates(pull.of, connection.id, stream, isOnly, windows, run.after, RECORDS_A_STEP),
  );
  const done: Figures = { read: 0, opened: 0, settled: 0, sent: 0 };
  for (const candidate of candidates) {
    const figures = await compareRecord(parts, compared, run, candidate);
    for (const name of Object.keys(done) as (keyof Figures)[]) done[name] += figures[name];
  }
  reconcileMetrics(parts).found(connection.code, stream, done);
  const last = candidates.length < RECORDS_A_STEP ? null : candidates.at(-1)!.external_id;
  const behind = behindCandidates(run, last, done);
  const moved = await parts.db.transaction('reconcile-step', (tx) =>
    tx.one(moveRun(connection.id, stream, JSON.stringify(behind), run.step)),
  );
  return moved ? behind : null;
}

async function end(parts: SyncParts, { connection, stream }: Compared, run: Run): Promise<null> {
  const { db, clock, log } = parts;
  const { figures, rows } = run;
  const now = clock.now().toISOString();
  await db.transaction('end-reconcile', async (tx) => {
    const vanished = await tx.query(settleVanished(connection.id, stream, now));
    await tx.batch([endRun(connection.id, stream, now, rows), forgetCensus(connection.id, stream)]);
    await noteReconciled(scopeOf(parts, tx, connection), {
      integrationId: connection.id,
      stream,
      rows,
      opened: figures.opened,
      settled: figures.settled + vanished.length,
      kept: mayDelete(run) ? 0 : run.gone,
    });
  });
  reconcileMetrics(parts).ended(connection.code, stream, rows);
  log.info({ integration: connection.code, stream, rows, ...figures }, 'hub and system were compared');
  return null;
}

async function noteFailure(
  parts: SyncParts,
  { connection, stream }: Compared,
  failure: ConnectorFailure,
): Promise<number> {
  parts.log.warn({ err: failure, integration: connection.code, stream }, 'a compare could not go on');
  // Where it stands may be what is wrong: after some tries it begins anew.
  const mayBePlace = failure.kind === 'rejected' || failure.kind === 'unexpected_shape';
  const tries = failure instanceof LostPlace ? 0 : TRIES_AT_A_PLACE;
  const askedMs = askedToWait(failure);
  const failed = await parts.db.transaction('reconcile-failed', (tx) =>
    tx.one(failRun(connection.id, stream, mayBePlace, tries, askedMs === null ? 1 : 0)),
  );
  reconcileMetrics(parts).failed(connection.code, stream);
  return askedMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (failed?.failures ?? 0), LONGEST_PAUSE_MS);
}
