import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { productsOfLines, ProductType } from '../catalog/index.js';
import { setReorderPolicy } from './actions/set-reorder-policy.js';
import { upsertStockLocation } from './actions/upsert-stock-location.js';
import { levelsById, levelsOfProduct, locationsById } from './stock.loaders.js';
import { levelList, selectAllLocations, selectLevelBySkuAndLocation } from './stock.queries.js';
import { StockStreamResolver } from './stock-stream.resolver.js';
import { movementResolvers } from './stock-movement.resolver.js';
import { SetReorderPolicyInput } from './stock-policy.type.js';
import {
  StockFilter,
  StockLevelConnection,
  StockLevelPayload,
  StockLevelType,
  StockLocationPayload,
  StockLocationType,
  UpsertStockLocationInput,
  type StockLevelRow,
} from './stock.type.js';

export const KEEPERS = [Role.ADMIN, Role.WAREHOUSE, Role.INTEGRATION];

@Resolver(() => StockLevelType)
export class StockResolver {
  @Allow(INSIDE)
  @Query(() => [StockLocationType], { description: 'All places that hold stock, by code.' })
  async stockLocations(@Ctx() { db }: GraphContext): Promise<StockLocationType[]> {
    return (await db.read(selectAllLocations())).map((row) => new StockLocationType(row));
  }

  @Allow(INSIDE)
  @Query(() => StockLevelType, {
    nullable: true,
    description: 'How much of a product a location has; null where it never had any.',
  })
  async stockLevel(
    @Arg('sku', () => String, { description: 'The product.' }) sku: string,
    @Arg('location', () => String, { description: 'The location’s code.' }) location: string,
    @Ctx() { db }: GraphContext,
  ): Promise<StockLevelType | null> {
    const row = await db.readOne(selectLevelBySkuAndLocation(sku, location));
    return row ? new StockLevelType(row) : null;
  }

  @Allow(INSIDE)
  @Query(() => StockLevelConnection, { description: 'Stock levels, by product and location.' })
  async stockLevels(
    @Arg('filter', () => StockFilter, { nullable: true, description: 'Which levels.' }) filter: StockFilter | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<StockLevelConnection> {
    return new StockLevelConnection(
      await connect(context, levelList(filter), page, (row: StockLevelRow) => new StockLevelType(row)),
    );
  }

  @Allow(KEEPERS)
  @Mutation(() => StockLocationPayload, { description: 'Creates or changes a stock location.' })
  async upsertStockLocation(
    @Arg('input', () => UpsertStockLocationInput, { description: 'The location.' }) input: UpsertStockLocationInput,
    @Ctx() context: GraphContext,
  ): Promise<StockLocationPayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertStockLocation', input, (scope) =>
      upsertStockLocation(scope, input),
    );
    return { location: outcome && (await context.load(locationsById, outcome.locationId)), ...rest };
  }

  @Allow(KEEPERS)
  @Mutation(() => StockLevelPayload, {
    description: 'Sets what is kept back of a product at a location, and when to order how much of it.',
  })
  async setReorderPolicy(
    @Arg('input', () => SetReorderPolicyInput, { description: 'The policy.' }) input: SetReorderPolicyInput,
    @Ctx() context: GraphContext,
  ): Promise<StockLevelPayload> {
    const { outcome, ...rest } = await mutate(context, 'setReorderPolicy', input, (scope) =>
      setReorderPolicy(scope, input),
    );
    return { stockLevel: outcome && (await context.load(levelsById, outcome.levelId)), ...rest };
  }

  @FieldResolver(() => ProductType, { description: 'What is counted.' })
  product(@Root() { row }: StockLevelType, @Ctx() context: GraphContext): Promise<ProductType | null> {
    return context.load(productsOfLines, row.product_id);
  }

  @FieldResolver(() => StockLocationType, { description: 'Where it is.' })
  location(@Root() { row }: StockLevelType, @Ctx() context: GraphContext): Promise<StockLocationType | null> {
    return context.load(locationsById, row.location_id);
  }
}

@Resolver(() => ProductType)
export class ProductStockResolver {
  @Allow(INSIDE)
  @FieldResolver(() => [StockLevelType], { description: 'How much each location has, by the location’s code.' })
  stock(@Root() { row }: ProductType, @Ctx() context: GraphContext): Promise<StockLevelType[]> {
    return context.load(levelsOfProduct, row.id);
  }
}

export const stockResolvers = [StockResolver, ProductStockResolver, StockStreamResolver, ...movementResolvers];
