import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StreamedEvent } from '../../events/streamed-event.js';
import type { GraphContext } from '../context.js';
import type { Operation } from '../execution.js';
import { executeMessage, type Frame, type LiveParts } from './message.js';
import { ChangeKind, type SourceStream } from './stream.js';

/** A subscription that shares its live messages with others. */
export interface GroupMember {
  /** Called once for each message, in order of position; must not throw. */
  receive(frame: Frame): void;
  fail(error: unknown): void;
  lag(): void;
}

const MAX_PENDING = 10_000;
const CHUNK = 64;
// Sending to thousands of sockets must not keep every other request from its turn.
const SENDS_PER_TURN = 1_000;

/**
 * Subscriptions with the same document, variables and visibility: each event is executed and serialised once for
 * all of them. Executions overlap, so that loaders can batch; messages leave in order.
 */
export class Group {
  readonly #members = new Set<GroupMember>();
  #pending: { event: StreamedEvent; context: GraphContext }[] = [];
  #isRunning = false;

  constructor(
    readonly operation: Operation,
    readonly source: SourceStream,
    private readonly parts: LiveParts,
  ) {}

  get size(): number {
    return this.#members.size;
  }

  join(member: GroupMember): void {
    this.#members.add(member);
  }

  leave(member: GroupMember): void {
    this.#members.delete(member);
  }

  offer(event: StreamedEvent, context: GraphContext): void {
    this.#pending.push({ event, context });
    if (this.#pending.length > MAX_PENDING) {
      this.#pending = [];
      for (const member of [...this.#members]) member.lag();
    } else if (!this.#isRunning) {
      void this.#run();
    }
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#pending.length > 0 && this.#members.size > 0) {
        for (const frame of await this.#executeChunk()) await this.#deliver(frame);
      }
    } catch (error) {
      for (const member of [...this.#members]) member.fail(error);
    } finally {
      this.#pending = [];
      this.#isRunning = false;
    }
  }

  #executeChunk(): Promise<Frame[]> {
    const chunk = this.#pending.splice(0, CHUNK);
    this.parts.metrics.executions += chunk.length;
    return Promise.all(
      chunk.map(({ event, context }) => executeMessage(this.parts, this.operation, event, ChangeKind.LIVE, context)),
    );
  }

  async #deliver(frame: Frame): Promise<void> {
    let sent = 0;
    for (const member of [...this.#members]) {
      member.receive(frame);
      sent += 1;
      if (sent % SENDS_PER_TURN === 0) await nextTurn();
    }
  }
}
