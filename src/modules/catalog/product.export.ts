import { fieldsOf, type ExportDefinition } from '../../graph/export/export.js';
import { PRODUCT_COLUMNS } from './product.queries.js';
import { ProductType, type ProductRow } from './product.type.js';

export const productExport: ExportDefinition = {
  kind: 'products',
  about: 'products',
  select: PRODUCT_COLUMNS,
  from: 'product',
  updatedAt: 'updated_at',
  id: 'id',
  sortedBy: 'updatedAt',
  toNode: (row: ProductRow) => new ProductType(row),
  fields: fieldsOf<ProductType>({
    id: 'plain',
    sku: 'text',
    name: 'text',
    description: 'text',
    unit: 'text',
    weightGrams: 'plain',
    taxCategory: 'text',
    isActive: 'plain',
    isStocked: 'plain',
    requiresShipping: 'plain',
    createdAt: 'instant',
    updatedAt: 'instant',
    version: 'plain',
  }),
};
