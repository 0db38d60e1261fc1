import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { AdjustStockInput, KEEPERS, levelsById, StockLevelPayload } from '../stock/index.js';
import { receiveStock } from './actions/receive-stock.js';

@Resolver()
export class ReceiveStockResolver {
  @Allow(KEEPERS)
  @Mutation(() => StockLevelPayload, {
    description:
      'Changes what a location has of a product, by a movement in the ledger. What comes in is reserved for the orders ' +
      'that wait for it, the earliest promise first, in the same transaction.',
  })
  async adjustStock(
    @Arg('input', () => AdjustStockInput, { description: 'The change.' }) input: AdjustStockInput,
    @Ctx() context: GraphContext,
  ): Promise<StockLevelPayload> {
    const { outcome, ...rest } = await mutate(context, 'adjustStock', input, (scope) => receiveStock(scope, input));
    return { stockLevel: outcome && (await context.load(levelsById, outcome.levelId)), ...rest };
  }
}
