import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { lockMail } from '../inbound-mail.queries.js';
import { INBOUND_MAIL_PREFIX, type RereadMailInput } from '../inbound-mail.type.js';
import { readLockedMail } from './read-mail.js';

/** Reads a mail again that no order was made of; CONFLICT where one was. */
export async function rereadMail(
  scope: ActionScope,
  input: Omit<RereadMailInput, 'idempotencyKey'>,
): Promise<{ mailId: string }> {
  const id = idOf(INBOUND_MAIL_PREFIX, input.mailId);
  const mail = id === null ? undefined : await scope.tx.one(lockMail(id));
  if (!mail) throw refuse('NOT_FOUND', `no mail has the id ${input.mailId}`, ['mailId']);
  if (input.expectedVersion != null && input.expectedVersion !== mail.version)
    throw new Refusal([versionConflict('the mail', input.expectedVersion, mail.version)]);
  if (mail.order_id !== null) throw refuse('CONFLICT', 'an order was made of this mail', ['mailId']);
  await readLockedMail(scope, mail, { acceptsSender: input.acceptSender ?? false });
  return { mailId: mail.id };
}
