import { sql } from '../../db/statement.js';

export const selectImported = sql<{ reference: string; order_id: string; content_hash: string }>(
  'intake.imported',
  `select i.reference, i.order_id, i.content_hash from imported_order i join channel c on c.id = i.channel_id
    where c.code = $1 and i.reference = any($2::text[])`,
);
export const insertImported = sql(
  'intake.insert-imported',
  `insert into imported_order (channel_id, reference, order_id, content_hash, imported_at)
   select id, $2, $3, $4, $5 from channel where code = $1`,
);
