import { sql } from '../db/statement.js';
import { upsertApprovalRule, type approveQuote } from '../modules/quotes/index.js';
import type { Part } from './work.js';

/** A discount that no seller gives alone. */
export const DEEP_DISCOUNT = '0.2';

type Approver = Parameters<typeof approveQuote>[2][number];
const FINANCE = 'FINANCE' as Approver;
const SALES = 'SALES' as Approver;
/** Whoever decides on quotes of the company decides for both. */
export const APPROVERS = [FINANCE, SALES];

const RULES = [
  {
    code: 'deep-discount',
    name: 'More than 15 % below the list price',
    lineDiscountOver: '0.15',
    approverRoles: [FINANCE],
  },
  {
    code: 'large-quote',
    name: 'More than 25,000 EUR',
    totalOver: { amount: '25000.00', currency: 'EUR' },
    approverRoles: [FINANCE, SALES],
  },
  { code: 'long-term', name: 'Bound for more than two years', termMonthsOver: 24, approverRoles: [SALES] },
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
