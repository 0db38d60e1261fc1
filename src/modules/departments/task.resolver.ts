import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, Role, STAFF } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type MutationResult } from '../../graph/mutation.js';
import { ActorType } from '../../graph/values.type.js';
import { shipmentsById, ShipmentType } from '../fulfillment/index.js';
import { ordersById, OrderType } from '../orders/index.js';
import { quotesById, QuoteType } from '../quotes/index.js';
import { openWorkItem } from './actions/open-work-item.js';
import { resolveWorkItem } from './actions/resolve-work-item.js';
import { keyHolder } from './assignment.loaders.js';
import { OpenWorkItemInput, ResolveWorkItemInput, WorkItemPayload } from './task.type.js';
import { WorkItemType } from './work-item.type.js';
import { tasksById } from './work-queue.loaders.js';

@Resolver(() => WorkItemType)
export class WorkItemResolver {
  @Allow([...STAFF, Role.INTEGRATION])
  @Mutation(() => WorkItemPayload, { description: 'Asks a department to do something: a TASK in its queue.' })
  async openWorkItem(
    @Arg('input', () => OpenWorkItemInput, { description: 'What is to be done.' }) input: OpenWorkItemInput,
    @Ctx() context: GraphContext,
  ): Promise<WorkItemPayload> {
    return payload(context, await mutate(context, 'openWorkItem', input, (scope) => openWorkItem(scope, input)));
  }

  @Allow([...STAFF, Role.INTEGRATION])
  @Mutation(() => WorkItemPayload, {
    description: 'Ends a TASK: it is done. All other work ends with what it follows from.',
  })
  async resolveWorkItem(
    @Arg('input', () => ResolveWorkItemInput, { description: 'Which TASK.' }) input: ResolveWorkItemInput,
    @Ctx() context: GraphContext,
  ): Promise<WorkItemPayload> {
    return payload(context, await mutate(context, 'resolveWorkItem', input, (scope) => resolveWorkItem(scope, input)));
  }

  @FieldResolver(() => ActorType, { nullable: true, description: 'Who is to do it.' })
  assignee(@Root() { row }: WorkItemType, @Ctx() context: GraphContext): Promise<ActorType | null> | null {
    return row.assignee_id === null ? null : context.load(keyHolder, row.assignee_id);
  }

  @FieldResolver(() => OrderType, { nullable: true, description: 'The order it is about.' })
  order(@Root() { row }: WorkItemType, @Ctx() context: GraphContext): Promise<OrderType | null> | null {
    return row.order_id === null ? null : context.load(ordersById, row.order_id);
  }

  @FieldResolver(() => QuoteType, { nullable: true, description: 'The quote it is about.' })
  quote(@Root() { row }: WorkItemType, @Ctx() context: GraphContext): Promise<QuoteType | null> | null {
    return row.quote_id === null ? null : context.load(quotesById, row.quote_id);
  }

  @FieldResolver(() => ShipmentType, { nullable: true, description: 'The shipment it is about.' })
  shipment(@Root() { row }: WorkItemType, @Ctx() context: GraphContext): Promise<ShipmentType | null> | null {
    return row.shipment_id === null ? null : context.load(shipmentsById, row.shipment_id);
  }
}

async function payload(
  context: GraphContext,
  { outcome, ...rest }: MutationResult<{ workItemId: string }>,
): Promise<WorkItemPayload> {
  return { workItem: outcome && (await context.load(tasksById, outcome.workItemId)), ...rest };
}
