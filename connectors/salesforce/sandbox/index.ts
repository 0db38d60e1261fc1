import { chanceFrom, type Sandbox, type SandboxOptions } from '#connect';
import { Business } from './business.js';
import { Org } from './org.js';
import { Reading } from './reading.js';
import { serveOrg } from './server.js';
import { credentialsFor, Tokens } from './tokens.js';

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;

export function connection(secret: string): { settings: object; credentials: object } {
  return { settings: { taxIdField: 'VAT__c' }, credentials: credentialsFor(secret) };
}

export interface SalesforceSandbox extends Sandbox {
  org: Org;
  tokens: Tokens;
  reading: Reading;
  /** What the token’s answer says where the API is; the sandbox’s own address at first. */
  instanceUrl: string;
}

/** Opens an org in which a sales team works. */
export async function start(options: SandboxOptions): Promise<SalesforceSandbox> {
  const { secret, products, seed, clock, faults, firstNumber = 1, currency = 'EUR' } = options;
  if (products.length === 0) throw new Error('products: expected at least one');
  const org = new Org(
    timesUpTo(() => clock.now(), firstNumber),
    faults,
  );
  const tokens = new Tokens(secret, () => clock.now());
  const reading = new Reading(org, faults);
  const business = new Business(org, { chance: chanceFrom(seed), products, currency, firstNumber });
  const instanceUrl = () => sandbox.instanceUrl;
  const served = await serveOrg(org, { tokens, reading, instanceUrl, ...(faults && { faults }) });
  const sandbox: SalesforceSandbox = {
    baseUrl: served.baseUrl,
    instanceUrl: served.baseUrl,
    org,
    tokens,
    reading,
    made: business.made,
    act(count) {
      for (let done = 0; done < count; done += 1) business.next();
    },
    state: () => org.state(),
    settled: () => Promise.resolve(),
    stop: () => served.close(),
  };
  return sandbox;
}

/**
 * Times of whole seconds that rise and are never ahead of the clock, though it may stand still: some past hours are lived
 * through, and where they are used up, several things happen in one second.
 */
function timesUpTo(now: () => Date, firstNumber: number): () => Date {
  let last = 0;
  return () => {
    const end = Math.floor(now().getTime() / SECOND_MS) * SECOND_MS;
    const first = end - 4 * HOUR_MS + Math.min(firstNumber * 5 * SECOND_MS, 3 * HOUR_MS);
    last = Math.min(Math.max(last + SECOND_MS, first), end);
    return new Date(last);
  };
}
