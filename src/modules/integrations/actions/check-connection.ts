import type { ActionScope } from '../../../graph/mutation.js';
import { Refusal, Refusals, show } from '../../../shared/failures.js';
import { connectorCatalog, egressRules, type ConnectorFacts } from '../connector.type.js';

const CODE = /^[a-z][a-z0-9-]{1,40}$/;
const NAME_LENGTH = 200;

export interface Checked {
  connector: ConnectorFacts;
  settings: Record<string, unknown>;
  credentials: Record<string, unknown>;
  onlyListens: boolean;
}

/** How a system is to be reached, with defaults filled in. Throws a Refusal that names all that is wrong with it. */
export function checkConnection(
  scope: ActionScope,
  input: { code: string; connector: string; name?: string | null; settings: unknown; credentials?: unknown },
): Checked {
  const refusals = new Refusals();
  if (!CODE.test(input.code)) {
    refusals.add(
      'INVALID',
      `code: expected 2 to 41 lower case letters, digits and hyphens, a letter first, got ${show(input.code)}`,
      ['code'],
    );
  }
  if (input.name != null && (input.name.trim() === '' || input.name.length > NAME_LENGTH)) {
    refusals.add('INVALID', `name: expected 1 to ${NAME_LENGTH} characters`, ['name']);
  }
  const catalog = scope.service(connectorCatalog);
  const connector = catalog.get(input.connector);
  if (!connector) {
    const known = [...catalog.keys()].join(', ') || 'none';
    refusals.add('NOT_FOUND', `connector: expected one of ${known}, got ${show(input.connector)}`, ['connector']);
    throw new Refusal(refusals.errors);
  }
  const { settings, credentials, issues, onlyListens } = connector.check(input.settings, input.credentials ?? {});
  for (const { path, message, isMissing } of issues) refusals.add(isMissing ? 'REQUIRED' : 'INVALID', message, path);
  const { baseUrl } = settings;
  const obstacle = typeof baseUrl === 'string' ? scope.service(egressRules).obstacle(baseUrl) : null;
  if (obstacle !== null) refusals.add('INVALID', `settings.baseUrl: ${obstacle}`, ['settings', 'baseUrl']);
  refusals.throwIfAny();
  return { connector, settings, credentials, onlyListens };
}
