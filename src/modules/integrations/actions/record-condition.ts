import type { ActionScope } from '../../../graph/mutation.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import { countOpenLetters, lockIntegration, updateTrouble, type IntegrationStatus } from '../integrations.queries.js';

/** How a system takes the hub's calls. */
export type Condition = 'FAILING' | 'UNAUTHORIZED' | 'HEALTHY';

/** A person's word, and a refusal that only a person can mend, stand above what calls come to. */
const FROM: Record<Condition, readonly IntegrationStatus[]> = {
  FAILING: ['HEALTHY', 'DEGRADED'],
  UNAUTHORIZED: ['HEALTHY', 'DEGRADED', 'FAILING'],
  HEALTHY: ['FAILING'],
};
const WORDS: Record<Condition, string> = {
  FAILING: 'cannot be reached',
  UNAUTHORIZED: 'refuses the hub’s credentials',
  HEALTHY: 'can be reached again',
};

/** Marks an integration by how its system takes calls. Does nothing where its status says so, or more, already. */
export async function recordCondition(
  scope: ActionScope,
  { integrationId, condition, reason }: { integrationId: string; condition: Condition; reason: string | null },
): Promise<void> {
  const integration = (await scope.tx.one(lockIntegration(integrationId)))!;
  const { code, status } = integration;
  if (!FROM[condition].includes(status)) return;
  // What is left in its dead letters keeps it degraded.
  const isBack = condition === 'HEALTHY';
  const letters = isBack ? (await scope.tx.one(countOpenLetters(integrationId)))!.count : 0;
  const turned = letters > 0 ? 'DEGRADED' : condition;
  // It may quote what the system said, and PostgreSQL's text takes every character but this one.
  const lastError = reason?.replaceAll('\0', '\uFFFD') ?? null;
  const { tx, now } = scope;
  tx.defer(updateTrouble(integrationId, turned, lastError, integration.version + 1, now.toISOString()));
  await appendIntegrationEvent(scope, integration, {
    type: 'STATUS_CHANGED',
    message: `Integration ${code} ${WORDS[condition]}`,
    changes: [{ field: 'status', from: status, to: turned }],
    statusFrom: status,
    statusTo: turned,
  });
}
