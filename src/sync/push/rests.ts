import { addPushJobs } from '../../modules/integrations/index.js';
import type { OutgoingKind } from '../../shared/outgoing/index.js';
import type { PushJob, PushParts } from './parts.js';
import { makeRestsDue, selectUntoldRests } from './rests.queries.js';

/**
 * Of records that are to be told, those that have to wait: what they rest on was never told to the system, which takes
 * such records. It is made due here. Answers by record what is waited for, in words.
 */
export async function waitsForRests(
  { db, clock }: PushParts,
  { integrationId }: PushJob,
  kind: OutgoingKind,
  recordIds: readonly string[],
): Promise<Map<string, string>> {
  if (kind !== 'order' || recordIds.length === 0) return new Map();
  const untold = await db.read(selectUntoldRests(integrationId, recordIds));
  const missing = untold.filter((rest) => !rest.is_next);
  if (missing.length > 0) {
    const streams = [...new Set(missing.map(({ stream }) => stream))];
    await db.transaction('push-rests', async (tx) => {
      await tx.query(
        makeRestsDue(
          integrationId,
          missing.map(({ stream }) => stream),
          missing.map((rest) => rest.kind),
          missing.map(({ id }) => id),
          clock.now().toISOString(),
        ),
      );
      const ids = streams.map(() => integrationId);
      await tx.query(addPushJobs(ids, streams));
    });
  }
  const byRecord = Map.groupBy(untold, (rest) => rest.record_id);
  return new Map([...byRecord].map(([id, rests]) => [id, `waits for ${rests.map(inWords).join(', ')}`]));
}

function inWords({ kind, name }: { kind: OutgoingKind; name: string }): string {
  return `${kind} ${name}`;
}
