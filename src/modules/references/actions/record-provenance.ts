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
  if (fields.length === 0) return;
  const { by, at } = written;
  tx.defer(
    upsertProvenance(
      record.kind,
      record.id,
      fields,
      source.integrationId,
      source.observedAt.toISOString(),
      at.toISOString(),
      by.kind,
      by.id,
      by.name,
      source.rule,
    ),
  );
}
