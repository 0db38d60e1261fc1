import type pg from 'pg';
import type { Database } from '../db/database.js';
import { sql } from '../db/statement.js';
import { wire } from '../db/transaction.js';
import { RequestError } from '../shared/failures.js';
import type { Log } from '../shared/log.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { resolveEpoch } from './epoch.js';
import { passes, type EventFilter } from './filter.js';
import { RecentEvents } from './recent.js';
import { readPage, type EventPage } from './replay.js';
import { POSITION_CHANNEL } from './sequencer.js';
import { Session, type Wake } from './session.js';
import { SELECT_EVENTS, streamedEvent, type EventRow, type StreamedEvent } from './streamed-event.js';

export interface FeedListener {
  /** Called with every event once, in order of position; must not throw and must not wait. */
  onEvents(events: readonly StreamedEvent[]): void;
  /** The database now tells another history: what is delivered so far leads nowhere. */
  onNewEpoch?(): void;
}

const BATCH = 500;
const POLL_MS = 1_000;

const READ_BEHIND = `${SELECT_EVENTS} where p.position > $1 order by p.position limit ${BATCH}`;
const readHead = sql<{ head: string }>('events.head', `select coalesce(max(position), 0) as head from event_position`);

/** Follows the log for all of this process: one reader, however many listen. */
export class Feed {
  readonly #listeners = new Set<FeedListener>();
  readonly #recent = new RecentEvents();
  readonly #session: Session;
  #epoch = '';
  #head = 0;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {
    this.#session = new Session('hub-feed', db.url, log, (client, wake) => this.#follow(client, wake));
  }

  /** Returns once the newest position is known; events behind it are handed to listeners. */
  async start(): Promise<void> {
    this.#epoch = await resolveEpoch(this.db.url);
    this.#head = await this.#storedHead();
    this.#session.start();
  }

  async stop(): Promise<void> {
    await this.#session.stop();
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** The position up to which listeners have been given events. */
  head(): number {
    return this.#head;
  }

  cursorAt(position: number): string {
    return encodeCursor(this.#epoch, position);
  }

  /** From now on: the first event handed over is the one behind `head()`. The function returned ends it. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One page of the events behind a position and not behind `until`, which may be as far as the head. */
  async readAfter(position: number, until: number, filter: EventFilter = {}, limit = BATCH): Promise<EventPage> {
    if (position >= until) return { events: [], position };
    const recent = this.#recent.between(position, until)?.filter((event) => passes(filter, event));
    if (recent && recent.length <= limit) return { events: recent, position: until };
    return readPage(this.db, this.#epoch, { after: position, until, filter, limit });
  }

  /** Where to go on behind a cursor. Throws BAD_USER_INPUT or CURSOR_EXPIRED. */
  async positionOf(cursor: string): Promise<number> {
    const { epoch, position } = decodeCursor(cursor);
    if (epoch !== this.#epoch) throw this.expired('The cursor is of another history of this database');
    // Another process of the hub may have been faster: only the table knows the end of the log.
    if (position > this.#head && position > (await this.#storedHead())) {
      throw this.expired('The cursor lies behind the end of the log');
    }
    return position;
  }

  expired(reason: string): RequestError {
    const lastCursor = this.cursorAt(this.#head);
    return new RequestError('CURSOR_EXPIRED', `${reason}; read afresh and subscribe without it`, { lastCursor });
  }

  async #storedHead(): Promise<number> {
    return Number((await this.db.readOne(readHead()))!.head);
  }

  async #follow(client: pg.Client, wake: Wake): Promise<void> {
    await client.query(`listen ${POSITION_CHANNEL}`);
    await this.#checkEpoch();
    for (;;) {
      if (!(await this.#step(client))) await wake.wait(POLL_MS);
    }
  }

  /** Answers whether there may be more at once. */
  async #step(client: pg.Client): Promise<boolean> {
    if (this.#listeners.size === 0) {
      await this.#skipToHead(client);
      return false;
    }
    const behind = this.#head;
    const { rows } = await client.query<EventRow>({ name: 'events.behind', text: READ_BEHIND, values: [behind] });
    if (rows.length > 0) this.#handOver(rows.map((row) => streamedEvent(row, this.#epoch)));
    return rows.length === BATCH;
  }

  /** A connection that was lost may come back to a promoted standby or a restored copy. */
  async #checkEpoch(): Promise<void> {
    const epoch = await resolveEpoch(this.db.url);
    if (epoch === this.#epoch) return;
    this.log.warn({ from: this.#epoch, to: epoch }, 'the database tells another history: every cursor is refused');
    this.#epoch = epoch;
    this.#recent.clear();
    this.#head = await this.#storedHead();
    for (const listener of [...this.#listeners]) listener.onNewEpoch?.();
  }

  /** Nobody listens: the events of a bulk load, say, need not come through here. */
  async #skipToHead(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ head: string }>(wire(readHead()));
    if (this.#listeners.size > 0 || Number(rows[0]!.head) === this.#head) return;
    this.#recent.clear();
    this.#head = Number(rows[0]!.head);
  }

  #handOver(events: StreamedEvent[]): void {
    this.#head = events.at(-1)!.position;
    this.#recent.add(events);
    for (const listener of [...this.#listeners]) {
      try {
        listener.onEvents(events);
      } catch (error) {
        this.log.error({ err: error }, 'a listener of the event feed failed');
      }
    }
  }
}
