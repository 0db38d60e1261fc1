import { chanceFrom, Courier, type Sandbox, type SandboxOptions } from '#connect';
import { Business } from './business.js';
import { Crm } from './crm.js';
import { PORTAL_ID, Post } from './events.js';
import { serveCrm } from './server.js';
import { credentialsFor, privateTokenFor, Tokens } from './tokens.js';

const HOUR_MS = 3_600_000;
const TICK_MS = 20;
const STEP_MS = 500;

export function connection(secret: string): { settings: object; credentials: object } {
  const settings = { portalId: PORTAL_ID, taxIdProperty: 'vat_number', openEndedMonths: 12 };
  return { settings, credentials: credentialsFor(secret) };
}
export { privateTokenFor };

export interface HubspotSandbox extends Sandbox {
  crm: Crm;
  tokens: Tokens;
}

/** Opens an account in which a sales team works. */
export async function start(options: SandboxOptions): Promise<HubspotSandbox> {
  const { webhookUrl, secret, products, seed, clock, faults, firstNumber = 1, currency = 'EUR' } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  const tick = timesUpTo(() => clock.now(), firstNumber);
  const crm = new Crm(tick, faults);
  const tokens = new Tokens(secret, () => clock.now());
  const business = new Business(crm, { chance: chanceFrom(seed), products, currency, firstNumber });
  const courier = new Courier(webhookUrl, faults);
  const post = new Post({ webhookUrl, secret, firstEvent: firstNumber * 1_000, now: () => clock.now() });
  const served = await serveCrm(crm, { tokens, ...(faults && { faults }) });
  return {
    baseUrl: served.baseUrl,
    crm,
    tokens,
    made: business.made,
    act(count) {
      for (let done = 0; done < count; done += 1) courier.send(post.deliveries(business.next(), 1 + (done % 3)));
    },
    state: () => crm.state(),
    settled: () => courier.settled(),
    async stop() {
      await courier.stop();
      await served.close();
    },
  };
}

/** Times that rise and are never ahead of the clock, though it may stand still: a past hour is lived through. */
function timesUpTo(now: () => Date, firstNumber: number): () => Date {
  let last = 0;
  return () => {
    const first = now().getTime() - HOUR_MS + Math.min(firstNumber * STEP_MS, HOUR_MS / 2);
    last = Math.max(last + TICK_MS, first);
    return new Date(last);
  };
}
