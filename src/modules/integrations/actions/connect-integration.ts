import { isDeepStrictEqual } from 'node:util';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, type Refusal } from '../../../shared/failures.js';
import { createChannel, setChannelActive } from '../../orders/index.js';
import { credentialCipher } from '../connector.type.js';
import { checkConnection, type Checked } from './check-connection.js';
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

/**
 * Connects a system: keeps its settings, seals its credentials, makes its channel where orders come from it. The code of
 * one that was disconnected connects the same system again.
 */
export async function connectIntegration(
  scope: ActionScope,
  input: Omit<ConnectIntegrationInput, 'idempotencyKey'>,
): Promise<{ integrationId: string }> {
  const { tx } = scope;
  const checked = checkConnection(scope, input);
  const known = await tx.one(lockIntegrationByCode(input.code));
  if (known) return reconnect(scope, known, input, checked);
  const { connector, settings, credentials, onlyListens } = checked;
  const { code } = input;
  const name = input.name ?? connector.name;
  const id = await tx.ids.one();
  const sealed = scope.service(credentialCipher).seal(JSON.stringify(credentials), id);
  const at = scope.now.toISOString();
  const inserted = await tx.one(
    insertIntegration(id, code, connector.code, name, JSON.stringify(settings), sealed, 'HEALTHY', at, onlyListens),
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
  { connector, settings, credentials, onlyListens }: Checked,
): Promise<{ integrationId: string }> {
  if (known.status !== 'DISCONNECTED' || known.connector !== connector.code) throw alreadyThere(known.code);
  const { tx, now } = scope;
  const name = input.name ?? known.name;
  const sealed = scope.service(credentialCipher).seal(JSON.stringify(credentials), known.id);
  tx.defer(
    renewConnection(known.id, name, JSON.stringify(settings), sealed, now.toISOString(), onlyListens),
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
