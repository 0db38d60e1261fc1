import type { StreamedEvent } from './streamed-event.js';

const MAX_EVENTS = 2_000;
// Personal values that are erased must not outlive their erasure here by more than this.
const MAX_AGE_MS = 30_000;

/** The newest events, so that a crowd that reconnects at once need not ask the database for each of its members. */
export class RecentEvents {
  #events: StreamedEvent[] = [];
  #arrivals: number[] = [];

  add(events: readonly StreamedEvent[]): void {
    const now = performance.now();
    for (const event of events) {
      this.#events.push(event);
      this.#arrivals.push(now);
    }
    if (this.#events.length > 2 * MAX_EVENTS) this.#drop(this.#events.length - MAX_EVENTS);
  }

  clear(): void {
    this.#drop(this.#events.length);
  }

  /** All events behind `after` and not behind `until`; null where some of them are no longer here. */
  between(after: number, until: number): StreamedEvent[] | null {
    const oldest = performance.now() - MAX_AGE_MS;
    const fresh = this.#arrivals.findIndex((arrival) => arrival >= oldest);
    this.#drop(fresh === -1 ? this.#events.length : fresh);
    const first = this.#events[0]?.position;
    if (first === undefined || after + 1 < first) return null;
    return this.#events.slice(after + 1 - first, until + 1 - first);
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#events = this.#events.slice(count);
    this.#arrivals = this.#arrivals.slice(count);
  }
}
