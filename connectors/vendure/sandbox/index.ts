import { createHmac } from 'node:crypto';
import { Courier, type Delivery, type Sandbox, type SandboxOptions } from '#connect';
import { Business } from './business.js';
import { totalWithTax } from './prices.js';
import { serveShop } from './server.js';
import { passwordOf, USERNAME } from './sessions.js';
import { LOCATIONS, Shop, type ShopEvent } from './shop.js';
import { stateOf } from './state.js';

const DAY_MS = 86_400_000;

/** To be connected with: the places are called as the sample company calls its own. */
export function connection(secret: string): { settings: object; credentials: object } {
  return {
    settings: { locations: { BOLOGNA: LOCATIONS[0] }, orderReferenceField: 'externalRef' },
    credentials: { username: USERNAME, password: passwordOf(secret), webhookSecret: secret },
  };
}

export interface VendureSandbox extends Sandbox {
  /** Ends all sessions, as the server does with those that are old. */
  expireSessions(): void;
}

/** Opens a shop that sells: orders are placed, paid, called off, sent and refunded; customers and goods change. */
export async function start(options: SandboxOptions): Promise<VendureSandbox> {
  const { secret, products, clock, faults, firstNumber = 1, currency = 'EUR' } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  const shop = new Shop(currency, clock);
  shop.startsAt = new Date(clock.now().getTime() - 60 * DAY_MS);
  const business = new Business(shop, options);
  for (let n = 1; n < firstNumber; n += 1) business.next(n);
  shop.startsAt = null;
  const made: { kind: string; id: string; number: string; total: string }[] = [];
  const courier = new Courier(options.webhookUrl, faults);
  const served = await serveShop(shop, { secret, faults });
  const sell = (): void => {
    const order = business.next(firstNumber + made.length);
    const cents = String(totalWithTax(order)).padStart(3, '0');
    const total = `${cents.slice(0, -2)}.${cents.slice(-2)}`;
    made.push({ kind: 'order', id: order.id, number: order.code, total });
    courier.send(shop.told.splice(0).map((event) => () => signedDelivery(event, secret)));
  };
  return {
    baseUrl: served.baseUrl,
    made,
    act(count) {
      for (let done = 0; done < count; done += 1) sell();
    },
    state: () => stateOf(shop),
    expireSessions: () => served.expire(),
    settled: () => courier.settled(),
    async stop() {
      await courier.stop();
      await served.close();
    },
  };
}

function signedDelivery(event: ShopEvent, secret: string): Delivery {
  const body = Buffer.from(JSON.stringify(event));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-event-id': event.id,
      'x-signature': `sha256=${signature}`,
    },
  };
}
