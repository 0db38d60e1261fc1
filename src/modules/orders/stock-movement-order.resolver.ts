import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { StockMovementType } from '../stock/index.js';
import { ordersById } from './order.loaders.js';
import { OrderType } from './order.type.js';

@Resolver(() => StockMovementType)
export class StockMovementOrderResolver {
  @FieldResolver(() => OrderType, { nullable: true, description: 'The order that it left for; null for others.' })
  order(@Root() { row }: StockMovementType, @Ctx() context: GraphContext): Promise<OrderType | null> | null {
    return row.order_id === null ? null : context.load(ordersById, row.order_id);
  }
}
