import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { isAddress } from '../notification.rules.js';
import { lockNotification, requeue } from '../notification.queries.js';
import { NOTIFICATION_PREFIX, type ResendNotificationInput } from '../notification.type.js';

/** Has a letter sent once more; CONFLICT for one that waits to be sent anyway. */
export async function resendNotification(
  { tx, now }: ActionScope,
  input: Omit<ResendNotificationInput, 'idempotencyKey'>,
): Promise<{ notificationId: string }> {
  const id = idOf(NOTIFICATION_PREFIX, input.notificationId);
  const row = id === null ? undefined : await tx.one(lockNotification(id));
  if (!row) throw refuse('NOT_FOUND', `no letter has the id ${input.notificationId}`, ['notificationId']);
  if (input.expectedVersion != null && input.expectedVersion !== row.version)
    throw new Refusal([versionConflict('the letter', input.expectedVersion, row.version)]);
  if (row.status === 'QUEUED') throw refuse('CONFLICT', 'the letter waits to be sent anyway', ['notificationId']);
  if (!isAddress(row.recipient))
    throw refuse('INVALID', `"${row.recipient}" is no address that a letter can be sent to`, ['notificationId']);
  tx.defer(requeue(row.id, now.toISOString()));
  return { notificationId: row.id };
}
