import type { RecordKind } from '../../connect/index.js';
import { byKind } from './source-record.queries.js';

const CHANGED_AT: Record<RecordKind, string> = {
  customer: `(select updated_at from customer where id = k.record_id)`,
  contact: `(select c.updated_at from contact t join customer c on c.id = t.customer_id where t.id = k.record_id)`,
  product: `(select updated_at from product where id = k.record_id)`,
  stock: `(select updated_at from stock_level where id = k.record_id)`,
  order: `(select updated_at from orders where id = k.record_id)`,
  quote: `(select updated_at from quote where id = k.record_id)`,
  shipment: `(select updated_at from shipment where id = k.record_id)`,
  payment: `null::timestamptz`,
};
const BUCKET = (id: string) => `(hashtextextended(${id}, 0) & 255)`;

/**
 * What the system lists, and what the hub knows of the stream's records, in the windows `$4` or in all: by its notes and by
 * its references. Where `$3` says that no other stream has records of that kind, those that are not listed are among them.
 */
const BOTH_SIDES = (digest: string, kind: RecordKind) => `
  there as materialized (
    select external_id, bucket, version from census_record
     where integration_id = $1 and stream = $2 and ($4::int[] is null or bucket = any($4))),
  known as materialized (
    select s.external_id, s.bucket, s.version, r.record_id, d.digest, s.digest is not distinct from d.digest as is_as_noted
      from source_record s
      left join external_reference r on r.integration_id = $1 and r.record_kind = '${kind}'
           and r.external_id = s.external_id and r.gone_at is null
     cross join lateral (select (${digest}) as digest) d
     where s.integration_id = $1 and s.stream = $2 and ($4::int[] is null or s.bucket = any($4))
    union all
    select r.external_id, ${BUCKET('r.external_id')}, null, r.record_id, (${digest}), false
      from external_reference r
     where r.integration_id = $1 and r.record_kind = '${kind}' and r.gone_at is null
       and ($4::int[] is null or ${BUCKET('r.external_id')} = any($4))
       and (($3::boolean and r.observed_at is not null)
            or exists (select from there t where t.external_id = r.external_id))
       and not exists (select from source_record s
                        where s.integration_id = $1 and s.stream = $2 and s.external_id = r.external_id))`;

export interface Totals {
  here: number;
  there: number;
  /** Of those here, how many the system no longer lists. */
  gone: number;
  /** Windows in which count or checksum differ, and those of drift that is open. */
  windows: number[];
}
/** The cheap compare: by count and checksum of each window, without a question to the system. */
export const selectTotals = byKind<Totals>(
  'totals',
  (digest, kind) => `
  with ${BOTH_SIDES(digest, kind)},
  left_side as (
    select bucket, count(*) as n,
           sum(hashtextextended(external_id || '@' || case when is_as_noted then version else '' end, 0)) as checksum
      from known group by bucket),
  right_side as (
    select bucket, count(*) as n, sum(hashtextextended(external_id || '@' || version, 0)) as checksum
      from there group by bucket)
  select (select count(*)::int from known where record_id is not null) as here,
         (select count(*)::int from there) as there,
         (select count(*)::int from known k where record_id is not null
             and not exists (select from there t where t.external_id = k.external_id)) as gone,
         array(select bucket::int from left_side l full join right_side r using (bucket)
                where (l.n, l.checksum) is distinct from (r.n, r.checksum)
               union select ${BUCKET('external_id')}::int from drift_item
                where integration_id = $1 and stream = $2 and status = 'OPEN' order by 1) as windows`,
);

export interface Candidate {
  external_id: string;
  /** As the system lists it; null where it does not. */
  version: string | null;
  /** The hub's record; null where it has none. */
  record_id: string | null;
  digest: string | null;
  changed_at: string | null;
  /** Word of it waits to be applied or told: the sides may differ, and will not for long. */
  is_busy: boolean;
  /** What the system said of it could not be taken. */
  has_letter: boolean;
}
/** Of the windows `$4` the next records that are not as they were noted, behind `$5`. */
export const selectCandidates = byKind<Candidate>(
  'candidates',
  (digest, kind) => `
  with ${BOTH_SIDES(digest, kind)},
  differing as (
    select coalesce(k.external_id, t.external_id) as external_id, t.version, k.record_id, k.digest
      from known k full join there t on t.external_id = k.external_id
     where t.external_id is null or t.version is distinct from case when k.is_as_noted then k.version end
        or exists (select from drift_item i
                    where i.integration_id = $1 and i.stream = $2 and i.external_id = t.external_id and i.status = 'OPEN'))
  select k.*, ${CHANGED_AT[kind]} as changed_at,
         exists (select from inbox_message m
                  where m.integration_id = $1 and m.external_id = k.external_id and m.status in ('RECEIVED', 'WAITING')
                    and m.status not in ('APPLIED', 'STALE', 'ECHO'))
         or exists (select from push_item p
                     where p.integration_id = $1 and p.record_kind = '${kind}' and p.record_id = k.record_id
                       and p.state in ('DUE', 'SENDING')) as is_busy,
         exists (select from dead_letter l
                  where l.integration_id = $1 and l.external_id = k.external_id and l.direction = 'PULL'
                    and l.settled_at is null) as has_letter
    from differing k where k.external_id > $5 order by k.external_id limit $6`,
);

/** Notes that hub and system say the same of a record that was compared, as the hub had it then. */
export const noteCompared = byKind(
  'note-compared',
  (_, kind) => `
  insert into source_record (integration_id, stream, external_id, record_kind, version, digest)
  values ($1, $2, $3, '${kind}', $4, $5)
  on conflict (integration_id, stream, external_id) do update
    set record_kind = excluded.record_kind, version = excluded.version, digest = excluded.digest`,
);
