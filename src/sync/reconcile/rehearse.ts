import type { Change, RecordKind } from '../../connect/index.js';
import { sql } from '../../db/statement.js';
import type { Transaction } from '../../db/transaction.js';
import { selectClaims, type ClaimRow } from '../../modules/references/index.js';
import type { ConnectionRow, Difference } from '../../modules/integrations/index.js';
import { NotYet, Refusal } from '../../shared/failures.js';
import { applyChange } from '../inbox/apply-change.js';
import { reasonToBury } from '../inbox/process-message.js';
import { scopeOf, type SyncParts } from '../parts.js';
import { asSeenNow, statedIn } from './seen-now.js';

/** What would come of taking a record over as its system has it. */
export interface Rehearsal {
  /** What of the hub's record would change. */
  differences: Difference[];
  /** What the system would then have said of each field. */
  claims: ClaimRow[];
  /** The record belongs to one that is not here. */
  isEarly: boolean;
}

/** Whose events tell what changes of a record. */
const SUBJECTS: Record<RecordKind, string> = {
  customer: 'customer',
  contact: 'customer',
  product: 'product',
  stock: 'stock_level',
  order: 'order',
  shipment: 'order',
  quote: 'quote',
  payment: 'order',
};

const selectLastEvent = sql<{ id: string }>('reconcile.last-event', `select coalesce(max(id), 0) as id from event`);
const selectRehearsed = sql<{
  changes: { field: string; from: unknown; to: unknown }[];
  status_from: string | null;
  status_to: string | null;
}>(
  'reconcile.rehearsed',
  `select e.changes || coalesce(p.payload->'changes', '[]') as changes, e.status_from, e.status_to
     from event e left join event_personal p on p.id = e.personal_id
    where e.id > $1 and e.subject_kind = $2 and e.xmin = pg_current_xact_id()::xid order by e.id`,
);

const selectOpenConflicts = sql<{ field: string }>(
  'reconcile.open-conflicts',
  `select field from field_conflict where record_kind = $1 and record_id = $2 and closed_at is null`,
);

class Rehearsed extends Error {}

/**
 * Takes a record over by the same actions as ever, looks at what they changed, and takes it all back: so that what counts
 * as a difference is what the policies, and all other rules, make of it. Reads nothing from the system.
 */
export async function rehearse(
  parts: SyncParts,
  connection: ConnectionRow,
  record: { kind: RecordKind; recordId: string; changes: readonly Change[] },
): Promise<Rehearsal> {
  let rehearsal: Rehearsal = { differences: [], claims: [], isEarly: false };
  try {
    await parts.db.transaction('rehearse', async (tx) => {
      rehearsal = await play(parts, tx, connection, record);
      throw new Rehearsed();
    });
  } catch (error) {
    if (error instanceof NotYet) return { ...rehearsal, isEarly: true };
    if (error instanceof Refusal) return { ...rehearsal, differences: refused(error) };
    if (error instanceof Rehearsed) return rehearsal;
    const reason = reasonToBury(error);
    if (reason === null) throw error;
    return { ...rehearsal, differences: [unreadable(reason)] };
  }
  return rehearsal;
}

async function play(
  parts: SyncParts,
  tx: Transaction,
  connection: ConnectionRow,
  { kind, recordId, changes }: { kind: RecordKind; recordId: string; changes: readonly Change[] },
): Promise<Rehearsal> {
  const scope = scopeOf(parts, tx, connection);
  const { id, code } = connection;
  const origin = {
    integrationId: id,
    integrationCode: code,
    channelCode: code,
    receivedAt: scope.now,
    observedAt: scope.now,
    isOneOfSeveral: true,
  };
  const last = (await tx.one(selectLastEvent()))!;
  for (const change of changes.filter((each) => statedIn(each) !== null)) {
    await applyChange(scope, await asSeenNow(tx, code, change), origin);
    await tx.flush();
  }
  const [events, claims, waiting] = await tx.batch([
    selectRehearsed(last.id, SUBJECTS[kind]),
    selectClaims(kind, [recordId]),
    selectOpenConflicts(kind, recordId),
  ]);
  // What waits for a person's decision is no drift.
  const conflicts = new Set((waiting as { field: string }[]).map(({ field }) => field));
  const own = (claims as ClaimRow[]).filter((claim) => claim.integration_id === id && !conflicts.has(claim.field));
  return { differences: differencesOf(events as Events), claims: own, isEarly: false };
}

type Events = {
  changes: { field: string; from: unknown; to: unknown }[];
  status_from: string | null;
  status_to: string | null;
}[];

/** One for each field: from how it is to how it would be in the end. */
function differencesOf(events: Events): Difference[] {
  const fields = new Map<string, { from: unknown; to: unknown }>();
  const add = (field: string, from: unknown, to: unknown) =>
    fields.set(field, { from: fields.has(field) ? fields.get(field)!.from : from, to });
  for (const { changes, status_from: from, status_to: to } of events) {
    for (const change of changes) add(change.field, change.from, change.to);
    if (to !== null && to !== from) add('status', from, to);
  }
  return [...fields].map(([field, { from, to }]) => ({
    field,
    hubValue: from,
    sourceValue: to,
    proposed: 'TAKE_SOURCE',
    reason: null,
  }));
}

/** What cannot be taken in at all, whatever it says. */
export function unreadable(reason: string): Difference {
  return { field: 'record', hubValue: null, sourceValue: null, proposed: null, reason };
}

/** What the hub cannot take: both values stand on the two sides, and a person has to mend one of them. */
function refused({ errors }: Refusal): Difference[] {
  const byField = new Map(errors.map((error) => [error.field?.[0] ?? 'record', error.message]));
  return [...byField].map(([field, reason]) => ({
    field,
    hubValue: null,
    sourceValue: null,
    proposed: null,
    reason,
  }));
}
