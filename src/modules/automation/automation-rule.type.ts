import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { DateTime, Json } from '../../graph/scalars.js';
import { typeId } from '../../shared/ids.js';
import { OrderEventTypeEnum, OrderStatusEnum, type OrderEventTypeName, type OrderStatus } from '../orders/index.js';
import type { RuleRow, RuleStep } from './automation.queries.js';
import type { RuleCondition } from './condition.rules.js';
import type { Trigger } from './trigger.rules.js';

export const AUTOMATION_RULE_PREFIX = 'rul';

export const TRIGGER = {
  event: 'Each event of this type.',
  status: 'The order has come to this status.',
  afterMinutes: 'With `status`: and has stood in it for so many minutes since; left out: at once.',
};
export const STEP = {
  action: 'What is done; `automationActions` lists what there is.',
  arguments: 'What it is told besides the order.',
};
export const RULE = {
  code: 'The name it goes by.',
  name: 'A name to show: it stands as the actor in timelines.',
  description: 'What it is for, in words.',
  triggers: 'When it looks at an order: each of these sets it off.',
  condition:
    'What must hold of the order as it is then: `{field, operator, value}`, `{all: […]}`, `{any: […]}` or `{not: …}`; ' +
    '`automationFacts` lists the fields. Null: it holds of every order.',
  actions: 'What it then does, one after the other; all of it or nothing.',
  priority: 'Of rules that one event sets off, the smaller goes first.',
  isActive: 'False: nothing sets it off.',
};

@ObjectType('AutomationTrigger', { description: 'What sets a rule off: an event, or a status.' })
export class AutomationTriggerType {
  constructor(private readonly trigger: Trigger) {}
  @Field(() => OrderEventTypeEnum, { nullable: true, description: TRIGGER.event })
  get event(): OrderEventTypeName | null {
    return this.trigger.event ?? null;
  }
  @Field(() => OrderStatusEnum, { nullable: true, description: TRIGGER.status })
  get status(): OrderStatus | null {
    return this.trigger.status ?? null;
  }
  @Field(() => Int, { nullable: true, description: TRIGGER.afterMinutes })
  get afterMinutes(): number | null {
    return this.trigger.afterMinutes ?? null;
  }
}

@ObjectType('AutomationStep', { simpleResolvers: true, description: 'One thing that a rule does.' })
export class AutomationStepType implements RuleStep {
  @Field(() => String, { description: STEP.action })
  action!: string;
  @Field(() => Json, { description: STEP.arguments })
  arguments!: Record<string, unknown>;
}

@ObjectType('AutomationRule', {
  implements: Node,
  description: 'What the hub does to orders by itself: when, on which condition, and what.',
})
export class AutomationRuleType {
  readonly __typename = 'AutomationRule';
  constructor(readonly row: RuleRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(AUTOMATION_RULE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: RULE.code })
  get code(): string {
    return this.row.code;
  }
  @Field(() => String, { description: RULE.name })
  get name(): string {
    return this.row.name;
  }
  @Field(() => String, { description: RULE.description })
  get description(): string {
    return this.row.description;
  }
  @Field(() => [AutomationTriggerType], { description: RULE.triggers })
  get triggers(): AutomationTriggerType[] {
    return this.row.triggers.map((trigger) => new AutomationTriggerType(trigger));
  }
  @Field(() => Json, { nullable: true, description: RULE.condition })
  get condition(): RuleCondition | null {
    return this.row.condition;
  }
  @Field(() => [AutomationStepType], { description: RULE.actions })
  get actions(): AutomationStepType[] {
    return this.row.actions;
  }
  @Field(() => Int, { description: RULE.priority })
  get priority(): number {
    return this.row.priority;
  }
  @Field(() => Boolean, { description: RULE.isActive })
  get isActive(): boolean {
    return this.row.is_active;
  }
  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when it is active: what happened before does not set it off.',
  })
  get activeSince(): string | null {
    return this.row.is_active ? this.row.active_since : null;
  }
  @Field(() => DateTime, { description: 'When it was made.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { description: 'When it changed last.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}
