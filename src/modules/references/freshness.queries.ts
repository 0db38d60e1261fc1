import { sql } from '../../db/statement.js';

export interface SourceRow {
  record_id: string;
  integration_id: string;
  code: string;
  connector: string;
  status: string;
  observed_at: string;
  pending_since: string | null;
  is_heard: boolean;
}
/** The systems that state records, when they were seen to, and since when newer word of theirs waits. */
export const selectSources = sql<SourceRow>(
  'references.sources',
  `select r.record_id, r.integration_id, i.code, i.connector, i.status,
          max(coalesce(r.observed_at, p.observed_at)) as observed_at, min(m.received_at) as pending_since,
          bool_or(p.observed_at is not null) as is_heard
     from external_reference r
     join integration i on i.id = r.integration_id
     left join lateral (
       select max(observed_at) as observed_at from field_provenance
        where record_kind = $1 and record_id = r.record_id and integration_id = r.integration_id) p on true
     left join lateral (
       select min(received_at) as received_at from inbox_message
        where integration_id = r.integration_id and external_id = r.external_id
          and status not in ('APPLIED', 'STALE', 'ECHO')
          and received_at > coalesce(r.observed_at, p.observed_at)) m on true
    where r.record_kind = $1 and r.record_id = any($2::bigint[]) and r.gone_at is null
      and coalesce(r.observed_at, p.observed_at) is not null
    group by r.record_id, r.integration_id, i.code, i.connector, i.status`,
);

export interface PullRow {
  integration_id: string;
  stream: string;
  last_success_at: string | null;
}
export const selectPulls = sql<PullRow>(
  'references.pulls',
  `select integration_id, stream, last_success_at from sync_stream
    where direction = 'PULL' and integration_id = any($1::bigint[])`,
);
