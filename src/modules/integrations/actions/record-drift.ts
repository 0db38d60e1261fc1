import type { ActionScope } from '../../../graph/mutation.js';
import { isSameValue } from '../../references/index.js';
import { insertDrift, lockDriftOfRecord, settleDrift } from '../drift.queries.js';
import type { DriftRow } from '../drift.type.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import { lockIntegration } from '../integrations.queries.js';

/** A difference between the hub's record and a system's. */
export interface Difference {
  field: string;
  hubValue: unknown;
  sourceValue: unknown;
  /** Null where neither side can be brought to the other by the hub. */
  proposed: DriftRow['proposed_repair'];
  /** Why the system's word cannot be taken, where that is so. */
  reason: string | null;
}
export interface ComparedRecord {
  integrationId: string;
  stream: string;
  /** By which stream the system can be told of the record. */
  pushStream: string | null;
  kind: string;
  recordId: string | null;
  externalId: string;
  /** Since when the hub's record and the system's are as they are. */
  hubChangedAt: Date | null;
  sourceChangedAt: Date | null;
}

/**
 * Keeps what a compare found of a record. What was known of it and is not found again is settled; the same values again are
 * the same drift, and what is to be left alone is no drift.
 */
export async function recordDrift(
  scope: ActionScope,
  record: ComparedRecord,
  found: readonly Difference[],
): Promise<{ opened: number; settled: number }> {
  const { tx, now } = scope;
  const { integrationId, stream, externalId } = record;
  const known = await tx.query(lockDriftOfRecord(integrationId, stream, externalId));
  const isKnown = ({ field, hubValue, sourceValue }: Difference, row: (typeof known)[number]) =>
    row.field === field && isSameValue(row.hub_value, hubValue) && isSameValue(row.source_value, sourceValue);
  const over = known.filter((row) => row.status === 'OPEN' && !found.some((one) => isKnown(one, row)));
  const fresh = found.filter((one) => !known.some((row) => isKnown(one, row)));
  if (over.length > 0) {
    const ids = over.map(({ id }) => id);
    await tx.query(settleDrift(ids, now.toISOString()));
  }
  for (const { field, hubValue, sourceValue, proposed, reason } of fresh) {
    tx.defer(
      insertDrift(
        await tx.ids.one(),
        integrationId,
        stream,
        record.pushStream,
        record.kind,
        record.recordId,
        externalId,
        now.toISOString(),
        field,
        JSON.stringify(hubValue ?? null),
        JSON.stringify(sourceValue ?? null),
        record.hubChangedAt?.toISOString() ?? null,
        record.sourceChangedAt?.toISOString() ?? null,
        reason?.replaceAll('\0', '\uFFFD') ?? null,
        proposed,
      ),
    );
  }
  return { opened: fresh.length, settled: over.length };
}

/** Says in the integration's log what a compare came to; nothing where both sides were as they were before. */
export async function noteReconciled(
  scope: ActionScope,
  run: { integrationId: string; stream: string; rows: number; opened: number; settled: number; kept: number },
): Promise<void> {
  const { stream, rows, opened, settled, kept } = run;
  if (opened + settled === 0) return;
  const integration = (await scope.tx.one(lockIntegration(run.integrationId)))!;
  // Records that vanish in numbers are kept, and a person has to say that they may go.
  const asks = kept > 0 ? `; ${kept} are no longer there, which nobody has confirmed` : '';
  await appendIntegrationEvent(scope, integration, {
    type: 'RECONCILED',
    message: `Integration ${integration.code}: ${rows} ${stream} compared, ${opened} differences found and ${settled} settled${asks}`,
    changes: [],
    data: { stream, rows, opened, settled, kept },
  });
}
