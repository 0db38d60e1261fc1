import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { typeId } from '../../shared/ids.js';
import { OrderEventTypeEnum, type OrderEventTypeName } from '../orders/index.js';
import { RUN_STATUSES, type RunRow, type RunStatus } from './run.queries.js';

export const AUTOMATION_RUN_PREFIX = 'run';

export const AutomationRunStatusEnum = Object.fromEntries(RUN_STATUSES.map((status) => [status, status]));
registerEnumType(AutomationRunStatusEnum, {
  name: 'AutomationRunStatus',
  description: 'What became of a run. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    DUE: { description: 'It has not run yet: it waits for its time, or its turn.' },
    DONE: { description: 'The rule has done all that it does.' },
    SKIPPED: { description: 'The condition did not hold, or the rule was switched off meanwhile.' },
    REFUSED: { description: 'What it was to do was refused; the order is held, and nothing else was changed.' },
    FAILED: { description: 'A fault of the hub, several times; the order is held, and nothing else was changed.' },
    CUT: { description: 'Rules set off one another, or one itself, again and again; the order is held.' },
  },
});

@ObjectType('AutomationRun', {
  implements: Node,
  description:
    'One look of a rule at an order, and what became of it. A wait that the order did not stand through is forgotten.',
})
export class AutomationRunType {
  readonly __typename = 'AutomationRun';
  constructor(readonly row: RunRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(AUTOMATION_RUN_PREFIX, this.row.id);
  }
  @Field(() => AutomationRunStatusEnum, { description: 'What became of it.' })
  get status(): RunStatus {
    return this.row.status;
  }
  @Field(() => String, { nullable: true, description: 'Why it was skipped, refused, failed or cut, in words.' })
  get reason(): string | null {
    return this.row.reason;
  }
  @Field(() => OrderEventTypeEnum, { description: 'The event that set it off.' })
  get eventType(): OrderEventTypeName {
    return this.row.event_type as OrderEventTypeName;
  }
  @Field(() => DateTime, { description: 'When that happened.' })
  get eventAt(): string {
    return this.row.event_at;
  }
  @Field(() => Int, { description: 'The event’s place in the timeline of the order.' })
  get eventSequence(): number {
    return this.row.event_sequence;
  }
  @Field(() => Int, { description: 'How many runs of rules stand behind it, one setting off the next.' })
  get depth(): number {
    return this.row.depth;
  }
  @Field(() => DateTime, { description: 'When it is to run, or was.' })
  get dueAt(): string {
    return this.row.due_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it ran.' })
  get ranAt(): string | null {
    return this.row.ran_at;
  }
}

@ObjectType('AutomationRunConnection', { description: 'A page of runs.' })
export class AutomationRunConnection extends connectionTypes('AutomationRun', () => AutomationRunType) {}

@InputType('AutomationRunFilter', { description: 'Which runs; all that is given holds.' })
export class AutomationRunFilter {
  @Field(() => [AutomationRunStatusEnum], { nullable: true, description: 'With one of these outcomes.' })
  status?: RunStatus[] | null;
  @Field(() => ID, { nullable: true, description: 'Of this order.' })
  orderId?: string | null;
  @Field(() => String, { nullable: true, description: 'Of the rule with this code.' })
  rule?: string | null;
}
