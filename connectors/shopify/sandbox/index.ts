import { makeBuyers } from './buyers.js';
import { chanceFrom } from './chance.js';
import { Courier, type DeliveryHabits, type ShopEvent } from './courier.js';
import { placeOrder, updateOrder, type SandboxProduct, type ShopOrder } from './orders.js';
import { serveShop } from './server.js';

export type { DeliveryHabits } from './courier.js';
export type { SandboxProduct } from './orders.js';

export const SHOP_DOMAIN = 'sandbox.myshopify.com';

export interface SandboxOptions {
  webhookUrl: string;
  /** What deliveries are signed with. */
  secret: string;
  products: SandboxProduct[];
  currency?: string;
  /** One order each so many milliseconds; 0: all of `limit` at once. */
  everyMs: number;
  /** The same seed makes the same orders, however they are delivered. */
  seed: number;
  /** Number of the first order; a shop that is opened again goes on behind its last one, or nothing is new. */
  firstNumber?: number;
  /** After so many orders no more come; without it they come until `stop`. */
  limit?: number;
  habits?: DeliveryHabits;
  clock?: { now(): Date };
}

export interface Sandbox {
  /** Where the shop's own API answers. */
  baseUrl: string;
  sentOrders: readonly { id: string; number: string; total: string }[];
  /** Resolves when all deliveries so far have been taken or given up. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const machineClock = { now: () => new Date(performance.timeOrigin + performance.now()) };

/** Opens a shop that sells: orders are placed, then paid or called off, and each step is delivered to the webhook. */
export async function start(options: SandboxOptions): Promise<Sandbox> {
  const {
    webhookUrl,
    secret,
    products,
    everyMs,
    seed,
    limit = Infinity,
    firstNumber = 1,
    habits = {},
    clock = machineClock,
  } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  if (everyMs === 0 && limit === Infinity) throw new Error('limit: expected a number of orders, since everyMs is 0');
  const orders = new Map<string, ShopOrder>();
  const sentOrders: { id: string; number: string; total: string }[] = [];
  const chance = chanceFrom(seed);
  const from = { chance, products, buyers: makeBuyers(chance), currency: options.currency ?? 'EUR' };
  // Its own chance: how something is delivered must not change what is ordered.
  const courier = new Courier({ webhookUrl, secret, shopDomain: SHOP_DOMAIN }, habits, chanceFrom(seed + 1));
  const shop = await serveShop(orders);

  const sell = (): void => {
    const n = firstNumber + sentOrders.length;
    const placedAt = clock.now();
    const placed = placeOrder(n, placedAt, from);
    const isCancelled = chance.below(12) === 0;
    const changedAt = new Date(placedAt.getTime() + 1_000 * (1 + chance.below(60)));
    const changed = updateOrder(placed, changedAt, isCancelled);
    const id = placed.id.replaceAll('@', '');
    orders.set(id, changed);
    sentOrders.push({ id, number: placed.name, total: placed.total_price });
    courier.send(eventsOf(n, { placed, placedAt, changed, changedAt, isCancelled }));
  };

  let timer: ReturnType<typeof setInterval> | undefined;
  if (everyMs === 0) while (sentOrders.length < limit) sell();
  else {
    timer = setInterval(() => {
      if (sentOrders.length < limit) sell();
      else clearInterval(timer);
    }, everyMs);
  }
  return {
    baseUrl: shop.baseUrl,
    sentOrders,
    settled: () => courier.settled(),
    async stop() {
      clearInterval(timer);
      await courier.stop();
      await shop.close();
    },
  };
}

function eventsOf(
  n: number,
  {
    placed,
    placedAt,
    changed,
    changedAt,
    isCancelled,
  }: { placed: ShopOrder; placedAt: Date; changed: ShopOrder; changedAt: Date; isCancelled: boolean },
): ShopEvent[] {
  const later = { triggeredAt: changedAt.toISOString(), order: changed };
  return [
    { topic: 'orders/create', id: `event-${n}-1`, triggeredAt: placedAt.toISOString(), order: placed },
    { topic: 'orders/updated', id: `event-${n}-2`, ...later },
    ...(isCancelled ? [{ topic: 'orders/cancelled', id: `event-${n}-3`, ...later }] : []),
  ];
}
