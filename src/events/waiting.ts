import type { FeedListener } from './feed.js';
import type { StreamedEvent } from './streamed-event.js';

export type WaitingEnd = 'returned' | 'full' | 'new-epoch';

/** Live events that wait for their one reader. */
export class WaitingEvents implements FeedListener {
  #events: StreamedEvent[] = [];
  #from = Infinity;
  #resume: (() => void) | undefined;
  #ended: WaitingEnd | undefined;

  constructor(
    private readonly wants: (event: StreamedEvent) => boolean,
    private readonly max: number,
  ) {}

  get ended(): WaitingEnd | undefined {
    return this.#ended;
  }

  /** Until this is called nothing is kept. */
  keepBehind(position: number): void {
    this.#from = position;
  }

  onEvents(events: readonly StreamedEvent[]): void {
    for (const event of events) {
      if (event.position > this.#from && this.wants(event)) this.#events.push(event);
    }
    if (this.#events.length > this.max) this.end('full');
    else if (this.#events.length > 0) this.#resume?.();
  }

  onNewEpoch(): void {
    this.end('new-epoch');
  }

  end(reason: WaitingEnd): void {
    this.#ended ??= reason;
    this.#resume?.();
  }

  /** Waits for at least one event, or for the end: then nothing. */
  async take(): Promise<StreamedEvent[]> {
    if (this.#events.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
      this.#resume = undefined;
    }
    const taken = this.#ended ? [] : this.#events;
    this.#events = [];
    return taken;
  }
}
