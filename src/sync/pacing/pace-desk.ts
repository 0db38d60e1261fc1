import type { Limit } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import { CLOSED, type Breaker, type Turn } from './breaker.rules.js';
import { fullBucket, renew, type Bucket } from './bucket.rules.js';
import { lockPace, openPace, savePace, type PaceRow } from './pace.queries.js';

/** What the desk works with; `onTurn` is called in the transaction in which the breaker opens or closes. */
export interface DeskParts {
  db: { transaction<T>(name: string, work: (tx: Transaction) => Promise<T>): Promise<T> };
  clock: { now(): Date };
  log: { warn(facts: object, message: string): void };
  onTurn(tx: Transaction, integrationId: string, turn: Exclude<Turn, null>, reason: string | null): Promise<void>;
}

/** The state of an integration's pace while its row is locked. */
export class Pace {
  turn: Turn = null;
  constructor(
    readonly now: number,
    readonly breaker: Breaker,
    readonly buckets: Record<string, Bucket>,
  ) {}

  bucket(name: string, limit: Limit): Bucket {
    return (this.buckets[name] ??= fullBucket(limit, this.now));
  }
}

/** A change of the state. It may be made twice, each time to a state as it was read: it keeps nothing outside. */
export type Step<T> = (pace: Pace) => T;

interface Waiting {
  step: Step<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const RENEW_EVERY_MS = 10_000;

/**
 * Where one process changes the pace of one integration. Steps that come in while others are written go together in the
 * next transaction: two trips for all of them, with the row locked for one.
 */
export class PaceDesk {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  readonly #held = new Set<string>();
  readonly #wakers = new Set<() => void>();
  #renewal: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly integrationId: string,
    private readonly parts: DeskParts,
  ) {}

  run<T>(step: Step<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ step, resolve: resolve as (value: unknown) => void, reject });
      this.#writing ??= this.#write().finally(() => {
        this.#writing = null;
      });
    });
  }

  /** The process goes on renewing the lease until `drop`. */
  hold(id: string): void {
    this.#held.add(id);
    this.#renewal ??= setInterval(() => this.#renewHeld(), RENEW_EVERY_MS).unref();
  }

  drop(id: string): void {
    this.#held.delete(id);
    if (this.#held.size > 0) return;
    clearInterval(this.#renewal);
    this.#renewal = undefined;
  }

  /** Calls `wake` once, when a request of this process is over: its place is free. */
  onRelease(wake: () => void): () => void {
    this.#wakers.add(wake);
    return () => this.#wakers.delete(wake);
  }

  released(): void {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }

  /** The end of a request could not be written: its lease runs out by itself. */
  report(error: unknown): void {
    this.parts.log.warn({ err: error }, 'the end of a request could not be written');
  }

  /** Resolves when every step so far is written. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    // What is asked for in the same moment goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      try {
        const results = await this.parts.db.transaction('pace', (tx) => this.#apply(tx, together));
        together.forEach(({ resolve }, index) => resolve(results[index]));
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
  }

  async #apply(tx: Transaction, together: Waiting[]): Promise<unknown[]> {
    const row = await this.#lock(tx);
    const movedAt = Math.max(row.moved_at, this.parts.clock.now().getTime());
    const pace = new Pace(movedAt, row.breaker, row.buckets);
    const results = together.map(({ step }) => step(pace));
    tx.defer(savePace(this.integrationId, movedAt, JSON.stringify(pace.breaker), JSON.stringify(pace.buckets)));
    if (pace.turn) await this.parts.onTurn(tx, this.integrationId, pace.turn, pace.breaker.lastFailure);
    return results;
  }

  async #lock(tx: Transaction): Promise<PaceRow> {
    const known = await tx.one(lockPace(this.integrationId));
    if (known) return known;
    const now = this.parts.clock.now().getTime();
    const due: Breaker = { ...CLOSED, openings: 1, openUntil: now };
    await tx.query(openPace(this.integrationId, now, JSON.stringify(CLOSED), JSON.stringify(due)));
    const made = await tx.one(lockPace(this.integrationId));
    if (!made) throw new Error(`integration ${this.integrationId} is not there`);
    return made;
  }

  #renewHeld(): void {
    const ids = new Set(this.#held);
    const step: Step<void> = (pace) => {
      for (const bucket of Object.values(pace.buckets)) renew(bucket, ids, pace.now);
    };
    this.run(step).catch((error: unknown) => this.parts.log.warn({ err: error }, 'leases could not be renewed'));
  }
}
