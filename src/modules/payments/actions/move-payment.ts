import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { eventsOf, paymentStatusOf, settleOrder, type LockedOrder, type OrderEvents } from '../../orders/index.js';
import { tellPayment, type PaymentHappening } from '../payment.events.js';
import { insertTransactions, writePayment } from '../payment.queries.js';
import { moneyOfPayments, transactionsBetween, type PaymentFigures, type Step } from '../payment.rules.js';

/** What stands on a payment beside its money. */
export interface Particulars {
  provider: string;
  method: string | null;
  displayName: string | null;
  begunAt: string;
}

export interface Move {
  id: string;
  isNew: boolean;
  before: PaymentFigures;
  after: PaymentFigures;
  /** The way from one to the other. */
  steps: readonly Step[];
  /** The order's other payments. */
  others: readonly PaymentFigures[];
  particulars: Particulars;
  changes?: PaymentHappening['changes'];
  told?: PaymentHappening['told'];
  /** The time of what is added to its ledger. */
  at: Date;
}

/**
 * Writes where a payment stands now, its ledger, what its order's payments come to and the events of all that. The order's
 * row is locked by the caller.
 */
export async function movePayment(scope: ActionScope, order: LockedOrder, move: Move): Promise<void> {
  const { provider } = move.particulars;
  const events = eventsOf(order, scope);
  tellPayment(events, { ...move, provider, order });
  if (move.isNew || move.steps.length > 0 || move.changes) await writeRow(scope, order, move);
  settle(scope, order, [...move.others, move.after], events);
  await appendEvents(scope.tx, events.events);
}

async function writeRow({ tx, now }: ActionScope, order: LockedOrder, move: Move): Promise<void> {
  const { id, before, after, particulars, at } = move;
  const { provider, method, displayName, begunAt } = particulars;
  tx.defer(
    writePayment(
      id,
      order.id,
      after.status,
      provider,
      method,
      displayName,
      order.currency,
      after.amount,
      after.authorized,
      after.captured,
      after.refunded,
      after.voided,
      begunAt,
      now.toISOString(),
    ),
  );
  const moved = transactionsBetween(before, after);
  if (moved.length === 0) return;
  const ids = await tx.ids.take(moved.length);
  const [kinds, minors] = [moved.map(({ kind }) => kind), moved.map(({ minor }) => minor)];
  tx.defer(insertTransactions(id, at.toISOString(), ids, kinds, minors));
}

/** What the order's payments come to; its version rises by one. */
export function settle(
  { tx, now }: ActionScope,
  order: LockedOrder,
  all: readonly PaymentFigures[],
  events: OrderEvents,
): void {
  const money = moneyOfPayments(all);
  tx.defer(
    settleOrder(
      order.id,
      money.paidMinor,
      money.refundedMinor,
      money.authorizedMinor,
      money.unpaid,
      paymentStatusOf(BigInt(order.total_minor), money),
      now.toISOString(),
      events.count,
    ),
  );
}
