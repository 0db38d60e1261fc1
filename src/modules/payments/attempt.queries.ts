import { sql } from '../../db/statement.js';
import type { AttemptKind, AttemptStatus } from './attempt.rules.js';

/** An attempt with what a provider is told of its payment. */
export interface AttemptRow {
  id: string;
  payment_id: string;
  kind: AttemptKind;
  amount_minor: string | null;
  status: AttemptStatus;
  key: string;
  token: string | null;
  return_url: string | null;
  reason: string | null;
  tries: number;
  created_at: string;
  order_id: string;
  order_number: string;
  acts_through: string;
  provider_reference: string | null;
  currency: string;
  /** Of the authorization, what no capture has taken or was asked to. */
  left_minor: string;
  /** Another capture of the payment is under way. */
  is_beside_another: boolean;
}

const ATTEMPT = `
  select a.id, a.payment_id, a.kind, a.amount_minor, a.status, a.key, a.token, a.return_url, a.reason, a.tries, a.created_at,
         p.order_id, o.number as order_number, p.acts_through, p.provider_reference, p.currency,
         p.authorized_minor - p.captured_minor - p.voided_minor
           - (select coalesce(sum(c.amount_minor), 0) from payment_attempt c
               where c.payment_id = p.id and c.kind = 'CAPTURE' and c.status in ('REQUESTED', 'WAITING')) as left_minor,
         exists (select from payment_attempt c
                  where c.payment_id = p.id and c.id <> a.id and c.kind = 'CAPTURE' and c.status in ('REQUESTED', 'WAITING'))
           as is_beside_another
    from payment_attempt a join payment p on p.id = a.payment_id join orders o on o.id = p.order_id`;

export const selectAttempt = sql<AttemptRow>('payments.attempt', `${ATTEMPT} where a.id = $1`);
/** Those of an order that are not settled; an action reads them behind the lock of the order. */
export const selectOpenAttempts = sql<AttemptRow>(
  'payments.open-attempts',
  `${ATTEMPT} where p.order_id = $1 and a.status in ('REQUESTED', 'WAITING') order by a.id`,
);
export const insertAttempt = sql(
  'payments.insert-attempt',
  `insert into payment_attempt (id, payment_id, kind, amount_minor, status, key, token, return_url, next_try_at, created_at,
     settled_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (key) do nothing`,
);
export const settleAttemptRow = sql(
  'payments.settle-attempt',
  `update payment_attempt
      set status = $2, reason = $3, next_try_at = $4, tries = $5,
          settled_at = case when $2 in ('SUCCEEDED', 'FAILED') then $6::timestamptz end,
          token = case when $2 = 'REQUESTED' then token end
    where id = $1 and status in ('REQUESTED', 'WAITING')`,
);
/** Leaves all else as whoever settles it meanwhile has made it. */
export const postponeAttempt = sql(
  'payments.postpone-attempt',
  `update payment_attempt set next_try_at = $2, tries = tries + 1 where id = $1 and status in ('REQUESTED', 'WAITING')`,
);
/** Nobody else takes them up before the time that is given. */
export const claimAttempts = sql<{ id: string }>(
  'payments.claim-attempts',
  `update payment_attempt set next_try_at = $2
    where id in (select id from payment_attempt where status in ('REQUESTED', 'WAITING') and next_try_at <= $1
                  order by next_try_at, id limit $3 for update skip locked)
  returning id`,
);
export const findPaymentOfNotice = sql<{ id: string }>(
  'payments.of-notice',
  `select id from payment where acts_through = $1 and (id = $2 or provider_reference = $3) limit 1`,
);
export const actThrough = sql(
  'payments.act-through',
  `update payment set acts_through = $2, due_at = $3 where id = $1`,
);
export const notePlace = sql(
  'payments.note-place',
  `update payment set provider_reference = $2, action_url = $3 where id = $1`,
);
/** News of a payment whose own answer was lost. */
export const noteReference = sql(
  'payments.note-reference',
  `update payment set provider_reference = $2 where id = $1 and provider_reference is null`,
);
