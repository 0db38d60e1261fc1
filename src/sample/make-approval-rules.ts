import { sql } from '../db/statement.js';
import { Role } from '../graph/access.js';
import { upsertApprovalRule } from '../modules/quotes/index.js';
import type { Part } from './work.js';

/** A discount that no seller gives alone. */
export const DEEP_DISCOUNT = '0.2';

const RULES = [
  {
    code: 'deep-discount',
    name: 'More than 15 % below the list price',
    lineDiscountOver: '0.15',
    approverRoles: [Role.FINANCE],
  },
  {
    code: 'large-quote',
    name: 'More than 25,000 EUR',
    totalOver: { amount: '25000.00', currency: 'EUR' },
    approverRoles: [Role.FINANCE, Role.SALES],
  },
  { code: 'long-term', name: 'Bound for more than two years', termMonthsOver: 24, approverRoles: [Role.SALES] },
];

const findRule = sql('sample.find-rule', `select id from approval_rule where code = $1`);

/** When quotes of the company must be approved, and by whom. */
export function approvalRulesPart(openedAt: Date): Part {
  return {
    name: 'approval rules',
    isThere: findRule(RULES[0]!.code),
    async make(carryOut) {
      for (const rule of RULES) await carryOut(openedAt, (scope) => upsertApprovalRule(scope, rule));
    },
  };
}
