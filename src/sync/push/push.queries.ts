import { sql, type Statement } from '../../db/statement.js';
import { DUE_AGAIN, type IntegrationStatus } from '../../modules/integrations/index.js';
import type { OutgoingKind } from '../../shared/outgoing/index.js';

/** Integrations in these are told nothing; what is due waits. */
export const SILENT: readonly IntegrationStatus[] = ['PAUSED', 'UNAUTHORIZED', 'DISCONNECTED'];

/** Whoever gets the row makes records due; others leave it to that one. */
export const lockPosition = sql<{ position: string }>(
  'push.lock-position',
  `select position from push_position for update skip locked`,
);
/** Where nobody is told anything only the connecting of a system counts: to before the next one, or to the end. */
export const leapOver = sql<{ position: string }>(
  'push.leap-over',
  `update push_position
      set position = coalesce(
        (select min(p.position) - 1 from event e join event_position p on p.event_id = e.id
          where e.subject_kind = 'integration' and p.position > push_position.position),
        (select max(position) from event_position), position)
    where not exists (select from push_stream) returning position`,
);
export const movePosition = sql('push.move-position', `update push_position set position = $1`);

/** What of an event tells which records it makes due. */
export interface FollowedRow {
  position: string;
  subject_kind: string;
  subject_id: string;
  type: string;
  at: string;
  actor_kind: string;
  actor_id: string | null;
  status_from: string | null;
  status_to: string | null;
  shipment: string | null;
  is_linked: boolean;
}
export const selectBehind = sql<FollowedRow>(
  'push.behind',
  `select p.position, e.subject_kind, e.subject_id, e.type, e.at, e.actor_kind, e.actor_id, e.status_from, e.status_to,
          e.data ->> 'shipment' as shipment, e.changes @> '[{"field": "externalReferences"}]' as is_linked
     from event_position p join event e on e.id = p.event_id
    where p.position > $1 order by p.position limit $2`,
);

export const selectQuotesOfOrders = sql<{ id: string; quote_id: string }>(
  'push.quotes-of-orders',
  `select id, quote_id from orders where id = any($1::bigint[]) and quote_id is not null`,
);
export const selectLevelsOfProducts = sql<{ id: string; product_id: string }>(
  'push.levels-of-products',
  `select id, product_id from stock_level where product_id = any($1::bigint[])`,
);

/**
 * Makes records due at every integration that is told records of their kind. `teller`: the integration that told the
 * change itself; where it knows the record, it hears nothing of it.
 */
export const markDue = sql<{ integration_id: string; stream: string }>(
  'push.mark-due',
  `with marked as (
     insert into push_item as item (integration_id, stream, record_kind, record_id, state, due_at, first_due_at)
     select s.integration_id, s.stream, s.record_kind, t.id, 'DUE', $5, t.at
       from unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::bigint[]) as t (kind, id, at, teller)
       join push_stream s on s.record_kind = t.kind
      where s.integration_id is distinct from t.teller
         or (t.kind <> 'stock' and not exists (
              select from external_reference r
               where r.integration_id = t.teller and r.record_kind = t.kind and r.record_id = t.id))
      order by s.integration_id, s.stream, t.id
     on conflict (integration_id, stream, record_id) do update set ${DUE_AGAIN}
     returning integration_id, stream)
   select distinct m.integration_id, m.stream from marked m join integration i on i.id = m.integration_id
    where i.status <> all($6::text[])`,
);

export interface ConnectedRow {
  id: string;
  connector: string;
  status: IntegrationStatus;
}
export const selectConnected = sql<ConnectedRow>(
  'push.connected',
  `select id, connector, status from integration where not only_listens`,
);

/** Begins streams that are not there yet; `$4` are told all there is. `$5`: the system was away, and is told it anew. */
export const openStreams = sql(
  'push.open-streams',
  `with opened as (
     insert into push_stream as known (integration_id, stream, record_kind)
     select t.id, t.stream, t.kind from unnest($1::bigint[], $2::text[], $3::text[]) as t (id, stream, kind)
     on conflict (integration_id, stream) do update set record_kind = excluded.record_kind, waits_until = null, failures = 0
      where $5 or known.record_kind <> excluded.record_kind)
   insert into sync_stream as known (integration_id, stream, direction, walk)
   select t.id, t.stream, 'PUSH', case when t.tells_all then json_build_object('after', '0', 'rows', 0, 'startedAt', $6::text)::jsonb end
     from unnest($1::bigint[], $2::text[], $4::boolean[]) as t (id, stream, tells_all)
   on conflict (integration_id, stream, direction) do update set walk = excluded.walk where $5`,
);

/** A walk over all records of a stream's kind. */
export interface Walk {
  after: string;
  rows: number;
  startedAt: string;
}
export interface StreamRow {
  record_kind: OutgoingKind;
  waits_until: string | null;
  failures: number;
  walk: Walk | null;
}
const STREAM = `
  select p.record_kind, p.waits_until, p.failures, s.walk from push_stream p
    join sync_stream s on s.integration_id = p.integration_id and s.stream = p.stream and s.direction = 'PUSH'
   where p.integration_id = $1 and p.stream = $2`;
export const selectStream = sql<StreamRow>('push.stream', STREAM);
export const lockStream = sql<StreamRow>('push.lock-stream', `${STREAM} for update of s`);
export const keepWalk = sql(
  'push.keep-walk',
  `update sync_stream set walk = $3::jsonb where integration_id = $1 and stream = $2 and direction = 'PUSH'`,
);

const TABLES: Record<OutgoingKind, string> = {
  stock: 'stock_level',
  customer: 'customer',
  product: 'product',
  order: 'orders',
  shipment: 'shipment',
  quote: 'quote',
};
/** Makes one page of all records due, behind what changes meanwhile; what was told since the walk began was told. */
export const walkPage = Object.fromEntries(
  Object.entries(TABLES).map(([kind, table]) => [
    kind,
    sql<{ rows: number; last: string | null }>(
      `push.walk-${kind}`,
      `with page as (select id from ${table} where id > $3 order by id limit $4),
       marked as (
         insert into push_item as item
           (integration_id, stream, record_kind, record_id, state, is_initial, due_at, first_due_at)
         select $1, $2, '${kind}', id, 'DUE', true, $5, $5 from page order by id
         on conflict (integration_id, stream, record_id) do update set ${DUE_AGAIN}
          where item.state in ('DONE', 'DEAD') and (item.told_at is null or item.told_at < $6))
       select count(*)::int as rows, max(id) as last from page`,
    ),
  ]),
) as Record<OutgoingKind, (...values: unknown[]) => Statement<{ rows: number; last: string | null }>>;
