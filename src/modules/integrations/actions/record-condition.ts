import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { INTEGRATION } from '../integrations.events.js';
import { lockIntegration, updateTrouble, type IntegrationStatus } from '../integrations.queries.js';

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
  { tx, now, actor }: ActionScope,
  { integrationId, condition, reason }: { integrationId: string; condition: Condition; reason: string | null },
): Promise<void> {
  const integration = (await tx.one(lockIntegration(integrationId)))!;
  const { code, status } = integration;
  if (!FROM[condition].includes(status)) return;
  const version = integration.version + 1;
  // It may quote what the system said, and PostgreSQL's text takes every character but this one.
  const lastError = reason?.replaceAll('\0', '\uFFFD') ?? null;
  tx.defer(updateTrouble(integrationId, condition, lastError, version, now.toISOString()));
  await appendEvents(tx, [
    {
      subjectKind: INTEGRATION,
      subjectId: integrationId,
      sequence: version,
      at: now,
      actor,
      type: 'STATUS_CHANGED',
      message: `Integration ${code} ${WORDS[condition]}`,
      changes: [{ field: 'status', from: status, to: condition }],
      statusFrom: status,
      statusTo: condition,
    },
  ]);
}
