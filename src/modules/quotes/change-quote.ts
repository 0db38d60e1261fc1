import type { GraphContext } from '../../graph/context.js';
import { mutate, type ActionScope } from '../../graph/mutation.js';
import type { QuotePayload } from './quote-input.type.js';
import { quotesById } from './quote.loaders.js';

/** Carries out one action on a quote, and reads the quote for the answer. */
export async function changeQuote<Input extends { idempotencyKey?: string | null }>(
  context: GraphContext,
  name: string,
  input: Input,
  action: (scope: ActionScope, input: Input) => Promise<{ quoteId: string }>,
): Promise<QuotePayload> {
  const { outcome, ...rest } = await mutate(context, name, input, (scope) => action(scope, input));
  return { quote: outcome && (await context.load(quotesById, outcome.quoteId)), effect: null, ...rest };
}
