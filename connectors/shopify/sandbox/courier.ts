import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { wireText, type ShopOrder } from './orders.js';

export interface DeliveryHabits {
  /** Share of the deliveries that are made twice, 0 to 1. */
  duplicates?: number;
  /** Share of the orders whose events arrive in the wrong order, 0 to 1. */
  reordering?: number;
  /** Each delivery waits up to this long. */
  maxDelayMs?: number;
}

export interface ShopEvent {
  topic: string;
  id: string;
  triggeredAt: string;
  order: ShopOrder;
}

const TRIES = 8;
const FIRST_PAUSE_MS = 250;
const ANSWER_WITHIN_MS = 5_000;

/** Signs and delivers events as the shop does: again after any answer but 2xx, and not always once or in order. */
export class Courier {
  readonly #underway = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  #deliveries = 0;

  constructor(
    private readonly target: { webhookUrl: string; secret: string; shopDomain: string },
    private readonly habits: DeliveryHabits,
    private readonly chance: Chance,
  ) {}

  /** Delivers one order's events, one behind the other. */
  send(events: ShopEvent[]): void {
    const isReordered = this.chance.fraction() < (this.habits.reordering ?? 0);
    const inTurn = (isReordered ? [...events].reverse() : events).map((event) => ({
      event,
      copies: this.chance.fraction() < (this.habits.duplicates ?? 0) ? 2 : 1,
      delayMs: Math.floor(this.chance.fraction() * (this.habits.maxDelayMs ?? 0)),
    }));
    const run = this.#inTurn(inTurn).finally(() => this.#underway.delete(run));
    this.#underway.add(run);
  }

  async #inTurn(deliveries: { event: ShopEvent; copies: number; delayMs: number }[]): Promise<void> {
    for (const { event, copies, delayMs } of deliveries) {
      if (delayMs > 0) await this.#pause(delayMs);
      await Promise.all(Array.from({ length: copies }, () => this.#deliver(event)));
    }
  }

  async #deliver(event: ShopEvent): Promise<void> {
    const body = Buffer.from(wireText(event.order));
    const headers = this.#headersOf(event, body);
    for (let attempt = 1; attempt <= TRIES && !this.#stopped.signal.aborted; attempt += 1) {
      if (await this.#post(headers, body)) return;
      await this.#pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }

  #headersOf({ topic, id, triggeredAt }: ShopEvent, body: Buffer): Record<string, string> {
    this.#deliveries += 1;
    return {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': this.target.shopDomain,
      'x-shopify-hmac-sha256': createHmac('sha256', this.target.secret).update(body).digest('base64'),
      'x-shopify-api-version': '2026-10',
      'x-shopify-webhook-id': `delivery-${this.#deliveries}`,
      'x-shopify-event-id': id,
      'x-shopify-triggered-at': triggeredAt,
    };
  }

  /** Whether the delivery was taken; an endpoint that cannot be reached has not taken it. */
  async #post(headers: Record<string, string>, body: Buffer<ArrayBuffer>): Promise<boolean> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    return fetch(this.target.webhookUrl, { method: 'POST', headers, body, signal }).then(
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
