import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { CustomerType } from '../customers/index.js';
import { PriceListType } from './price-list.type.js';
import { priceListsById } from './product.loaders.js';
import { selectAllPriceLists } from './product.queries.js';

@Resolver(() => CustomerType)
export class PriceListResolver {
  @Allow(INSIDE)
  @Query(() => [PriceListType], { description: 'All price lists, by code.' })
  async priceLists(@Ctx() { db }: GraphContext): Promise<PriceListType[]> {
    return (await db.read(selectAllPriceLists())).map((row) => new PriceListType(row));
  }

  @FieldResolver(() => PriceListType, {
    nullable: true,
    description: 'The customer’s own list; where it has no price, the default list of the currency holds.',
  })
  priceList(@Root() { row }: CustomerType, @Ctx() context: GraphContext): Promise<PriceListType | null> | null {
    return row.price_list_id === null ? null : context.load(priceListsById, row.price_list_id);
  }
}
