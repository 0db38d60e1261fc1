import { isDeepStrictEqual } from 'node:util';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusal, Refusals, show } from '../../../shared/failures.js';
import { createChannel, setChannelActive } from '../../orders/index.js';
import { connectorCatalog, credentialCipher, egressRules, type ConnectorFacts } from '../connector.type.js';
import type { ConnectIntegrationInput } from '../integration-input.type.js';
import { engineCommands } from '../engine.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import {
  forgetPace,
  forgetToken,
  insertIntegration,
  lockIntegrationByCode,
  renewConnection,
  type LockedIntegration,
} from '../integrations.queries.js';

const CODE = /^[a-z][a-z0-9-]{1,40}$/;
const NAME_LENGTH = 200;

/**
 * Connects a system: keeps its settings, seals its credentials, makes its channel where orders come from it. The code of
 * one that was disconnected connects the same system again.
 */
export async function connectIntegration(
  scope: ActionScope,
  input: Omit<ConnectIntegrationInput, 'idempotencyKey'>,
): Promise<{ integrationId: string }> {
  const { tx } = scope;
  const checked = check(scope, input);
  const known = await tx.one(lockIntegrationByCode(input.code));
  if (known) return reconnect(scope, known, input, checked);
  const { connector, settings, credentials } = checked;
  const { code } = input;
  const name = input.name ?? connector.name;
  const id = await tx.ids.one();
  const sealed = scope.service(credentialCipher).seal(JSON.stringify(credentials), id);
  const at = scope.now.toISOString();
  const inserted = await tx.one(
    insertIntegration(id, code, connector.code, name, JSON.stringify(settings), sealed, 'HEALTHY', at),
  );
  if (!inserted) throw alreadyThere(code);
  if (connector.channelKind) await createChannel(scope, { code, name, kind: connector.channelKind, integrationId: id });
  const made = { code, connector: connector.code, name, settings, credentials: SET };
  await appendIntegrationEvent(
    scope,
    { id, event_count: 0 },
    {
      type: 'CREATED',
      message: `Integration ${code} connected by ${connector.code}`,
      changes: Object.entries(made).map(([field, to]) => ({ field, from: null, to })),
      statusTo: 'HEALTHY',
    },
  );
  tx.defer(...scope.service(engineCommands).syncNow({ id, connector: connector.code }, null));
  return { integrationId: id };
}

async function reconnect(
  scope: ActionScope,
  known: LockedIntegration,
  input: Omit<ConnectIntegrationInput, 'idempotencyKey'>,
  { connector, settings, credentials }: Checked,
): Promise<{ integrationId: string }> {
  if (known.status !== 'DISCONNECTED' || known.connector !== connector.code) throw alreadyThere(known.code);
  const { tx, now } = scope;
  const name = input.name ?? known.name;
  const sealed = scope.service(credentialCipher).seal(JSON.stringify(credentials), known.id);
  tx.defer(
    renewConnection(known.id, name, JSON.stringify(settings), sealed, now.toISOString()),
    forgetToken(known.id),
    forgetPace(known.id),
  );
  await setChannelActive(scope, { integrationId: known.id, isActive: true });
  const changes = [
    { field: 'status', from: known.status as string, to: 'HEALTHY' },
    { field: 'name', from: known.name, to: name },
    { field: 'settings', from: known.settings, to: settings },
  ];
  await appendIntegrationEvent(scope, known, {
    type: 'STATUS_CHANGED',
    message: `Integration ${known.code} connected again`,
    changes: [
      ...changes.filter(({ from, to }) => !isDeepStrictEqual(from, to)),
      { field: 'credentials', from: null, to: SET },
    ],
    statusFrom: known.status,
    statusTo: 'HEALTHY',
  });
  tx.defer(...scope.service(engineCommands).syncNow(known, null));
  return { integrationId: known.id };
}

/** All that anybody may read of a change of credentials. */
const SET = 'set';

function alreadyThere(code: string): Refusal {
  return refuse('ALREADY_EXISTS', `code: there is an integration "${code}"`, ['code']);
}

interface Checked {
  connector: ConnectorFacts;
  settings: Record<string, unknown>;
  credentials: Record<string, unknown>;
}

function check(scope: ActionScope, input: Omit<ConnectIntegrationInput, 'idempotencyKey'>): Checked {
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
  const { settings, credentials, issues } = connector.check(input.settings, input.credentials ?? {});
  for (const { path, message, isMissing } of issues) refusals.add(isMissing ? 'REQUIRED' : 'INVALID', message, path);
  const { baseUrl } = settings;
  const obstacle = typeof baseUrl === 'string' ? scope.service(egressRules).obstacle(baseUrl) : null;
  if (obstacle !== null) refusals.add('INVALID', `settings.baseUrl: ${obstacle}`, ['settings', 'baseUrl']);
  refusals.throwIfAny();
  return { connector, settings, credentials };
}
