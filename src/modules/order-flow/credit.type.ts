import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../../graph/user-errors.js';
import { MoneyType } from '../../graph/values.type.js';
import type { Money } from '../../shared/money.js';

@ObjectType('CreditLimitError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'With this order the customer’s open orders would go beyond the credit limit.',
})
export class CreditLimitError extends UserError {
  @Field(() => MoneyType, { description: 'The customer’s credit limit.' })
  limit!: Money;
  @Field(() => MoneyType, { description: 'What counts against it already, without this order.' })
  used!: Money;
}
