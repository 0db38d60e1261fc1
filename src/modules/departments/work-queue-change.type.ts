import { Field, ID, ObjectType } from 'type-graphql';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { ChangeKind } from '../../graph/live/stream.js';
import { DateTime, EventCursor } from '../../graph/scalars.js';
import { typeId } from '../../shared/ids.js';
import { Department, ORDER_PREFIX } from '../orders/index.js';
import { QUOTE_PREFIX } from '../quotes/index.js';
import { WORK_ITEM_PREFIX } from './work-item.type.js';
import { aboutOf } from './work-queue.rules.js';

const PREFIXES = { order: ORDER_PREFIX, quote: QUOTE_PREFIX, item: WORK_ITEM_PREFIX };

@ObjectType('WorkQueueChange', { description: 'Something happened that may have changed a department’s queue.' })
export class WorkQueueChangeType {
  constructor(
    readonly of: Department,
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
  @Field(() => Department, { description: 'Whose queue.' })
  get department(): Department {
    return this.of;
  }
  @Field(() => ID, { description: 'The order or quote that it is about, or the item itself: `WorkItem.recordId`.' })
  get recordId(): string {
    const { about, id } = aboutOf(this.event);
    return typeId(PREFIXES[about], id);
  }
  @Field(() => DateTime, { description: 'When it happened.' })
  get at(): string {
    return this.event.at;
  }
}
