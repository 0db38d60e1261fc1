import { appendEvents } from '../../../events/append.js';
import { Role } from '../../../graph/access.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { isSameActor } from '../approval.rules.js';
import { decideApprovals, selectApprovals } from '../approval.queries.js';
import { quoteMoved } from '../quote.events.js';
import { moveQuote, type LockedQuote } from '../quote.queries.js';
import { ApprovalStatus, type ApprovalRow } from '../quote-approval.type.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { assertAwaiting, type QuoteStatus } from '../quote.states.js';
import { lockQuoteForAction } from './lock-quote.js';
import { refuseExpired } from './move-quote.js';

type Decision = ApprovalStatus.APPROVED | ApprovalStatus.REJECTED;

/**
 * Decides the approvals of a quote that a holder of these roles may decide. Approved by all that were asked, the quote is
 * APPROVED; rejected by one, REJECTED. Who made the quote or submitted it decides nothing of it, whatever the roles.
 */
export async function decideApprovalsOf(
  scope: ActionScope,
  input: QuoteActionInput,
  roles: readonly Role[],
  decision: Decision,
): Promise<{ quoteId: string }> {
  const { tx, actor, now } = scope;
  const quote = await lockQuoteForAction(scope, input);
  assertAwaiting(quote, decision);
  refuseExpired(quote, now);
  const approvals = await tx.query(selectApprovals([quote.id]));
  const decided = decidable(scope, quote, approvals, roles);
  const isWhole = approvals.every(({ status, id }) => status === 'APPROVED' || decided.some((one) => one.id === id));
  const to: QuoteStatus = decision === ApprovalStatus.REJECTED || isWhole ? decision : quote.status;
  const ids = decided.map(({ id }) => id);
  const comment = input.comment ?? null;
  const at = now.toISOString();
  tx.defer(decideApprovals(ids, decision, actor.kind, actor.id, actor.name, at, comment), moveQuote(quote.id, to, at));
  const rules = decided.map(({ code }) => code);
  await appendEvents(tx, [
    quoteMoved(quote, scope, quote.status, to, {
      ...(to === quote.status && { type: 'APPROVAL_DECIDED' }),
      message: `Quote ${quote.number}: ${rules.join(', ')} ${decision === ApprovalStatus.APPROVED ? 'approved' : 'rejected'}`,
      changes: rules.map((rule) => ({ field: `approvals.${rule}`, from: 'PENDING', to: decision })),
      data: { rules, ...(comment && { comment }) },
    }),
  ]);
  return { quoteId: quote.id };
}

function decidable(
  { actor }: ActionScope,
  quote: LockedQuote,
  approvals: readonly ApprovalRow[],
  roles: readonly Role[],
): ApprovalRow[] {
  const named = `quote ${quote.number}`;
  const open = approvals.filter(({ status }) => status === ApprovalStatus.PENDING);
  if (open.length === 0) {
    throw refuse('CONFLICT', `${named} waits for an approval in the tool that states it, not for one here`, [
      'quoteId',
    ]);
  }
  const { owner_kind: kind, owner_id: id, owner_name: name } = quote;
  const isAuthor =
    (kind !== null && isSameActor(actor, { kind, id, name: name ?? '' })) ||
    open.some((one) => isSameActor(actor, { kind: one.asked_by_kind, id: one.asked_by_id, name: one.asked_by_name }));
  if (isAuthor) throw refuse('FORBIDDEN', `${named}: who made or submitted a quote does not decide on it`, ['quoteId']);
  const own = open.filter(
    ({ approver_roles }) => roles.includes(Role.ADMIN) || approver_roles.some((role) => roles.includes(role)),
  );
  if (own.length === 0) {
    const wanted = open.map(({ code, approver_roles }) => `${code} (${approver_roles.join(' or ')})`).join(', ');
    throw refuse('FORBIDDEN', `${named} waits for ${wanted}; the caller's roles decide none of it`, ['quoteId']);
  }
  return own;
}
