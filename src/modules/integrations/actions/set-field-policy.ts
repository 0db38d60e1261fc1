import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, show } from '../../../shared/failures.js';
import {
  connectorHabits,
  deleteFieldPolicy,
  POLICY_FIELDS,
  policyOf,
  selectPoliciesOfIntegrations,
  upsertFieldPolicy,
} from '../../references/index.js';
import { FieldPolicyRecord, type SetFieldPolicyInput } from '../field-policy.type.js';
import { INTEGRATION } from '../integrations.events.js';
import { lockIntegrationByCode, raiseIntegration } from '../integrations.queries.js';

/** Chooses a policy for a field of what a system says, or goes back to its connector's own. */
export async function setFieldPolicy(
  scope: ActionScope,
  input: Omit<SetFieldPolicyInput, 'idempotencyKey'>,
): Promise<{ integrationId: string }> {
  const { tx, now, actor } = scope;
  const record = input.record === FieldPolicyRecord.CUSTOMER ? 'customer' : 'product';
  const fields: readonly string[] = POLICY_FIELDS[record];
  if (!fields.includes(input.field)) {
    throw refuse('INVALID', `field: expected one of ${fields.join(', ')}, got ${show(input.field)}`, ['field']);
  }
  const integration = await tx.one(lockIntegrationByCode(input.integration));
  if (!integration) {
    throw refuse('NOT_FOUND', `no integration has the code "${input.integration}"`, ['integration']);
  }
  const { id, code, version } = integration;
  const chosen = await tx.query(selectPoliciesOfIntegrations([id]));
  const before = chosen.find((row) => row.record_kind === record && row.field === input.field)?.policy ?? null;
  const policy = input.policy ?? null;
  if (before === policy) return { integrationId: id };
  const others = chosen.filter((row) => row.record_kind !== record || row.field !== input.field);
  const own = policyOf(record, input.field, integration, others, scope.service(connectorHabits));
  tx.defer(
    policy === null ? deleteFieldPolicy(id, record, input.field) : upsertFieldPolicy(id, record, input.field, policy),
    raiseIntegration(id, now.toISOString()),
  );
  await appendEvents(tx, [
    {
      subjectKind: INTEGRATION,
      subjectId: id,
      sequence: version + 1,
      at: now,
      actor,
      type: 'EDITED',
      message: `Integration ${code}: ${record}.${input.field} is now ${policy ?? own}`,
      changes: [{ field: `fieldPolicies.${record}.${input.field}`, from: before ?? own, to: policy ?? own }],
    },
  ]);
  return { integrationId: id };
}
