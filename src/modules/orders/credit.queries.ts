import { sql } from '../../db/statement.js';

export interface CreditLimitRow {
  credit_limit_minor: string;
  credit_limit_currency: string;
}
export interface CreditUsedRow {
  customer_id: string;
  used_minor: string;
}

const COUNTS = `o.status in ('CONFIRMED', 'PROCESSING', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED')`;

/**
 * Customers with a limit confirm one order after the other. Taken after the order's row and before levels; the weaker
 * lock lets others go on writing rows that point to the customer.
 */
export const lockCreditLimit = sql<CreditLimitRow>(
  'orders.lock-credit-limit',
  `select c.credit_limit_minor, c.credit_limit_currency from customer c
    where c.id = $1::bigint and c.credit_limit_minor is not null for no key update of c`,
);
/** The same for several, without holding them. */
export const selectCreditLimits = sql<CreditLimitRow & { customer_id: string }>(
  'orders.credit-limits',
  `select c.id as customer_id, c.credit_limit_minor, c.credit_limit_currency from customer c
    where c.id = any($1::bigint[]) and c.credit_limit_minor is not null`,
);
/** What counts against the limit. To be exact it is a statement behind the lock: it sees what was committed meanwhile. */
export const selectCreditUsed = sql<CreditUsedRow>(
  'orders.credit-used',
  `select c.id as customer_id, coalesce(u.used, 0)::bigint as used_minor
     from customer c
     cross join lateral (select sum(o.total_minor) as used from orders o
       where o.customer_id = c.id and o.currency = c.credit_limit_currency and ${COUNTS}) u
    where c.id = any($1::bigint[]) and c.credit_limit_minor is not null`,
);
