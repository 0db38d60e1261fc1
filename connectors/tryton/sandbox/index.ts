import { NO_FAULTS, type Sandbox, type SandboxOptions } from '#connect';
import { Business, WAREHOUSES } from './business.js';
import { valueOf } from './fields.js';
import { Rpc } from './rpc.js';
import { DATABASE, passwordOf, serveErp, USERNAME } from './server.js';
import { stateOf } from './state.js';
import { Store } from './store.js';

const DAY_MS = 86_400_000;

/** To be connected with: the places are called as the sample company calls its own. */
export function connection(secret: string): { settings: object; credentials: object } {
  return {
    settings: { locations: { BOLOGNA: String(WAREHOUSES[0]) }, chargeProduct: 'CHARGE' },
    credentials: { username: USERNAME, password: passwordOf(secret) },
  };
}

export interface TrytonSandbox extends Sandbox {
  /** Ends all sessions, as the server does with those that are old. */
  expireSessions(): void;
  /** Asks as any client may, without the way there. */
  call(method: string, params: unknown[]): unknown;
}

/** Opens an ERP in which people sell, send and count; customers and goods change. It tells nobody: it is asked. */
export async function start(options: SandboxOptions): Promise<TrytonSandbox> {
  const { secret, products, clock, faults = NO_FAULTS, firstNumber = 1, currency = 'EUR' } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  const now = clock.now();
  const past = { now: () => new Date(now.getTime() - 60 * DAY_MS) };
  let isPast = true;
  const store = new Store({ now: () => (isPast ? past : clock).now() });
  const rpc = new Rpc(store, faults);
  const { id: userId } = store.make('res.user', { login: USERNAME });
  const business = new Business(store, rpc, { ...options, currency });
  for (let n = 1; n < firstNumber; n += 1) business.next(n);
  isPast = false;
  const served = await serveErp(rpc, { secret, userId, faults });
  const made: { kind: string; id: string; number: string; total: string }[] = [];
  return {
    baseUrl: `${served.baseUrl}/${DATABASE}`,
    made,
    act(count) {
      for (let done = 0; done < count; done += 1) {
        const sale = business.next(firstNumber + made.length);
        const total = String(valueOf(store, 'sale.sale', sale, 'total_amount', {}));
        made.push({ kind: 'order', id: String(sale.id), number: String(sale.number), total });
      }
    },
    state: () => stateOf(store),
    expireSessions: () => served.expire(),
    call: (method, params) => rpc.call(method, params),
    settled: () => Promise.resolve(),
    stop: () => served.close(),
  };
}
