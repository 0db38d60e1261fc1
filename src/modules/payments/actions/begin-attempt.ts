import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf, randomId, typeId } from '../../../shared/ids.js';
import { minorOfAmount, moneyOfMinor, type Money } from '../../../shared/money.js';
import { lockOrderForAction, ORDER_PREFIX, requireFunds, type LockedOrder } from '../../orders/index.js';
import { nextTry, type AttemptKind } from '../attempt.rules.js';
import { actThrough, insertAttempt, selectOpenAttempts, type AttemptRow } from '../attempt.queries.js';
import { maskCardNumbers } from '../card-number.rules.js';
import { selectPayments, selectPaymentsOfOrders } from '../payment.queries.js';
import { figuresOf, MOST, stepsBetween, type PaymentFigures } from '../payment.rules.js';
import { PAYMENT_PREFIX, type PaymentRow } from '../payment.type.js';
import { paymentProviders, type PaymentProvider, type PaymentStep } from '../provider.js';
import { movePayment, type Particulars } from './move-payment.js';

/** What an attempt begins: names what a resolver needs to go on behind the transaction. */
export interface Begun {
  paymentId: string;
  orderId: string;
  attemptId: string;
  [name: string]: string;
}
/** An order that is locked, with its payments and what is under way with them. */
export interface Cash {
  order: LockedOrder;
  rows: PaymentRow[];
  open: AttemptRow[];
}
export interface LockedPayment extends Cash {
  row: PaymentRow;
  provider: PaymentProvider;
}

export async function lockCash(
  scope: ActionScope,
  input: { orderId: string; expectedVersion?: number | null },
): Promise<Cash> {
  const order = await lockOrderForAction(scope, input);
  const [rows, open] = await scope.tx.batch([selectPaymentsOfOrders([order.id]), selectOpenAttempts(order.id)]);
  return { order, rows: rows as PaymentRow[], open: open as AttemptRow[] };
}

/**
 * Locks the order of a payment that the hub acts on. Throws NOT_FOUND where there is none, VERSION_CONFLICT where it has
 * changed since, and CONFLICT where a channel reports it.
 */
export async function lockPayment(
  scope: ActionScope,
  input: { paymentId: string; expectedVersion?: number | null },
): Promise<LockedPayment> {
  const id = idOf(PAYMENT_PREFIX, input.paymentId);
  const found = id === null ? undefined : await scope.tx.one(selectPayments([id]));
  if (!found) throw refuse('NOT_FOUND', `no payment has the id ${input.paymentId}`, ['paymentId']);
  const cash = await lockCash(scope, { orderId: typeId(ORDER_PREFIX, found.order_id) });
  const row = cash.rows.find((each) => each.id === id)!;
  if (input.expectedVersion != null && input.expectedVersion !== row.version)
    throw new Refusal([versionConflict('the payment', input.expectedVersion, row.version)]);
  if (row.acts_through === null)
    throw refuse('CONFLICT', `its channel moves the money of this payment: the hub is told by ${row.provider}`, [
      'paymentId',
    ]);
  const open = cash.open.filter((attempt) => attempt.payment_id === id);
  return { ...cash, open, row, provider: providerOf(scope, row.acts_through, 'paymentId') };
}

export function providerOf(scope: ActionScope, code: string, field: string): PaymentProvider {
  const providers = scope.service(paymentProviders);
  const provider = providers.get(code);
  if (provider) return provider;
  throw refuse('NOT_FOUND', `the hub acts through ${[...providers.keys()].join(', ')}, not "${code}"`, [field]);
}

/** The minor units of an amount of the order; throws a Refusal for what is no amount of it. */
export function amountOf(money: Money, { number, currency }: LockedOrder): bigint {
  if (money.currency !== currency) {
    const message = `amount: order ${number} is in ${currency}, this is in ${money.currency}`;
    throw refuse('CURRENCY_MISMATCH', message, ['amount', 'currency']);
  }
  const minor = minorOfAmount(money.amount, currency);
  if (minor === null || minor <= 0n || minor > MOST)
    throw refuse('INVALID', `amount: expected more than zero in whole units of ${currency}, got ${money.amount}`, [
      'amount',
    ]);
  return minor;
}

export function refuseBeyond(minor: bigint, most: bigint, { currency }: LockedOrder, what: string): void {
  if (minor <= most) return;
  const [asked, left] = [minor, most > 0n ? most : 0n].map((each) => moneyOfMinor(each.toString(), currency).amount);
  throw refuse('AMOUNT_EXCEEDED', `amount: ${asked} asked for, ${left} ${what}`, ['amount']);
}

/** The hub keeps no card number, whatever it is called. */
export function refuseCardNumbers(texts: Record<string, string | null | undefined>): void {
  for (const [field, text] of Object.entries(texts)) {
    if (text == null || maskCardNumbers(text) === text) continue;
    throw refuse('INVALID', `${field}: what looks like a card number is not taken; give the provider’s token`, [field]);
  }
}

export interface Beginning {
  kind: PaymentStep;
  amount: bigint | null;
  payment: { id: string; isNew: boolean; before: PaymentFigures; particulars: Particulars; dueAt?: Date | null };
  provider: PaymentProvider;
  token?: string | null;
  returnUrl?: string | null;
  reason?: string | null;
}

const ASKED: Record<AttemptKind, string> = {
  AUTHORIZE: 'is to be authorized',
  CAPTURE: 'is to be taken',
  VOID: 'is to be given up',
  REFUND: 'is to be given back',
  READ: 'is asked about',
};

/**
 * Writes what is asked for. Of a provider that is asked over the network no more is written than that: the call follows
 * the transaction. What people have moved has happened, and is settled at once.
 */
export async function beginAttempt(scope: ActionScope, cash: Cash, beginning: Beginning): Promise<Begun> {
  const { tx, now } = scope;
  const { kind, amount, payment, provider, token = null, returnUrl = null, reason = null } = beginning;
  const { id, isNew, before, particulars } = payment;
  const { order } = cash;
  const attemptId = await tx.ids.one();
  const isDone = !provider.isRemote;
  const after = isDone ? provider.after(before, kind, amount ?? 0n, particulars.method) : before;
  const steps = stepsBetween(before, after);
  const minor = amount ?? before.authorized - before.captured - before.voided;
  const others = cash.rows.filter((row) => row.id !== id).map(figuresOf);
  const words = [...(steps.length === 0 && !isNew ? [ASKED[kind]] : []), ...(reason === null ? [] : [reason])];
  const told = words.length === 0 ? [] : [{ minor, words: words.join(': ') }];
  await movePayment(scope, order, { id, isNew, before, after, steps, others, particulars, told, at: now });
  if (isNew) tx.defer(actThrough(id, provider.code, payment.dueAt?.toISOString() ?? null));
  if (kind === 'AUTHORIZE') tx.defer(requireFunds(order.id));
  const [at, status] = [now.toISOString(), isDone ? 'SUCCEEDED' : 'REQUESTED'];
  const minorOrNone = amount === null || amount <= 0n ? null : amount;
  const again = nextTry(now, 0).toISOString();
  tx.defer(
    insertAttempt(
      ...[attemptId, id, kind, minorOrNone, status, randomId(), token, returnUrl, again, at, isDone ? at : null],
    ),
  );
  return { paymentId: id, orderId: order.id, attemptId };
}

export function particularsOf(row: PaymentRow): Particulars {
  const { provider, method, display_name: displayName, begun_at: begunAt } = row;
  return { provider, method, displayName, begunAt };
}
