import { sql } from '../../db/statement.js';
import type { PaymentRow } from './payment.type.js';

const PAYMENT =
  'p.id, p.order_id, p.status, p.provider, p.method, p.display_name, p.currency, p.amount_minor, p.authorized_minor, ' +
  'p.captured_minor, p.refunded_minor, p.voided_minor, p.begun_at, p.version, p.acts_through, p.provider_reference, ' +
  'p.action_url, p.due_at';

export const selectPayments = sql<PaymentRow & { customer_id: string | null }>(
  'payments.by-id',
  `select ${PAYMENT}, o.customer_id from payment p join orders o on o.id = p.order_id where p.id = any($1::bigint[])`,
);
/** An action reads them behind the lock of their order, which whoever writes them holds. */
export const selectPaymentsOfOrders = sql<PaymentRow>(
  'payments.of-orders',
  `select ${PAYMENT} from payment p where p.order_id = any($1::bigint[]) order by p.order_id, p.begun_at, p.id`,
);

/** Makes the payment, or brings it up to these values. */
export const writePayment = sql(
  'payments.write',
  `insert into payment as known (id, order_id, status, provider, method, display_name, currency, amount_minor,
     authorized_minor, captured_minor, refunded_minor, voided_minor, begun_at, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
   on conflict (id) do update
     set status = excluded.status, provider = excluded.provider, method = excluded.method,
         display_name = excluded.display_name, amount_minor = excluded.amount_minor,
         authorized_minor = excluded.authorized_minor, captured_minor = excluded.captured_minor,
         refunded_minor = excluded.refunded_minor, voided_minor = excluded.voided_minor,
         begun_at = excluded.begun_at, updated_at = excluded.updated_at, version = known.version + 1`,
);
export const insertTransactions = sql(
  'payments.insert-transactions',
  `insert into payment_transaction (id, payment_id, kind, amount_minor, at)
   select t.id, $1, t.kind, t.amount, $2 from unnest($3::bigint[], $4::text[], $5::bigint[]) as t (id, kind, amount)`,
);
