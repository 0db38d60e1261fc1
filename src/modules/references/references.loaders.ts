import { defineLoader, inOrderOf, listsOf, type LoaderDefinition } from '../../graph/context.js';
import { selectClaims, type ClaimRow } from './field-claim.queries.js';
import { IntegrationType } from './integration.type.js';
import {
  selectIntegrations,
  selectIntegrationsByCode,
  selectProvenance,
  selectRecordsByExternalId,
  selectReferences,
} from './references.queries.js';
import { ExternalReferenceType, FieldProvenanceType, type ExternalIdInput } from './references.type.js';

export const integrationsById = defineLoader<string, IntegrationType | null>(
  'integrationsById',
  async (ids, { db }) => {
    const rows = await db.read(selectIntegrations(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new IntegrationType(row)),
      ({ row }) => row.id,
    );
  },
);

export const integrationByCode = defineLoader<string, IntegrationType | null>(
  'integrationByCode',
  async (codes, { db }) => {
    const rows = await db.read(selectIntegrationsByCode(codes));
    return inOrderOf(
      codes,
      rows.map((row) => new IntegrationType(row)),
      ({ row }) => row.code,
    );
  },
);

/** The references of the records of one kind, by record id. */
export function externalReferencesOf(kind: string): LoaderDefinition<string, ExternalReferenceType[]> {
  return defineLoader(`externalReferences:${kind}`, async (ids, { db }) => {
    const rows = await db.read(selectReferences(kind, ids));
    return listsOf(
      ids,
      rows.map((row) => new ExternalReferenceType(row)),
      ({ row }) => row.record_id,
    );
  });
}

/** Where the fields of the records of one kind came from, by record id. */
export function provenanceOf(kind: string): LoaderDefinition<string, FieldProvenanceType[]> {
  return defineLoader(`provenance:${kind}`, async (ids, { db }) => {
    const rows = await db.read(selectProvenance(kind, ids));
    return listsOf(
      ids,
      rows.map((row) => new FieldProvenanceType(row)),
      ({ row }) => row.record_id,
    );
  });
}

/** The hub's id of a record of one kind that another system names. */
export function recordByExternalId(kind: string): LoaderDefinition<ExternalIdInput, string | null> {
  const keyOf = (key: { integration: string; externalId: string }) => `${key.integration}\n${key.externalId}`;
  return defineLoader<ExternalIdInput, string | null>(
    `recordByExternalId:${kind}`,
    async (keys, { db }) => {
      const rows = await db.read(
        selectRecordsByExternalId(
          kind,
          keys.map((key) => key.integration),
          keys.map((key) => key.externalId),
        ),
      );
      const found = new Map(
        rows.map((row) => [keyOf({ integration: row.code, externalId: row.external_id }), row.record_id]),
      );
      return keys.map((key) => found.get(keyOf(key)) ?? null);
    },
    keyOf,
  );
}

/** What is said of the fields of records, of whatever kind. */
export const claimsOfRecords = defineLoader<{ kind: string; id: string }, ClaimRow[]>(
  'claimsOfRecords',
  async (keys, { db }) => {
    const byKind = Map.groupBy(keys, ({ kind }) => kind);
    const read = [...byKind].map(async ([kind, group]) => {
      const rows = await db.read(
        selectClaims(
          kind,
          group.map(({ id }) => id),
        ),
      );
      return [kind, Map.groupBy(rows, (row) => row.record_id)] as const;
    });
    const found = new Map(await Promise.all(read));
    return keys.map(({ kind, id }) => found.get(kind)!.get(id) ?? []);
  },
  ({ kind, id }) => `${kind} ${id}`,
);
