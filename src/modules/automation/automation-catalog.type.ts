import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Json } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { FACT_KINDS, type Check, type FactKind, type FactValue } from './condition.rules.js';

export const AutomationFactKindEnum = Object.fromEntries(FACT_KINDS.map((kind) => [kind, kind]));
registerEnumType(AutomationFactKindEnum, {
  name: 'AutomationFactKind',
  description: 'What kind of value a fact has.',
  valuesConfig: {
    TEXT: { description: 'A text, or nothing.' },
    NUMBER: { description: 'An exact decimal; compared with a whole number or a decimal as text.' },
    BOOLEAN: { description: 'True or false.' },
    LIST: { description: 'Texts, in no order.' },
  },
});

@ObjectType('AutomationFact', { simpleResolvers: true, description: 'Something that a condition may ask of an order.' })
export class AutomationFactType {
  @Field(() => String, { description: 'What a condition calls it: its `field`.' })
  name!: string;
  @Field(() => AutomationFactKindEnum, { description: 'What kind of value it has.' })
  kind!: FactKind;
  @Field(() => String, { description: 'What it says.' })
  description!: string;
  @Field(() => [String], { description: 'How it can be compared: what a condition has as `operator`.' })
  operators!: string[];
  @Field(() => [String], { nullable: true, description: 'All that it can be, where that is known.' })
  values!: readonly string[] | null;
}

@ObjectType('AutomationAction', { simpleResolvers: true, description: 'Something that a rule may do to an order.' })
export class AutomationActionType {
  @Field(() => String, { description: 'What a rule calls it: its `action`.' })
  code!: string;
  @Field(() => String, { description: 'What it does.' })
  description!: string;
  @Field(() => Json, { description: 'What it may be told, as JSON Schema.' })
  argumentsSchema!: unknown;
}

@ObjectType('AutomationCheck', { simpleResolvers: true, description: 'One comparison of a condition, as it came out.' })
export class AutomationCheckType implements Check {
  @Field(() => [String], { description: 'Where it stands in the condition.' })
  path!: string[];
  @Field(() => String, { description: 'The fact that was asked for.' })
  field!: string;
  @Field(() => String, { description: 'How it was compared.' })
  operator!: string;
  @Field(() => Json, { nullable: true, description: 'What it was compared with.' })
  value!: unknown;
  @Field(() => Json, { nullable: true, description: 'What it is of the order.' })
  actual!: FactValue;
  @Field(() => Boolean, { description: 'How it came out.' })
  holds!: boolean;
}

@ObjectType('AutomationRehearsedStep', {
  simpleResolvers: true,
  description: 'One thing that a rule would do.',
})
export class AutomationRehearsedStepType {
  @Field(() => String, { description: 'What would be done.' })
  action!: string;
  @Field(() => [UserError], { description: 'Why it would be refused; empty where it would not.' })
  userErrors!: object[];
}

@ObjectType('AutomationRehearsal', {
  simpleResolvers: true,
  description: 'What a rule would do to an order if it were set off now; nothing was changed.',
})
export class AutomationRehearsalType {
  @Field(() => Boolean, { description: 'Whether the condition holds.' })
  holds!: boolean;
  @Field(() => [AutomationCheckType], { description: 'All comparisons of the condition.' })
  checks!: Check[];
  @Field(() => [AutomationRehearsedStepType], {
    description: 'What it would do, up to what would be refused; empty where the condition does not hold.',
  })
  steps!: AutomationRehearsedStepType[];
}
