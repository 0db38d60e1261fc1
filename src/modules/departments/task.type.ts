import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { Department } from '../orders/index.js';
import { WorkItemType, WorkPriority } from './work-item.type.js';

export const LONGEST_TITLE = 200;

@InputType('OpenWorkItemInput', { description: 'Something that a department is to do.' })
export class OpenWorkItemInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => Department, { description: 'Who is to do it.' })
  department!: Department;
  @Field(() => String, { description: `What is to be done; 1 to ${LONGEST_TITLE} characters.` })
  title!: string;
  @Field(() => String, { nullable: true, description: 'More of it, in words.' })
  note?: string | null;
  @Field(() => WorkPriority, { nullable: true, defaultValue: WorkPriority.NORMAL, description: 'What comes first.' })
  priority?: WorkPriority | null;
  @Field(() => DateTime, { nullable: true, description: 'By when.' })
  dueAt?: Date | null;
  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The quote it is about; not together with `orderId`.' })
  quoteId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The API key of somebody there who is to do it.' })
  assigneeId?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What asks for it, 1 to 200 characters: while an item with the same is open, that one is answered.',
  })
  key?: string | null;
}

@InputType('ResolveWorkItemInput', { description: 'A TASK that is done.' })
export class ResolveWorkItemInput {
  @Field(() => String, { nullable: true, description: 'The same key and input is carried out once.' })
  idempotencyKey?: string | null;
  @Field(() => ID, { description: 'The TASK.' })
  workItemId!: string;
  @Field(() => String, { nullable: true, description: 'What came of it, in words.' })
  resolution?: string | null;
}

@ObjectType('WorkItemPayload', { simpleResolvers: true, description: 'What became of a TASK.' })
export class WorkItemPayload {
  @Field(() => WorkItemType, { nullable: true, description: 'The TASK; null where the change was refused.' })
  workItem!: WorkItemType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
