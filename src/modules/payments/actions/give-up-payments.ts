import type { GraphContext } from '../../../graph/context.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { randomId } from '../../../shared/ids.js';
import { isAsked, isVoidable } from '../attempt.rules.js';
import { insertAttempt, selectOpenAttempts, type AttemptRow } from '../attempt.queries.js';
import { selectPaymentsOfOrders } from '../payment.queries.js';
import { figuresOf } from '../payment.rules.js';
import type { PaymentRow } from '../payment.type.js';
import { carryOutAlone } from './settle-open-attempts.js';

/** What `giveUpPayments` has to know; to be read behind the lock of the order. */
export const selectCash = (orderId: string) => [selectPaymentsOfOrders([orderId]), selectOpenAttempts(orderId)];

/**
 * Asks for all to be given up that was not taken of an order's payments, as far as the hub acts on them; answers how many.
 * It is carried out behind the transaction.
 */
export async function giveUpPayments({ tx, now }: ActionScope, rows: unknown[], attempts: unknown[]): Promise<number> {
  const open = attempts as AttemptRow[];
  const due = (rows as PaymentRow[]).filter(
    (row) =>
      row.acts_through !== null &&
      isVoidable(figuresOf(row)) &&
      !isAsked(
        open.filter(({ payment_id }) => payment_id === row.id),
        'VOID',
      ),
  );
  const ids = due.length > 0 ? await tx.ids.take(due.length) : [];
  const at = now.toISOString();
  due.forEach((row, index) => {
    tx.defer(insertAttempt(ids[index]!, row.id, 'VOID', null, 'REQUESTED', randomId(), null, null, at, at, null));
  });
  return due.length;
}

/** Carries out what an action has left to be done for an order, rather than waiting for its time. */
export async function carryOutForOrder(context: GraphContext, orderId: string): Promise<void> {
  const { db, clock, log, viewer } = context;
  const open = await db.read(selectOpenAttempts(orderId));
  const parts = { db, clock, log, actor: viewer.actor, service: context.service.bind(context) };
  for (const { id, kind, tries } of open) if (kind === 'VOID' && tries === 0) await carryOutAlone(parts, id);
  context.forget();
}
