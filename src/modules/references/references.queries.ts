import { sql } from '../../db/statement.js';
import type { IntegrationRow } from './integration.type.js';
import type { ExternalReferenceRow, FieldProvenanceRow } from './references.type.js';

const INTEGRATION = 'id, code, connector, name, status, last_error, version';

export const selectIntegrations = sql<IntegrationRow>(
  'references.integrations',
  `select ${INTEGRATION} from integration where id = any($1::bigint[])`,
);
export const selectIntegrationsByCode = sql<IntegrationRow>(
  'references.integrations-by-code',
  `select ${INTEGRATION} from integration where code = any($1::text[])`,
);
export const selectAllIntegrations = sql<IntegrationRow>(
  'references.all-integrations',
  `select ${INTEGRATION} from integration order by code`,
);

export const selectReferences = sql<ExternalReferenceRow>(
  'references.of-records',
  `select r.integration_id, r.record_kind, r.record_id, r.external_id, r.external_url, r.synced_at, r.source_version,
          r.stated_version, r.gone_at,
          exists (select from push_item p
                   where p.record_kind = $1 and p.record_id = r.record_id and p.integration_id = r.integration_id
                     and p.state <> 'DONE') as pending_push
     from external_reference r
    where r.record_kind = $1 and r.record_id = any($2::bigint[]) order by r.integration_id, r.external_id`,
);

/** Two messages about one foreign record, one of them its first, must not both find it missing. */
export const lockForeignRecord = sql(
  'references.lock-foreign',
  `select pg_advisory_xact_lock(hashtextextended($1, 0))`,
);
/** The same for many, always in one order, so that two that take some of the same do not wait for each other. */
export const lockForeignRecords = sql(
  'references.lock-foreign-many',
  `select pg_advisory_xact_lock(key)
     from (select distinct hashtextextended(name, 0) as key from unnest($1::text[]) as name order by key) k`,
);
/** Of records that are known, so that none of them is made, merged or ended meanwhile; others may hold it beside. */
export const shareForeignRecords = sql(
  'references.share-foreign-many',
  `select pg_advisory_xact_lock_shared(key)
     from (select distinct hashtextextended(name, 0) as key from unnest($1::text[]) as name order by key) k`,
);

export interface ReferenceRow {
  record_id: string;
  integration_id: string;
  source_version: string | null;
  /** When the newest state applied was seen there; null where the system never stated the record. */
  observed_at: string | null;
  gone_at: string | null;
  stated_version: string | null;
  /** As the module wrote it that takes such records in. */
  stated: unknown;
}
export const findReference = sql<ReferenceRow>(
  'references.find',
  `select r.record_id, r.integration_id, r.source_version, r.observed_at, r.gone_at, r.stated_version, r.stated
     from external_reference r join integration i on i.id = r.integration_id
    where i.code = $1 and r.record_kind = $2 and r.external_id = $3`,
);
export const selectRecordsByExternalId = sql<{ record_id: string; code: string; external_id: string }>(
  'references.records-by-external-id',
  `select r.record_id, i.code, r.external_id
     from external_reference r join integration i on i.id = r.integration_id
    where r.record_kind = $1
      and (i.code, r.external_id) in (select * from unnest($2::text[], $3::text[]))`,
);

export const insertReference = sql<{ record_id: string }>(
  'references.insert',
  `insert into external_reference (integration_id, record_kind, external_id, record_id, external_url, source_version, synced_at)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning record_id`,
);
/** Where nobody knows the ids, as the locks of the foreign records show; another that made one first has all of it run again. */
export const insertNewReferences = sql(
  'references.insert-new',
  `insert into external_reference (integration_id, record_kind, external_id, record_id, external_url, source_version,
                                   observed_at, synced_at)
   select $1, $2, r.external_id, r.record_id, r.url, r.version, r.observed_at, $3
     from unnest($4::text[], $5::bigint[], $6::text[], $7::timestamptz[], $8::timestamptz[])
       as r (external_id, record_id, url, version, observed_at)`,
);
export const updateReference = sql(
  'references.synced',
  `update external_reference
      set source_version = $4, synced_at = $5, external_url = coalesce($6, external_url), observed_at = $7, gone_at = null
    where integration_id = $1 and record_kind = $2 and external_id = $3`,
);
export const updateStatement = sql(
  'references.stated',
  `update external_reference set stated_version = $4, stated = $5::jsonb, source_version = $6, synced_at = $7,
          external_url = coalesce($8, external_url), observed_at = $7
    where integration_id = $1 and record_kind = $2 and external_id = $3`,
);

/** Which of the ids mean another record already; each id of the call is linked or brought up to date otherwise. */
export const linkTold = sql<{ record_id: string; is_new: boolean }>(
  'references.link-told',
  `insert into external_reference as known (integration_id, record_kind, external_id, record_id, external_url, synced_at,
     echo_version, echo_modified_at)
   select $1, $2, t.external_id, t.record_id, t.url, $7, t.version, t.modified_at
     from unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $8::timestamptz[])
       as t (external_id, record_id, url, version, modified_at)
   on conflict (integration_id, record_kind, external_id) do update
     set external_url = coalesce(excluded.external_url, known.external_url), synced_at = excluded.synced_at,
         echo_version = excluded.echo_version, echo_modified_at = excluded.echo_modified_at
   where known.record_id = excluded.record_id
   returning record_id, xmax = 0 as is_new`,
);
export const touchTold = sql(
  'references.touch-told',
  `update external_reference set synced_at = $4 where integration_id = $1 and record_kind = $2 and record_id = any($3::bigint[])`,
);

