import { addPushJobs } from '../../modules/integrations/index.js';
import type { OutgoingKind } from '../../shared/outgoing/index.js';
import type { PushJob, PushParts } from './parts.js';
import { makeRestsDue, selectUntoldRests, type RestRow } from './rests.queries.js';

/** By record, what it rests on and the system was never told of. */
export type Rests = Map<string, RestRow[]>;

/** What records that are to be told rest on and was never told to the system, which takes such records. */
export async function untoldRests(
  { db }: PushParts,
  { integrationId }: PushJob,
  kind: OutgoingKind,
  rows: readonly { record_id: string }[],
): Promise<Rests> {
  if (kind !== 'order') return new Map();
  const ids = rows.map((row) => row.record_id);
  return Map.groupBy(await db.read(selectUntoldRests(integrationId, ids)), (rest) => rest.record_id);
}

/** Makes what is rested on due. Answers by record what is waited for, in words. */
export async function waitForRests(
  { db, clock }: PushParts,
  { integrationId }: PushJob,
  untold: readonly RestRow[],
): Promise<Map<string, string>> {
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
