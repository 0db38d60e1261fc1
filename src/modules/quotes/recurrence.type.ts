import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType } from '../../graph/values.type.js';
import type { Money } from '../../shared/money.js';

export enum RecurrenceInterval {
  MONTH = 'MONTH',
  QUARTER = 'QUARTER',
  YEAR = 'YEAR',
}
registerEnumType(RecurrenceInterval, {
  name: 'RecurrenceInterval',
  description: 'How long a period is.',
  valuesConfig: {
    MONTH: { description: 'A month.' },
    QUARTER: { description: 'Three months.' },
    YEAR: { description: 'A year.' },
  },
});

@ObjectType('Recurrence', { simpleResolvers: true, description: 'A line that is due again each period.' })
export class RecurrenceType {
  @Field(() => RecurrenceInterval, { description: 'How long a period is.' })
  interval!: RecurrenceInterval;
  @Field(() => Int, { description: 'For how many periods.' })
  termCount!: number;
}

@InputType('RecurrenceInput', { description: 'A line that is due again each period.' })
export class RecurrenceInput {
  @Field(() => RecurrenceInterval, { description: 'How long a period is.' })
  interval!: RecurrenceInterval;
  @Field(() => Int, { description: 'For how many periods; 1 to 1200.' })
  termCount!: number;
}

@ObjectType('RecurringTotal', { simpleResolvers: true, description: 'What is due each period.' })
export class RecurringTotalType {
  @Field(() => RecurrenceInterval, { description: 'How long a period is.' })
  interval!: RecurrenceInterval;
  @Field(() => MoneyType, { description: 'Of the lines with this interval: after discount, before tax.' })
  total!: Money;
}
