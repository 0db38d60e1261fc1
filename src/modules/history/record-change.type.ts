import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { FieldChange } from '../../events/append.js';
import type { RecordedEvent } from '../../events/streamed-event.js';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime, Json } from '../../graph/scalars.js';
import { ActorKindEnum, ActorType, DateTimeRange } from '../../graph/values.type.js';
import type { ActorKind } from '../../shared/actor.js';
import { typeId } from '../../shared/ids.js';
import { subjectOf } from './subjects.js';

export const RECORD_CHANGE_PREFIX = 'chg';

@ObjectType('FieldChange', { simpleResolvers: true, description: 'One field of a record, before and after.' })
export class FieldChangeType implements FieldChange {
  @Field(() => String, { description: 'The field’s name in the graph.' })
  field!: string;
  @Field(() => Json, {
    nullable: true,
    description: 'Its value before; null where it had none, or where it was erased.',
  })
  from!: unknown;
  @Field(() => Json, { nullable: true, description: 'Its value after.' })
  to!: unknown;
}

@ObjectType('RecordChange', {
  implements: Node,
  description: 'One change of one record: who made it, when, and what is different. Never changed, never removed.',
})
export class RecordChangeType {
  readonly __typename = 'RecordChange';
  constructor(readonly event: RecordedEvent) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(RECORD_CHANGE_PREFIX, this.event.id);
  }
  @Field(() => String, { description: 'The type of the record that changed, e.g. "Customer".' })
  get subjectType(): string {
    return subjectOf(this.event.subjectKind)!.type;
  }
  @Field(() => ID, { nullable: true, description: 'The record that changed; null where the graph has no such record.' })
  get subjectId(): string | null {
    const { prefix } = subjectOf(this.event.subjectKind)!;
    return prefix === null ? null : typeId(prefix, this.event.subjectId);
  }
  @Field(() => Int, { description: 'Rises with each change of its record.' })
  get sequence(): number {
    return this.event.sequence;
  }
  @Field(() => String, {
    description: 'What kind of change, e.g. "CREATED", "EDITED", "STATUS_CHANGED". The list grows.',
  })
  get type(): string {
    return this.event.type;
  }
  @Field(() => DateTime, { description: 'When.' })
  get at(): string {
    return this.event.at;
  }
  @Field(() => ActorType, { description: 'Who made it.' })
  get actor(): ActorType {
    return new ActorType(this.event.actor);
  }
  @Field(() => String, { description: 'What happened, in words.' })
  get message(): string {
    return this.event.message;
  }
  @Field(() => [FieldChangeType], {
    description: 'The fields it changed. Personal values that were erased are no longer among them.',
  })
  get changes(): readonly FieldChange[] {
    return this.event.changes;
  }
}

@ObjectType('RecordChangeConnection', { description: 'A page of what changed.' })
export class RecordChangeConnection extends connectionTypes('RecordChange', () => RecordChangeType) {}

@InputType('AuditActor', { description: 'Who made a change. All that are given hold.' })
export class AuditActor {
  @Field(() => ActorKindEnum, { nullable: true, description: 'This kind of actor.' })
  kind?: ActorKind | null;
  @Field(() => ID, {
    nullable: true,
    description: 'This very one: the id of an API key, integration, rule or customer.',
  })
  id?: string | null;
}

@InputType('AuditFilter', { description: 'All that are given hold.' })
export class AuditFilter {
  @Field(() => AuditActor, { nullable: true, description: 'Made by this actor.' })
  actor?: AuditActor | null;
  @Field(() => [String], { nullable: true, description: 'Of records of one of these types, e.g. "Customer".' })
  subjectTypes?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Of this record.' })
  subjectId?: string | null;
  @Field(() => [String], { nullable: true, description: 'Of one of these kinds, e.g. "EDITED".' })
  types?: string[] | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Made within.' })
  at?: DateTimeRange | null;
}
