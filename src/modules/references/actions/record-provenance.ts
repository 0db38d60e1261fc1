import type { Transaction } from '../../../db/transaction.js';
import type { Actor } from '../../../shared/actor.js';
import { upsertProvenance } from '../references.queries.js';

/** Where values came from, when they were observed there, and the rule by which they stand. */
export interface ValueSource {
  integrationId: string | null;
  observedAt: Date;
  rule: string;
}

export function recordProvenance(
  tx: Transaction,
  record: { kind: string; id: string },
  fields: string[],
  source: ValueSource,
  written: { by: Actor; at: Date },
): void {
  const { observedAt } = source;
  recordProvenances(tx, record.kind, [{ id: record.id, observedAt }], fields, source, written);
}

/** The same of the same fields of several records of a kind. */
export function recordProvenances(
  tx: Transaction,
  kind: string,
  records: readonly { id: string; observedAt: Date }[],
  fields: string[],
  { integrationId, rule }: Pick<ValueSource, 'integrationId' | 'rule'>,
  { by, at }: { by: Actor; at: Date },
): void {
  if (fields.length === 0) return;
  tx.defer(
    upsertProvenance(
      kind,
      records.map(({ id }) => id),
      fields,
      records.map(({ observedAt }) => observedAt.toISOString()),
      integrationId,
      at.toISOString(),
      by.kind,
      by.id,
      by.name,
      rule,
    ),
  );
}
