import { sql } from '../../../db/statement.js';
import { LEVEL_PREFIX, shownLevel } from '../../../modules/stock/index.js';
import type { OutgoingStock } from '../../../shared/outgoing/index.js';
import { externalIdOf, hubId } from './texts.js';

interface Row {
  id: string;
  external_id: string | null;
  version: number;
  sku: string;
  product_external_id: string | null;
  location: string;
  on_hand: string;
  reserved: string;
  safety_stock: string;
}

export const selectStock = sql<Row>(
  'push.stock',
  `select l.id, l.version, l.on_hand, l.reserved, l.safety_stock, p.sku, s.code as location,
          ${externalIdOf('stock', 'l.id')} as external_id, ${externalIdOf('product', 'p.id')} as product_external_id
     from stock_level l join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where l.id = any($2::bigint[])`,
);

export function stockOf(row: Row): OutgoingStock {
  return {
    hubId: hubId(LEVEL_PREFIX, row.id),
    externalId: row.external_id,
    version: row.version,
    sku: row.sku,
    productExternalId: row.product_external_id,
    location: row.location,
    ...shownLevel(row),
  };
}
