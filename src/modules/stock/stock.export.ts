import { field, fieldsOf, type ExportDefinition } from '../../graph/export/export.js';
import { LEVEL_COLUMNS } from './stock.queries.js';
import { StockLevelType, type StockLevelRow } from './stock.type.js';

type ExportedLevel = StockLevelRow & { sku: string; location: string };

// By id: an index of the last change would make every reservation dearer.
export const stockExport: ExportDefinition = {
  kind: 'stock',
  about: 'stock levels',
  select: `${LEVEL_COLUMNS}, p.sku, s.code as location`,
  from: 'stock_level l join product p on p.id = l.product_id join stock_location s on s.id = l.location_id',
  updatedAt: 'l.updated_at',
  id: 'l.id',
  sortedBy: 'id',
  toNode: (row: ExportedLevel) => new StockLevelType(row),
  fields: [
    ...fieldsOf<StockLevelType>({ id: 'plain' }),
    field<{ row: ExportedLevel }>('sku', 'text', ({ row }) => row.sku),
    field<{ row: ExportedLevel }>('location', 'text', ({ row }) => row.location),
    ...fieldsOf<StockLevelType>({
      onHand: 'plain',
      reserved: 'plain',
      safetyStock: 'plain',
      available: 'plain',
      shortfall: 'plain',
      updatedAt: 'instant',
      version: 'plain',
    }),
  ],
};
