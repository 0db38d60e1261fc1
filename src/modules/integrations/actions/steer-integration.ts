import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { connectorCatalog } from '../connector.type.js';
import { engineCommands } from '../engine.js';
import type { IntegrationActionInput } from '../integration-input.type.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import {
  countOpenLetters,
  lockIntegrationByCode,
  updateTrouble,
  type IntegrationStatus,
  type LockedIntegration,
} from '../integrations.queries.js';

type Steered = Promise<{ integrationId: string }>;

/** Reads what the system has as soon as may be, without waiting for the usual pause. */
export async function syncIntegration(scope: ActionScope, input: IntegrationActionInput): Steered {
  const found = await lockSteerable(scope, input);
  if (found.status === 'PAUSED')
    throw refuse('CONFLICT', `integration ${found.code} is PAUSED: resume it first`, ['code']);
  const streams = [...(scope.service(connectorCatalog).get(found.connector)?.pull.keys() ?? [])];
  if (streams.length === 0) throw refuse('INVALID', `integration ${found.code} has nothing that is pulled`, ['code']);
  if (input.stream != null && !streams.includes(input.stream)) {
    throw refuse('INVALID', `stream: expected one of ${streams.join(', ')}, got "${input.stream}"`, ['stream']);
  }
  scope.tx.defer(...scope.service(engineCommands).syncNow(found, input.stream ?? null));
  return { integrationId: found.id };
}

/** Stops what goes to and fro; what the system delivers meanwhile is kept. Does nothing where it is paused. */
export async function pauseIntegration(scope: ActionScope, input: IntegrationActionInput): Steered {
  refuseStream(input);
  const found = await lockSteerable(scope, input);
  if (found.status !== 'PAUSED') await move(scope, found, 'PAUSED');
  return { integrationId: found.id };
}

/** Lets it go on where it was stopped, also behind refused credentials. Does nothing where it runs. */
export async function resumeIntegration(scope: ActionScope, input: IntegrationActionInput): Steered {
  refuseStream(input);
  const found = await lockSteerable(scope, input);
  if (found.status !== 'PAUSED' && found.status !== 'UNAUTHORIZED') return { integrationId: found.id };
  const { count } = (await scope.tx.one(countOpenLetters(found.id)))!;
  await move(scope, found, count > 0 ? 'DEGRADED' : 'HEALTHY');
  const commands = scope.service(engineCommands);
  scope.tx.defer(...commands.workOff(found.id), ...commands.syncNow(found, null));
  return { integrationId: found.id };
}

function refuseStream({ stream }: IntegrationActionInput): void {
  if (stream != null) throw refuse('INVALID', 'stream: a whole integration is paused and resumed', ['stream']);
}

/** The integration, locked; throws a Refusal where there is none, another version of it, or one that is disconnected. */
export async function lockSteerable(
  { tx }: ActionScope,
  input: Pick<IntegrationActionInput, 'code' | 'expectedVersion'>,
): Promise<LockedIntegration> {
  const found = await tx.one(lockIntegrationByCode(input.code));
  if (!found) throw refuse('NOT_FOUND', `no integration has the code "${input.code}"`, ['code']);
  if (input.expectedVersion != null && input.expectedVersion !== found.version)
    throw new Refusal([versionConflict(`integration ${found.code}`, input.expectedVersion, found.version)]);
  if (found.status === 'DISCONNECTED') throw refuse('CONFLICT', `integration ${found.code} is DISCONNECTED`, ['code']);
  return found;
}

async function move(scope: ActionScope, integration: LockedIntegration, status: IntegrationStatus): Promise<void> {
  const version = integration.version + 1;
  scope.tx.defer(updateTrouble(integration.id, status, integration.last_error, version, scope.now.toISOString()));
  await appendIntegrationEvent(scope, integration, {
    type: 'STATUS_CHANGED',
    message: `Integration ${integration.code} ${status === 'PAUSED' ? 'paused' : 'resumed'}`,
    changes: [{ field: 'status', from: integration.status, to: status }],
    statusFrom: integration.status,
    statusTo: status,
  });
}
