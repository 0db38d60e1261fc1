import { sql } from '../../db/statement.js';

/** First half of the advisory locks under which tokens are renewed; any number, the same in every hub. */
export const TOKENS = 7_120_010;

export const selectToken = sql<{ sealed: Buffer }>(
  'token.select',
  `select sealed from integration_token where integration_id = $1`,
);
/** No row where the integration was connected anew meanwhile: the token belongs to credentials that are gone. */
export const saveToken = sql<{ integration_id: string }>(
  'token.save',
  `with connected as (
     select id from integration where id = $1 and credentials is not distinct from $2::bytea for share)
   insert into integration_token (integration_id, sealed, updated_at) select id, $3, $4 from connected
   on conflict (integration_id) do update set sealed = excluded.sealed, updated_at = excluded.updated_at
   returning integration_id`,
);
