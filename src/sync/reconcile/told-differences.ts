import type { AnyPush, Connector, PulledRecord, RecordKind } from '../../connect/index.js';
import type { ConnectionRow, Difference } from '../../modules/integrations/index.js';
import { isSameValue, type ClaimRow } from '../../modules/references/index.js';
import { loadSnapshots } from '../push/snapshots/index.js';
import type { SyncParts } from '../parts.js';

/** By which stream a system is told of records of a kind. */
export interface Telling {
  stream: string;
  push: AnyPush<unknown, unknown>;
}

/** The stream of the same name, if it tells of that kind, else any other that does. */
export function tellingOf({ push }: Connector, stream: string, kind: RecordKind): Telling | null {
  const telling = [...push].filter(([, each]) => each.of === kind);
  const found = telling.find(([name]) => name === stream) ?? telling[0];
  return found ? { stream: found[0], push: found[1] } : null;
}

/**
 * Where a system has something else than the hub tells it. Nothing where it is not to hear of the record. `claims`: what
 * it says of the record's fields.
 */
export async function toldDifferences(
  parts: SyncParts,
  connection: ConnectionRow,
  { push }: Telling,
  { recordId, record, claims }: { recordId: string; record: PulledRecord; claims: readonly ClaimRow[] },
): Promise<Difference[]> {
  const snapshot = (await loadSnapshots(parts.db, push.of, connection.id, [recordId])).get(recordId);
  const { settings } = connection;
  if (!snapshot || push.concerns?.(snapshot as never, { settings }) === false) return [];
  const found = push.differs
    ? push.differs(record.raw, snapshot as never, { settings })
    : claims
        // People stand beside their customer under ids of their own: they are compared as records.
        .filter(({ field }) => field !== 'contacts' && field in snapshot)
        .map(({ field, value }) => ({
          field,
          told: (snapshot as unknown as Record<string, unknown>)[field],
          there: value,
        }))
        .filter(({ told, there }) => !isSameValue(told, there));
  return found.map(({ field, told, there }) => ({
    field,
    hubValue: told,
    sourceValue: there,
    proposed: 'TELL_SOURCE',
    reason: null,
  }));
}
