import type { Role } from '../../../graph/access.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { ApprovalStatus } from '../quote-approval.type.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { decideApprovalsOf } from './decide-approvals.js';

/** Rejects what these roles may decide of a quote, and so the quote. */
export function rejectQuote(
  scope: ActionScope,
  input: QuoteActionInput,
  roles: readonly Role[],
): Promise<{ quoteId: string }> {
  return decideApprovalsOf(scope, input, roles, ApprovalStatus.REJECTED);
}
