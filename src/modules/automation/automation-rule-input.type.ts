import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { Json } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { OrderEventTypeEnum, OrderStatusEnum, type OrderEventTypeName, type OrderStatus } from '../orders/index.js';
import { AutomationRuleType, RULE, STEP, TRIGGER } from './automation-rule.type.js';

@InputType('AutomationTriggerInput', { description: 'What sets a rule off: exactly one of `event` and `status`.' })
export class AutomationTriggerInput {
  @Field(() => OrderEventTypeEnum, { nullable: true, description: TRIGGER.event })
  event?: OrderEventTypeName | null;
  @Field(() => OrderStatusEnum, { nullable: true, description: TRIGGER.status })
  status?: OrderStatus | null;
  @Field(() => Int, { nullable: true, description: TRIGGER.afterMinutes })
  afterMinutes?: number | null;
}

@InputType('AutomationStepInput', { description: 'One thing that a rule does.' })
export class AutomationStepInput {
  @Field(() => String, { description: STEP.action })
  action!: string;
  @Field(() => Json, { nullable: true, description: `${STEP.arguments} Left out: nothing.` })
  arguments?: unknown;
}

@InputType('UpsertAutomationRuleInput', {
  description:
    'Found by `code`, created if there is none (then `triggers` and `actions` are required). A field left out stays; null ' +
    'empties `description` and `condition`.',
})
export class UpsertAutomationRuleInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The name it goes by: 1 to 40 letters, digits, dashes.' })
  code!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'A name to show; of a new rule its code.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: RULE.description })
  description?: string | null;
  @Field(() => [AutomationTriggerInput], { nullable: true, description: RULE.triggers })
  triggers?: AutomationTriggerInput[] | null;
  @Field(() => Json, { nullable: true, description: RULE.condition })
  condition?: unknown;
  @Field(() => [AutomationStepInput], { nullable: true, description: RULE.actions })
  actions?: AutomationStepInput[] | null;
  @Field(() => Int, { nullable: true, description: `${RULE.priority} Of a new rule 100.` })
  priority?: number | null;
  @Field(() => Boolean, { nullable: true, description: `${RULE.isActive} A new rule is active.` })
  isActive?: boolean | null;
}

@ObjectType('AutomationRulePayload', { simpleResolvers: true, description: 'What became of a change to a rule.' })
export class AutomationRulePayload {
  @Field(() => AutomationRuleType, { nullable: true, description: 'The rule; null where the change was refused.' })
  automationRule!: AutomationRuleType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
