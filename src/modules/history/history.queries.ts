import { sql } from '../../db/statement.js';
import type { RecordedEventRow } from '../../events/streamed-event.js';
import { condition, rangeConditions, type Condition, type ListQuery } from '../../graph/list-query.js';
import type { DateTimeRange } from '../../graph/values.type.js';

const EVENT =
  'e.id::text, e.subject_kind, e.subject_id::text, e.sequence, e.type, e.at::text, e.actor_kind, e.actor_id, ' +
  'e.actor_name, e.message, e.changes::text, e.data::text, e.channel, e.customer_id::text, e.status_from, e.status_to, ' +
  's.payload::text as personal';
const FROM = 'event e left join event_personal s on s.id = e.personal_id';

export const selectChanges = sql<RecordedEventRow>(
  'history.by-id',
  `select ${EVENT} from ${FROM} where e.id = any($1::bigint[])`,
);

/** The changes of one record, by the index that keeps its sequence. */
export function historyList(kind: string, recordId: string, newestFirst: boolean): ListQuery {
  return {
    select: EVENT,
    from: FROM,
    where: [condition('e.subject_kind = $1', kind)],
    parent: { columns: ['e.subject_id'], keys: [recordId] },
    sort: { column: 'e.sequence', type: 'bigint' },
    id: 'e.id',
    descending: newestFirst,
  };
}

export interface AuditConditions {
  kinds: string[];
  subject: { kind: string; id: string } | null;
  actorKind: string | null;
  actorId: string | null;
  types: string[] | null;
  at: DateTimeRange | null | undefined;
}

/** The busiest kind; the index of all others leaves it out, so that a rare change is found without walking past orders. */
const BUSIEST = 'order';

/** The changes of all records, the newest first, by the indexes of migration 0017. */
export function auditList({ kinds, subject, actorKind, actorId, types, at }: AuditConditions): ListQuery {
  const where: Condition[] = [condition('e.subject_kind = any($1::text[])', kinds)];
  if (!kinds.includes(BUSIEST)) where.push(condition(`e.subject_kind <> '${BUSIEST}'`));
  if (subject) {
    where.push(condition('e.subject_kind = $1', subject.kind), condition('e.subject_id = $1::bigint', subject.id));
  }
  if (actorKind !== null) where.push(condition('e.actor_kind = $1', actorKind));
  if (actorId !== null) where.push(condition('e.actor_id = $1', actorId));
  if (types) where.push(condition('e.type = any($1::text[])', types));
  where.push(...rangeConditions('e.at', at));
  return {
    select: EVENT,
    from: FROM,
    where,
    sort: { column: 'e.at', type: 'timestamptz' },
    id: 'e.id',
    descending: true,
  };
}

interface StoredSettings {
  open: Record<string, string | null>;
  secret: Record<string, string | null>;
}

export const insertSettings = sql<{ only_row: boolean }>(
  'history.insert-settings',
  `insert into hub_settings (settings) values ($1::jsonb) on conflict do nothing returning only_row`,
);
export const lockSettings = sql<{ settings: StoredSettings; change_count: number }>(
  'history.lock-settings',
  `select settings, change_count from hub_settings for update`,
);
export const updateSettings = sql(
  'history.update-settings',
  `update hub_settings set settings = $1::jsonb, change_count = change_count + 1`,
);
