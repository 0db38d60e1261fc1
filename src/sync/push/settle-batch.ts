import { rejected, type Sent } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import type { ActionScope } from '../../graph/mutation.js';
import { nameUntold, recordCondition, recordDeadLetter, settleTold } from '../../modules/integrations/index.js';
import { noteSynced } from '../../modules/orders/index.js';
import { linkTold, touchTold } from '../../modules/references/index.js';
import { SYSTEM } from '../../shared/actor.js';
import { noteSource } from '../reconcile/source-record.queries.js';
import { noteRun, remindOfLinked, settleItems } from './item.queries.js';
import { settledBadly, waitOf, type Settled } from './outcomes.js';
import type { PushJob, PushParts } from './parts.js';
import { syncNotes } from './sync-notes.js';
import type { OpenStream } from './told-stream.js';

interface Batch {
  job: PushJob;
  stream: OpenStream;
  lease: string;
}

/**
 * Writes down what became of a batch, and all that follows from it, in one transaction. Answers whether the stream may go
 * on at once.
 */
export async function settleBatch(parts: PushParts, batch: Batch, settled: readonly Settled[]): Promise<boolean> {
  const { job, stream } = batch;
  return parts.db.transaction('push-settle', async (tx) => {
    const now = parts.clock.now();
    const scope: ActionScope = {
      tx,
      now,
      actor: SYSTEM,
      customerId: null,
      service: (key) => parts.services.get(key),
    };
    const outcomes = await linkSent(tx, batch, settled, now);
    const states = await writeItems(tx, batch, outcomes, now);
    const sent = outcomes.filter((outcome) => outcome.sent !== null);
    const dead = outcomes.filter(({ item, state }) => state === 'DEAD' && states.get(item.recordId) === 'DEAD');
    if (sent.length > 0) {
      const ids = sent.map(({ item }) => item.recordId);
      tx.defer(settleTold(job.integrationId, job.stream, ids, now.toISOString()));
      await noteSynced(scope, syncNotes(stream, sent));
      noteTold(
        tx,
        batch,
        sent.filter(({ item }) => states.get(item.recordId) === 'DONE'),
      );
    }
    for (const outcome of dead) await bury(scope, batch, outcome);
    const unauthorized = outcomes.find(({ failure }) => failure?.kind === 'unauthorized');
    if (unauthorized) {
      const { integrationId } = job;
      await recordCondition(scope, { integrationId, condition: 'UNAUTHORIZED', reason: unauthorized.error });
    }
    const wait = waitOf(outcomes, stream.row.failures, now);
    const failed = outcomes.filter(({ failure }) => failure && failure.kind !== 'throttled').length;
    const until = wait.until?.toISOString() ?? null;
    tx.defer(noteRun(job.integrationId, job.stream, now.toISOString(), sent.length, failed, until, wait.isSilent));
    logTrouble(parts, batch, outcomes);
    return !unauthorized && wait.until === null;
  });
}

/** An id there that means another record already is not this one's, whatever the system says. */
async function linkSent(tx: Transaction, batch: Batch, settled: readonly Settled[], now: Date): Promise<Settled[]> {
  const { job, stream } = batch;
  const kind = stream.push.of;
  const at = now.toISOString();
  const known = settled.filter(({ sent }) => sent?.externalId === null);
  if (known.length > 0)
    tx.defer(
      touchTold(
        job.integrationId,
        kind,
        known.map(({ item }) => item.recordId),
        at,
      ),
    );
  const named = settled.filter(({ sent }) => sent !== null && sent.externalId !== null);
  const linking = [...new Map(named.map((one) => [one.sent!.externalId, one])).values()];
  if (linking.length === 0) return [...settled];
  const sent = (one: Settled): Sent => one.sent!;
  const linked = await tx.query(
    linkTold(
      job.integrationId,
      kind,
      linking.map((one) => sent(one).externalId),
      linking.map(({ item }) => item.recordId),
      linking.map((one) => sent(one).externalUrl ?? null),
      linking.map((one) => sent(one).version ?? null),
      at,
      linking.map((one) => sent(one).modifiedAt?.toISOString() ?? null),
    ),
  );
  const made = linked.filter((row) => row.is_new).map((row) => row.record_id);
  if (made.length > 0) tx.defer(remindOfLinked(job.integrationId, kind, made, at));
  const ours = new Set(linked.map((row) => row.record_id));
  return settled.map((one) => {
    if (!named.includes(one) || ours.has(one.item.recordId)) return one;
    const reason = `${kind} "${sent(one).externalId}": the hub knows another record by this id`;
    return settledBadly(one.item, rejected(reason), now, false);
  });
}

/** What was told is the same on both sides, in the version that the system gave it. */
function noteTold(tx: Transaction, { job, stream }: Batch, sent: readonly Settled[]): void {
  const pull = stream.connector.pull.get(job.stream);
  if (!pull?.census || pull.of !== stream.push.of) return;
  const told = sent.flatMap(({ sent: one }) =>
    one && one.externalId !== null && one.version !== undefined ? [{ id: one.externalId, version: one.version }] : [],
  );
  if (told.length === 0) return;
  const ids = told.map(({ id }) => id);
  const versions = told.map(({ version }) => version);
  tx.defer(noteSource(pull.of, job.integrationId, job.stream, ids, versions, false));
}

async function writeItems(
  tx: Transaction,
  { job, lease }: Batch,
  outcomes: readonly Settled[],
  now: Date,
): Promise<Map<string, string>> {
  const rows = await tx.query(
    settleItems(
      job.integrationId,
      job.stream,
      lease,
      now.toISOString(),
      outcomes.map(({ item }) => item.recordId),
      outcomes.map(({ state }) => state),
      outcomes.map(({ dueAt }) => dueAt.toISOString()),
      outcomes.map(({ attempts }) => attempts),
      outcomes.map(({ error }) => error?.replaceAll('\0', '\uFFFD') ?? null),
      outcomes.map(({ mayHaveArrived }) => mayHaveArrived),
      outcomes.map(({ isAlone }) => isAlone),
      outcomes.map(({ item, sent }) => (sent ? item.snapshot!.version : null)),
      outcomes.map(({ sent }) => sent !== null),
      outcomes.map(({ isWaiting }) => isWaiting),
    ),
  );
  return new Map(rows.map((row) => [row.record_id, row.state]));
}

async function bury(scope: ActionScope, { job }: Batch, { item, error, attempts }: Settled): Promise<void> {
  const { snapshot } = item;
  const { deadLetterId } = await recordDeadLetter(scope, {
    integrationId: job.integrationId,
    stream: job.stream,
    externalId: snapshot && (snapshot.externalId ?? snapshot.hubId),
    error: error!,
    attempts,
    body: snapshot && Buffer.from(JSON.stringify(snapshot)),
    inboxMessageId: null,
  });
  scope.tx.defer(nameUntold(deadLetterId, item.recordId));
}

function logTrouble({ log }: PushParts, { job, stream }: Batch, outcomes: readonly Settled[]): void {
  const troubles = outcomes.filter(({ failure }) => failure && failure.kind !== 'throttled');
  if (troubles.length === 0) return;
  const { kind } = troubles[0]!.failure!;
  const facts = { integration: stream.connection.code, stream: job.stream, records: troubles.length, kind };
  log.warn(facts, 'a system was told of records and did not take all of them');
}
