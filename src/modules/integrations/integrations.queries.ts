import { sql } from '../../db/statement.js';
import { condition, type ListQuery } from '../../graph/list-query.js';
import type { IntegrationRow } from '../references/index.js';
import type { DeadLetterRow } from './dead-letter.type.js';
import type { SyncStreamRow } from './sync-stream.type.js';

export type IntegrationStatus = `${IntegrationRow['status']}`;

export const insertIntegration = sql<{ id: string }>(
  'integrations.insert',
  `insert into integration (id, code, connector, name, settings, credentials, status, created_at, updated_at, version, only_listens)
   values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $8, 1, $9) on conflict (code) do nothing returning id`,
);

/** What the engine needs to hear a system out: who it is, by which connector, and with what secrets. */
export interface ConnectionRow {
  id: string;
  code: string;
  connector: string;
  name: string;
  settings: Record<string, unknown>;
  credentials: Buffer | null;
  status: IntegrationStatus;
  only_listens: boolean;
}
const CONNECTION = 'id, code, connector, name, settings, credentials, status, only_listens';
export const selectConnectionByCode = sql<ConnectionRow>(
  'integrations.connection-by-code',
  `select ${CONNECTION} from integration where code = $1`,
);
export const selectConnection = sql<ConnectionRow>(
  'integrations.connection',
  `select ${CONNECTION} from integration where id = $1`,
);

// Not "for update": rows that refer to the integration are written all the time and must not wait for this.
export const lockIntegration = sql<Pick<LockedIntegration, 'id' | 'code' | 'status' | 'version' | 'event_count'>>(
  'integrations.lock',
  `select id, code, status, version, event_count from integration where id = $1 for no key update`,
);
export interface LockedIntegration {
  id: string;
  code: string;
  connector: string;
  name: string;
  settings: Record<string, unknown>;
  status: IntegrationStatus;
  last_error: string | null;
  version: number;
  event_count: number;
}
export const lockIntegrationByCode = sql<LockedIntegration>(
  'integrations.lock-by-code',
  `select id, code, connector, name, settings, status, last_error, version, event_count from integration where code = $1 for no key update`,
);
export const forgetConnection = sql(
  'integrations.forget-connection',
  `update integration set status = 'DISCONNECTED', credentials = null, updated_at = $2, version = version + 1 where id = $1`,
);
export const renewConnection = sql(
  'integrations.renew-connection',
  `update integration
      set name = $2, settings = $3::jsonb, credentials = $4, status = 'HEALTHY', last_error = null, updated_at = $5,
          only_listens = $6, version = version + 1
    where id = $1`,
);
export const changeConnection = sql(
  'integrations.change-connection',
  `update integration
      set name = $2, settings = $3::jsonb, credentials = $4, status = $5, updated_at = $6, only_listens = $7,
          version = version + 1
    where id = $1`,
);
export const countEvent = sql('integrations.count-event', `update integration set event_count = $2 where id = $1`);
export const updateTrouble = sql(
  'integrations.trouble',
  `update integration set status = $2, last_error = $3, version = $4, updated_at = $5 where id = $1`,
);

/** Ends what the hub remembers of how the system answered and of the tokens it gave. */
export const forgetPace = sql('integrations.forget-pace', `delete from integration_pace where integration_id = $1`);
export const forgetToken = sql('integrations.forget-token', `delete from integration_token where integration_id = $1`);

export const insertDeadLetter = sql(
  'integrations.insert-dead-letter',
  `insert into dead_letter (id, integration_id, stream, external_id, error, attempts, body, failed_at, inbox_message_id, direction)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

export interface LetterRow {
  id: string;
  integration_id: string;
  inbox_message_id: string | null;
  direction: string;
  settled_at: string | null;
}
const LETTER = 'id, integration_id, inbox_message_id, direction, settled_at';
export const lockLetter = sql<LetterRow>(
  'integrations.lock-letter',
  `select ${LETTER} from dead_letter where id = $1 for update`,
);
export const selectLettersToReplay = sql<LetterRow>(
  'integrations.letters-to-replay',
  `select ${LETTER} from dead_letter
    where integration_id = $1 and settled_at is null and ($2::text is null or stream = $2)
      and ($3::text is null or external_id = $3) and ($4::timestamptz is null or failed_at >= $4)
      and ($5::timestamptz is null or failed_at < $5)
    order by failed_at, id limit $6 for update`,
);
export const selectStreams = sql<SyncStreamRow>(
  'integrations.streams',
  `select integration_id, stream, direction, checkpoint, last_run_at, last_success_at, processed, failed,
          walk->>'since' as walk_since, walk->>'startedAt' as walk_started_at, (walk->>'rows')::float as walk_rows,
          (walk->>'total')::float as walk_total
     from sync_stream where integration_id = any($1::bigint[])`,
);
export interface WalkRow {
  code: string;
  stream: string;
  processed: string;
  last_success_at: string | null;
  started_at: string | null;
  is_initial: boolean | null;
  rows: number | null;
  total: number | null;
}
/** The streams that are read, of the integration with the code or of all. */
export const selectWalks = sql<WalkRow>(
  'integrations.walks',
  `select i.code, s.stream, s.processed, s.last_success_at, s.walk->>'startedAt' as started_at,
          s.walk->>'since' is null as is_initial, (s.walk->>'rows')::float as rows, (s.walk->>'total')::float as total
     from sync_stream s join integration i on i.id = s.integration_id
    where s.direction = 'PULL' and ($1::text is null or i.code = $1) order by i.code, s.stream`,
);
export const selectConnectedAt = sql<{ id: string; connector: string; created_at: string }>(
  'integrations.connected-at',
  `select id, connector, created_at from integration where id = any($1::bigint[])`,
);

export const countOpenLetters = sql<{ count: number }>(
  'integrations.count-open-letters',
  `select count(*)::int as count from (
     select from dead_letter where integration_id = $1 and settled_at is null limit 1) letters`,
);

const DEAD_LETTER = 'id, stream, external_id, error, attempts, failed_at';
export const selectDeadLetters = sql<DeadLetterRow>(
  'integrations.dead-letters',
  `select ${DEAD_LETTER} from dead_letter where id = any($1::bigint[])`,
);
export const selectDeadLetterBodies = sql<{ id: string; body: Buffer | null }>(
  'integrations.dead-letter-bodies',
  `select id, body from dead_letter where id = any($1::bigint[])`,
);
export function deadLetterList(integrationId: string): ListQuery {
  return {
    select: DEAD_LETTER,
    from: 'dead_letter',
    where: [condition('settled_at is null')],
    parent: { columns: ['integration_id'], keys: [integrationId] },
    sort: { column: 'failed_at', type: 'timestamptz' },
    id: 'id',
    descending: true,
  };
}

export const selectIntegrationIds = sql<{ id: string }>('integrations.ids', `select id from integration order by code`);

export const selectOldestOpen = sql<{ integration_id: string; oldest: string }>(
  'integrations.oldest-open',
  `select integration_id, min(received_at) as oldest from inbox_message
    where finished_at is null and integration_id = any($1::bigint[]) group by integration_id`,
);

export const raiseIntegration = sql(
  'integrations.raise',
  `update integration set version = version + 1, updated_at = $2 where id = $1`,
);
