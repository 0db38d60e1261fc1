import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { INTEGRATION } from '../integrations.events.js';
import { insertDeadLetter, lockIntegration, updateTrouble } from '../integrations.queries.js';

export interface DeadLetter {
  integrationId: string;
  stream: string;
  externalId: string | null;
  error: string;
  attempts: number;
  body: Buffer | null;
  inboxMessageId: string | null;
}

/** Keeps what could not be taken with its reason, and marks a healthy integration degraded. */
export async function recordDeadLetter(
  { tx, now, actor }: ActionScope,
  letter: DeadLetter,
): Promise<{ deadLetterId: string }> {
  const id = await tx.ids.one();
  const at = now.toISOString();
  const { integrationId, stream, externalId, attempts, body, inboxMessageId } = letter;
  // The reason may quote what was sent, and PostgreSQL's text takes every character but this one.
  const error = letter.error.replaceAll('\0', '\uFFFD');
  const integration = (await tx.one(lockIntegration(integrationId)))!;
  tx.defer(insertDeadLetter(id, integrationId, stream, externalId, error, attempts, body, at, inboxMessageId));
  const turns = integration.status === 'HEALTHY';
  const status = turns ? 'DEGRADED' : integration.status;
  const version = integration.version + (turns ? 1 : 0);
  tx.defer(updateTrouble(integrationId, status, error, version, at));
  if (turns) {
    await appendEvents(tx, [
      {
        subjectKind: INTEGRATION,
        subjectId: integrationId,
        sequence: version,
        at: now,
        actor,
        type: 'STATUS_CHANGED',
        // The reason may quote a person's data; it stands with the dead letter.
        message: `Integration ${integration.code}: a message of ${stream} could not be taken`,
        changes: [{ field: 'status', from: integration.status, to: status }],
        data: { deadLetterId: id },
        statusFrom: integration.status,
        statusTo: status,
      },
    ]);
  }
  return { deadLetterId: id };
}
