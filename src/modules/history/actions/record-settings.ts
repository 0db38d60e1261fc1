import { createHmac } from 'node:crypto';
import type { Database } from '../../../db/database.js';
import { appendEvents, type FieldChange } from '../../../events/append.js';
import { SYSTEM } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { insertSettings, lockSettings, updateSettings } from '../history.queries.js';

/** The subject of events about the hub as a whole. */
export const HUB = 'hub';
const HUB_ID = '1';

export interface StartSettings {
  open: Record<string, string | null>;
  /** Kept as a fingerprint alone; an event says no more than that they changed. */
  secret: Record<string, string | null>;
}

/**
 * Compares what a hub starts with to the last start and records what is different. The first start of a database has
 * nothing to compare with and leaves no event. Several hubs that start at once come one after the other.
 */
export async function recordSettings(db: Database, clock: Clock, settings: StartSettings): Promise<void> {
  const present = { open: settings.open, secret: fingerprints(settings.secret) };
  await db.transaction('recordSettings', async (tx) => {
    if (await tx.one(insertSettings(JSON.stringify(present)))) return;
    const stored = (await tx.one(lockSettings()))!;
    const changes = [
      ...differences(stored.settings.open, present.open),
      ...differences(stored.settings.secret, present.secret).map(({ field }) => ({ field, from: null, to: 'changed' })),
    ];
    if (changes.length === 0) return;
    tx.defer(updateSettings(JSON.stringify(present)));
    await appendEvents(tx, [
      {
        subjectKind: HUB,
        subjectId: HUB_ID,
        sequence: stored.change_count + 1,
        type: 'SETTINGS_CHANGED',
        at: clock.now(),
        actor: SYSTEM,
        message: `The hub started with other settings: ${changes.map(({ field }) => field).join(', ')}`,
        changes,
      },
    ]);
  });
}

function differences(before: Record<string, string | null>, after: Record<string, string | null>): FieldChange[] {
  return Object.keys({ ...before, ...after })
    .filter((field) => (before[field] ?? null) !== (after[field] ?? null))
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }));
}

/** Shows that a secret is another one, and nothing of it: each is the key of its own fingerprint. */
function fingerprints(secrets: Record<string, string | null>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [
      name,
      value === null ? null : createHmac('sha256', value).update(`fingerprint of ${name}`).digest('base64url'),
    ]),
  );
}
