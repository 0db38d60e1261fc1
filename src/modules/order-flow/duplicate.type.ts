import { ObjectType } from 'type-graphql';
import { UserError } from '../../graph/user-errors.js';

@ObjectType('DuplicateOrderError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'It may be the same as an order that is there.',
})
export class DuplicateOrderError extends UserError {
  /** Which orders to show; not a field of the graph. */
  orderIds!: string[];
}
