import {
  ConnectorFailure,
  type Change,
  type Connector,
  type Hint,
  type PulledRecord,
  type PullDefinition,
} from '../../connect/index.js';
import { recordDrift, type ConnectionRow, type Difference } from '../../modules/integrations/index.js';
import { parseInstant } from '../../shared/clock.js';
import { receive } from '../inbox/receive.js';
import { scopeOf, type SyncParts } from '../parts.js';
import { streamContext } from '../stream-context.js';
import { rehearse, unreadable } from './rehearse.js';
import { mayDelete, type Figures, type Run } from './run.rules.js';
import { saysGone } from './seen-now.js';
import { tellingOf, toldDifferences } from './told-differences.js';
import { noteCompared, type Candidate } from './window.queries.js';

/** What changed there just now is on its way here. */
const ON_ITS_WAY_MS = 5 * 60_000;

/** A stream that is compared. */
export interface Compared {
  connection: ConnectionRow;
  connector: Connector;
  stream: string;
  pull: PullDefinition<unknown, unknown>;
}

const NOTHING: Figures = { read: 0, opened: 0, settled: 0, sent: 0 };

/**
 * Looks at one record that is not as it was noted. What is on one side only is left to the inbox, which asks the system
 * once more; what is on both is read and compared field by field. Whoever calls it again finds the same.
 */
export async function compareRecord(parts: SyncParts, compared: Compared, run: Run, candidate: Candidate) {
  if (candidate.is_busy) return NOTHING;
  const { version, record_id: recordId } = candidate;
  if (version === null) return gone(parts, compared, run, candidate);
  if (recordId === null) return missing(parts, compared, run, candidate);
  const read = { ...NOTHING, read: 1 };
  const record = await readable(() => readOne(parts, compared, candidate.external_id));
  if (record instanceof ConnectorFailure)
    return add(read, await keep(parts, compared, candidate, [unreadable(record.message)], null));
  if (!record) return add(read, await gone(parts, compared, run, candidate));
  if (parts.clock.now().getTime() - record.modifiedAt.getTime() < ON_ITS_WAY_MS) return read;
  const { connection, pull } = compared;
  const changes = await readable(() => pull.read(record.raw, { settings: connection.settings }));
  if (changes instanceof ConnectorFailure)
    return add(read, await keep(parts, compared, candidate, [unreadable(changes.message)], record));
  if (saysGone(changes)) return add(read, await ask(parts, compared, run, candidate));
  const found = await differences(parts, compared, { recordId, record, changes });
  return found === null ? read : add(read, await keep(parts, compared, candidate, found, record));
}

function readOne(parts: SyncParts, { connection, pull }: Compared, externalId: string): Promise<PulledRecord | null> {
  return pull.one!(streamContext(parts, connection, 'backfill'), externalId);
}

/** One record that cannot be read keeps the others from nothing. */
async function readable<T>(read: () => T | Promise<T>): Promise<T | ConnectorFailure> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ConnectorFailure)) throw error;
    if (error.kind !== 'rejected' && error.kind !== 'unexpected_shape') throw error;
    return error;
  }
}

/** Null where it cannot be said yet. */
async function differences(
  parts: SyncParts,
  { connection, connector, stream, pull }: Compared,
  { recordId, record, changes }: { recordId: string; record: PulledRecord; changes: Change[] },
): Promise<Difference[] | null> {
  const kind = pull.of;
  const rehearsal = await rehearse(parts, connection, { kind, recordId, changes });
  if (rehearsal.isEarly) return null;
  const telling = tellingOf(connector, stream, kind);
  const { claims } = rehearsal;
  const told = telling ? await toldDifferences(parts, connection, telling, { recordId, record, claims }) : [];
  const taken = new Set(rehearsal.differences.map(({ field }) => field));
  return [...rehearsal.differences, ...told.filter(({ field }) => !taken.has(field))];
}

async function gone(parts: SyncParts, compared: Compared, run: Run, candidate: Candidate): Promise<Figures> {
  if (mayDelete(run)) return ask(parts, compared, run, candidate);
  const reason = `the system lists ${run.here - run.gone} of ${run.here} records that were here`;
  return keep(parts, compared, candidate, [differs('exists', true, false, 'TAKE_SOURCE', reason)], null);
}

async function missing(parts: SyncParts, compared: Compared, run: Run, candidate: Candidate): Promise<Figures> {
  if (!candidate.has_letter) return ask(parts, compared, run, candidate);
  const reason = 'what the system says of it is a dead letter';
  return keep(parts, compared, candidate, [differs('exists', false, true, 'TAKE_SOURCE', reason)], null);
}

function differs(
  field: string,
  hubValue: unknown,
  sourceValue: unknown,
  proposed: Difference['proposed'],
  reason: string,
): Difference {
  return { field, hubValue, sourceValue, proposed, reason };
}

/** Leaves the record to the inbox: it is read once more, and taken or found to be gone like any other. */
async function ask(
  parts: SyncParts,
  { connection, stream }: Compared,
  run: Run,
  candidate: Candidate,
): Promise<Figures> {
  const now = parts.clock.now();
  const message = hintMessage(stream, candidate.external_id, `census:${run.id}:${candidate.external_id}`);
  const kept = await parts.db.transaction('reconcile-ask', (tx) =>
    tx.query(receive(connection.id, 'CENSUS', [message], now)),
  );
  return { ...NOTHING, sent: kept.length };
}

/** The engine's word to itself that a record is to be read. */
export function hintMessage(stream: string, externalId: string, eventId: string) {
  const hint: Hint = { kind: 'hint', stream, externalId };
  return { topic: stream, eventId, externalId, body: Buffer.from(JSON.stringify(hint)), occurredAt: null };
}

async function keep(
  parts: SyncParts,
  { connection, connector, stream, pull }: Compared,
  candidate: Candidate,
  found: readonly Difference[],
  record: PulledRecord | null,
): Promise<Figures> {
  const { external_id: externalId, record_id: recordId, changed_at: changedAt, digest } = candidate;
  const counted = await parts.db.transaction('reconcile-record', async (tx) => {
    const about = {
      integrationId: connection.id,
      stream,
      pushStream: tellingOf(connector, stream, pull.of)?.stream ?? null,
      kind: pull.of,
      recordId,
      externalId,
      hubChangedAt: changedAt === null ? null : parseInstant(changedAt),
      sourceChangedAt: record?.modifiedAt ?? null,
    };
    const outcome = await recordDrift(scopeOf(parts, tx, connection), about, found);
    if (found.length === 0 && record)
      tx.defer(noteCompared(pull.of, connection.id, stream, externalId, record.version, digest));
    return outcome;
  });
  return { ...NOTHING, ...counted };
}

function add(a: Figures, b: Figures): Figures {
  return {
    read: a.read + b.read,
    opened: a.opened + b.opened,
    settled: a.settled + b.settled,
    sent: a.sent + b.sent,
  };
}
