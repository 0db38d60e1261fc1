import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusal, Refusals, show } from '../../../shared/failures.js';
import { createChannel } from '../../orders/index.js';
import { connectorCatalog, credentialCipher, type ConnectorFacts } from '../connector.type.js';
import type { ConnectIntegrationInput } from '../integration-input.type.js';
import { INTEGRATION } from '../integrations.events.js';
import { insertIntegration } from '../integrations.queries.js';

const CODE = /^[a-z][a-z0-9-]{1,40}$/;
const NAME_LENGTH = 200;

/** Connects a system: keeps its settings, seals its credentials, makes its channel where orders come from it. */
export async function connectIntegration(
  scope: ActionScope,
  input: Omit<ConnectIntegrationInput, 'idempotencyKey'>,
): Promise<{ integrationId: string }> {
  const { tx, now, actor } = scope;
  const { connector, settings, credentials } = check(scope, input);
  const { code } = input;
  const name = input.name ?? connector.name;
  const id = await tx.ids.one();
  const sealed = scope.service(credentialCipher).seal(JSON.stringify(credentials), id);
  const inserted = await tx.one(
    insertIntegration(id, code, connector.code, name, JSON.stringify(settings), sealed, 'HEALTHY', now.toISOString()),
  );
  if (!inserted) throw refuse('ALREADY_EXISTS', `code: there is an integration "${code}"`, ['code']);
  if (connector.channelKind) await createChannel(scope, { code, name, kind: connector.channelKind, integrationId: id });
  await appendEvents(tx, [
    {
      subjectKind: INTEGRATION,
      subjectId: id,
      sequence: 1,
      at: now,
      actor,
      type: 'CREATED',
      message: `Integration ${code} connected by ${connector.code}`,
      // Credentials are no change that anybody may read.
      changes: Object.entries({ code, connector: connector.code, name, settings }).map(([field, to]) => ({
        field,
        from: null,
        to,
      })),
      statusTo: 'HEALTHY',
    },
  ]);
  return { integrationId: id };
}

function check(
  scope: ActionScope,
  input: Omit<ConnectIntegrationInput, 'idempotencyKey'>,
): { connector: ConnectorFacts; settings: Record<string, unknown>; credentials: Record<string, unknown> } {
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
  refusals.throwIfAny();
  return { connector, settings, credentials };
}
