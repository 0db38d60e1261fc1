import type { ActionScope } from '../../../graph/mutation.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import { countOpenLetters, lockIntegration, updateTrouble, type IntegrationStatus } from '../integrations.queries.js';

/** From the least to the worst: trouble never makes a worse one look better. */
const TROUBLES = ['HEALTHY', 'DEGRADED', 'FAILING', 'UNAUTHORIZED'] as const;

/**
 * Says that an integration does worse than before, with the reason. Nothing changes where it does worse already, or
 * where a person has stopped or ended it; the reason is noted all the same.
 */
export async function noteTrouble(
  scope: ActionScope,
  trouble: {
    integrationId: string;
    status: Exclude<(typeof TROUBLES)[number], 'HEALTHY'>;
    error: string;
    /** What happened, in words that may stand in the log for good. */
    what?: string;
    data?: object;
  },
): Promise<void> {
  const integration = (await scope.tx.one(lockIntegration(trouble.integrationId)))!;
  // The reason may quote what was sent, and PostgreSQL's text takes every character but this one.
  const error = trouble.error.replaceAll('\0', '\uFFFD');
  const rank = (TROUBLES as readonly string[]).indexOf(integration.status);
  const isWorse = rank >= 0 && rank < TROUBLES.indexOf(trouble.status);
  await turn(scope, integration, isWorse ? trouble.status : integration.status, error, trouble);
}

/** Says that an integration works again; what is left in its dead letters keeps it degraded. */
export async function noteRecovery(scope: ActionScope, integrationId: string): Promise<void> {
  const integration = (await scope.tx.one(lockIntegration(integrationId)))!;
  if (!(TROUBLES as readonly string[]).includes(integration.status) || integration.status === 'HEALTHY') return;
  const { count } = (await scope.tx.one(countOpenLetters(integrationId)))!;
  const status = count > 0 ? 'DEGRADED' : 'HEALTHY';
  if (status !== integration.status) await turn(scope, integration, status, null);
}

/** Says that a stream was read to its end: what failed before works again. An event where there was something new. */
export async function noteProgress(
  scope: ActionScope,
  walk: { integrationId: string; stream: string; isFirst: boolean; rows: number },
): Promise<void> {
  await noteRecovery(scope, walk.integrationId);
  if (walk.rows === 0 && !walk.isFirst) return;
  await scope.tx.flush();
  const integration = (await scope.tx.one(lockIntegration(walk.integrationId)))!;
  await appendIntegrationEvent(scope, integration, {
    type: 'SYNCED',
    message: `Integration ${integration.code}: ${walk.stream} read to the end, ${walk.rows} records`,
    changes: [],
    data: { stream: walk.stream, rows: walk.rows },
  });
}

async function turn(
  scope: ActionScope,
  integration: { id: string; code: string; status: IntegrationStatus; version: number; event_count: number },
  status: IntegrationStatus,
  error: string | null,
  { what, data }: { what?: string; data?: object } = {},
): Promise<void> {
  const turns = status !== integration.status;
  const version = integration.version + (turns ? 1 : 0);
  scope.tx.defer(updateTrouble(integration.id, status, error, version, scope.now.toISOString()));
  if (!turns) return;
  await appendIntegrationEvent(scope, integration, {
    type: 'STATUS_CHANGED',
    // The reason may quote a person's data: it stands with the integration and its dead letters, not in the log.
    message: `Integration ${integration.code}: ${what ?? `${integration.status} to ${status}`}`,
    changes: [{ field: 'status', from: integration.status, to: status }],
    ...(data && { data }),
    statusFrom: integration.status,
    statusTo: status,
  });
}
