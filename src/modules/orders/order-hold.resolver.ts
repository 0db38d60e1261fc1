import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, isCustomer, Role, STAFF } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type MutationResult } from '../../graph/mutation.js';
import { holdOrder } from './actions/hold-order.js';
import { releaseOrder } from './actions/release-order.js';
import { HoldOrderInput, OrderHoldType, ReleaseOrderInput } from './order-hold.type.js';
import { OrderPayload } from './order-input.type.js';
import { holdsOfOrder, ordersById } from './order.loaders.js';
import { OrderType } from './order.type.js';

const HOLDERS = [...STAFF, Role.INTEGRATION];

@Resolver(() => OrderType)
export class OrderHoldResolver {
  @Allow(HOLDERS)
  @Mutation(() => OrderPayload, {
    description: 'While a hold is open nothing of the order moves forward; it can still be canceled.',
  })
  async holdOrder(
    @Arg('input', () => HoldOrderInput, { description: 'Which order, and why.' }) input: HoldOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return payload(context, await mutate(context, 'holdOrder', input, (scope) => holdOrder(scope, input)));
  }

  @Allow(HOLDERS)
  @Mutation(() => OrderPayload, { description: 'Ends one hold of an order, or all of them.' })
  async releaseOrder(
    @Arg('input', () => ReleaseOrderInput, { description: 'Which order and hold.' }) input: ReleaseOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return payload(context, await mutate(context, 'releaseOrder', input, (scope) => releaseOrder(scope, input)));
  }

  @FieldResolver(() => [OrderHoldType], {
    description: 'Reasons why nothing moves on by itself; empty when the order flows. Customers do not see them.',
  })
  holds(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<OrderHoldType[]> | OrderHoldType[] {
    return isCustomer(context.viewer) ? [] : context.load(holdsOfOrder, row.id);
  }
}

async function payload(
  context: GraphContext,
  { outcome, ...rest }: MutationResult<{ orderId: string }>,
): Promise<OrderPayload> {
  return { order: outcome && (await context.load(ordersById, outcome.orderId)), ...rest };
}
