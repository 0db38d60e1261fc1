import { defineEntity, p } from '@mikro-orm/postgresql';

/** The registry row of a connected system. */
export const IntegrationEntity = defineEntity({
  name: 'Integration',
  tableName: 'integration',
  properties: {
    id: p.bigint('string').primary(),
    code: p.string(),
    connector: p.string(),
    name: p.string(),
    settings: p.json<Record<string, unknown>>(),
    credentials: p.blob().nullable(),
    status: p.string(),
    lastError: p.string().nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer(),
  },
});
