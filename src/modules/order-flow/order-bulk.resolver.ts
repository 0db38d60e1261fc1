import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow, Role, STAFF } from '../../graph/access.js';
import { mutateEach, ROWS } from '../../graph/bulk.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type ActionScope } from '../../graph/mutation.js';
import {
  holdOrder,
  HoldOrderInput,
  OrderActionInput,
  OrderPayload,
  ordersById,
  releaseOrder,
  ReleaseOrderInput,
} from '../orders/index.js';
import { confirmOrder } from './actions/confirm-order.js';
import { HANDLERS, OrderFlowResolver } from './order-flow.resolver.js';

const HOLDERS = [...STAFF, Role.INTEGRATION];

@Resolver()
export class OrderBulkResolver {
  @Allow(HANDLERS)
  @Mutation(() => [OrderPayload], {
    description: 'Confirms orders, each by itself; answers one result per row, in their order.',
  })
  confirmOrders(
    @Arg('inputs', () => [OrderActionInput], { description: ROWS }) inputs: OrderActionInput[],
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload[]> {
    return stepEach(context, 'confirmOrder', inputs, confirmOrder);
  }

  @Allow(HOLDERS)
  @Mutation(() => [OrderPayload], {
    description: 'Puts orders on hold, each by itself; answers one result per row, in their order.',
  })
  holdOrders(
    @Arg('inputs', () => [HoldOrderInput], { description: ROWS }) inputs: HoldOrderInput[],
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload[]> {
    return stepEach(context, 'holdOrder', inputs, holdOrder);
  }

  @Allow(HOLDERS)
  @Mutation(() => [OrderPayload], {
    description: 'Ends holds of orders, each by itself; answers one result per row, in their order.',
  })
  releaseOrders(
    @Arg('inputs', () => [ReleaseOrderInput], { description: ROWS }) inputs: ReleaseOrderInput[],
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload[]> {
    return stepEach(context, 'releaseOrder', inputs, releaseOrder);
  }
}

/** Steps of one order, and of many. */
export const orderStepResolvers = [OrderFlowResolver, OrderBulkResolver];

/** A row is the same call as the mutation of one order: a key that took effect there is replayed here. */
async function stepEach<Input extends OrderActionInput>(
  context: GraphContext,
  name: string,
  inputs: Input[],
  action: (scope: ActionScope, input: Input) => Promise<{ orderId: string }>,
): Promise<OrderPayload[]> {
  const results = await mutateEach(
    inputs,
    ({ orderId }) => orderId,
    (input) => mutate(context, name, input, (scope) => action(scope, input)),
  );
  return Promise.all(
    results.map(async ({ outcome, ...rest }) => ({
      order: outcome && (await context.load(ordersById, outcome.orderId)),
      ...rest,
    })),
  );
}
