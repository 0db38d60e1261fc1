import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow, Role, SELLERS } from '../../graph/access.js';
import { mutateEach, ROWS } from '../../graph/bulk.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type MutationResult } from '../../graph/mutation.js';
import { setPrice } from './actions/set-price.js';
import { upsertProduct } from './actions/upsert-product.js';
import { productsById } from './product.loaders.js';
import { ProductPayload, SetPriceInput, UpsertProductInput } from './product.type.js';

@Resolver()
export class CatalogBulkResolver {
  @Allow(SELLERS)
  @Mutation(() => [ProductPayload], {
    description: 'Creates or changes products, each by itself; answers one result per row, in their order.',
  })
  async upsertProducts(
    @Arg('inputs', () => [UpsertProductInput], { description: ROWS }) inputs: UpsertProductInput[],
    @Ctx() context: GraphContext,
  ): Promise<ProductPayload[]> {
    const results = await mutateEach(inputs, skuOf, (input) =>
      mutate(context, 'upsertProduct', input, (scope) => upsertProduct(scope, input)),
    );
    return payloads(context, results);
  }

  @Allow([...SELLERS, Role.FINANCE])
  @Mutation(() => [ProductPayload], {
    description: 'Sets unit prices in price lists, each by itself; answers one result per row, in their order.',
  })
  async setPrices(
    @Arg('inputs', () => [SetPriceInput], { description: ROWS }) inputs: SetPriceInput[],
    @Ctx() context: GraphContext,
  ): Promise<ProductPayload[]> {
    const results = await mutateEach(inputs, skuOf, (input) =>
      mutate(context, 'setPrice', input, (scope) => setPrice(scope, input)),
    );
    return payloads(context, results);
  }
}

function skuOf({ sku }: { sku: string }): string {
  return sku;
}

function payloads(context: GraphContext, results: MutationResult<{ productId: string }>[]): Promise<ProductPayload[]> {
  return Promise.all(
    results.map(async ({ outcome, ...rest }) => ({
      product: outcome && (await context.load(productsById, outcome.productId)),
      ...rest,
    })),
  );
}
