import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { setChannelActive } from '../../orders/index.js';
import type { IntegrationActionInput } from '../integration-input.type.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import { forgetConnection, forgetPace, forgetToken, lockIntegrationByCode } from '../integrations.queries.js';

/**
 * Ends a connection: its credentials and tokens are erased, its webhooks are refused and its channel takes no more orders. What it
 * sent before is still worked off, and records keep their references to it. Does nothing where it is disconnected.
 */
export async function disconnectIntegration(
  scope: ActionScope,
  input: IntegrationActionInput,
): Promise<{ integrationId: string }> {
  const { tx, now } = scope;
  const found = await tx.one(lockIntegrationByCode(input.code));
  if (!found) throw refuse('NOT_FOUND', `no integration has the code "${input.code}"`, ['code']);
  if (input.expectedVersion != null && input.expectedVersion !== found.version)
    throw new Refusal([versionConflict(`integration ${found.code}`, input.expectedVersion, found.version)]);
  if (found.status === 'DISCONNECTED') return { integrationId: found.id };
  tx.defer(forgetConnection(found.id, now.toISOString()), forgetToken(found.id), forgetPace(found.id));
  await setChannelActive(scope, { integrationId: found.id, isActive: false });
  await appendIntegrationEvent(scope, found, {
    type: 'STATUS_CHANGED',
    message: `Integration ${found.code} disconnected`,
    changes: [
      { field: 'status', from: found.status, to: 'DISCONNECTED' },
      { field: 'credentials', from: null, to: 'erased' },
    ],
    statusFrom: found.status,
    statusTo: 'DISCONNECTED',
  });
  return { integrationId: found.id };
}
