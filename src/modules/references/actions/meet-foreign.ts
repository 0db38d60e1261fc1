import type { ActionScope } from '../../../graph/mutation.js';
import { parseInstant } from '../../../shared/clock.js';
import {
  endReference,
  findReference,
  lockForeignRecord,
  noteEnding,
  repointReference,
  selectEnding,
  type EndingRow,
  type ReferenceRow,
} from '../references.queries.js';
import type { Speaker } from './decide-fields.js';
import { linkRecord, markSynced } from './link-record.js';

/** Which system says something, and when that was seen there. */
export interface Origin {
  integrationId: string;
  integrationCode: string;
  observedAt: Date;
}
/** What every statement of a record has. */
export interface ForeignState {
  externalId: string;
  externalUrl?: string;
  sourceVersion: Date;
}
/**
 * What became of a statement. "created": the hub knew no such foreign record; it may have known what it means. "stale":
 * a newer state was applied before.
 */
export type StatedEffect = 'created' | 'updated' | 'unchanged' | 'stale';

export interface Met {
  reference: ReferenceRow | undefined;
  isStale: boolean;
  /** The hub heard before that the record has ended there. */
  endedAt: Date | null;
}

/** Locks a foreign record and says how the hub knows it, and whether what is said now is older than what it knows. */
export async function meetForeign(
  { tx }: ActionScope,
  kind: string,
  { externalId, sourceVersion }: Pick<ForeignState, 'externalId' | 'sourceVersion'>,
  origin: Origin,
): Promise<Met> {
  const [, references, endings] = await tx.batch([
    lockForeignRecord(`${origin.integrationId} ${kind} ${externalId}`),
    findReference(origin.integrationCode, kind, externalId),
    selectEnding(origin.integrationId, kind, externalId),
  ]);
  const reference = references![0] as ReferenceRow | undefined;
  const ending = endings![0] as EndingRow | undefined;
  const endedAt = !reference && ending ? parseInstant(ending.source_version) : null;
  const isEnded = endedAt !== null && endedAt >= sourceVersion;
  return {
    reference,
    isStale: reference ? isOlder(reference, sourceVersion, origin.observedAt) : isEnded && ending!.merged_into !== null,
    endedAt: isEnded ? endedAt : null,
  };
}

/** Versions may be as coarse as a second: of two states with the same one, the one observed later stands. */
function isOlder({ source_version, observed_at }: ReferenceRow, version: Date, observedAt: Date): boolean {
  if (source_version === null) return false;
  const applied = parseInstant(source_version).getTime();
  if (applied !== version.getTime()) return applied > version.getTime();
  return observed_at !== null && parseInstant(observed_at) > observedAt;
}

/** The system as a speaker. Nothing can have come to be after it was seen, whatever its clock says. */
export function systemSpeaks(
  { now }: ActionScope,
  { sourceVersion }: { sourceVersion: Date },
  origin: Origin,
): Speaker {
  const { integrationId, observedAt } = origin;
  const saidAt = new Date(Math.min(sourceVersion.getTime(), observedAt.getTime(), now.getTime()));
  return { integrationId, saidAt, observedAt };
}

/** Notes which record of the hub a foreign record is, and that the hub has it as it was stated. */
export async function noteForeign(
  scope: ActionScope,
  record: { kind: string; id: string; stated?: object | null },
  state: ForeignState,
  origin: Origin,
  met: Met,
) {
  const { kind, id, stated = null } = record;
  const { externalId, externalUrl, sourceVersion } = state;
  const { integrationId, integrationCode: integration, observedAt } = origin;
  const { tx, now } = scope;
  const isLinked = met.reference?.record_id === id;
  if (met.reference && (!isLinked || stated !== null))
    tx.defer(repointReference(integrationId, kind, externalId, id, stated && JSON.stringify(stated)));
  const external = { integration, externalId };
  const link = met.reference ? null : await linkRecord(tx, { kind, recordId: id, external, at: now, sourceVersion });
  if (link && stated !== null) tx.defer(repointReference(integrationId, kind, externalId, id, JSON.stringify(stated)));
  markSynced(tx, { integrationId, kind, externalId, sourceVersion, at: now, externalUrl, observedAt });
  const isNews = link !== null || !isLinked;
  return isNews ? [{ field: 'externalReferences', from: null, to: external }] : [];
}

/**
 * Hears that a foreign record is gone: its reference ends. Null where that is no news, or of a record that the hub does
 * not know; the latter is remembered, so that an older message does not bring it back.
 */
export async function endForeign(
  scope: ActionScope,
  kind: string,
  gone: { externalId: string; sourceVersion: Date; mergedInto?: string },
  origin: Origin,
): Promise<{ reference: ReferenceRow | null; effect: StatedEffect }> {
  const { tx, now } = scope;
  const { externalId, sourceVersion, mergedInto = null } = gone;
  const { reference, isStale } = await meetForeign(scope, kind, gone, origin);
  const version = sourceVersion.toISOString();
  if (!reference) {
    tx.defer(noteEnding(origin.integrationId, kind, externalId, version, mergedInto));
    return { reference: null, effect: 'unchanged' };
  }
  if (isStale && mergedInto === null) return { reference: null, effect: 'stale' };
  if (reference.gone_at !== null && mergedInto === null) return { reference: null, effect: 'unchanged' };
  tx.defer(endReference(origin.integrationId, kind, externalId, now.toISOString(), version));
  return { reference, effect: 'updated' };
}
