import type { ActionScope } from '../../../graph/mutation.js';
import { exactlyOneError } from '../../../graph/lookup.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { settleProductField } from '../../catalog/index.js';
import { settleContactField, settleCustomerField } from '../../customers/index.js';
import { lockForeignRecord, selectClaims, selectIntegrationsByCode } from '../../references/index.js';
import { selectConflicts } from '../field-conflict.queries.js';
import {
  FIELD_CONFLICT_PREFIX,
  type FieldConflictRow,
  type ResolveFieldConflictInput,
} from '../field-conflict.type.js';

const SETTLE: Record<string, typeof settleCustomerField> = {
  customer: settleCustomerField,
  contact: settleContactField,
  product: settleProductField,
};

/** Carries out a person's decision on a conflict: what it chose is the hub's own word from now on. */
export async function resolveFieldConflict(
  scope: ActionScope,
  input: Omit<ResolveFieldConflictInput, 'idempotencyKey'>,
): Promise<{ conflictId: string }> {
  const keep = input.keep === true ? true : undefined;
  const ways = exactlyOneError({ integration: input.integration, keep });
  if (ways) throw new Refusal([ways]);
  const id = idOf(FIELD_CONFLICT_PREFIX, input.id);
  const conflict = id === null ? undefined : await lockConflict(scope, id);
  if (!conflict) throw refuse('NOT_FOUND', `no conflict has the id ${input.id}`, ['id']);
  if (conflict.closed_at !== null) throw refuse('CONFLICT', 'the conflict is settled already', ['id']);
  const { record_kind: kind, record_id: recordId, field } = conflict;
  const choice = input.integration == null ? null : { value: await wordOf(scope, conflict, input.integration) };
  const decided = { field: 'fieldConflicts', from: field, to: input.integration ?? 'kept' };
  await SETTLE[kind]!(scope, { id: recordId, field, choice, decided });
  return { conflictId: conflict.id };
}

/** Two decisions come one after the other; the record's own lock comes behind this one. */
async function lockConflict({ tx }: ActionScope, id: string): Promise<FieldConflictRow | undefined> {
  const [, rows] = await tx.batch([lockForeignRecord(`conflict ${id}`), selectConflicts([id])]);
  return rows![0] as FieldConflictRow | undefined;
}

async function wordOf(
  { tx }: ActionScope,
  { record_kind: kind, record_id: recordId, field }: FieldConflictRow,
  code: string,
): Promise<unknown> {
  const integration = await tx.one(selectIntegrationsByCode([code]));
  const claims = integration ? await tx.query(selectClaims(kind, [recordId])) : [];
  const claim = claims.find((row) => row.field === field && row.integration_id === integration!.id);
  if (!claim) throw refuse('NOT_FOUND', `integration "${code}" says nothing of ${field}`, ['integration']);
  return claim.value;
}
