import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { ordersById, ordersOfQuote, OrderType } from '../orders/index.js';
import { quotesById } from '../quotes/index.js';
import { convertQuoteToOrder } from './actions/convert-quote-to-order.js';
import { AlreadyConvertedError, ConvertQuoteToOrderInput, ConvertQuoteToOrderPayload } from './convert-quote.type.js';

@Resolver(() => AlreadyConvertedError)
export class ConvertQuoteResolver {
  @Allow(SELLERS)
  @Mutation(() => ConvertQuoteToOrderPayload, {
    description:
      'Makes a CONFIRMED order of an ACCEPTED (or partly converted) quote, whole or in part: price, stock and expiry are ' +
      'checked, the stock reserved, all in one transaction. A unit of a quote line becomes an order once, however often ' +
      'and under however many keys this is called.',
  })
  async convertQuoteToOrder(
    @Arg('input', () => ConvertQuoteToOrderInput, { description: 'What of which quote.' })
    input: ConvertQuoteToOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<ConvertQuoteToOrderPayload> {
    const { outcome, ...rest } = await mutate(context, 'convertQuoteToOrder', input, (scope) =>
      convertQuoteToOrder(scope, input),
    );
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
