import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow, Role, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type ActionScope, type MutationResult } from '../../graph/mutation.js';
import {
  CancelOrderInput,
  CreateOrderInput,
  OrderActionInput,
  OrderPayload,
  ordersById,
  type OrderStepInput,
} from '../orders/index.js';
import { carryOutForOrder } from '../payments/index.js';
import { cancelOrder } from './actions/cancel-order.js';
import { completeOrder } from './actions/complete-order.js';
import { confirmOrder } from './actions/confirm-order.js';
import { createOrder } from './actions/create-order.js';
import { placeOrder } from './actions/place-order.js';
import { updateDraftOrder } from './actions/update-draft-order.js';
import { UpdateDraftOrderInput } from './draft-order.type.js';

const ORDERERS = [...SELLERS, Role.SUPPORT, Role.CUSTOMER];
export const HANDLERS = [...SELLERS, Role.SUPPORT, Role.WAREHOUSE];
const COMPLETERS = [...SELLERS, Role.SUPPORT, Role.FINANCE];

@Resolver()
export class OrderFlowResolver {
  @Allow(ORDERERS)
  @Mutation(() => OrderPayload, {
    description: 'Takes an order: as a DRAFT, as RECEIVED, or with `confirm` verified at once.',
  })
  async createOrder(
    @Arg('input', () => CreateOrderInput, { description: 'The order.' }) input: CreateOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    const orderId = await context.db.ids.one();
    return payload(
      context,
      await mutate(context, 'createOrder', input, (scope) => createOrder(scope, orderId, input), { orderId }),
    );
  }

  @Allow([...SELLERS, Role.SUPPORT])
  @Mutation(() => OrderPayload, {
    description:
      'Changes whatever of a DRAFT: customer, lines, prices, addresses … It is priced anew, as a new order is.',
  })
  updateDraftOrder(
    @Arg('input', () => UpdateDraftOrderInput, { description: 'What of which draft.' }) input: UpdateDraftOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return step(context, 'updateDraftOrder', input, updateDraftOrder);
  }

  @Allow(ORDERERS)
  @Mutation(() => OrderPayload, { description: 'From DRAFT to RECEIVED.' })
  placeOrder(
    @Arg('input', () => OrderActionInput, { description: 'Which order.' }) input: OrderActionInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return step(context, 'placeOrder', input, placeOrder);
  }

  @Allow(HANDLERS)
  @Mutation(() => OrderPayload, {
    description:
      'From DRAFT or RECEIVED: verifies products, price, tax, credit, address and availability, looks for duplicates, and ' +
      'reserves the stock. An order that a channel has taken already is not refused but held: it stays RECEIVED, and its ' +
      '`holds` say why.',
  })
  confirmOrder(
    @Arg('input', () => OrderActionInput, { description: 'Which order.' }) input: OrderActionInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return step(context, 'confirmOrder', input, confirmOrder);
  }

  @Allow(COMPLETERS)
  @Mutation(() => OrderPayload, {
    description:
      'From DELIVERED, where nothing is due and the return window has closed. A rule does so by itself: see `automationRules`.',
  })
  completeOrder(
    @Arg('input', () => OrderActionInput, { description: 'Which order.' }) input: OrderActionInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return step(context, 'completeOrder', input, completeOrder);
  }

  @Allow([...HANDLERS, Role.CUSTOMER])
  @Mutation(() => OrderPayload, {
    description: 'Before shipment: cancels all that is left, or some quantity of its lines.',
  })
  cancelOrder(
    @Arg('input', () => CancelOrderInput, { description: 'What of which order.' }) input: CancelOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return step(context, 'cancelOrder', input, cancelOrder, carryOutForOrder);
  }
}

async function step<Input extends OrderStepInput>(
  context: GraphContext,
  name: string,
  input: Input,
  action: (scope: ActionScope, input: Input) => Promise<{ orderId: string }>,
  behind: (context: GraphContext, orderId: string) => Promise<void> = async () => {},
): Promise<OrderPayload> {
  const result = await mutate(context, name, input, (scope) => action(scope, input));
  if (result.outcome) await behind(context, result.outcome.orderId);
  return payload(context, result);
}

async function payload(context: GraphContext, result: MutationResult<{ orderId: string }>): Promise<OrderPayload> {
  const { outcome, ...rest } = result;
  return { order: outcome && (await context.load(ordersById, outcome.orderId)), ...rest };
}
