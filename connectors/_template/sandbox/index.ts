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
  for (let n = 1; n < firstNumber; n += 1) business.next(n);
  let number = firstNumber;
  const courier = new Courier(webhookUrl, faults);
  const served = await serveShop(business.orders, { secret, ...(faults && { faults }) });
  const made: { kind: string; id: string; number: string; total: string }[] = [];
  return {
    baseUrl: served.baseUrl,
    made,
    act(count) {
      for (let done = 0; done < count; done += 1) {
        const { order, changed } = business.next(number);
        number += 1;
        made.push({ kind: 'order', id: order.id, number: order.number, total: order.total });
        for (const [index, orderId] of changed.entries()) {
          courier.send([() => signed({ id: `${number}-${index}`, type: 'order.changed', orderId }, secret)]);
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
