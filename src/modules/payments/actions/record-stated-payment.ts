import type { FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { instantText } from '../../../shared/clock.js';
import { NotYet, refuse, Refusal, Refusals } from '../../../shared/failures.js';
import { minorOfAmount, moneyOfMinor } from '../../../shared/money.js';
import type { StatedPayment } from '../../../shared/stated/index.js';
import { lockOrder, ORDER, type LockedOrder } from '../../orders/index.js';
import {
  findReference,
  lockForeignRecord,
  meetForeign,
  noteForeign,
  type Origin,
  type ReferenceRow,
  type StatedEffect,
} from '../../references/index.js';
import { maskCardNumbers } from '../card-number.rules.js';
import type { PaymentHappening } from '../payment.events.js';
import { selectPaymentsOfOrders } from '../payment.queries.js';
import {
  checkReport,
  figuresAfter,
  figuresOf,
  newPayment,
  stepsBetween,
  type PaymentFigures,
  type ReportedFigures,
} from '../payment.rules.js';
import { PAYMENT, type PaymentRow } from '../payment.type.js';
import { movePayment, type Particulars } from './move-payment.js';

interface Known {
  /** Null where this report is the first. */
  row: PaymentRow | null;
  others: PaymentFigures[];
}

/**
 * Takes over where a payment stands as a system states it, and what follows for its order. An older state than the newest
 * applied is stale. Throws NotYet where its order is not here, and a Refusal, before anything is written, where what is
 * stated cannot have followed from what was.
 */
export async function recordStatedPayment(
  scope: ActionScope,
  stated: StatedPayment,
  origin: Origin,
): Promise<{ effect: StatedEffect }> {
  const { tx } = scope;
  await tx.flush();
  const order = await lockOrderOf(scope, stated, origin);
  const met = await meetForeign(scope, PAYMENT, stated, origin);
  if (met.isStale || met.endedAt !== null) return { effect: 'stale' };
  const rows = await tx.query(selectPaymentsOfOrders([order.id]));
  const { row, others, before, after, steps, particulars } = naming(stated, order, () => {
    const known = knownOf(rows, order, met.reference);
    return { ...known, ...follow(known.row, order, stated) };
  });
  const id = row?.id ?? (await tx.ids.one());
  await noteForeign(scope, { kind: PAYMENT, id }, stated, origin, met);
  const changes: NonNullable<PaymentHappening['changes']> = row
    ? changesOf(row, after, particulars)
    : { open: [], personal: [] };
  const isNew = row === null;
  if (!isNew && steps.length + changes.open.length + changes.personal.length === 0) return { effect: 'unchanged' };
  const at = stated.sourceVersion;
  await movePayment(scope, order, { id, isNew, before, after, steps, others, particulars, changes, at });
  return { effect: isNew ? 'created' : 'updated' };
}

/** The order's foreign name and then its row, as whoever takes the order over with its payments locks them. */
async function lockOrderOf({ tx }: ActionScope, stated: StatedPayment, origin: Origin): Promise<LockedOrder> {
  const { orderExternalId } = stated;
  const [, references] = await tx.batch([
    lockForeignRecord(`${origin.integrationId} ${ORDER} ${orderExternalId}`),
    findReference(origin.integrationCode, ORDER, orderExternalId),
  ]);
  const reference = references![0] as ReferenceRow | undefined;
  const order = reference && (await tx.one(lockOrder(reference.record_id)));
  if (!order) throw new NotYet(ORDER, orderExternalId);
  return order;
}

/** A refusal says which payment it is about: dead letters show it alone. */
function naming<T>({ externalId }: StatedPayment, { number }: LockedOrder, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const name = `payment ${externalId} of order ${number}`;
    throw new Refusal(error.errors.map((each) => ({ ...each, message: `${name}: ${each.message}` })));
  }
}

function knownOf(rows: PaymentRow[], order: LockedOrder, reference: ReferenceRow | undefined): Known {
  const row = reference ? rows.find(({ id }) => id === reference.record_id) : null;
  if (row === undefined) throw refuse('CONFLICT', `it belongs to another order than ${order.number}`, ['order']);
  return { row, others: rows.filter((each) => each !== row).map(figuresOf) };
}

function follow(row: PaymentRow | null, order: LockedOrder, stated: StatedPayment) {
  const reported = reportOf(stated, order);
  checkReport(reported, order.currency);
  const before = row ? figuresOf(row) : newPayment(reported.amount);
  const after = figuresAfter(before, reported, order.currency);
  return { before, after, steps: stepsBetween(before, after), particulars: particularsOf(stated) };
}

function reportOf(stated: StatedPayment, { currency }: LockedOrder): ReportedFigures {
  if (stated.currency !== currency) {
    const message = `currency: the order is in ${currency}, the payment in ${stated.currency}`;
    throw refuse('CURRENCY_MISMATCH', message, ['currency']);
  }
  const minor = (name: 'amount' | 'captured' | 'refunded' | 'voided', amount: string): bigint => {
    const read = minorOfAmount(amount, currency);
    if (read === null) throw refuse('INVALID', `${name}: ${amount} has more digits than ${currency}`, [name]);
    return read;
  };
  return {
    status: stated.status,
    amount: minor('amount', stated.amount),
    captured: minor('captured', stated.captured),
    refunded: minor('refunded', stated.refunded),
    ...(stated.voided !== undefined && { voided: minor('voided', stated.voided) }),
  };
}

function particularsOf({ provider, method, displayName, createdAt }: StatedPayment): Particulars {
  const refusals = new Refusals();
  for (const [name, text] of Object.entries({ provider, method, displayName })) {
    if (text !== undefined && (text.length > 255 || text.includes('\0')))
      refusals.add('INVALID', `${name}: expected at most 255 characters of text`, [name]);
  }
  refusals.throwIfAny();
  return {
    provider: maskCardNumbers(provider),
    method: method === undefined ? null : maskCardNumbers(method),
    displayName: displayName === undefined ? null : maskCardNumbers(displayName),
    begunAt: createdAt.toISOString(),
  };
}

/** What beside the sums differs from what is kept; what is shown of a card names its holder. */
function changesOf(
  row: PaymentRow,
  { amount }: PaymentFigures,
  now: Particulars,
): NonNullable<PaymentHappening['changes']> {
  const money = (minor: string) => moneyOfMinor(minor, row.currency);
  const compare = (field: string, from: unknown, to: unknown): FieldChange[] =>
    from === to ? [] : [{ field: `payment.${field}`, from, to }];
  return {
    open: [
      ...(BigInt(row.amount_minor) === amount
        ? []
        : [{ field: 'payment.amount', from: money(row.amount_minor), to: money(amount.toString()) }]),
      ...compare('provider', row.provider, now.provider),
      ...compare('method', row.method, now.method),
      ...compare('createdAt', instantText(row.begun_at), now.begunAt),
    ],
    personal: compare('displayName', row.display_name, now.displayName),
  };
}
