import type { FieldChange } from '../../events/append.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor } from '../../shared/money.js';
import {
  moneyMoved,
  paymentStatusOf,
  type LockedOrder,
  type MoneyMoved,
  type OrderEvents,
  type OrderEventTypeName,
} from '../orders/index.js';
import { moneyOfPayments, movedBy, type PaymentFigures, type Step } from './payment.rules.js';
import type { PaymentStatus } from './payment.states.js';
import { PAYMENT_PREFIX } from './payment.type.js';

/** What happened to a payment of an order. */
export interface PaymentHappening {
  id: string;
  provider: string;
  order: LockedOrder;
  /** The order's other payments. */
  others: readonly PaymentFigures[];
  after: PaymentFigures;
  steps: readonly Step[];
  isNew: boolean;
  changes?: { open: FieldChange[]; personal: FieldChange[] };
  /** What is to be told although no money moved. */
  told?: { minor: bigint; words: string }[];
}

const NO_CHANGES = { open: [], personal: [] };

const SAID: Partial<Record<OrderEventTypeName, string>> = {
  PAYMENT_AUTHORIZED: 'authorized',
  PAYMENT_CAPTURED: 'paid',
  PAYMENT_REFUNDED: 'given back',
  PAYMENT_VOIDED: 'given up',
  PAYMENT_FAILED: 'not paid: the attempt failed',
};

/** An event of the order for each row of the table that was passed; one in any case, so that nothing changes silently. */
export function tellPayment(events: OrderEvents, happening: PaymentHappening): void {
  const { id, provider, order, others, after, steps, isNew, changes = NO_CHANGES, told = [] } = happening;
  let stood = moneyMoved(order);
  const add = (
    type: OrderEventTypeName,
    minor: bigint,
    words: string,
    figures: PaymentFigures,
    more?: object,
    from = figures.status,
  ): void => {
    const now = moneyOfPayments([...others, figures]);
    const amount = moneyOfMinor(minor.toString(), order.currency);
    events.add({
      type,
      message: `${amount.amount} ${amount.currency} by ${provider}: ${words}`,
      changes: [...statusChanges(from, figures.status), ...moneyChanges(order, stood, now)],
      data: { payment: typeId(PAYMENT_PREFIX, id), provider, amount, status: figures.status },
      ...more,
    });
    stood = now;
  };
  for (const step of steps) {
    const { type, before, after: reached } = step;
    add(type, movedBy(step), SAID[type] ?? 'the payer has to act', reached, {}, before.status);
  }
  for (const { minor, words } of told) add('EDITED', minor, words, after);
  const { open, personal } = changes;
  if (isNew && steps.length === 0) add('EDITED', after.amount, 'a payment was begun', after);
  if (open.length + personal.length > 0)
    add('EDITED', after.amount, 'what is known of the payment changed', after, {
      changes: open,
      ...(personal.length > 0 && { personal: { changes: personal } }),
    });
}

function statusChanges(from: PaymentStatus, to: PaymentStatus): FieldChange[] {
  return from === to ? [] : [{ field: 'payment.status', from, to }];
}

function moneyChanges(order: LockedOrder, then: MoneyMoved, now: MoneyMoved): FieldChange[] {
  const money = (minor: bigint) => moneyOfMinor(minor.toString(), order.currency);
  const sums = (field: string, from: bigint, to: bigint): FieldChange[] =>
    from === to ? [] : [{ field, from: money(from), to: money(to) }];
  const [from, to] = [then, now].map((moved) => paymentStatusOf(BigInt(order.total_minor), moved));
  return [
    ...sums('paidTotal', then.paidMinor, now.paidMinor),
    ...sums('refundedTotal', then.refundedMinor, now.refundedMinor),
    ...(from === to ? [] : [{ field: 'paymentStatus', from, to }]),
  ];
}
