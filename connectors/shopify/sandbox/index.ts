import { Courier, type Sandbox, type SandboxOptions } from '#connect';
import { Business } from './business.js';
import { signedDelivery, type ShopEvent } from './deliver.js';
import { totalNow } from './orders.js';
import { accessTokenOf, serveShop } from './server.js';
import { LOCATIONS, plain, Shop } from './shop.js';
import { stateOf } from './state.js';

const SHOP_DOMAIN = 'sandbox.myshopify.com';
const DAY_MS = 86_400_000;

/** To be connected with: the places are called as the sample company calls its own. */
export function connection(secret: string): { settings: object; credentials: object } {
  return {
    settings: { shopDomain: SHOP_DOMAIN, locations: { BOLOGNA: LOCATIONS[0] } },
    credentials: { clientSecret: secret, accessToken: accessTokenOf(secret) },
  };
}

/**
 * Opens a shop that sells: orders are placed, then paid or called off, edited, sent and taken back; customers, products
 * and stock change. Topics of orders are delivered; others once they are subscribed.
 */
export async function start(options: SandboxOptions): Promise<Sandbox> {
  const { secret, products, clock, faults, firstNumber = 1, currency = 'EUR' } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  const shop = new Shop(currency, clock);
  const made: { kind: string; id: string; number: string; total: string }[] = [];
  const courier = new Courier(options.webhookUrl, faults);
  const served = await serveShop(shop, { secret, faults });
  let deliveries = 0;
  const signed = (event: ShopEvent) => () => {
    deliveries += 1;
    return signedDelivery(event, { secret, shopDomain: SHOP_DOMAIN, delivery: deliveries });
  };
  const business = openedBefore(shop, options, firstNumber);
  const sell = (): void => {
    const { order, told } = business.next(firstNumber + made.length, shop.now());
    made.push({ kind: 'order', id: plain(order.id), number: order.name, total: '' });
    // An order of before may be edited meanwhile.
    for (const each of made.slice(-2)) each.total = totalNow(shop.orders.get(each.id)!);
    for (const events of told) courier.send(events.filter(({ topic }) => isDelivered(shop, topic)).map(signed));
  };
  return {
    baseUrl: served.baseUrl,
    made,
    act(count) {
      for (let done = 0; done < count; done += 1) sell();
    },
    state: () => stateOf(shop),
    settled: () => courier.settled(),
    async stop() {
      await courier.stop();
      await served.close();
    },
  };
}

/** The business until now: what was sold before the first number was, long ago, as it was the first time. */
function openedBefore(shop: Shop, { products, seed }: SandboxOptions, firstNumber: number): Business {
  const long = shop.now().getTime() - 60 * DAY_MS;
  const business = new Business(shop, { products, seed }, new Date(long));
  shop.isPast = true;
  for (let n = 1; n < firstNumber; n += 1) business.next(n, new Date(long + n * 1_000));
  shop.isPast = false;
  return business;
}

function isDelivered(shop: Shop, topic: string): boolean {
  return topic.startsWith('orders/') || shop.subscriptions.has(topic.replace('/', '_').toUpperCase());
}
