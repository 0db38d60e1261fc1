import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { UserError } from '../../graph/user-errors.js';
import { OrderType } from '../orders/index.js';
import { blockersOfOrder } from './blockers.loaders.js';

@Resolver(() => OrderType)
export class OrderBlockersResolver {
  @FieldResolver(() => [UserError], {
    description:
      'What confirmOrder would refuse now, a hold included; empty for an order that is confirmed or canceled. Another order ' +
      'may be faster: only the confirmation itself holds what it finds.',
  })
  blockers(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<object[]> {
    return context.load(blockersOfOrder, row.id);
  }
}
