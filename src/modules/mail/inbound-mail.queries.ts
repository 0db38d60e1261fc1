import { condition, rangeConditions, type ListQuery } from '../../graph/list-query.js';
import { sql } from '../../db/statement.js';
import type { InboundMailFilter, InboundMailRow } from './inbound-mail.type.js';

const MAIL =
  'm.id, m.message_id, m.envelope_from, m.envelope_to, m.size_bytes, m.deliveries, m.status, m.sender, m.sender_name, ' +
  'm.subject, m.order_id, m.reason, m.findings, m.received_at, m.settled_at, m.version';

/** Answers how often it has come with this time. */
export const keepMailRow = sql<{ id: string; deliveries: number }>(
  'mail.keep',
  `insert into inbound_mail as m (id, key, message_id, envelope_from, envelope_to, remote_address, source, size_bytes,
     status, received_at, next_try_at)
   values ($1, $2, $3, $4, $5, $6, $7::bytea, length($7::bytea), 'RECEIVED', $8, $8)
   on conflict (key) do update set deliveries = m.deliveries + 1 returning m.id, m.deliveries`,
);
export const selectMails = sql<InboundMailRow>(
  'mail.by-id',
  `select ${MAIL} from inbound_mail m where m.id = any($1::bigint[])`,
);
export const selectSources = sql<{ id: string; source: Buffer }>(
  'mail.sources',
  `select id, source from inbound_mail where id = any($1::bigint[])`,
);
export const lockMail = sql<InboundMailRow & { source: Buffer; tries: number }>(
  'mail.lock',
  `select ${MAIL}, m.source, m.tries from inbound_mail m where m.id = $1 for update`,
);
/** Another mail under the same Message-ID that became an order. */
export const selectTwin = sql<{ number: string }>(
  'mail.twin',
  `select o.number from inbound_mail m join orders o on o.id = m.order_id where m.message_id = $1 and m.id <> $2 limit 1`,
);
export const settleMail = sql(
  'mail.settle',
  `update inbound_mail
      set status = $2, sender = $3, sender_name = $4, subject = $5, order_id = $6, reason = $7, findings = $8::jsonb,
          settled_at = $9, version = version + 1
    where id = $1`,
);
/** Nobody else takes them up before the time that is given. */
export const claimMails = sql<{ id: string }>(
  'mail.claim',
  `update inbound_mail set next_try_at = $2
    where id in (select id from inbound_mail where status = 'RECEIVED' and next_try_at <= $1
                  order by next_try_at, id limit $3 for update skip locked)
  returning id`,
);
/** One that cannot be read is tried again later, and given up in the end: then staff see why. */
export const postponeMail = sql(
  'mail.postpone',
  `update inbound_mail
      set tries = tries + 1, next_try_at = $2,
          status = case when tries + 1 >= $4 then 'UNREADABLE' else status end,
          reason = case when tries + 1 >= $4 then $3 else reason end,
          settled_at = case when tries + 1 >= $4 then $5::timestamptz end
    where id = $1 and status = 'RECEIVED'`,
);

/** The oldest of those that came before, with all that was kept of them. What nobody has read yet stays. */
export const deleteOldMails = sql<{ id: string }>(
  'mail.delete-old',
  `delete from inbound_mail
    where id in (select id from inbound_mail where received_at < $1 and status <> 'RECEIVED'
                  order by received_at, id limit $2 for update skip locked)
  returning id`,
);

/** Customers whose own address it is, or a contact's there. */
export const selectSenders = sql<{ customer_id: string; contact_id: string | null }>(
  'mail.senders',
  `select c.id as customer_id, null::bigint as contact_id
     from customer c where lower(c.email) = $1 and c.merged_into_id is null
   union all
   select t.customer_id, t.id
     from contact t join customer c on c.id = t.customer_id
    where lower(t.email) = $1 and c.merged_into_id is null`,
);
export const selectSkus = sql<{ sku: string }>('mail.skus', `select sku from product where sku = any($1::text[])`);

export function inboundMailList(filter: InboundMailFilter | null | undefined): ListQuery {
  const where = rangeConditions('m.received_at', filter?.receivedAt);
  if (filter?.status) where.push(condition('m.status = any($1::text[])', filter.status));
  if (filter?.sender != null) where.push(condition('m.sender = lower($1)', filter.sender));
  return {
    select: MAIL,
    from: 'inbound_mail m',
    where,
    sort: { column: 'm.received_at', type: 'timestamptz' },
    id: 'm.id',
    descending: true,
  };
}
