import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { ApprovalRuleType } from './approval-rule.type.js';
import { selectApprovalRules, selectApprovals } from './approval.queries.js';
import { QuoteApprovalType } from './quote-approval.type.js';

export const approvalRulesById = defineLoader<string, ApprovalRuleType | null>(
  'approvalRulesById',
  async (ids, { db }) => {
    const rows = await db.read(selectApprovalRules(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new ApprovalRuleType(row)),
      ({ row }) => row.id,
    );
  },
);

/** Of quotes that the viewer sees already. */
export const approvalsOfQuote = defineLoader<string, QuoteApprovalType[]>('approvalsOfQuote', async (ids, { db }) => {
  const rows = await db.read(selectApprovals(ids));
  return listsOf(
    ids,
    rows.map((row) => new QuoteApprovalType(row)),
    ({ row }) => row.quote_id,
  );
});
