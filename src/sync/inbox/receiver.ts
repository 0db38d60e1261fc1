import type { Database } from '../../db/database.js';
import { isOutage } from '../../db/outage.js';
import { receiveAll, type Received } from './receive.js';

interface Waiting {
  messages: readonly (Received & { receivedAt: Date })[];
  resolve(kept: number): void;
  reject(error: unknown): void;
}

/** More would make those wait that come behind it. */
const MOST_TOGETHER = 64;
/** For how many of these transactions the carrying out of messages stands back. */
const MOST_TURNS = 4;

/**
 * Keeps what is delivered. Deliveries that come while others are being written are written together behind them, in one
 * transaction: as many share a flush to disk as came during the one before.
 */
export class Receiver {
  /** By integration; there while one of its is being written. */
  readonly #lines = new Map<string, Waiting[]>();

  readonly #writes = new Set<Promise<void>>();

  constructor(private readonly db: Database) {}

  /**
   * Waits until all that was delivered is kept, but never for more than a few transactions: receiving goes before carrying
   * out, and must not keep it from going on.
   */
  async giveWay(): Promise<void> {
    for (let turns = 0; turns < MOST_TURNS && this.#writes.size > 0; turns += 1) await Promise.race(this.#writes);
  }

  /** Returns once the messages are kept for good; how many of them are new. */
  keep(integrationId: string, messages: readonly Received[], receivedAt: Date): Promise<number> {
    return new Promise((resolve, reject) => {
      const waiting = { messages: messages.map((message) => ({ ...message, receivedAt })), resolve, reject };
      const line = this.#lines.get(integrationId);
      if (line) return void line.push(waiting);
      this.#lines.set(integrationId, [waiting]);
      void this.#workOff(integrationId);
    });
  }

  async #workOff(integrationId: string): Promise<void> {
    const line = this.#lines.get(integrationId)!;
    while (line.length > 0) {
      const write = this.#write(integrationId, line.splice(0, MOST_TOGETHER));
      this.#writes.add(write);
      await write;
      this.#writes.delete(write);
    }
    this.#lines.delete(integrationId);
  }

  async #write(integrationId: string, group: Waiting[]): Promise<void> {
    const ownerOf = new Map<string, Waiting>();
    for (const one of group)
      for (const message of one.messages) if (!ownerOf.has(nameOf(message))) ownerOf.set(nameOf(message), one);
    // Of a message that several deliveries bring, the first stands.
    const own = group.flatMap((one) => one.messages.filter((message) => ownerOf.get(nameOf(message)) === one));
    try {
      const rows = await this.db.transaction('receive-message', (tx) =>
        tx.last(receiveAll(integrationId, 'WEBHOOK', own)),
      );
      const news = rows.map(({ topic, event_id: eventId }) => ownerOf.get(nameOf({ topic, eventId })));
      for (const one of group) one.resolve(news.filter((owner) => owner === one).length);
    } catch (error) {
      if (group.length === 1 || isOutage(error)) for (const { reject } of group) reject(error);
      // One that the database cannot hold must not take the others with it.
      else for (const one of group) await this.#write(integrationId, [one]);
    }
  }
}

function nameOf({ topic, eventId }: Pick<Received, 'topic' | 'eventId'>): string {
  return `${topic}\n${eventId}`;
}
