import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE } from '../../graph/access.js';
import { defineLoader, listsOf, type GraphContext } from '../../graph/context.js';
import { badInput } from '../../shared/failures.js';
import { productsOfLines, ProductType } from '../catalog/index.js';
import { CustomerType } from '../customers/index.js';
import { selectInsights, selectTopProducts } from './customer-insights.queries.js';
import { CustomerInsightsType } from './customer-insights.type.js';

const USUAL = 5;
const MOST = 50;

const insightsOfCustomer = defineLoader('insightsOfCustomer', async (ids: readonly string[], { db }) => {
  const rows = listsOf(ids, await db.read(selectInsights(ids)), (row) => row.customer_id);
  return rows.map((own, index) => new CustomerInsightsType(ids[index]!, own));
});

interface TopKey {
  customerId: string;
  first: number;
}
const topProductIds = defineLoader(
  'topProductIds',
  async (keys: readonly TopKey[], { db }) => {
    const longest = new Map<string, number>();
    for (const { customerId, first } of keys) longest.set(customerId, Math.max(first, longest.get(customerId) ?? 0));
    const rows = await db.read(selectTopProducts([...longest.keys()], [...longest.values()]));
    const byCustomer = Map.groupBy(rows, (row) => row.customer_id);
    return keys.map(({ customerId, first }) =>
      (byCustomer.get(customerId) ?? []).slice(0, first).map((row) => row.product_id),
    );
  },
  ({ customerId, first }) => `${customerId} ${first}`,
);

@Resolver(() => CustomerType)
export class CustomerInsightsFieldResolver {
  @Allow(INSIDE)
  @FieldResolver(() => CustomerInsightsType, { description: 'What its orders tell.' })
  insights(@Root() { row }: CustomerType, @Ctx() context: GraphContext): Promise<CustomerInsightsType> {
    return context.load(insightsOfCustomer, row.id);
  }
}

@Resolver(() => CustomerInsightsType)
export class CustomerInsightsResolver {
  @FieldResolver(() => [ProductType], {
    description:
      'The products in most of its orders; where two are in as many, the one ordered in larger quantity first.',
  })
  async topProducts(
    @Root() { customerId }: CustomerInsightsType,
    @Arg('first', () => Int, { nullable: true, description: '5, if left out; at most 50.' }) first: number | undefined,
    @Ctx() context: GraphContext,
  ): Promise<ProductType[]> {
    const count = first ?? USUAL;
    if (count < 1 || count > MOST) throw badInput('first', `1 to ${MOST}`, count);
    const ids = await context.load(topProductIds, { customerId, first: count });
    const products = await context.loadMany(productsOfLines, ids);
    return products.filter((product) => product !== null);
  }
}

export const insightResolvers = [CustomerInsightsFieldResolver, CustomerInsightsResolver];
