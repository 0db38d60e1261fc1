import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, EVERYONE, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { outcomeOf } from '../../graph/idempotency.js';
import { mutate } from '../../graph/mutation.js';
import { ordersById, ordersOfQuote, OrderType } from '../orders/index.js';
import { quotesById } from '../quotes/index.js';
import { convertQuoteToOrder } from './actions/convert-quote-to-order.js';
import {
  AlreadyConvertedError,
  ConversionType,
  ConvertQuoteToOrderInput,
  ConvertQuoteToOrderPayload,
} from './convert-quote.type.js';

const CONVERT = 'convertQuoteToOrder';

@Resolver(() => AlreadyConvertedError)
export class ConvertQuoteResolver {
  @Allow(EVERYONE)
  @Query(() => ConversionType, {
    nullable: true,
    description:
      'What became of a `convertQuoteToOrder` of this caller, by its key; keys are remembered for 30 days for each API key. ' +
      'Null where nothing has taken effect under it: a refusal leaves no trace, so the same call may be sent again. Null ' +
      'too while the call is still under way; the same call waits for it then, and answers its outcome with `replayed`.',
  })
  async conversion(
    @Arg('idempotencyKey', () => String, { description: 'The key of the call.' }) idempotencyKey: string,
    @Ctx() context: GraphContext,
  ): Promise<ConversionType | null> {
    const found = await outcomeOf(context, CONVERT, idempotencyKey);
    if (!found) return null;
    const [order, quote] = await Promise.all([
      context.load(ordersById, found.outcome.orderId!),
      context.load(quotesById, found.outcome.quoteId!),
    ]);
    return order && quote && { order, quote, at: found.at };
  }

  @Allow(SELLERS)
  @Mutation(() => ConvertQuoteToOrderPayload, {
    description:
      'Makes a CONFIRMED order of an ACCEPTED (or partly converted) quote, whole or in part: price, stock and expiry are ' +
      'checked, the stock reserved, all in one transaction. A unit of a quote line becomes an order once, however often ' +
      'and under however many keys this is called. The first order of a quote charges its shipping, whole.',
  })
  async convertQuoteToOrder(
    @Arg('input', () => ConvertQuoteToOrderInput, { description: 'What of which quote.' })
    input: ConvertQuoteToOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<ConvertQuoteToOrderPayload> {
    const { outcome, ...rest } = await mutate(context, CONVERT, input, (scope) => convertQuoteToOrder(scope, input));
    return {
      order: outcome && (await context.load(ordersById, outcome.orderId)),
      quote: outcome && (await context.load(quotesById, outcome.quoteId)),
      ...rest,
    };
  }

  @FieldResolver(() => [OrderType], { description: 'The orders it has become.' })
  orders(@Root() error: AlreadyConvertedError, @Ctx() context: GraphContext): Promise<OrderType[]> {
    return context.load(ordersOfQuote, error.quoteId);
  }
}
