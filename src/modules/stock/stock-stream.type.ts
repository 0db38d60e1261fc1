import { Field, Int, ObjectType } from 'type-graphql';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { ChangeKind } from '../../graph/live/stream.js';
import { DateTime, DecimalScalar, EventCursor } from '../../graph/scalars.js';
import type { LevelEventData } from './stock.events.js';

@ObjectType('StockLevelChange', {
  description:
    'A stock level has changed: goods came, left or were counted, were reserved or released, or its policy was set.',
})
export class StockLevelChangeType {
  readonly #data: LevelEventData;
  constructor(
    readonly event: StreamedEvent,
    private readonly changeKind: ChangeKind,
  ) {
    this.#data = event.data as unknown as LevelEventData;
  }
  @Field(() => EventCursor, { description: 'Give it back as `after` to go on exactly behind this message.' })
  get cursor(): string {
    return this.event.cursor;
  }
  @Field(() => ChangeKind, { description: 'Why the stream sends it.' })
  get kind(): ChangeKind {
    return this.changeKind;
  }
  @Field(() => String, { description: 'The product.' })
  get sku(): string {
    return this.#data.sku;
  }
  @Field(() => String, { description: 'The location’s code.' })
  get location(): string {
    return this.#data.location;
  }
  @Field(() => Int, { description: 'The level’s version after the change: rises strictly for each level.' })
  get version(): number {
    return this.event.sequence;
  }
  @Field(() => DecimalScalar, { description: 'What was available before.' })
  get availableBefore(): string {
    return this.#data.availableBefore;
  }
  @Field(() => DecimalScalar, { description: 'What is available after.' })
  get availableAfter(): string {
    return this.#data.availableAfter;
  }
  @Field(() => DateTime, { description: 'When.' })
  get at(): string {
    return this.event.at;
  }
}
