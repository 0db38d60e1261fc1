import { inspect } from 'node:util';
import type { Connector } from '../../src/connect/index.js';
import type { LogLine } from '../support/recorded-log.js';
import type { ConformanceHub } from './hub.js';

/** What is shorter is found in any text. */
const SHORTEST = 6;

/** Every credential that the schema calls a secret, and the tokens that the system gave in the end. */
export async function secretsOf(hub: ConformanceHub, connector: Connector, secret: string): Promise<string[]> {
  const { credentials } = connector.sandbox!.connection(secret);
  const { properties = {} } = connector.credentialsSchema as { properties?: Record<string, { writeOnly?: boolean }> };
  const secrets = Object.entries(credentials).flatMap(([name, value]) =>
    properties[name]?.writeOnly && typeof value === 'string' ? [value] : [],
  );
  const rows = await hub.rows<{ integration_id: string; sealed: Buffer }>(
    'select integration_id, sealed from integration_token',
  );
  const tokens = rows.flatMap(({ integration_id: id, sealed }) => {
    const { token } = JSON.parse(hub.cipher.open(sealed, `${id}/token`)) as {
      token: { accessToken: string; refreshToken?: string };
    };
    return [token.accessToken, token.refreshToken ?? ''];
  });
  return [...new Set([secret, ...secrets, ...tokens])].filter(({ length }) => length >= SHORTEST);
}

/** The places at which a secret stands in clear, or as it would stand in an address. The secret itself is not repeated. */
export function leaksIn(lines: readonly LogLine[], texts: readonly string[], secrets: readonly string[]): string[] {
  const forms = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))];
  const has = (text: string) => forms.some((form) => text.includes(form));
  const inLog = lines.filter((line) => has(inspect(line, { depth: 12, showHidden: false })));
  const inDatabase = texts.filter(has);
  return [
    ...inLog.map(({ message }) => `a line of the log: ${message}`),
    ...inDatabase.map((text) => `a text in the database of ${text.length} characters`),
  ];
}
