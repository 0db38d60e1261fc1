import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { AFTER, defineStream, type StreamMessage } from '../../graph/live/stream.js';
import { EventCursor } from '../../graph/scalars.js';
import { actorOfId } from '../../graph/values.type.js';
import { badInput } from '../../shared/failures.js';
import { Department } from '../orders/index.js';
import { WorkItemType } from './work-item.type.js';
import { workAbout, workCounts } from './work-queue.loaders.js';
import { workPage } from './work-queue.page.js';
import { aboutOf, queuesTouchedBy } from './work-queue.rules.js';
import { WorkQueueChangeType } from './work-queue-change.type.js';
import { WorkCountType, WorkItemConnection, WorkPageArgs, WorkQueueArgs, WorkQueueType } from './work-queue.type.js';

const changes = defineStream<{ department: Department }>({
  filter: () => ({}),
  matches: (event, { department }) => queuesTouchedBy(event).includes(department),
});

@Resolver(() => WorkQueueType)
export class WorkQueueResolver {
  @Allow(INSIDE)
  @Query(() => WorkQueueType, {
    description:
      'What waits for a department: what follows from orders, shipments, payments and quotes as they are, and what somebody ' +
      'has asked for.',
  })
  workQueue(@Args(() => WorkQueueArgs) args: WorkQueueArgs, @Ctx() { viewer }: GraphContext): WorkQueueType {
    const { department, assigneeId, mine } = args;
    if (assigneeId != null && mine) throw badInput('mine', 'either `mine` or `assigneeId`, not both', mine);
    if (mine) return new WorkQueueType(department, viewer.keyId);
    if (assigneeId == null) return new WorkQueueType(department, null);
    const assignee = actorOfId(assigneeId);
    if (assignee?.kind !== 'API_KEY') throw badInput('assigneeId', 'the id of an API key', assigneeId);
    return new WorkQueueType(department, assignee.id);
  }

  @FieldResolver(() => [WorkCountType], {
    description: 'How much waits, for each kind that the department can have.',
  })
  async counts(@Root() queue: WorkQueueType, @Ctx() context: GraphContext): Promise<WorkCountType[]> {
    const { of: department, assigneeId } = queue;
    return (await context.load(workCounts, { department, assigneeId })).map((row) => new WorkCountType(row));
  }

  @FieldResolver(() => WorkItemConnection, {
    description: 'What comes first first: by priority, then the oldest. New items do not shift a page.',
  })
  items(
    @Root() queue: WorkQueueType,
    @Args(() => WorkPageArgs) args: WorkPageArgs,
    @Ctx() context: GraphContext,
  ): Promise<WorkItemConnection> {
    return workPage(context, queue, args);
  }
}

@Resolver(() => WorkQueueChangeType)
export class WorkQueueStreamResolver {
  @Allow(INSIDE)
  @Subscription(() => WorkQueueChangeType, {
    subscribe: changes.subscribe,
    description:
      'One message for each event that may have changed a department’s queue, under the same guarantee as ' +
      '`orderStatusChanged`. Each names a record and all that stands in the queue about it: who puts that in the place of ' +
      'what it had about the record has the queue.',
  })
  workQueueChanged(
    @Arg('department', () => Department, { description: 'Whose queue.' }) department: Department,
    @Arg('after', () => EventCursor, { nullable: true, description: AFTER }) _after: string | undefined,
    @Root() { event, kind }: StreamMessage,
  ): WorkQueueChangeType {
    return new WorkQueueChangeType(department, event, kind);
  }

  @FieldResolver(() => [WorkItemType], {
    description: 'All that stands in the queue now about the record; empty where nothing does, any more or at all.',
  })
  items(@Root() change: WorkQueueChangeType, @Ctx() context: GraphContext): Promise<WorkItemType[]> {
    return context.load(workAbout, { department: change.of, ...aboutOf(change.event) });
  }

  @FieldResolver(() => WorkQueueType, { description: 'The queue as it is now, with its counts.' })
  queue(@Root() change: WorkQueueChangeType): WorkQueueType {
    return new WorkQueueType(change.of, null);
  }
}
