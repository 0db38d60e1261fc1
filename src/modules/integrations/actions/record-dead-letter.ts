import type { ActionScope } from '../../../graph/mutation.js';
import { insertDeadLetter } from '../integrations.queries.js';
import { noteTrouble } from './note-trouble.js';

export interface DeadLetter {
  integrationId: string;
  stream: string;
  /** What was told by the system, or what the system was to be told. */
  direction?: 'PULL' | 'PUSH';
  externalId: string | null;
  error: string;
  attempts: number;
  body: Buffer | null;
  inboxMessageId: string | null;
}

/** Keeps what could not be taken with its reason, and marks a healthy integration degraded. */
export async function recordDeadLetter(scope: ActionScope, letter: DeadLetter): Promise<{ deadLetterId: string }> {
  const { tx, now } = scope;
  const id = await tx.ids.one();
  const { integrationId, stream, direction = 'PULL', externalId, attempts, body, inboxMessageId } = letter;
  const error = letter.error.replaceAll('\0', '\uFFFD');
  tx.defer(
    insertDeadLetter(
      id,
      integrationId,
      stream,
      externalId,
      error,
      attempts,
      body,
      now.toISOString(),
      inboxMessageId,
      direction,
    ),
  );
  await noteTrouble(scope, {
    integrationId,
    status: 'DEGRADED',
    error,
    what: `a message of ${stream} could not be taken`,
    data: { deadLetterId: id },
  });
  return { deadLetterId: id };
}
