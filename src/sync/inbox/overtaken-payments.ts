import { sql, type Statement } from '../../db/statement.js';
import type { StatedPayment } from '../../shared/stated/index.js';

const settleOvertaken = sql(
  'inbox.settle-overtaken-payments',
  `update dead_letter letter set settled_at = $5, settled_by = 'a later state of it was taken'
     from inbox_message m
    where letter.integration_id = $1 and letter.settled_at is null and letter.stream = 'payment' and letter.external_id = $2
      and m.id = letter.inbox_message_id and m.origin = 'HUB'
      and length(m.event_id) = length($3) + 1 + length($4)
      and m.event_id collate "C" between $3 || ' ' and $3 || ' ' || $4`,
);

/** What was refused of a payment in an earlier state matters no longer where a later one was taken. */
export function settleOvertakenPayments(
  integrationId: string,
  { externalId, orderExternalId, sourceVersion }: StatedPayment,
  now: Date,
): Statement {
  return settleOvertaken(integrationId, orderExternalId, externalId, sourceVersion.toISOString(), now.toISOString());
}
