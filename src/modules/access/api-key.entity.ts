import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Role } from '../../graph/access.js';

export const ApiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    id: p.bigint('string').primary(),
    name: p.string(),
    secretHash: p.blob(),
    roles: p.array<Role>(),
    customerId: p.bigint('string').nullable(),
    createdAt: p.datetime(3),
    lastUsedAt: p.datetime(3).nullable(),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
  },
});
