import type { EventPage } from '../../events/replay.js';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { lagged, NEAR_HEAD, REPLAY_PAGE } from '../../events/follow.js';
import { GraphContext } from '../context.js';
import type { Operation } from '../execution.js';
import { randomId } from '../../shared/ids.js';
import type { GroupMember } from './group.js';
import type { Groups } from './groups.js';
import { executeMessage, frameHead, type Frame, type LiveParts } from './message.js';
import type { LiveSocket } from './live-socket.js';
import { ChangeKind, type SourceStream } from './stream.js';

const MAX_HELD = 5_000;

interface Pending {
  resolve(result: IteratorResult<never, undefined>): void;
  reject(error: unknown): void;
}

/**
 * One subscription on one socket. To the protocol it is an iterator that yields nothing until it ends; messages
 * go to the socket directly. It replays for itself, joins its group near the head of the log, holds back what the
 * group sends until its own replay has arrived there, then is live.
 */
export class LiveSubscription implements GroupMember, AsyncIterableIterator<never, undefined> {
  readonly #head: string;
  #position: number;
  #joinedAt = Infinity;
  #held: Frame[] | null = [];
  #pending: Pending | undefined;
  #failure: unknown;
  #isOver = false;
  #isStarted = false;
  #leave: (() => void) | undefined;

  constructor(
    readonly socket: LiveSocket,
    id: string,
    private readonly operation: Operation,
    private readonly source: SourceStream,
    startAt: number,
    private readonly groups: Groups,
    private readonly parts: LiveParts,
  ) {
    this.#head = frameHead(id);
    this.#position = startAt;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<never, undefined>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure as Error);
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      if (!this.#isStarted) this.#start();
    });
  }

  return(): Promise<IteratorResult<never, undefined>> {
    this.#end();
    this.#pending?.resolve({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<IteratorResult<never, undefined>> {
    this.fail(error);
    return Promise.reject(error as Error);
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#failure = error;
    this.#pending?.reject(error);
  }

  lag(): void {
    this.parts.metrics.lagged += 1;
    this.fail(lagged(this.parts.feed.cursorAt(this.#position)));
  }

  receive(frame: Frame): void {
    if (this.#isOver || frame.position <= this.#joinedAt) return;
    if (!this.#held) return this.#sendLive(frame);
    this.#held.push(frame);
    if (this.#held.length > MAX_HELD) this.lag();
  }

  #start(): void {
    this.#isStarted = true;
    this.socket.subscriptions.add(this);
    this.parts.metrics.subscriptions += 1;
    this.#catchUp().catch((error: unknown) => this.fail(error));
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#held = null;
    this.#leave?.();
    if (!this.#isStarted) return;
    this.socket.subscriptions.delete(this);
    this.parts.metrics.subscriptions -= 1;
  }

  async #catchUp(): Promise<void> {
    const { feed } = this.parts;
    while (!this.#isOver) {
      if (this.#joinedAt === Infinity && feed.head() - this.#position <= NEAR_HEAD) {
        this.#joinedAt = Math.max(this.#position, feed.head());
        this.#leave = this.groups.join(this, this.operation, this.source);
      }
      if (this.#position === this.#joinedAt) return this.#goLive();
      const until = Math.min(this.#joinedAt, feed.head());
      await this.#replay(await feed.readAfter(this.#position, until, this.source.filter, REPLAY_PAGE));
    }
  }

  async #replay(page: EventPage): Promise<void> {
    const events = page.events.filter((event) => this.source.matches(event));
    const context = new GraphContext(this.parts.graph, this.source.viewer, randomId());
    const frames = await Promise.all(events.map((event) => this.#executeReplayed(event, context)));
    for (const frame of frames) {
      if (this.#isOver) return;
      await this.socket.sendInTurn(this.#head + frame.tail);
      this.#position = frame.position;
      this.parts.metrics.replayedMessages += 1;
    }
    this.#position = page.position;
  }

  #executeReplayed(event: StreamedEvent, context: GraphContext): Promise<Frame> {
    // Without a cursor there is nothing to replay: what came between the call and now is news to the reader.
    const kind = this.source.after === null ? ChangeKind.LIVE : ChangeKind.REPLAYED;
    return executeMessage(this.parts, this.operation, event, kind, context);
  }

  #goLive(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const frame of held) if (!this.#isOver) this.#sendLive(frame);
  }

  #sendLive(frame: Frame): void {
    this.socket.send(this.#head + frame.tail);
    this.#position = frame.position;
    this.parts.metrics.liveMessages += 1;
    if (this.socket.isBehind()) this.lag();
  }
}
