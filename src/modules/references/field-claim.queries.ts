import { sql } from '../../db/statement.js';
import type { Policy } from './claims.rules.js';

export interface ClaimRow {
  record_id: string;
  field: string;
  integration_id: string | null;
  value: unknown;
  said_at: string;
  observed_at: string;
}
export const selectClaims = sql<ClaimRow>(
  'references.claims',
  `select record_id, field, integration_id, value, said_at, observed_at
     from field_claim where record_kind = $1 and record_id = any($2::bigint[])
    order by (select code from integration where id = integration_id) nulls first, field`,
);
export const upsertClaims = sql(
  'references.upsert-claims',
  `insert into field_claim (record_kind, record_id, field, integration_id, value, said_at, observed_at)
   select $1, $2, * from unnest($3::text[], $4::bigint[], $5::jsonb[], $6::timestamptz[], $7::timestamptz[])
   on conflict on constraint field_claim_once do update
     set value = excluded.value, said_at = excluded.said_at, observed_at = excluded.observed_at`,
);
/** What was said of one record counts for another, except where the same speaker spoke of that one. */
export const moveClaims = sql(
  'references.move-claims',
  `update field_claim c set record_id = $3 where c.record_kind = $1 and c.record_id = any($2::bigint[])
      and not exists (select from field_claim k
                       where k.record_kind = $1 and k.record_id = $3 and k.field = c.field
                         and k.integration_id is not distinct from c.integration_id)`,
);
export const deleteClaims = sql(
  'references.delete-claims',
  `delete from field_claim where record_kind = $1 and record_id = any($2::bigint[])`,
);

export interface FieldPolicyRow {
  integration_id: string;
  record_kind: string;
  field: string;
  policy: Policy;
}
export const selectFieldPolicies = sql<FieldPolicyRow>(
  'references.field-policies',
  `select integration_id, record_kind, field, policy from field_policy where record_kind = $1`,
);
export const selectPoliciesOfIntegrations = sql<FieldPolicyRow>(
  'references.policies-of-integrations',
  `select integration_id, record_kind, field, policy from field_policy where integration_id = any($1::bigint[])`,
);
export const upsertFieldPolicy = sql(
  'references.upsert-field-policy',
  `insert into field_policy (integration_id, record_kind, field, policy) values ($1, $2, $3, $4)
   on conflict (integration_id, record_kind, field) do update set policy = excluded.policy`,
);
export const deleteFieldPolicy = sql(
  'references.delete-field-policy',
  `delete from field_policy where integration_id = $1 and record_kind = $2 and field = $3`,
);

export const openConflict = sql(
  'references.open-conflict',
  `insert into field_conflict (id, record_kind, record_id, field, opened_at) values ($1, $2, $3, $4, $5)
   on conflict (record_kind, record_id, field) where closed_at is null do nothing`,
);
export const closeConflicts = sql(
  'references.close-conflicts',
  `update field_conflict set closed_at = $4
    where record_kind = $1 and record_id = any($2::bigint[]) and ($3::text[] is null or field = any($3)) and closed_at is null`,
);
