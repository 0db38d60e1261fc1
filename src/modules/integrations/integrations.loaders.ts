import { defineLoader, inOrderOf, type ReadScope } from '../../graph/context.js';
import { instantText, parseInstant } from '../../shared/clock.js';
import { DeadLetterType, shownPayload } from './dead-letter.type.js';
import { connectorCatalog } from './connector.type.js';
import {
  selectConnectedAt,
  selectDeadLetterBodies,
  selectDeadLetters,
  selectOldestOpen,
  selectStreams,
} from './integrations.queries.js';
import { countDrift, selectReconciled } from './drift.queries.js';
import { selectPushLags } from './push-item.queries.js';
import { SyncDirection, SyncStreamType, type ReconciledFacts, type SyncStreamRow } from './sync-stream.type.js';

export const deadLettersById = defineLoader<string, DeadLetterType | null>('deadLettersById', async (ids, { db }) => {
  const rows = await db.read(selectDeadLetters(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new DeadLetterType(row)),
    ({ row }) => row.id,
  );
});

/** Bodies can be large: they are read only where they are selected. */
export const deadLetterPayloads = defineLoader<string, unknown>('deadLetterPayloads', async (ids, { db }) => {
  const rows = await db.read(selectDeadLetterBodies(ids));
  return inOrderOf(ids, rows, (row) => row.id).map((row) => (row?.body ? shownPayload(row.body) : null));
});

/** Every stream of the connectors, those that have not moved yet included. */
export const streamsByIntegration = defineLoader<string, SyncStreamType[]>(
  'streamsByIntegration',
  async (ids, scope) => {
    const { db, clock } = scope;
    const [rows, integrations, untold, reconciled] = await Promise.all([
      db.read(selectStreams(ids)),
      db.read(selectConnectedAt(ids)),
      db.read(selectPushLags(ids)),
      reconciledOf(db, ids),
    ]);
    const oldest = new Map(untold.map((row) => [`${row.integration_id} ${row.stream}`, row.oldest]));
    const kept = new Map(rows.map((row) => [`${row.integration_id} ${row.direction} ${row.stream}`, row]));
    const catalog = scope.service(connectorCatalog);
    return inOrderOf(ids, integrations, ({ id }) => id).map((integration) => {
      if (!integration) return [];
      const connector = catalog.get(integration.connector);
      const named = [
        ...[...(connector?.pull.keys() ?? [])].map((stream) => ({ stream, direction: SyncDirection.PULL })),
        ...[...(connector?.push.keys() ?? [])].map((stream) => ({ stream, direction: SyncDirection.PUSH })),
      ];
      return named.map(({ stream, direction }) => {
        const row = kept.get(`${integration.id} ${direction} ${stream}`) ?? unmoved(integration.id, stream, direction);
        const waiting = oldest.get(`${integration.id} ${stream}`) ?? null;
        const since = { connectedAt: integration.created_at, waitingSince: waiting };
        const compares = direction === SyncDirection.PULL ? reconciled(integration.id, stream) : null;
        return new SyncStreamType(row, since, clock.now(), compares);
      });
    });
  },
);

async function reconciledOf(
  db: ReadScope['db'],
  ids: readonly string[],
): Promise<(id: string, stream: string) => ReconciledFacts> {
  const [rows, counts] = await Promise.all([db.read(selectReconciled(ids)), db.read(countDrift(ids))]);
  const keyOf = (row: { integration_id: string; stream: string }) => `${row.integration_id} ${row.stream}`;
  const compares = new Map(rows.map((row) => [keyOf(row), row]));
  const open = new Map(counts.map((row) => [keyOf(row), row.count]));
  return (id, stream) => {
    const row = compares.get(`${id} ${stream}`);
    const openDrift = open.get(`${id} ${stream}`) ?? 0;
    return { reconciledAt: row?.reconciled_at ?? null, compared: Number(row?.compared ?? 0), openDrift };
  };
}

function unmoved(id: string, stream: string, direction: SyncDirection): SyncStreamRow {
  const nothing = { checkpoint: null, last_run_at: null, last_success_at: null, processed: '0', failed: '0' };
  const noWalk = { walk_since: null, walk_started_at: null, walk_rows: null, walk_total: null };
  return { integration_id: id, stream, direction, ...nothing, ...noWalk };
}

/** Seconds since the oldest message that waits came in; 0 where none waits. */
export const lagByIntegration = defineLoader<string, number>('lagByIntegration', async (ids, { db, clock }) => {
  const rows = await db.read(selectOldestOpen(ids));
  const now = clock.now().getTime();
  return inOrderOf(ids, rows, (row) => row.integration_id).map((row) =>
    row === null ? 0 : Math.max(0, (now - parseInstant(instantText(row.oldest)).getTime()) / 1000),
  );
});
