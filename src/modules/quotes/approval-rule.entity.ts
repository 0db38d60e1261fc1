import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Role } from '../../graph/access.js';

export const ApprovalRuleEntity = defineEntity({
  name: 'ApprovalRule',
  tableName: 'approval_rule',
  properties: {
    id: p.bigint('string').primary(),
    code: p.string(),
    name: p.string(),
    lineDiscountOver: p.decimal('string').nullable(),
    discountOver: p.decimal('string').nullable(),
    totalOverMinor: p.bigint('string').nullable(),
    totalOverCurrency: p.string().nullable(),
    termMonthsOver: p.integer().nullable(),
    approverRoles: p.array<Role>(),
    isActive: p.boolean(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer(),
  },
});
