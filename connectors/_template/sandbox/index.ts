import { createHmac } from 'node:crypto';
import { Courier, type Delivery, type Sandbox, type SandboxOptions } from '#connect';
import { Business } from './business.js';
import { apiKeyOf, serveShop } from './server.js';

/** What to connect with. */
export function connection(secret: string): { settings: object; credentials: object } {
  return { settings: {}, credentials: { apiKey: apiKeyOf(secret), webhookSecret: secret } };
}

/** Opens a shop in which people order. */
export async function start(options: SandboxOptions): Promise<Sandbox> {
  const { webhookUrl, secret, faults, firstNumber = 1 } = options;
  const business = new Business(options);
  const courier = new Courier(webhookUrl, faults);
  const served = await serveShop(business.orders, { secret, ...(faults && { faults }) });
  const made: { kind: string; id: string; number: string; total: string }[] = [];
  const next = (): string[] => {
    const { order, changed } = business.next(made.length + 1);
    made.push({ kind: 'order', id: order.id, number: order.number, total: order.total });
    return changed;
  };
  // What was ordered before it was opened is told to nobody.
  while (made.length + 1 < firstNumber) next();
  return {
    baseUrl: served.baseUrl,
    made,
    act(count) {
      for (let done = 0; done < count; done += 1) {
        for (const [index, orderId] of next().entries()) {
          courier.send([() => signed({ id: `${made.length}-${index}`, type: 'order.changed', orderId }, secret)]);
        }
      }
    },
    state: () => ({ orders: Object.fromEntries([...business.orders].map(([id, order]) => [id, { ...order }])) }),
    settled: () => courier.settled(),
    async stop() {
      await courier.stop();
      await served.close();
    },
  };
}

function signed(event: object, secret: string): Delivery {
  const body = Buffer.from(JSON.stringify(event));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-signature': signature } };
}
