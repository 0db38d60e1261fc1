import { condition, type ListQuery } from '../../graph/list-query.js';
import { sql } from '../../db/statement.js';
import type { NotificationFilter, NotificationRow, OptOutRow, SettingRow } from './notification.type.js';

const NOTIFICATION =
  'n.id, n.order_id, n.template, n.audience, n.recipient, n.language, n.status, n.subject, n.body_text, n.repeats, ' +
  'n.reason, n.tries, n.created_at, n.sent_at, n.version';

/** Whether there is something to follow, before anything is locked for it. */
export const selectIsBehind = sql<{ is_behind: boolean }>(
  'notifications.is-behind',
  `select coalesce((select max(position) from event_position), 0) > position as is_behind from notification_position`,
);
/** Whoever gets the row reads on; others leave it to that one. */
export const lockPlace = sql<{ position: string; head: string }>(
  'notifications.lock-place',
  `select position, (select coalesce(max(position), 0) from event_position) as head
     from notification_position for update skip locked`,
);
export const movePlace = sql('notifications.move-place', `update notification_position set position = $1`);

/** What of an event decides whom it is told to, and who that is. */
export interface FollowedRow {
  event_id: string;
  order_id: string;
  type: string;
  status_from: string | null;
  status_to: string | null;
  shipment_status: string | null;
  hold_reason: string | null;
  channel_kind: string;
  email: string | null;
  country: string | null;
}
export const selectTold = sql<FollowedRow>(
  'notifications.told',
  `select e.id as event_id, e.subject_id as order_id, e.type, e.status_from, e.status_to, moved.status as shipment_status,
          e.data ->> 'reason' as hold_reason, c.kind as channel_kind,
          coalesce(nullif(o.email, ''), nullif(t.email, ''), nullif(k.email, '')) as email,
          coalesce(o.shipping_address ->> 'country', o.billing_address ->> 'country', k.billing_address ->> 'country') as country
     from event_position p
     join event e on e.id = p.event_id
     join orders o on o.id = e.subject_id
     join channel c on c.id = o.channel_id
     left join contact t on t.id = o.contact_id
     left join customer k on k.id = o.customer_id
     left join lateral (
       select change ->> 'to' as status from jsonb_array_elements(e.changes) change
        where e.type = 'SHIPMENT_UPDATED' and change ->> 'field' = 'status' limit 1) moved on true
    where p.position > $1 and p.position <= $2 and e.subject_kind = 'order' and e.type = any($3::text[]) and e.at > $4
    order by p.position`,
);
export const insertNotifications = sql(
  'notifications.insert',
  `insert into notification (id, event_id, order_id, template, audience, recipient, language, status, reason, next_try_at,
     created_at)
   select n.id, n.event_id, n.order_id, n.template, n.audience, n.recipient, n.language, n.status, n.reason, $10, $10
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                 $9::text[])
       as n (id, event_id, order_id, template, audience, recipient, language, status, reason)
   on conflict (event_id, template, recipient) do nothing`,
);

/** Nobody else takes them up before the time that is given. */
export const claimNotifications = sql<{ id: string }>(
  'notifications.claim',
  `update notification set next_try_at = $2, tries = tries + 1
    where id in (select id from notification where status = 'QUEUED' and next_try_at <= $1
                  order by next_try_at, id limit $3 for update skip locked)
  returning id`,
);

/** A claimed one with all that its letter may tell. */
export interface ClaimedRow extends NotificationRow {
  body_html: string | null;
  is_opted_out: boolean;
  order_number: string;
  purchase_order_number: string | null;
  customer_name: string | null;
  total_minor: string;
  currency: string;
  event_data: Record<string, unknown> | null;
}
export const selectClaimed = sql<ClaimedRow>(
  'notifications.claimed',
  `select ${NOTIFICATION}, n.body_html,
          exists (select from notification_opt_out x where x.address = n.recipient and x.is_opted_out) as is_opted_out,
          o.number as order_number, o.purchase_order_number, coalesce(t.name, k.name) as customer_name, o.total_minor,
          o.currency, e.data as event_data
     from notification n
     join orders o on o.id = n.order_id
     join event e on e.id = n.event_id
     left join contact t on t.id = o.contact_id
     left join customer k on k.id = o.customer_id
    where n.id = $1 and n.status = 'QUEUED'`,
);
export const selectOrdered = sql<{ sku: string; description: string; quantity: string }>(
  'notifications.ordered',
  `select sku, description, quantity - canceled_quantity as quantity from order_line
    where order_id = $1 and quantity > canceled_quantity order by position`,
);
export interface ParcelRow {
  number: string;
  status: string;
  carrier: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
}
export const selectParcel = sql<ParcelRow>(
  'notifications.parcel',
  `select number, status, carrier, tracking_number, tracking_url from shipment where id = $1`,
);
export const selectPacked = sql<{ sku: string; description: string; quantity: string }>(
  'notifications.packed',
  `select l.sku, coalesce(p.name, l.sku) as description, l.quantity
     from shipment_line l left join product p on p.id = l.product_id where l.shipment_id = $1 order by l.id`,
);

