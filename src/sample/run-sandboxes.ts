import type { Hub } from '../app.js';
import { Faults, type Sandbox } from '../connect/index.js';
import { sql } from '../db/statement.js';
import { exact } from '../shared/decimal.js';
import { connectShop, type SampleShop } from './connect-sandboxes.js';
import { PRODUCTS } from './products.js';

const EVERY_MS = 10_000;
const SEED = 20_260_302;
const TAX_RATES = { standard: '0.22', reduced: '0.10' };

const countOrders = sql<{ count: number }>(
  'sample.count-orders',
  `select count(*)::int as count from orders where channel_id = (select id from channel where code = $1)`,
);

/**
 * Lets each shop sell and deliver its orders to the hub; numbers go on where the last start left off. Throws the signal's
 * reason where it was stopped; nothing runs on then.
 */
export async function runSandboxes(hub: Hub, shops: SampleShop[], stopping?: AbortSignal): Promise<Sandbox[]> {
  const running: Sandbox[] = [];
  try {
    for (const shop of shops) {
      stopping?.throwIfAborted();
      const started = await startSandbox(hub, shop);
      running.push(started);
      await connectShop(hub, shop, started.baseUrl);
    }
    stopping?.throwIfAborted();
    return running.map(selling);
  } catch (error) {
    await Promise.all(running.map((sandbox) => sandbox.stop()));
    throw error;
  }
}

async function startSandbox(hub: Hub, { integration, secret, connector }: SampleShop): Promise<Sandbox> {
  const before = (await hub.db.readOne(countOrders(integration)))!.count;
  const started = await connector.sandbox!.start({
    webhookUrl: `${hub.url}/webhooks/${integration}`,
    secret,
    products: shopProducts(),
    currency: 'EUR',
    seed: SEED,
    firstNumber: before + 1,
    faults: new Faults({ seed: SEED, modes: ['duplicate', 'delay'], share: 0.05 }),
    clock: hub.clock,
  });
  const { hostname, port } = new URL(started.baseUrl);
  hub.egress.permit({ host: hostname, port: Number(port) });
  return started;
}

/** Sells something now and then, until it is stopped. */
function selling(sandbox: Sandbox): Sandbox {
  const turns = setInterval(() => sandbox.act(1), EVERY_MS);
  return {
    ...sandbox,
    stop: () => {
      clearInterval(turns);
      return sandbox.stop();
    },
  };
}

function shopProducts() {
  return PRODUCTS.filter(({ inShops }) => inShops).map(({ sku, name, price, taxCategory }) => {
    const taxRate = TAX_RATES[taxCategory];
    return { sku, name, taxRate, price: exact(price).times(exact(taxRate).plus(1)).toFixed(2) };
  });
}
