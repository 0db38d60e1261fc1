import { sql } from '../../db/statement.js';
import { condition, type Condition } from '../../graph/list-query.js';
import { Role, type Viewer } from '../../graph/access.js';
import type { ApprovalRuleRow } from './approval-rule.type.js';
import type { ApprovalRow } from './quote-approval.type.js';

const RULE =
  'id, code, name, line_discount_over, discount_over, total_over_minor, total_over_currency, term_months_over, ' +
  'approver_roles, is_active, created_at, updated_at, version';

export const selectApprovalRules = sql<ApprovalRuleRow>(
  'quotes.approval-rules',
  `select ${RULE} from approval_rule where id = any($1::bigint[])`,
);
export const selectAllApprovalRules = sql<ApprovalRuleRow>(
  'quotes.all-approval-rules',
  `select ${RULE} from approval_rule order by code`,
);
export const selectActiveRules = sql<ApprovalRuleRow>(
  'quotes.active-rules',
  `select ${RULE} from approval_rule where is_active order by code`,
);

/** What was asked of quotes, each quote's by rule; who may decide is what the rule says now. */
export const selectApprovals = sql<ApprovalRow>(
  'quotes.approvals',
  `select a.id, a.quote_id, a.rule_id, r.code, r.approver_roles, a.status, a.reason, a.asked_by_kind, a.asked_by_id,
          a.asked_by_name, a.asked_at, a.decided_by_kind, a.decided_by_id, a.decided_by_name, a.decided_at, a.comment
     from quote_approval a join approval_rule r on r.id = a.rule_id
    where a.quote_id = any($1::bigint[]) order by a.quote_id, r.code`,
);
export const insertApprovals = sql(
  'quotes.insert-approvals',
  `insert into quote_approval (id, quote_id, rule_id, status, reason, asked_by_kind, asked_by_id, asked_by_name, asked_at)
   select a.id, $1, a.rule_id, 'PENDING', a.reason, $5, $6, $7, $8
     from unnest($2::bigint[], $3::bigint[], $4::text[]) as a (id, rule_id, reason)`,
);
export const deleteApprovals = sql('quotes.delete-approvals', `delete from quote_approval where quote_id = $1`);
export const decideApprovals = sql(
  'quotes.decide-approvals',
  `update quote_approval set status = $2, decided_by_kind = $3, decided_by_id = $4, decided_by_name = $5, decided_at = $6,
          comment = $7
    where id = any($1::bigint[])`,
);
export const noteSubmission = sql('quotes.note-submission', `update quote set submitted_at = $2 where id = $1`);

const WAITS_FOR_ROLES = `q.status = 'PENDING_APPROVAL' and exists (
  select from quote_approval a join approval_rule r on r.id = a.rule_id
   where a.quote_id = q.id and a.status = 'PENDING' and ($1 or r.approver_roles && $2::text[])
     and (a.asked_by_kind <> $3 or a.asked_by_id is distinct from $4))
  and (q.owner_kind is distinct from $3 or q.owner_id is distinct from $4)`;

/** Quotes that wait for a decision that the viewer may make. */
export function awaiting({ roles, actor }: Viewer): Condition {
  return condition(WAITS_FOR_ROLES, roles.includes(Role.ADMIN), [...roles], actor.kind, actor.id);
}
