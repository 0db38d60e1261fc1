import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionTypes, DEFAULT_PAGE, MAX_PAGE } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { Department } from '../orders/index.js';
import { WorkItemKind, WorkItemType } from './work-item.type.js';
import type { WorkCountRow } from './work-queue.queries.js';

@ArgsType()
export class WorkQueueArgs {
  @Field(() => Department, { description: 'Whose queue.' })
  department!: Department;
  @Field(() => ID, { nullable: true, description: 'Only what is with whoever has the API key with this id.' })
  assigneeId?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only what is with the viewer. Not together with `assigneeId`.',
  })
  mine?: boolean | null;
}

/** Forwards alone: a queue is worked off from its front. */
@ArgsType()
export class WorkPageArgs {
  @Field(() => [WorkItemKind], { nullable: true, description: 'Only items of these kinds.' })
  kinds?: WorkItemKind[] | null;
  @Field(() => Int, {
    nullable: true,
    description: `How many; at most ${MAX_PAGE}, ${DEFAULT_PAGE} if it is not given.`,
  })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'Only what follows this edge’s cursor.' })
  after?: string | null;
}

@ObjectType('WorkCount', { description: 'How much of a kind waits.' })
export class WorkCountType {
  constructor(private readonly row: WorkCountRow) {}
  @Field(() => WorkItemKind, { description: 'Of which kind.' })
  get kind(): WorkItemKind {
    return this.row.kind;
  }
  @Field(() => Int, { description: 'How many.' })
  get count(): number {
    return this.row.count;
  }
  @Field(() => DateTime, { nullable: true, description: 'Since when the oldest waits; null where there is none.' })
  get oldestAt(): string | null {
    return this.row.oldest_at;
  }
}

/** Its other fields are read when they are asked for. */
@ObjectType('WorkQueue', { description: 'What waits for a department.' })
export class WorkQueueType {
  constructor(
    readonly of: Department,
    readonly assigneeId: string | null,
  ) {}
  @Field(() => Department, { description: 'Whose queue it is.' })
  get department(): Department {
    return this.of;
  }
}

@ObjectType('WorkItemConnection', { description: 'A page of a queue.' })
export class WorkItemConnection extends connectionTypes('WorkItem', () => WorkItemType) {}
