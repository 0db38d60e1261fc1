import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { upsertExternalQuote } from './actions/upsert-external-quote.js';
import { UpsertExternalQuoteInput } from './external-quote.type.js';
import { QuotePayload } from './quote-input.type.js';
import { quotesById } from './quote.loaders.js';

@Resolver()
export class ExternalQuoteResolver {
  @Allow(SELLERS)
  @Mutation(() => QuotePayload, {
    description:
      'Takes a quote over as another CPQ tool states it, or brings the hub’s copy up to a newer version. Harmless repeated ' +
      'and out of order: an older version than the newest taken changes nothing and answers the quote as it is, with ' +
      '`effect: STALE`; the same version again is UNCHANGED, and CONFLICT with another content. Prices are kept as stated, ' +
      'the tax is the hub’s. A SKU that the hub does not know is no error here: the line is kept in `unmatchedLines`. Of a ' +
      'quote that is converted, whole or in part, lines and currency cannot change any more: CONFLICT.',
  })
  async upsertExternalQuote(
    @Arg('input', () => UpsertExternalQuoteInput, { description: 'The quote, whole.' }) input: UpsertExternalQuoteInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertExternalQuote', input, (scope) =>
      upsertExternalQuote(scope, input),
    );
    return {
      quote: outcome && (await context.load(quotesById, outcome.quoteId)),
      effect: outcome && outcome.effect,
      ...rest,
    };
  }
}
