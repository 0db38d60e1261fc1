import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { noteSubmission } from '../approval.queries.js';
import { quoteMoved } from '../quote.events.js';
import { moveQuote } from '../quote.queries.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { askForApproval, rulesAsking } from './ask-for-approval.js';
import { lockQuoteForAction } from './lock-quote.js';
import { assertQuoteStep } from './move-quote.js';

/** A DRAFT asks for the approvals that the rules want; where none wants any, it is APPROVED at once. */
export async function submitQuote(scope: ActionScope, input: QuoteActionInput): Promise<{ quoteId: string }> {
  const { tx, now } = scope;
  const quote = await lockQuoteForAction(scope, input);
  assertQuoteStep(quote, 'PENDING_APPROVAL', now);
  const asking = await rulesAsking(scope, quote);
  const to = asking.length > 0 ? 'PENDING_APPROVAL' : 'APPROVED';
  tx.defer(moveQuote(quote.id, to, now.toISOString()), noteSubmission(quote.id, now.toISOString()));
  if (asking.length > 0) await askForApproval(scope, quote.id, asking);
  await appendEvents(tx, [
    quoteMoved(quote, scope, quote.status, to, {
      message:
        asking.length > 0
          ? `Quote ${quote.number} submitted for approval`
          : `Quote ${quote.number} submitted; no rule asks for approval`,
      changes: asking.map(({ rule }) => ({ field: `approvals.${rule.code}`, from: null, to: 'PENDING' })),
      data: {
        rules: asking.map(({ rule, reason }) => ({ rule: rule.code, reason })),
        ...(input.comment && { comment: input.comment }),
      },
    }),
  ]);
  return { quoteId: quote.id };
}
