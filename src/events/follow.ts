import { RequestError } from '../shared/failures.js';
import type { Feed } from './feed.js';
import { passes, type EventFilter } from './filter.js';
import type { StreamedEvent } from './streamed-event.js';
import { WaitingEvents } from './waiting.js';

export interface FollowOptions {
  /** Begin behind this cursor; left out, with the next event that happens. */
  after?: string | null;
  /** Narrows what is read from the table. */
  filter?: EventFilter;
  /** Narrows further, event by event. */
  matches?: (event: StreamedEvent) => boolean;
  /** How many events may wait for a slow reader before it is LAGGED. */
  maxWaiting?: number;
}

export interface FollowedEvent {
  event: StreamedEvent;
  /** Whether it happened before the reader caught up. */
  isReplayed: boolean;
}

/** A reader this close to the head joins the live events; the rest is read while these wait. */
export const NEAR_HEAD = 500;
export const REPLAY_PAGE = 200;
const MAX_WAITING = 5_000;

/**
 * Replays what lies behind the cursor, then goes on live: every event that matches once, in order of position.
 * The feed's head is where the two meet: up to it events are read from the table, behind it they are handed over.
 * The iteration throws BAD_USER_INPUT or CURSOR_EXPIRED for the cursor and LAGGED for a reader that is too slow.
 */
export function follow(feed: Feed, options: FollowOptions = {}): AsyncIterableIterator<FollowedEvent, undefined> {
  const { filter = {}, matches } = options;
  const wants = (event: StreamedEvent) => passes(filter, event) && (matches?.(event) ?? true);
  const waiting = new WaitingEvents(wants, options.maxWaiting ?? MAX_WAITING);
  const events = followed(feed, options, waiting, feed.head());
  return {
    next: () => events.next(),
    // A generator that waits cannot be returned from: it must first come to its end.
    return: () => {
      waiting.end('returned');
      return events.return(undefined);
    },
    throw: (error: unknown) => {
      waiting.end('returned');
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* followed(
  feed: Feed,
  { after, filter = {}, matches }: FollowOptions,
  waiting: WaitingEvents,
  headAtStart: number,
): AsyncGenerator<FollowedEvent, undefined> {
  let position = after ? await feed.positionOf(after) : headAtStart;
  const wants = matches ?? (() => true);
  const stop = feed.listen(waiting);
  try {
    let joined: number | undefined;
    for (;;) {
      if (joined === undefined && feed.head() - position <= NEAR_HEAD) {
        joined = Math.max(position, feed.head());
        waiting.keepBehind(joined);
      }
      if (position === joined) break;
      const page = await feed.readAfter(position, joined ?? feed.head(), filter, REPLAY_PAGE);
      for (const event of page.events) {
        if (wants(event)) yield { event, isReplayed: Boolean(after) || event.position <= headAtStart };
      }
      position = page.position;
      if (waiting.ended) return ended(feed, waiting, position);
    }
    for (;;) {
      const events = await waiting.take();
      for (const event of events) {
        yield { event, isReplayed: false };
        position = event.position;
      }
      if (waiting.ended) return ended(feed, waiting, position);
    }
  } finally {
    stop();
  }
}

function ended(feed: Feed, waiting: WaitingEvents, position: number): undefined {
  if (waiting.ended === 'new-epoch') throw feed.expired('The database now tells another history');
  if (waiting.ended === 'full') throw lagged(feed.cursorAt(position));
}

export function lagged(lastCursor: string): RequestError {
  return new RequestError('LAGGED', 'The reader is too slow; subscribe again behind lastCursor', { lastCursor });
}
