import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, STAFF } from '../../graph/access.js';
import { mutateEach, ROWS } from '../../graph/bulk.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type MutationResult } from '../../graph/mutation.js';
import { ActorType } from '../../graph/values.type.js';
import { Department, OrderPayload, ordersById, OrderType } from '../orders/index.js';
import { assignOrder } from './actions/assign-order.js';
import { keyHolder } from './assignment.loaders.js';
import { selectAssignees } from './assignment.queries.js';
import { AssignOrderInput } from './assignment.type.js';

@Resolver(() => OrderType)
export class AssignmentResolver {
  @Allow(INSIDE)
  @Query(() => [ActorType], { description: 'Who can be given work of a department, by name.' })
  async assignees(
    @Arg('department', () => Department, { description: 'Which department.' }) department: Department,
    @Ctx() { db, clock }: GraphContext,
  ): Promise<ActorType[]> {
    const rows = await db.read(selectAssignees(department, clock.now().toISOString(), null));
    return rows.map(({ id, name }) => new ActorType({ kind: 'API_KEY', id, name }));
  }

  @Allow(STAFF)
  @Mutation(() => OrderPayload, {
    description:
      'Hands an order to a department, or to somebody there. It stays in that queue until it is handed on, completed or ' +
      'canceled.',
  })
  async assignOrder(
    @Arg('input', () => AssignOrderInput, { description: 'Which order, and to whom.' }) input: AssignOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload> {
    return payload(context, await assignOne(context, input));
  }

  @Allow(STAFF)
  @Mutation(() => [OrderPayload], {
    description: 'Hands orders on, each by itself; answers one result per row, in their order.',
  })
  async assignOrders(
    @Arg('inputs', () => [AssignOrderInput], { description: ROWS }) inputs: AssignOrderInput[],
    @Ctx() context: GraphContext,
  ): Promise<OrderPayload[]> {
    const results = await mutateEach(
      inputs,
      ({ orderId }) => orderId,
      (input) => assignOne(context, input),
    );
    return Promise.all(results.map((result) => payload(context, result)));
  }

  @Allow(INSIDE)
  @FieldResolver(() => Department, { nullable: true, description: 'The department that is to deal with it.' })
  department(@Root() { row }: OrderType): Department | null {
    return row.department;
  }

  @Allow(INSIDE)
  @FieldResolver(() => ActorType, { nullable: true, description: 'Who is to deal with it there.' })
  assignee(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<ActorType | null> | null {
    return row.assignee_id === null ? null : context.load(keyHolder, row.assignee_id);
  }
}

function assignOne(context: GraphContext, input: AssignOrderInput): Promise<MutationResult<{ orderId: string }>> {
  return mutate(context, 'assignOrder', input, (scope) => assignOrder(scope, input));
}

async function payload(
  context: GraphContext,
  { outcome, ...rest }: MutationResult<{ orderId: string }>,
): Promise<OrderPayload> {
  return { order: outcome && (await context.load(ordersById, outcome.orderId)), ...rest };
}
