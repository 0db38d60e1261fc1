import { Faults, type FaultMode, type Sandbox } from '../../src/connect/index.js';
import amazon from '../../connectors/amazon-sp-api/index.js';
import salesforce from '../../connectors/salesforce/index.js';
import shopify from '../../connectors/shopify/index.js';
import vendure from '../../connectors/vendure/index.js';
import type { WorkingHubs } from './working-hubs.js';
import { scaled } from './scale.js';
import { must } from './shop.js';

/** What goes wrong on the way there and back; what a system itself says is right in the end. */
const HTTP_FAULTS: FaultMode[] = ['429', '500', 'reset', 'html', 'huge-body'];
const DELIVERY_FAULTS: FaultMode[] = ['duplicate', 'reorder', 'delay', 'drop'];
const RECORD_FAULTS: FaultMode[] = ['empty-page', 'repeated-page', 'cursor-loop', 'missing-field', 'unknown-enum'];
// A timeout takes as long as the caller waits: only where there is a day for it.
export const HOSTILE = [...HTTP_FAULTS, ...DELIVERY_FAULTS, ...RECORD_FAULTS, ...scaled<FaultMode[]>([], ['timeout'])];
const SHARE = 0.01;

// The CRM first: it hears of each customer from then on.
const CONNECTORS = { crm: salesforce, shop: shopify, store: vendure, market: amazon };
export type SystemCode = keyof typeof CONNECTORS;

export interface ConnectedSystem {
  code: SystemCode;
  sandbox: Sandbox;
  faults: Faults;
  streams: { pull: string[]; push: string[] };
}

const CONNECT = `mutation ($input: ConnectIntegrationInput!) {
  connectIntegration(input: $input) { integration { code } userErrors { message field } } }`;

/** Opens a stand-in of each system and connects the hubs with it. */
export async function connectSystems(
  hubs: WorkingHubs,
  products: { sku: string; name: string; price: string; taxRate: string }[],
  seed: number,
): Promise<ConnectedSystem[]> {
  const systems: ConnectedSystem[] = [];
  for (const [index, [code, connector]] of Object.entries(CONNECTORS).entries()) {
    // The org lives through hours in minutes: what it shows late would be later there than any overlap of walks.
    const modes = HOSTILE.filter((mode) => mode !== 'delay' || code !== 'crm');
    const faults = new Faults({ seed: seed + index, modes, share: SHARE });
    const secret = `the secret of ${code}`;
    const sandbox = await connector.sandbox!.start({
      webhookUrl: `${hubs.url}/webhooks/${code}`,
      secret,
      products,
      currency: 'EUR',
      seed: seed + index,
      faults,
      clock: { now: () => new Date() },
    });
    const { settings, credentials } = connector.sandbox!.connection(secret);
    const input = {
      idempotencyKey: `connect ${code}`,
      code,
      connector: connector.code,
      settings: { ...settings, baseUrl: sandbox.baseUrl },
      credentials,
    };
    await must(hubs.ask(CONNECT, { input }));
    const streams = { pull: [...connector.pull.keys()], push: [...connector.push.keys()] };
    systems.push({ code: code as SystemCode, sandbox, faults, streams });
  }
  return systems;
}

export function ordersOf({ sandbox }: ConnectedSystem): { id: string; total?: string }[] {
  return sandbox.made.filter(({ kind }) => kind === 'order');
}
