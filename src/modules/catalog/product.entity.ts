import { defineEntity, p } from '@mikro-orm/postgresql';

export const ProductEntity = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    id: p.bigint('string').primary(),
    sku: p.string(),
    name: p.string(),
    description: p.string().nullable(),
    unit: p.string(),
    weightGrams: p.integer().nullable(),
    taxCategory: p.string(),
    isActive: p.boolean(),
    isStocked: p.boolean(),
    requiresShipping: p.boolean(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer(),
  },
});
