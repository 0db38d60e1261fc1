import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { productsOfLines, ProductType } from '../catalog/index.js';
import { locationsById } from './stock.loaders.js';
import { movementList } from './stock.queries.js';
import { StockLevelType, StockLocationType } from './stock.type.js';
import { StockMovementConnection, StockMovementType, type MovementRow } from './stock-movement.type.js';

@Resolver(() => StockMovementType)
export class StockMovementResolver {
  @FieldResolver(() => ProductType, { description: 'What moved.' })
  product(@Root() { row }: StockMovementType, @Ctx() context: GraphContext): Promise<ProductType | null> {
    return context.load(productsOfLines, row.product_id);
  }

  @FieldResolver(() => StockLocationType, { description: 'Where it moved in or out.' })
  location(@Root() { row }: StockMovementType, @Ctx() context: GraphContext): Promise<StockLocationType | null> {
    return context.load(locationsById, row.location_id);
  }
}

@Resolver(() => StockLevelType)
export class LevelMovementsResolver {
  @FieldResolver(() => StockMovementConnection, { description: 'What came and went, the newest first.' })
  async movements(
    @Root() { row }: StockLevelType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<StockMovementConnection> {
    const list = movementList(row.product_id, row.location_id);
    return new StockMovementConnection(
      await connect(context, list, page, (movement: MovementRow) => new StockMovementType(movement)),
    );
  }
}

export const movementResolvers = [StockMovementResolver, LevelMovementsResolver];
