import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow, Role } from '../../graph/access.js';
import { mutateEach, ROWS } from '../../graph/bulk.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type ActionScope, type MutationResult } from '../../graph/mutation.js';
import { ordersById } from '../orders/index.js';
import { cancelFulfillmentOrder } from './actions/cancel-fulfillment-order.js';
import { holdFulfillmentOrder } from './actions/hold-fulfillment-order.js';
import type { WorkOutcome } from './actions/locked-work.js';
import { mergeFulfillmentOrders } from './actions/merge-fulfillment-orders.js';
import { moveFulfillmentOrder } from './actions/move-fulfillment-order.js';
import { releaseFulfillmentOrder } from './actions/release-fulfillment-order.js';
import { releaseToWarehouse } from './actions/release-to-warehouse.js';
import { splitFulfillmentOrder } from './actions/split-fulfillment-order.js';
import { fulfillmentOrdersById, fulfillmentOrdersOfOrder } from './fulfillment-order.loaders.js';
import {
  FulfillmentOrderActionInput,
  FulfillmentOrderPayload,
  HoldFulfillmentOrderInput,
  MergeFulfillmentOrdersInput,
  MoveFulfillmentOrderInput,
  ReleaseToWarehouseInput,
  ReleaseToWarehousePayload,
  SplitFulfillmentOrderInput,
  type FulfillmentOrderStepInput,
} from './fulfillment-order-input.type.js';
import { SHIPPERS } from './shipment.resolver.js';

const RELEASERS = [...SHIPPERS, Role.SALES, Role.SUPPORT];

@Resolver()
export class FulfillmentOrderStepResolver {
  @Allow(RELEASERS)
  @Mutation(() => ReleaseToWarehousePayload, {
    description:
      'Gives each location that holds goods of the order a fulfillment order for them. What is not counted goes where the ' +
      'rest goes; what waits for stock follows when it is there.',
  })
  async releaseToWarehouse(
    @Arg('input', () => ReleaseToWarehouseInput, { description: 'Which order.' }) input: ReleaseToWarehouseInput,
    @Ctx() context: GraphContext,
  ): Promise<ReleaseToWarehousePayload> {
    return released(context, await release(context, input));
  }

  @Allow(RELEASERS)
  @Mutation(() => [ReleaseToWarehousePayload], {
    description: 'Gives warehouses many orders, each by itself; answers one result per row, in their order.',
  })
  async releaseOrdersToWarehouse(
    @Arg('inputs', () => [ReleaseToWarehouseInput], { description: ROWS }) inputs: ReleaseToWarehouseInput[],
    @Ctx() context: GraphContext,
  ): Promise<ReleaseToWarehousePayload[]> {
    const results = await mutateEach(
      inputs,
      ({ orderId }) => orderId,
      (input) => release(context, input),
    );
    return Promise.all(results.map((result) => released(context, result)));
  }

  @Allow(SHIPPERS)
  @Mutation(() => FulfillmentOrderPayload, {
    description: 'Makes some of a fulfillment order one of its own, at the same location.',
  })
  splitFulfillmentOrder(
    @Arg('input', () => SplitFulfillmentOrderInput, { description: 'What of which.' })
    input: SplitFulfillmentOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<FulfillmentOrderPayload> {
    return step(context, 'splitFulfillmentOrder', input, splitFulfillmentOrder);
  }

  @Allow(SHIPPERS)
  @Mutation(() => FulfillmentOrderPayload, {
    description: 'Makes fulfillment orders of one order at one location one; each is OPEN or ON_HOLD.',
  })
  mergeFulfillmentOrders(
    @Arg('input', () => MergeFulfillmentOrdersInput, { description: 'Which, and into which.' })
    input: MergeFulfillmentOrdersInput,
    @Ctx() context: GraphContext,
  ): Promise<FulfillmentOrderPayload> {
    return step(context, 'mergeFulfillmentOrders', input, mergeFulfillmentOrders);
  }

  @Allow(SHIPPERS)
  @Mutation(() => FulfillmentOrderPayload, {
    description: 'Gives a fulfillment order to another location, and reserves its goods there instead.',
  })
  moveFulfillmentOrder(
    @Arg('input', () => MoveFulfillmentOrderInput, { description: 'Which, and where to.' })
    input: MoveFulfillmentOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<FulfillmentOrderPayload> {
    return step(context, 'moveFulfillmentOrder', input, moveFulfillmentOrder);
  }

  @Allow(SHIPPERS)
  @Mutation(() => FulfillmentOrderPayload, {
    description: 'While it is on hold nothing of a fulfillment order leaves; the rest of the order goes on.',
  })
  holdFulfillmentOrder(
    @Arg('input', () => HoldFulfillmentOrderInput, { description: 'Which, and why.' })
    input: HoldFulfillmentOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<FulfillmentOrderPayload> {
    return step(context, 'holdFulfillmentOrder', input, holdFulfillmentOrder);
  }

  @Allow(SHIPPERS)
  @Mutation(() => FulfillmentOrderPayload, { description: 'Ends the hold of a fulfillment order.' })
  releaseFulfillmentOrder(
    @Arg('input', () => FulfillmentOrderActionInput, { description: 'Which.' }) input: FulfillmentOrderActionInput,
    @Ctx() context: GraphContext,
  ): Promise<FulfillmentOrderPayload> {
    return step(context, 'releaseFulfillmentOrder', input, releaseFulfillmentOrder);
  }

  @Allow(SHIPPERS)
  @Mutation(() => FulfillmentOrderPayload, {
    description:
      'Takes a fulfillment order from its warehouse, of which nothing has left. Its goods stay reserved for the order and ' +
      'can be released again.',
  })
  cancelFulfillmentOrder(
    @Arg('input', () => FulfillmentOrderActionInput, { description: 'Which.' }) input: FulfillmentOrderActionInput,
    @Ctx() context: GraphContext,
  ): Promise<FulfillmentOrderPayload> {
    return step(context, 'cancelFulfillmentOrder', input, cancelFulfillmentOrder);
  }
}

type Released = MutationResult<{ orderId: string }>;

function release(context: GraphContext, input: ReleaseToWarehouseInput): Promise<Released> {
  return mutate(context, 'releaseToWarehouse', input, (scope) => releaseToWarehouse(scope, input));
}

async function released(context: GraphContext, { outcome, ...rest }: Released): Promise<ReleaseToWarehousePayload> {
  return {
    order: outcome && (await context.load(ordersById, outcome.orderId)),
    fulfillmentOrders: outcome ? await context.load(fulfillmentOrdersOfOrder, outcome.orderId) : [],
    ...rest,
  };
}

async function step<Input extends Partial<FulfillmentOrderStepInput>>(
  context: GraphContext,
  name: string,
  input: Input,
  action: (scope: ActionScope, input: Input) => Promise<WorkOutcome>,
): Promise<FulfillmentOrderPayload> {
  const { outcome, ...rest } = await mutate(context, name, input, (scope) => action(scope, input));
  return {
    fulfillmentOrder: outcome && (await context.load(fulfillmentOrdersById, outcome.fulfillmentOrderId)),
    newFulfillmentOrder: outcome?.newId == null ? null : await context.load(fulfillmentOrdersById, outcome.newId),
    order: outcome && (await context.load(ordersById, outcome.orderId)),
    ...rest,
  };
}
