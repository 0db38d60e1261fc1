import { sql } from '../../db/statement.js';
import { condition, type Condition, type ListQuery } from '../../graph/list-query.js';
import type { DriftFilter } from './drift-input.type.js';
import type { DriftRow } from './drift.type.js';

const ITEM =
  'd.id, d.integration_id, d.stream, d.push_stream, d.record_kind, d.record_id, d.external_id, d.field, d.hub_value, ' +
  'd.source_value, d.hub_value_at, d.source_value_at, d.reason, d.proposed_repair, d.status, d.found_at, d.closed_at, ' +
  'd.repair, d.decided_kind, d.decided_id, d.decided_name';

export const selectDrift = sql<DriftRow>(
  'integrations.drift',
  `select ${ITEM} from drift_item d where d.id = any($1::bigint[])`,
);

/** The longest known first. */
export function driftList(filter: DriftFilter | null | undefined): ListQuery {
  const { integration, stream, record, field, externalId, status } = filter ?? {};
  const equal = (column: string, value: string | null | undefined): Condition[] =>
    value == null ? [] : [condition(`${column} = $1`, value)];
  const where = [
    condition(`d.status = '${status ?? 'OPEN'}'`),
    ...(integration == null
      ? []
      : [condition('d.integration_id = (select id from integration where code = $1)', integration)]),
    ...equal('d.stream', stream),
    ...equal('d.record_kind', record),
    ...equal('d.field', field),
    ...equal('d.external_id', externalId),
  ];
  const sort = { column: 'd.found_at', type: 'timestamptz' } as const;
  return { select: ITEM, from: 'drift_item d', where, sort, id: 'd.id', descending: false };
}

export const lockDrift = sql<DriftRow>(
  'integrations.lock-drift',
  `select ${ITEM} from drift_item d where d.id = $1 for update`,
);
export const selectDriftToRepair = sql<DriftRow>(
  'integrations.drift-to-repair',
  `select ${ITEM} from drift_item d
    where d.integration_id = $1 and d.status = 'OPEN' and ($2::text is null or d.stream = $2)
      and ($3::text is null or d.field = $3) and ($4::text is null or d.proposed_repair = $4)
      and ($5::text is not null or d.proposed_repair is not null)
    order by d.found_at, d.id limit $6 for update`,
);
export const decideDrift = sql(
  'integrations.decide-drift',
  `update drift_item set status = case when $2 = 'IGNORE' then 'IGNORED' else 'REPAIRED' end, repair = $2, closed_at = $3,
          decided_kind = $4, decided_id = $5, decided_name = $6
    where id = any($1::bigint[])`,
);

/** What is known of a record's drift: what is open, and what is to be left alone. */
export const lockDriftOfRecord = sql<Pick<DriftRow, 'id' | 'field' | 'hub_value' | 'source_value' | 'status'>>(
  'integrations.drift-of-record',
  `select id, field, hub_value, source_value, status from drift_item
    where integration_id = $1 and stream = $2 and external_id = $3 and status in ('OPEN', 'IGNORED')
    order by id for update`,
);
export const settleDrift = sql(
  'integrations.settle-drift',
  `update drift_item set status = 'SETTLED', closed_at = $2 where id = any($1::bigint[])`,
);
/** `$12`: since when the hub's record is as it is, where nothing is known of the field itself. */
export const insertDrift = sql(
  'integrations.insert-drift',
  `insert into drift_item (id, integration_id, stream, push_stream, record_kind, record_id, external_id, found_at, field,
                           hub_value, source_value, hub_value_at, source_value_at, reason, proposed_repair)
   select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb,
          coalesce((select updated_at from field_provenance
                     where record_kind = $5 and record_id = $6 and field = $9), $12::timestamptz), $13, $14, $15`,
);
/** Drift of records that neither side has any more. */
export const settleVanished = sql<{ id: string }>(
  'integrations.settle-vanished',
  `update drift_item d set status = 'SETTLED', closed_at = $3
    where d.integration_id = $1 and d.stream = $2 and d.status = 'OPEN'
      and not exists (select from census_record c
                       where c.integration_id = $1 and c.stream = $2 and c.external_id = d.external_id)
      and not exists (select from external_reference r
                       where r.integration_id = $1 and r.record_kind = d.record_kind
                         and r.external_id = d.external_id and r.gone_at is null)
   returning d.id`,
);
/** What is closed may name persons, and is of no use for long; what is ignored is remembered. */
export const forgetOldDrift = sql<{ id: string }>(
  'integrations.forget-old-drift',
  `delete from drift_item where id in (
     select id from drift_item where closed_at < $1 and status in ('REPAIRED', 'SETTLED') order by closed_at limit 5000)
   returning id`,
);
export const countDrift = sql<{ integration_id: string; code: string; stream: string; count: number }>(
  'integrations.count-drift',
  `select d.integration_id, i.code, d.stream, count(*)::int as count
     from drift_item d join integration i on i.id = d.integration_id
    where d.status = 'OPEN' and ($1::bigint[] is null or d.integration_id = any($1))
    group by d.integration_id, i.code, d.stream`,
);
export const selectReconciled = sql<{
  integration_id: string;
  stream: string;
  reconciled_at: string | null;
  compared: string;
}>(
  'integrations.reconciled',
  `select integration_id, stream, reconciled_at, compared from reconcile_stream where integration_id = any($1::bigint[])`,
);
