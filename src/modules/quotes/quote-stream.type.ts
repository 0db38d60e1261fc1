import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { ChangeKind } from '../../graph/live/stream.js';
import { DateTime, EventCursor } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { QUOTE_PREFIX, QuoteStatusEnum } from './quote.type.js';

@ObjectType('QuoteStatusChange', { description: 'A quote’s status has changed.' })
export class QuoteStatusChangeType {
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
  @Field(() => ID, { description: 'The quote.' })
  get quoteId(): string {
    return typeId(QUOTE_PREFIX, this.event.subjectId);
  }
  // Each change of a quote has one event: its place among them is the version that the change made.
  @Field(() => Int, { description: 'The quote’s version after the change: rises strictly for each quote.' })
  get version(): number {
    return this.event.sequence;
  }
  @Field(() => QuoteStatusEnum, { nullable: true, description: 'The status before; null for a new quote.' })
  get from(): string | null {
    return this.event.statusFrom;
  }
  @Field(() => QuoteStatusEnum, { description: 'The status after.' })
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
}
