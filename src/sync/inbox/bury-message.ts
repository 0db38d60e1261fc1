import type { FailureKind } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import { recordDeadLetter, selectConnection } from '../../modules/integrations/index.js';
import { scopeOf, type SyncParts } from '../parts.js';
import { finishMessage, lockMessage } from './inbox.queries.js';

/**
 * Gives a message up: it becomes a dead letter with its reason. `kind`: of the connector's failure; none where the hub itself
 * refuses it. `keep` saves what it said that is no part of the reason. Does nothing where it was carried out meanwhile.
 */
export async function buryMessage(
  parts: SyncParts,
  id: string,
  error: string,
  attempts: number,
  { kind, keep }: { kind?: FailureKind | undefined; keep?: (tx: Transaction) => Promise<void> } = {},
): Promise<void> {
  await parts.db.transaction('bury-message', async (tx) => {
    const message = await tx.one(lockMessage(id));
    if (message?.status !== 'RECEIVED' && message?.status !== 'WAITING') return;
    const connection = (await tx.one(selectConnection(message.integration_id)))!;
    await keep?.(tx);
    const scope = scopeOf(parts, tx, connection);
    const { deadLetterId } = await recordDeadLetter(scope, {
      integrationId: connection.id,
      stream: message.topic,
      externalId: message.external_id,
      error,
      attempts,
      body: message.body,
      inboxMessageId: id,
    });
    tx.defer(finishMessage(id, 'DEAD', `dead letter ${deadLetterId}`, attempts, scope.now.toISOString()));
    parts.log.warn(
      { integration: connection.code, topic: message.topic, deadLetterId, ...(kind && { kind }) },
      'a message could not be taken',
    );
  });
}
