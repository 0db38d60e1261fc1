import { sql } from '../../db/statement.js';
import type { Breaker } from './breaker.rules.js';
import type { Bucket } from './bucket.rules.js';

export interface PaceRow {
  moved_at: number;
  breaker: Breaker;
  buckets: Record<string, Bucket>;
}

export const lockPace = sql<PaceRow>(
  'pace.lock',
  `select moved_at, breaker, buckets from integration_pace where integration_id = $1 for update`,
);
export const savePace = sql(
  'pace.save',
  `update integration_pace set moved_at = $2, breaker = $3::jsonb, buckets = $4::jsonb where integration_id = $1`,
);
/**
 * Begins with a closed breaker; with one that is due for its probe where the database has forgotten, in a crash, that it
 * was open.
 */
export const openPace = sql(
  'pace.open',
  `insert into integration_pace (integration_id, moved_at, breaker, buckets)
   select id, $2, case when status = 'FAILING' then $4::jsonb else $3::jsonb end, '{}' from integration where id = $1
   on conflict (integration_id) do nothing`,
);
export const selectBreakers = sql<{ integration_id: string; breaker: Breaker }>(
  'pace.breakers',
  `select integration_id, breaker from integration_pace where integration_id = any($1::bigint[])`,
);