/** Kept before it is sent: a later try sends the same. */
export const keepLetter = sql(
  'notifications.keep-letter',
  `update notification set subject = $2, body_text = $3, body_html = $4 where id = $1`,
);
export const settleNotification = sql<{ id: string }>(
  'notifications.settle',
  `update notification
      set status = $2, reason = $3, next_try_at = $4, sent_at = case when $2 = 'SENT' then $5::timestamptz else sent_at end,
          version = version + 1
    where id = $1 and status = 'QUEUED' returning id`,
);
export const lockNotification = sql<NotificationRow>(
  'notifications.lock',
  `select ${NOTIFICATION} from notification n where n.id = $1 for update`,
);
/** To be sent once more, as another letter: a server that knows the one before takes this one too. */
export const requeue = sql(
  'notifications.requeue',
  `update notification
      set status = 'QUEUED', reason = null, tries = 0, next_try_at = $2, repeats = repeats + 1, version = version + 1
    where id = $1`,
);

export const selectNotifications = sql<NotificationRow>(
  'notifications.by-id',
  `select ${NOTIFICATION} from notification n where n.id = any($1::bigint[])`,
);
export const selectNotificationsOfOrders = sql<NotificationRow>(
  'notifications.of-orders',
  `select ${NOTIFICATION} from notification n where n.order_id = any($1::bigint[]) order by n.order_id, n.id`,
);
export function notificationList(filter: NotificationFilter | null | undefined): ListQuery {
  return {
    select: NOTIFICATION,
    from: 'notification n',
    where: [
      ...(filter?.status ? [condition('n.status = any($1::text[])', filter.status)] : []),
      ...(filter?.template ? [condition('n.template = any($1::text[])', filter.template)] : []),
      ...(filter?.recipient != null ? [condition('n.recipient = lower($1)', filter.recipient)] : []),
    ],
    sort: { column: 'n.created_at', type: 'timestamptz' },
    id: 'n.id',
    descending: true,
  };
}

export const selectSettings = sql<SettingRow>(
  'notifications.settings',
  `select template, channel_kind, is_on, version from notification_setting`,
);
/** Answers nothing where it was so already. */
export const upsertSetting = sql<{ id: string; version: number }>(
  'notifications.upsert-setting',
  `insert into notification_setting as s (template, channel_kind, is_on) values ($1, $2, $3)
   on conflict (template, channel_kind) do update set is_on = excluded.is_on, version = s.version + 1
    where s.is_on <> excluded.is_on returning s.id, s.version`,
);

/** Answers nothing where it was so already. */
export const optOut = sql<{ id: string; version: number }>(
  'notifications.opt-out',
  `insert into notification_opt_out as x (address, is_opted_out, at) values (lower($1), true, $2)
   on conflict (address) do update set is_opted_out = true, at = excluded.at, version = x.version + 1
    where not x.is_opted_out returning x.id, x.version`,
);
export const optIn = sql<{ id: string; version: number }>(
  'notifications.opt-in',
  `update notification_opt_out set is_opted_out = false, at = $2, version = version + 1
    where address = lower($1) and is_opted_out returning id, version`,
);
export const selectOptOuts = sql<OptOutRow>(
  'notifications.opt-outs',
  `select address, at from notification_opt_out
    where is_opted_out and ($1::text is null or address = lower($1)) order by at desc, address limit 250`,
);
