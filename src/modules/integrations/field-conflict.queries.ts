import { sql } from '../../db/statement.js';
import { condition, type ListQuery } from '../../graph/list-query.js';
import type { FieldConflictRow } from './field-conflict.type.js';

const CONFLICT = 'id, record_kind, record_id, field, opened_at, closed_at';

export const selectConflicts = sql<FieldConflictRow>(
  'integrations.conflicts',
  `select ${CONFLICT} from field_conflict where id = any($1::bigint[])`,
);
/** Those that wait, the longest first. */
export function openConflictList(): ListQuery {
  return {
    select: CONFLICT,
    from: 'field_conflict',
    where: [condition('closed_at is null')],
    sort: { column: 'opened_at', type: 'timestamptz' },
    id: 'id',
    descending: false,
  };
}
