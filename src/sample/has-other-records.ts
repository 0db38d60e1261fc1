import type { Hub } from '../app.js';
import { sql } from '../db/statement.js';
import { FIRST_LOCATION } from './make-catalog.js';

const selectRecords = sql<{ is_ours: boolean; has_any: boolean }>(
  'sample.records',
  `select exists (select from stock_location where code = $1) as is_ours,
          exists (select from customer) or exists (select from product) or exists (select from orders) as has_any`,
);

/** Whether somebody works with this hub already, so that a made-up company would be in the way. */
export async function hasOtherRecords(hub: Hub): Promise<boolean> {
  const { is_ours: isOurs, has_any: hasAny } = (await hub.db.readOne(selectRecords(FIRST_LOCATION)))!;
  return hasAny && !isOurs;
}
