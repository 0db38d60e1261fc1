import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Address } from '../../graph/values.type.js';

export const StockLocationEntity = defineEntity({
  name: 'StockLocation',
  tableName: 'stock_location',
  properties: {
    id: p.bigint('string').primary(),
    code: p.string(),
    name: p.string(),
    address: p.json<Address>().nullable(),
    isActive: p.boolean(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer(),
  },
});
