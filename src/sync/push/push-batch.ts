import { ConnectorFailure, type Sending, type Sent } from '../../connect/index.js';
import { randomId } from '../../shared/ids.js';
import { credentialsOf } from '../parts.js';
import { idempotencyKey } from './idempotency-key.js';
import { claimItems, selectLeased, type ClaimedRow } from './item.queries.js';
import { failureOf, settledBadly, settledWaiting, settledWell, type ClaimedItem, type Settled } from './outcomes.js';
import type { PushJob, PushParts } from './parts.js';
import type { Sender } from './sender.js';
import { settleBatch } from './settle-batch.js';
import { loadSnapshots } from './snapshots/index.js';
import { untoldRests, waitForRests, type Rests } from './rests.js';
import { isWaiting, openStream, type OpenStream } from './told-stream.js';

/**
 * Tells a system of the next records that are due, as they are now. The attempt is noted and committed before anything is
 * sent; what came of it is committed with all that follows from it. Answers false where nothing is due at present; `onFull`
 * is called where more may be due than one call takes.
 */
export async function pushBatch(
  parts: PushParts,
  sender: Sender,
  job: PushJob,
  onFull: () => void = () => {},
): Promise<boolean> {
  const stream = await openStream(parts, job);
  if (!stream || isWaiting(parts, stream)) return false;
  const lease = randomId();
  return sender.holding(lease, async () => {
    const rows = await claim(parts, sender, job, stream, lease);
    if (rows.length === 0) return false;
    if (rows.length >= stream.push.most) onFull();
    // Before the snapshots: what is told meanwhile is in them, or is still waited for.
    const rests = await untoldRests(parts, job, stream.push.of, rows);
    const items = await withSnapshots(parts, job, stream, rows);
    const settled = await tell(parts, job, stream, { items, rests, lease });
    return settleBatch(parts, { job, stream, lease }, settled);
  });
}

function claim(
  parts: PushParts,
  sender: Sender,
  { integrationId, stream }: PushJob,
  { push }: OpenStream,
  lease: string,
): Promise<ClaimedRow[]> {
  const now = parts.clock.now().toISOString();
  return parts.db.transaction('push-claim', (tx) =>
    tx.query(claimItems(integrationId, stream, now, push.most, lease, sender.name)),
  );
}

/** Read behind the claim: whatever has changed since makes the record due again. */
async function withSnapshots(
  parts: PushParts,
  { integrationId }: PushJob,
  { push }: OpenStream,
  rows: readonly ClaimedRow[],
): Promise<ClaimedItem[]> {
  const ids = rows.map((row) => row.record_id);
  const snapshots = await loadSnapshots(parts.db, push.of, integrationId, ids);
  return rows.map((row) => ({
    recordId: row.record_id,
    attempts: row.attempts,
    round: row.round,
    mayHaveArrived: row.may_have_arrived,
    snapshot: snapshots.get(row.record_id) ?? null,
  }));
}

async function tell(
  parts: PushParts,
  job: PushJob,
  stream: OpenStream,
  { items, rests, lease }: { items: readonly ClaimedItem[]; rests: Rests; lease: string },
): Promise<Settled[]> {
  const now = () => parts.clock.now();
  const settled: Settled[] = [];
  const concerned: ClaimedItem[] = [];
  for (const item of items) {
    try {
      if (item.snapshot && concerns(stream, item.snapshot)) concerned.push(item);
      else settled.push(settledWell(item, null, now()));
    } catch (error) {
      settled.push(settledBadly(item, failureOf(error), now(), false));
    }
  }
  const waits = await waitForRests(
    parts,
    job,
    concerned.flatMap(({ recordId }) => rests.get(recordId) ?? []),
  );
  const ready = concerned.filter(({ recordId }) => !waits.has(recordId));
  for (const item of concerned) {
    const why = waits.get(item.recordId);
    if (why !== undefined) settled.push(settledWaiting(item, why, now()));
  }
  // A process that was away for long may have lost its lease to another, which may be sending a newer state.
  const held = await parts.db.read(selectLeased(job.integrationId, job.stream, lease));
  const ours = new Set(held.map((row) => row.record_id));
  const leaving = ready.filter(({ recordId }) => ours.has(recordId));
  if (leaving.length === 0) return settled;
  const outcomes = await send(parts, job, stream, leaving);
  leaving.forEach((item, index) => {
    const outcome = outcomes.each?.[index];
    if (!outcome) settled.push(settledBadly(item, outcomes.all!, now(), leaving.length > 1));
    else if (outcome instanceof ConnectorFailure) settled.push(settledBadly(item, outcome, now(), false));
    else settled.push(settledWell(item, outcome, now()));
  });
  return settled;
}

function concerns({ push, connection }: OpenStream, snapshot: object): boolean {
  return push.concerns?.(snapshot as never, { settings: connection.settings }) ?? true;
}

type Outcomes = { each: (Sent | ConnectorFailure)[]; all?: undefined } | { all: ConnectorFailure; each?: undefined };

async function send(
  parts: PushParts,
  { integrationId, stream: name }: PushJob,
  { push, connection }: OpenStream,
  items: readonly ClaimedItem[],
): Promise<Outcomes> {
  const batch = items.map(({ recordId, round, snapshot, mayHaveArrived }) => ({
    record: snapshot!,
    idempotencyKey: idempotencyKey({ integrationId, stream: name, recordId, round }, snapshot!),
    mayHaveArrived,
  }));
  try {
    const context = {
      settings: connection.settings,
      credentials: credentialsOf(parts, connection),
      http: parts.httpFor(connection, 'live'),
      now: () => parts.clock.now(),
    };
    const each = await push.send(context, batch as Sending<never>[]);
    if (each.length === items.length) return { each };
    const failure = `${name}: expected ${items.length} outcomes, got ${each.length}`;
    return { all: new ConnectorFailure('unexpected_shape', failure) };
  } catch (error) {
    if (!(error instanceof ConnectorFailure))
      parts.log.error({ err: error, integration: connection.code, stream: name }, 'a connector failed');
    return { all: failureOf(error) };
  }
}
