import { Courier, type Sandbox, type SandboxOptions } from '#connect';
import { Account, MARKETPLACE_ID, SELLER_ID } from './account.js';
import { Business } from './business.js';
import { Notifying } from './notifying.js';
import { serveAccount } from './server.js';
import { credentialsFor, Tokens } from './tokens.js';

const HOUR_MS = 3_600_000;
const LONG_MS = 60 * 24 * HOUR_MS;
const TICK_MS = 20;
const STEP_MS = 500;

/** To be connected with: the place is called as the sample company calls its own. */
export function connection(secret: string): { settings: object; credentials: object } {
  const settings = {
    sellerId: SELLER_ID,
    region: 'EU',
    marketplaceIds: [MARKETPLACE_ID],
    locations: { BOLOGNA: 'DEFAULT' },
  };
  return { settings, credentials: credentialsFor(secret) };
}

export interface AmazonSandbox extends Sandbox {
  account: Account;
  tokens: Tokens;
}

/** Opens a seller's account at a marketplace: orders are placed, paid, sent by Amazon, and called off whole or in part. */
export async function start(options: SandboxOptions): Promise<AmazonSandbox> {
  const { webhookUrl, secret, products, seed, clock, faults, firstNumber = 1, currency = 'EUR' } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  const now = () => clock.now();
  const times = new Times(now, firstNumber);
  const account = new Account(currency, () => times.next());
  const tokens = new Tokens(secret, now);
  const business = new Business(account, { products, seed, firstNumber });
  business.liveThroughThePast();
  times.isPast = false;
  const courier = new Courier(webhookUrl, faults);
  const notifying = new Notifying({ secret, first: firstNumber });
  const served = await serveAccount(account, { tokens, now, ...(faults && { faults }) });
  return {
    baseUrl: served.baseUrl,
    account,
    tokens,
    made: business.made,
    act(count) {
      for (let done = 0; done < count; done += 1) {
        const told = business.next().flatMap((each) => each.map((happened) => notifying.delivery(happened)));
        courier.send(told);
      }
    },
    state: () => account.state(),
    settled: () => courier.settled(),
    async stop() {
      await courier.stop();
      await served.close();
    },
  };
}

/** Times that rise, though the clock may stand still, and are an hour old: what is new may not be searched for. */
class Times {
  isPast = true;
  #last = 0;

  constructor(
    private readonly now: () => Date,
    private readonly firstNumber: number,
  ) {}

  next(): Date {
    const age = this.isPast ? LONG_MS : HOUR_MS - Math.min(this.firstNumber * STEP_MS, HOUR_MS / 2);
    this.#last = Math.max(this.#last + TICK_MS, this.now().getTime() - age);
    return new Date(this.#last);
  }
}
