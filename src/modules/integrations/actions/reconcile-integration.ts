import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { engineCommands } from '../engine.js';
import type { IntegrationActionInput } from '../integration-input.type.js';
import { lockSteerable } from './steer-integration.js';

/** Has the hub and a system compared as soon as may be, without waiting for the usual time. */
export async function reconcileIntegration(
  scope: ActionScope,
  input: IntegrationActionInput,
): Promise<{ integrationId: string }> {
  const found = await lockSteerable(scope, input);
  if (found.status === 'PAUSED' || found.status === 'UNAUTHORIZED')
    throw refuse('CONFLICT', `integration ${found.code} is ${found.status}: resume it first`, ['code']);
  const { comparable, compareNow } = scope.service(engineCommands);
  const streams = comparable(found.connector);
  if (streams.length === 0)
    throw refuse('INVALID', `integration ${found.code}: the system cannot list what it has`, ['code']);
  if (input.stream != null && !streams.includes(input.stream)) {
    throw refuse('INVALID', `stream: expected one of ${streams.join(', ')}, got "${input.stream}"`, ['stream']);
  }
  for (const stream of input.stream == null ? streams : [input.stream]) {
    scope.tx.defer(...compareNow(found.id, stream));
  }
  return { integrationId: found.id };
}
