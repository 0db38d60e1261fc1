import { sql } from '../../db/statement.js';
import { addPushJob } from '../../modules/integrations/index.js';

/** An item that this process is to send; nobody else does while the lease holds. */
export interface ClaimedRow {
  record_id: string;
  attempts: number;
  round: number;
  /** Of an earlier attempt: this one is noted as soon as it is claimed. */
  may_have_arrived: boolean;
}
/**
 * Takes due items of a stream: of those that are tried by themselves one, if there are no others. An item is locked while
 * it is taken and has a lease from then on, so that one record is never sent twice at once. The attempt is noted with it.
 */
export const claimItems = sql<ClaimedRow>(
  'push.claim',
  `with due as materialized (
     select record_id, is_alone, may_have_arrived from push_item
      where integration_id = $1 and stream = $2 and state = 'DUE' and due_at <= $3
      order by is_alone, is_initial, due_at, record_id limit $4 for update skip locked),
   picked as (
     select record_id, may_have_arrived from due where not is_alone
     union all
     (select record_id, may_have_arrived from due where not exists (select from due where not is_alone)
       order by record_id limit 1))
   update push_item p
      set state = 'SENDING', lease = $5, leased_by = $6, leased_at = $3, may_have_arrived = true
     from picked
    where p.integration_id = $1 and p.stream = $2 and p.record_id = picked.record_id and p.state = 'DUE'
   returning p.record_id, p.attempts, p.round, picked.may_have_arrived`,
);

/** Which items of a lease are still held: read right before they are sent. */
export const selectLeased = sql<{ record_id: string }>(
  'push.leased',
  `select record_id from push_item where integration_id = $1 and stream = $2 and lease = $3`,
);

/** What became of the items of a lease; those that changed meanwhile are due again. Answers how each stands now. */
export const settleItems = sql<{ record_id: string; state: string }>(
  'push.settle',
  `update push_item p
      set state = case when p.again_at is not null then 'DUE' else o.state end,
          due_at = case when o.is_waiting and p.again_at is not null then $4
                        when o.state = 'DUE' then o.due_at when p.again_at is not null then $4 else p.due_at end,
          first_due_at = case when o.state = 'DUE' then p.first_due_at else coalesce(p.again_at, p.first_due_at) end,
          again_at = null, attempts = o.attempts, last_error = o.error, may_have_arrived = o.may_have_arrived,
          is_alone = o.is_alone, is_initial = p.is_initial and o.state = 'DUE',
          lease = null, leased_by = null, leased_at = null,
          told_version = coalesce(o.told_version, p.told_version),
          told_at = case when o.is_told then $4 else p.told_at end
     from unnest($5::bigint[], $6::text[], $7::timestamptz[], $8::int[], $9::text[], $10::boolean[], $11::boolean[],
                 $12::bigint[], $13::boolean[], $14::boolean[])
       as o (record_id, state, due_at, attempts, error, may_have_arrived, is_alone, told_version, is_told, is_waiting)
    where p.integration_id = $1 and p.stream = $2 and p.lease = $3 and p.record_id = o.record_id
   returning p.record_id, p.state`,
);

/** Items of leases that nobody works on are due again, at `$2` after they were taken. It is not known if they arrived. */
const GIVE_BACK = `
  update push_item
     set state = 'DUE', due_at = leased_at + make_interval(secs => $2::float8), again_at = null, attempts = attempts + 1,
         last_error = 'the process ended before it was known what became of it', lease = null, leased_by = null,
         leased_at = null`;
export const giveBackOwn = sql<{ integration_id: string; stream: string }>(
  'push.give-back-own',
  `${GIVE_BACK} where state = 'SENDING' and lease = any($1::text[]) returning integration_id, stream`,
);
export const selectDeadSenders = sql<{ sender: string }>(
  'push.dead-senders',
  `with senders as materialized (select distinct leased_by as sender from push_item where state = 'SENDING')
   select sender from senders where pg_try_advisory_xact_lock($1::int, hashtext(sender))`,
);
export const giveBackDead = sql<{ integration_id: string; stream: string }>(
  'push.give-back-dead',
  `${GIVE_BACK} where state = 'SENDING' and leased_by = any($1::text[]) returning integration_id, stream`,
);