/** What the hub wrote last to a record there, and whether what it is writing to it, or making there, has no answer yet. */
export interface EchoRow {
  is_echo: boolean;
  is_being_told: boolean;
}
export const selectEcho = sql<EchoRow>(
  'references.echo',
  `with known as (
     select record_id, echo_version, echo_modified_at from external_reference
      where integration_id = $1 and record_kind = $2 and external_id = $3)
   select coalesce((select echo_version = $4::text or echo_modified_at = $5::timestamptz(3) from known), false) as is_echo,
          exists (select from push_item p
                   where p.integration_id = $1 and p.record_kind = $2
                     and (p.state = 'SENDING' or (p.state = 'DUE' and p.may_have_arrived))
                     and case when exists (select from known) then p.record_id = (select record_id from known)
                         else not exists (select from external_reference r
                                           where r.integration_id = $1 and r.record_kind = $2 and r.record_id = p.record_id)
                         end) as is_being_told`,
);

export const selectProvenance = sql<FieldProvenanceRow>(
  'references.provenance',
  `select * from field_provenance where record_kind = $1 and record_id = any($2::bigint[]) order by field`,
);
export const upsertProvenance = sql(
  'references.upsert-provenance',
  `insert into field_provenance (record_kind, record_id, field, integration_id, observed_at, updated_at,
                                 actor_kind, actor_id, actor_name, rule)
   select $1, r.id, field, $5, r.observed_at, $6, $7, $8, $9, $10
     from unnest($2::bigint[], $4::timestamptz[]) as r (id, observed_at), unnest($3::text[]) as field
   on conflict (record_kind, record_id, field) do update
     set integration_id = excluded.integration_id, observed_at = excluded.observed_at, updated_at = excluded.updated_at,
         actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, actor_name = excluded.actor_name,
         rule = excluded.rule`,
);

/** Notes that a record is no longer there; an older message of it is stale from now on. */
export const endReference = sql(
  'references.end',
  `update external_reference set gone_at = $4, source_version = $5, synced_at = $4
    where integration_id = $1 and record_kind = $2 and external_id = $3`,
);
/** A foreign record means another record of the hub from now on. */
export const repointReference = sql(
  'references.repoint',
  `update external_reference set record_id = $4, stated = $5::jsonb
    where integration_id = $1 and record_kind = $2 and external_id = $3`,
);
export const repointRecords = sql<{ external_id: string }>(
  'references.repoint-records',
  `update external_reference set record_id = $3 where record_kind = $1 and record_id = any($2::bigint[])
   returning external_id`,
);
/** Whether a record is known anywhere else, by an id that still means something there. */
export const selectOtherReferences = sql<{ integration_id: string; record_id: string; external_id: string }>(
  'references.others',
  `select integration_id, record_id, external_id from external_reference
    where record_kind = $1 and record_id = any($2::bigint[]) and gone_at is null`,
);

export interface EndingRow {
  source_version: string;
  merged_into: string | null;
}
export const selectEnding = sql<EndingRow>(
  'references.ending',
  `select source_version, merged_into from foreign_ending
    where integration_id = $1 and record_kind = $2 and external_id = $3`,
);
export const noteEnding = sql(
  'references.note-ending',
  `insert into foreign_ending (integration_id, record_kind, external_id, source_version, merged_into)
   values ($1, $2, $3, $4, $5)
   on conflict (integration_id, record_kind, external_id) do update
     set source_version = greatest(foreign_ending.source_version, excluded.source_version),
         merged_into = coalesce(excluded.merged_into, foreign_ending.merged_into)`,
);

/** Ids that the hub knows no record by, each with the one that stands for it since it was merged there, however often. */
export const selectSuccessors = sql<{ external_id: string; successor: string }>(
  'references.successors',
  `with recursive chain as (
     select id as external_id, id as successor, 0 as step from unnest($3::text[]) as id
     union all
     select c.external_id, e.merged_into, c.step + 1
       from chain c join integration i on i.code = $1
            join foreign_ending e on e.integration_id = i.id and e.record_kind = $2 and e.external_id = c.successor
      where e.merged_into is not null
        and not exists (select from external_reference r
                         where r.integration_id = i.id and r.record_kind = $2 and r.external_id = c.successor)
   ) cycle successor set is_circle using path
   select external_id, (array_agg(successor order by step desc))[1] as successor from chain
    group by external_id having max(step) > 0 and not bool_or(is_circle)`,
);

/** What a record took over of another comes from where it came from there. */
export const copyProvenance = sql(
  'references.copy-provenance',
  `insert into field_provenance
   select record_kind, $3, field, integration_id, observed_at, updated_at, actor_kind, actor_id, actor_name, rule
     from field_provenance where record_kind = $1 and record_id = $2 and field = any($4::text[])
   on conflict (record_kind, record_id, field) do update
     set integration_id = excluded.integration_id, observed_at = excluded.observed_at, updated_at = excluded.updated_at,
         actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, actor_name = excluded.actor_name,
         rule = excluded.rule`,
);
