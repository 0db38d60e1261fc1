import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '../../graph/access.js';
import { mutateEach, ROWS } from '../../graph/bulk.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { upsertStockLocation } from './actions/upsert-stock-location.js';
import { locationsById } from './stock.loaders.js';
import { KEEPERS } from './stock.resolver.js';
import { StockLocationPayload, UpsertStockLocationInput } from './stock.type.js';

@Resolver()
export class StockBulkResolver {
  @Allow(KEEPERS)
  @Mutation(() => [StockLocationPayload], {
    description: 'Creates or changes stock locations, each by itself; answers one result per row, in their order.',
  })
  async upsertStockLocations(
    @Arg('inputs', () => [UpsertStockLocationInput], { description: ROWS }) inputs: UpsertStockLocationInput[],
    @Ctx() context: GraphContext,
  ): Promise<StockLocationPayload[]> {
    const results = await mutateEach(
      inputs,
      ({ code }) => code,
      (input) => mutate(context, 'upsertStockLocation', input, (scope) => upsertStockLocation(scope, input)),
    );
    return Promise.all(
      results.map(async ({ outcome, ...rest }) => ({
        location: outcome && (await context.load(locationsById, outcome.locationId)),
        ...rest,
      })),
    );
  }
}
