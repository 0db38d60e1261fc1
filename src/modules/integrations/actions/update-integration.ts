import { isDeepStrictEqual } from 'node:util';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { credentialCipher } from '../connector.type.js';
import { engineCommands } from '../engine.js';
import type { UpdateIntegrationInput } from '../integration-input.type.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import { changeConnection, forgetPace, forgetToken, selectConnection } from '../integrations.queries.js';
import { checkConnection } from './check-connection.js';
import { lockSteerable } from './steer-integration.js';

/**
 * Changes how a system is reached: its settings, its credentials (a rotation, say) or its name. What is left out stays.
 * Tokens that were got with other credentials or elsewhere are forgotten; refused credentials are tried anew.
 */
export async function updateIntegration(
  scope: ActionScope,
  input: Omit<UpdateIntegrationInput, 'idempotencyKey'>,
): Promise<{ integrationId: string }> {
  const { tx, now } = scope;
  const known = await lockSteerable(scope, input);
  const cipher = scope.service(credentialCipher);
  const sealed = (await tx.one(selectConnection(known.id)))!.credentials;
  if (sealed === null) throw refuse('CONFLICT', `integration ${known.code} has no credentials`, ['code']);
  const held = JSON.parse(cipher.open(sealed, known.id)) as Record<string, unknown>;
  const { settings, credentials, onlyListens } = checkConnection(scope, {
    code: known.code,
    connector: known.connector,
    name: input.name,
    settings: input.settings ?? known.settings,
    credentials: input.credentials ?? held,
  });
  const name = input.name ?? known.name;
  const isRotated = !isDeepStrictEqual(credentials, held);
  const stated = [
    { field: 'name', from: known.name as unknown, to: name as unknown },
    { field: 'settings', from: known.settings, to: settings },
  ].filter(({ from, to }) => !isDeepStrictEqual(from, to));
  // All that anybody may read of a change of credentials.
  const changes = [...stated, ...(isRotated ? [{ field: 'credentials', from: 'set', to: 'changed' }] : [])];
  if (changes.length === 0) return { integrationId: known.id };
  const status = known.status === 'UNAUTHORIZED' ? 'HEALTHY' : known.status;
  const box = isRotated ? cipher.seal(JSON.stringify(credentials), known.id) : sealed;
  tx.defer(changeConnection(known.id, name, JSON.stringify(settings), box, status, now.toISOString(), onlyListens));
  tx.defer(forgetToken(known.id), forgetPace(known.id));
  await appendIntegrationEvent(scope, known, {
    type: status === known.status ? 'EDITED' : 'STATUS_CHANGED',
    message: `Integration ${known.code} changed`,
    changes: status === known.status ? changes : [{ field: 'status', from: known.status, to: status }, ...changes],
    ...(status !== known.status && { statusFrom: known.status, statusTo: status }),
  });
  if (status !== 'PAUSED') tx.defer(...scope.service(engineCommands).syncNow(known, null));
  return { integrationId: known.id };
}
