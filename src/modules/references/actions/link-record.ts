import type { Transaction } from '../../../db/transaction.js';
import type { FieldChange } from '../../../events/append.js';
import { refuse } from '../../../shared/failures.js';
import {
  findReference,
  insertNewReferences,
  insertReference,
  selectIntegrationsByCode,
  updateReference,
  updateStatement,
} from '../references.queries.js';
import type { ExternalIdInput } from '../references.type.js';
import { instantOfVersion } from '../source-version.rules.js';

interface Link {
  kind: string;
  recordId: string;
  external: ExternalIdInput;
  at: Date;
  externalUrl?: string | null;
  sourceVersion?: Date | null;
  /** Path of the input that named the foreign record. */
  field?: string[];
}

export interface LinkedRecord {
  integrationId: string;
  /** What the record's event says of it; nothing where the link was there. */
  changes: FieldChange[];
}

/**
 * Says that another system knows the record under an id. Throws NOT_FOUND for an unknown integration and
 * ALREADY_EXISTS where that id names another record; linking the same record again changes nothing.
 */
export async function linkRecord(tx: Transaction, link: Link): Promise<LinkedRecord> {
  const { integration: code, externalId } = link.external;
  const field = link.field ?? ['external'];
  const integration = await tx.one(selectIntegrationsByCode([code]));
  if (!integration) throw refuse('NOT_FOUND', `no integration has the code "${code}"`, [...field, 'integration']);
  if (externalId.length === 0 || externalId.length > 255) {
    throw refuse('INVALID', 'externalId: expected 1 to 255 characters', [...field, 'externalId']);
  }
  const at = link.at.toISOString();
  const inserted = await tx.one(
    insertReference(
      integration.id,
      link.kind,
      externalId,
      link.recordId,
      link.externalUrl ?? null,
      link.sourceVersion?.toISOString() ?? null,
      at,
    ),
  );
  if (!inserted) {
    const existing = await tx.one(findReference(code, link.kind, externalId));
    if (existing?.record_id !== link.recordId) {
      throw refuse('ALREADY_EXISTS', `${code} knows another ${link.kind} as "${externalId}"`, [...field, 'externalId']);
    }
  }
  return {
    integrationId: integration.id,
    changes: inserted ? [{ field: 'externalReferences', from: null, to: { integration: code, externalId } }] : [],
  };
}

/** Says the same of records just made that the system, whose locks for them are held, was not known to have. */
export function linkNewRecords(
  tx: Transaction,
  { integrationId, kind, at }: { integrationId: string; kind: string; at: Date },
  links: readonly {
    externalId: string;
    recordId: string;
    externalUrl: string | null;
    sourceVersion: Date;
    observedAt: Date;
  }[],
): void {
  tx.defer(
    insertNewReferences(
      integrationId,
      kind,
      at.toISOString(),
      links.map(({ externalId }) => externalId),
      links.map(({ recordId }) => recordId),
      links.map(({ externalUrl }) => externalUrl),
      links.map(({ sourceVersion }) => sourceVersion.toISOString()),
      links.map(({ observedAt }) => observedAt.toISOString()),
    ),
  );
}

/** Notes that the hub's copy is as the source had it at `sourceVersion`, seen there at `observedAt`. */
export function markSynced(
  tx: Transaction,
  reference: {
    integrationId: string;
    kind: string;
    externalId: string;
    sourceVersion: Date | null;
    at: Date;
    externalUrl?: string | undefined;
    /** When it was read, if left out. */
    observedAt?: Date;
  },
): void {
  const { integrationId, kind, externalId, sourceVersion, at, externalUrl, observedAt = at } = reference;
  tx.defer(
    updateReference(
      integrationId,
      kind,
      externalId,
      sourceVersion?.toISOString() ?? null,
      at.toISOString(),
      externalUrl ?? null,
      observedAt.toISOString(),
    ),
  );
}

/** Notes what a source said of its record: `version` as it counts, `stated` as the caller wants to find it again. */
export function noteStatement(
  tx: Transaction,
  reference: {
    integrationId: string;
    kind: string;
    externalId: string;
    version: string;
    stated: object;
    at: Date;
    externalUrl?: string | null;
  },
): void {
  const { integrationId, kind, externalId, version, stated, at, externalUrl } = reference;
  tx.defer(
    updateStatement(
      integrationId,
      kind,
      externalId,
      version,
      JSON.stringify(stated),
      instantOfVersion(version)?.toISOString() ?? null,
      at.toISOString(),
      externalUrl ?? null,
    ),
  );
}
