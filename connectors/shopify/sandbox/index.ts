import { chanceFrom, Courier, type Sandbox, type SandboxOptions } from '#connect';
import { makeBuyers } from './buyers.js';
import { signedDelivery, type ShopEvent } from './deliver.js';
import { placeOrder, updateOrder, type ShopOrder } from './orders.js';
import { serveShop } from './server.js';

export const SHOP_DOMAIN = 'sandbox.myshopify.com';

/** Opens a shop that sells: orders are placed, then paid or called off, and each step is delivered to the webhook. */
export async function start(options: SandboxOptions): Promise<Sandbox> {
  const { secret, products, seed, clock, faults, firstNumber = 1, currency = 'EUR' } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  const orders = new Map<string, ShopOrder>();
  const made: { kind: string; id: string; number: string; total: string }[] = [];
  const chance = chanceFrom(seed);
  const from = { chance, products, buyers: makeBuyers(chance), currency };
  const courier = new Courier(options.webhookUrl, faults);
  const shop = await serveShop(orders, faults);
  let deliveries = 0;
  const signed = (event: ShopEvent) => () => {
    deliveries += 1;
    return signedDelivery(event, { secret, shopDomain: SHOP_DOMAIN, delivery: deliveries });
  };

  const sell = (): void => {
    const n = firstNumber + made.length;
    const placedAt = clock.now();
    const placed = placeOrder(n, placedAt, from);
    const isCancelled = chance.below(12) === 0;
    const changedAt = new Date(placedAt.getTime() + 1_000 * (1 + chance.below(60)));
    const changed = updateOrder(placed, changedAt, isCancelled);
    const id = placed.id.replaceAll('@', '');
    orders.set(id, changed);
    made.push({ kind: 'order', id, number: placed.name, total: placed.total_price });
    courier.send(eventsOf(n, { placed, placedAt, changed, changedAt, isCancelled }).map(signed));
  };
  return {
    baseUrl: shop.baseUrl,
    made,
    act(count) {
      for (let done = 0; done < count; done += 1) sell();
    },
    state: () => ({ orders: Object.fromEntries(orders) }),
    settled: () => courier.settled(),
    async stop() {
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
