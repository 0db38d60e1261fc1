import { registerEnumType } from 'type-graphql';
import { follow } from '../../events/follow.js';
import { passes, type EventFilter } from '../../events/filter.js';
import type { Feed } from '../../events/feed.js';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { maySee, type Viewer } from '../access.js';
import type { GraphContext } from '../context.js';
import { feedKey } from './feed-key.js';

export enum ChangeKind {
  SNAPSHOT = 'SNAPSHOT',
  REPLAYED = 'REPLAYED',
  LIVE = 'LIVE',
}
registerEnumType(ChangeKind, {
  name: 'ChangeKind',
  description: 'Why a stream sends a message.',
  valuesConfig: {
    SNAPSHOT: { description: 'How things stood when the stream began.' },
    REPLAYED: {
      description: 'It lies behind the cursor given as `after` and happened before the stream had caught up.',
    },
    LIVE: { description: 'It has just happened.' },
  },
});

/** Describes a stream's argument `after`. */
export const AFTER = 'Replay what lies behind this cursor, then go on live; left out: from now on.';

/** The root value with which a subscription's field is resolved. */
export interface StreamMessage {
  event: StreamedEvent;
  kind: ChangeKind;
}

/** A subscription's source: which events become messages. Whether the viewer may see an event is not its business. */
export interface StreamDefinition<Args> {
  /** Cheap conditions on the event's subject, from the field's arguments; throws a RequestError for a bad one. */
  filter(args: Args): EventFilter;
  /** Whatever else the arguments ask for. */
  matches?(event: StreamedEvent, args: Args): boolean;
}

interface SubscribeCall {
  args: object;
  context: GraphContext;
}

export interface Stream {
  /** Goes into `@Subscription(…, { subscribe })`. An argument named `after` is the cursor to begin behind. */
  subscribe(call: SubscribeCall): SourceStream;
}

export function defineStream<Args extends object>(definition: StreamDefinition<Args>): Stream {
  return {
    subscribe: ({ args, context }) =>
      new SourceStream(
        definition.filter(args as Args),
        (event) => definition.matches?.(event, args as Args) ?? true,
        (args as { after?: string | null }).after ?? null,
        context.viewer,
        context.service(feedKey),
      ),
  };
}

/**
 * One viewer's source of messages. The live server takes it apart to share its work between sockets; any other
 * executor of subscriptions just iterates.
 */
export class SourceStream implements AsyncIterable<StreamMessage> {
  readonly filter: EventFilter;

  constructor(
    private readonly asked: EventFilter,
    private readonly wants: (event: StreamedEvent) => boolean,
    readonly after: string | null,
    readonly viewer: Viewer,
    readonly feed: Feed,
  ) {
    this.filter = viewer.customerId === null ? asked : { ...asked, customerId: viewer.customerId };
  }

  /** The one place where visibility is decided: a customer's stream holds that customer's events and no others. */
  matches(event: StreamedEvent): boolean {
    return maySee(this.viewer, event.customerId) && passes(this.asked, event) && this.wants(event);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<StreamMessage, undefined> {
    const matches = (event: StreamedEvent) => this.matches(event);
    const events = follow(this.feed, { after: this.after, filter: this.filter, matches });
    const ended = { done: true as const, value: undefined };
    return {
      next: async () => {
        const { done, value } = await events.next();
        if (done) return ended;
        return { done, value: { event: value.event, kind: value.isReplayed ? ChangeKind.REPLAYED : ChangeKind.LIVE } };
      },
      return: async () => {
        await events.return?.();
        return ended;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
