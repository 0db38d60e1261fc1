import type { Role } from '../../../graph/access.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { ApprovalStatus } from '../quote-approval.type.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { decideApprovalsOf } from './decide-approvals.js';

/** Approves what these roles may approve of a quote; with the last approval it is APPROVED. */
export function approveQuote(
  scope: ActionScope,
  input: QuoteActionInput,
  roles: readonly Role[],
): Promise<{ quoteId: string }> {
  return decideApprovalsOf(scope, input, roles, ApprovalStatus.APPROVED);
}
