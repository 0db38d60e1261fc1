import type { ActionScope } from '../../../graph/mutation.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { lockQuoteForAction } from './lock-quote.js';
import { moveQuoteTo } from './move-quote.js';

/** The customer says no, or staff on its behalf. */
export async function declineQuote(scope: ActionScope, input: QuoteActionInput): Promise<{ quoteId: string }> {
  const quote = await lockQuoteForAction(scope, input);
  return moveQuoteTo(scope, quote, 'DECLINED', `Quote ${quote.number} declined`, input);
}
