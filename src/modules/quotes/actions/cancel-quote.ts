import type { ActionScope } from '../../../graph/mutation.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { lockQuoteForAction } from './lock-quote.js';
import { moveQuoteTo } from './move-quote.js';

/** Withdraws a quote. What of it has become orders already stays so. */
export async function cancelQuote(scope: ActionScope, input: QuoteActionInput): Promise<{ quoteId: string }> {
  const quote = await lockQuoteForAction(scope, input);
  return moveQuoteTo(scope, quote, 'CANCELED', `Quote ${quote.number} canceled`, input);
}
