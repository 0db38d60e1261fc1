import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { ChangeKind } from '../../graph/live/stream.js';
import { DateTime, EventCursor } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import type { OrderStatus } from './order.states.js';
import { ORDER_PREFIX, OrderStatusEnum } from './order.type.js';

@InputType('OrderStreamFilter', {
  description:
    'An order matches if it matches before or after the change, so that one that leaves the filter is seen leaving.',
})
export class OrderStreamFilter {
  @Field(() => [String], { nullable: true, description: 'From channels with one of these codes.' })
  channel?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Of this customer.' })
  customerId?: string | null;
  @Field(() => [OrderStatusEnum], { nullable: true, description: 'One of these, before or after.' })
  status?: OrderStatus[] | null;
}

@ObjectType('OrderStatusChange', { description: 'An order’s headline has changed.' })
export class OrderStatusChangeType {
  constructor(
    readonly event: StreamedEvent,
    private readonly changeKind: ChangeKind,
  ) {}
  @Field(() => EventCursor, { description: 'Give it back as `after` to go on exactly behind this message.' })
  get cursor(): string {
    return this.event.cursor;
  }
  @Field(() => ChangeKind, { description: 'Why the stream sends it.' })
  get kind(): ChangeKind {
    return this.changeKind;
  }
  @Field(() => ID, { description: 'The order.' })
  get orderId(): string {
    return typeId(ORDER_PREFIX, this.event.subjectId);
  }
  @Field(() => Int, { description: 'The event’s place among the order’s own: rises strictly for each order.' })
  get sequence(): number {
    return this.event.sequence;
  }
  @Field(() => OrderStatusEnum, { nullable: true, description: 'The status before; null for a new order.' })
  get from(): string | null {
    return this.event.statusFrom;
  }
  @Field(() => OrderStatusEnum, { description: 'The status after.' })
  get to(): string {
    return this.event.statusTo!;
  }
  @Field(() => DateTime, { description: 'When.' })
  get at(): string {
    return this.event.at;
  }
  @Field(() => ActorType, { nullable: true, description: 'Who did it.' })
  get actor(): ActorType {
    return new ActorType(this.event.actor);
  }
  @Field(() => String, { nullable: true, description: 'Why, in words, where a reason was given.' })
  get reason(): string | null {
    const reason = this.event.data?.reason;
    return typeof reason === 'string' ? reason : null;
  }
}
