import { Field, ID, InputType } from 'type-graphql';
import { Department, OrderActionInput } from '../orders/index.js';

@InputType('AssignOrderInput', {
  description:
    'Who is to deal with an order. What is left out or null is nobody: without both, the order is with nobody.',
})
export class AssignOrderInput extends OrderActionInput {
  @Field(() => Department, { nullable: true, description: 'The department; required with `assigneeId`.' })
  department?: Department | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The API key of somebody there: it has the department’s role, or ADMIN. `assignees` lists them.',
  })
  assigneeId?: string | null;
}
