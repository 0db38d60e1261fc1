import { sql } from '../../../db/statement.js';
import { PRODUCT_PREFIX } from '../../../modules/catalog/index.js';
import type { OutgoingProduct } from '../../../shared/outgoing/index.js';
import { externalIdOf, hubId } from './texts.js';

interface Row {
  id: string;
  external_id: string | null;
  version: number;
  sku: string;
  name: string;
  description: string | null;
  is_active: boolean;
  is_stocked: boolean;
  requires_shipping: boolean;
}

export const selectProduct = sql<Row>(
  'push.product',
  `select p.id, p.version, p.sku, p.name, p.description, p.is_active, p.is_stocked, p.requires_shipping,
          ${externalIdOf('product', 'p.id')} as external_id
     from product p where p.id = any($2::bigint[])`,
);

export function productOf(row: Row): OutgoingProduct {
  return {
    hubId: hubId(PRODUCT_PREFIX, row.id),
    externalId: row.external_id,
    version: row.version,
    sku: row.sku,
    name: row.name,
    description: row.description,
    isActive: row.is_active,
    isStocked: row.is_stocked,
    requiresShipping: row.requires_shipping,
  };
}