/** Streams of an integration by which something is to be told, now or later. */
export const selectWaitingStreams = sql<{ integration_id: string; stream: string }>(
  'push.waiting-streams',
  `select s.integration_id, s.stream from sync_stream s
    where s.integration_id = $1 and s.direction = 'PUSH'
      and (s.walk is not null or exists (select from push_item p
                                          where p.integration_id = $1 and p.stream = s.stream and p.state = 'DUE'))`,
);

/** When something of a stream is due next. */
export const selectNextDue = sql<{ due_at: string | null }>(
  'push.next-due',
  `select min(due_at) as due_at from push_item where integration_id = $1 and stream = $2 and state = 'DUE'`,
);
export const selectJobless = sql<{ integration_id: string; stream: string; due_at: string }>(
  'push.jobless',
  `select p.integration_id, p.stream, coalesce(d.due_at, $2) as due_at
     from push_stream p join integration i on i.id = p.integration_id
     join sync_stream s on s.integration_id = p.integration_id and s.stream = p.stream and s.direction = 'PUSH'
     left join lateral (select min(due_at) as due_at from push_item q
                         where q.integration_id = p.integration_id and q.stream = p.stream and q.state = 'DUE') d on true
    where i.status <> all($1::text[]) and (d.due_at is not null or s.walk is not null)
      and not exists (select from graphile_worker.jobs j
                       where j.key = 'push:' || p.integration_id || ':' || p.stream and j.attempts < j.max_attempts)`,
);

/**
 * A system that knows a record from now on hears again of what was told, or not told, without naming it. Of what is due
 * too: the rows are held to the end of the transaction, so that nobody reads on without the new name. Of an order it hears
 * of all parcels, be they from before it was connected.
 */
export const remindOfLinked = sql(
  'push.remind',
  `with touched (kind, id) as (
     select 'stock', id from stock_level where $2 = 'product' and product_id = any($3::bigint[])
     union all select 'order', id from orders where $2 = 'customer' and customer_id = any($3::bigint[])
     union all select 'order', line.order_id
       from push_item open join order_line line on line.order_id = open.record_id
      where $2 = 'product' and open.integration_id = $1 and open.record_kind = 'order'
        and open.state in ('DUE', 'SENDING') and line.product_id = any($3::bigint[])
     union all select 'order', id from orders where $2 = 'quote' and quote_id = any($3::bigint[])
     union all select 'shipment', id from shipment where $2 = 'order' and order_id = any($3::bigint[])
     union all select 'quote', quote_id from orders where $2 = 'order' and id = any($3::bigint[]) and quote_id is not null),
   reminded as (
     update push_item item
        set state = case when item.state = 'SENDING' then 'SENDING' else 'DUE' end,
            due_at = case when item.state in ('DONE', 'DEAD') then $4 else least(item.due_at, $4) end,
            first_due_at = case when item.state in ('DONE', 'DEAD') then $4 else item.first_due_at end,
            again_at = case when item.state = 'SENDING' then coalesce(item.again_at, $4) end,
            attempts = case when item.state in ('DONE', 'DEAD') then 0 else item.attempts end
       from touched
      where item.integration_id = $1 and item.record_kind = touched.kind and item.record_id = touched.id
     returning item.stream),
   belonging as (
     insert into push_item (integration_id, stream, record_kind, record_id, state, due_at, first_due_at)
     select $1::bigint, s.stream, 'shipment', touched.id, 'DUE', $4, $4
       from touched join push_stream s on s.integration_id = $1 and s.record_kind = 'shipment'
      where touched.kind = 'shipment' order by 2, 4
     on conflict (integration_id, stream, record_id) do nothing
     returning stream),
   streams as (select distinct $1::bigint as id, stream from (table reminded union all table belonging) due)
   ${addPushJob('streams', '0', 'replace')}`,
);

/** How a stream is doing. `$6`: the system asks to be left alone until then, or does not answer. */
export const noteRun = sql(
  'push.note-run',
  `with waiting as (
     update push_stream set waits_until = $6, failures = case when $7 then failures + 1 else 0 end
      where integration_id = $1 and stream = $2
        and (waits_until is distinct from $6 or failures <> 0 or $7))
   update sync_stream
      set last_run_at = $3, last_success_at = case when $4 > 0 then $3 else last_success_at end,
          processed = processed + $4, failed = failed + $5, checkpoint = (select position::text from push_position)
    where integration_id = $1 and stream = $2 and direction = 'PUSH'`,
);
