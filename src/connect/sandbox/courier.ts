import { setTimeout as wait } from 'node:timers/promises';
import { NO_FAULTS, type Faults } from './faults.js';

const TRIES = 8;
const FIRST_PAUSE_MS = 250;
const LATE_MS = 40;
const ANSWER_WITHIN_MS = 5_000;

/** One webhook as it goes out; made anew for each attempt, since some vendors sign the attempt. */
export interface Delivery {
  headers: Record<string, string>;
  body: Buffer;
}

/** Delivers webhooks as a vendor does: again after any answer but 2xx, and by its faults not always once or in order. */
export class Courier {
  readonly #underway = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(
    private readonly webhookUrl: string | null,
    private readonly faults: Faults = NO_FAULTS,
  ) {}

  /** Delivers what happened to one record, one behind the other. Nothing where there is nobody to deliver to. */
  send(deliveries: readonly (() => Delivery)[]): void {
    if (this.webhookUrl === null || deliveries.length === 0) return;
    const inTurn = deliveries.length > 1 && this.faults.strikes('reorder') ? deliveries.toReversed() : deliveries;
    const run = this.#inTurn(this.webhookUrl, inTurn).finally(() => this.#underway.delete(run));
    this.#underway.add(run);
  }

  async #inTurn(url: string, deliveries: readonly (() => Delivery)[]): Promise<void> {
    for (const delivery of deliveries) {
      if (this.faults.strikes('drop')) continue;
      if (this.faults.strikes('delay')) await this.#pause(LATE_MS);
      const copies = this.faults.strikes('duplicate') ? 2 : 1;
      await Promise.all(Array.from({ length: copies }, () => this.#deliver(url, delivery)));
    }
  }

  async #deliver(url: string, delivery: () => Delivery): Promise<void> {
    for (let attempt = 1; attempt <= TRIES && !this.#stopped.signal.aborted; attempt += 1) {
      if (await this.#post(url, delivery())) return;
      await this.#pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }

  /** Whether the delivery was taken; an endpoint that cannot be reached has not taken it. */
  async #post(url: string, { headers, body }: Delivery): Promise<boolean> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    return fetch(url, { method: 'POST', headers, body: new Uint8Array(body), signal }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#stopped.signal }).catch(ignoreStop);
  }

  /** Resolves when everything sent so far has been taken or given up. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.settled();
  }
}

function ignoreStop(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}
