import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Hub } from '../app.js';
import type { Connector } from '../connect/index.js';
import { connectIntegration, selectConnectionByCode, updateIntegration } from '../modules/integrations/index.js';
import { Refusal } from '../shared/failures.js';
import { act } from './work.js';

/** A shop's stand-in that this hub is to be connected with. */
export interface SampleShop {
  integration: string;
  secret: string;
  connector: Connector;
}

/** The shops whose sandbox the sample company sells in; leaves out those that somebody has disconnected. */
export async function sampleShops(hub: Hub, key: string): Promise<SampleShop[]> {
  const shops: SampleShop[] = [];
  for (const connector of hub.connectors.values()) {
    if (!connector.sandbox?.isShowcase) continue;
    const integration = `sample-${connector.code}`;
    const secret = createHmac('sha256', key).update(`sandbox ${connector.code}`).digest('base64url');
    const known = await hub.db.readOne(selectConnectionByCode(integration));
    const isTheirs = known && (known.connector !== connector.code || (known.status as string) === 'DISCONNECTED');
    if (!isTheirs) shops.push({ integration, secret, connector });
  }
  return shops;
}

/** Connects the hub with a sandbox where it answers now: it takes another port with each start. */
export async function connectShop(hub: Hub, { integration: code, secret, connector }: SampleShop, baseUrl: string) {
  const connection = connector.sandbox!.connection(secret);
  const settings = { ...connection.settings, baseUrl };
  const { credentials } = connection;
  const known = await hub.db.readOne(selectConnectionByCode(code));
  if (known && isDeepStrictEqual(known.settings, settings)) return;
  const input = { code, name: `${connector.name} sandbox`, settings, credentials };
  try {
    if (known) await act(hub, 'reconnect', (scope) => updateIntegration(scope, input));
    else await act(hub, 'connect', (scope) => connectIntegration(scope, { ...input, connector: connector.code }));
  } catch (error) {
    // Another hub on this database has just done it.
    const isThere = error instanceof Refusal && error.errors.every((one) => one.code === 'ALREADY_EXISTS');
    if (!isThere) throw error;
  }
}
