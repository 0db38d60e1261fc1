import { createHmac } from 'node:crypto';
import type { Hub } from '../app.js';
import type { Connector, SandboxDefinition } from '../connect/index.js';
import { connectIntegration, selectConnectionByCode } from '../modules/integrations/index.js';
import { Refusal } from '../shared/failures.js';
import { act } from './work.js';

/** A connector's stand-in that this hub is connected with. */
export interface ConnectedSandbox {
  integration: string;
  secret: string;
  sandbox: SandboxDefinition;
}

/** Connects every connector that has a sandbox, once; leaves out those that somebody has disconnected. */
export async function connectSandboxes(hub: Hub, key: string): Promise<ConnectedSandbox[]> {
  const connected: ConnectedSandbox[] = [];
  for (const connector of hub.connectors.values()) {
    if (!connector.sandbox) continue;
    const integration = `sample-${connector.code}`;
    const secret = createHmac('sha256', key).update(`sandbox ${connector.code}`).digest('base64url');
    await connectOnce(hub, connector, integration, connector.sandbox.connection(secret));
    const connection = await hub.db.readOne(selectConnectionByCode(integration));
    const isOn = connection?.connector === connector.code && (connection.status as string) !== 'DISCONNECTED';
    if (isOn) connected.push({ integration, secret, sandbox: connector.sandbox });
  }
  return connected;
}

async function connectOnce(hub: Hub, connector: Connector, code: string, connection: object): Promise<void> {
  if (await hub.db.readOne(selectConnectionByCode(code))) return;
  const { settings, credentials } = connection as { settings: object; credentials: object };
  const input = { code, connector: connector.code, name: `${connector.name} sandbox`, settings, credentials };
  try {
    await act(hub, 'connect', (scope) => connectIntegration(scope, input));
  } catch (error) {
    // Another hub on this database has just done it.
    const isThere = error instanceof Refusal && error.errors.every((one) => one.code === 'ALREADY_EXISTS');
    if (!isThere) throw error;
  }
}
