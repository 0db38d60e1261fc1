import type { ActionScope } from '../../../graph/mutation.js';
import { lockOrder, type LockedOrder } from '../../orders/index.js';
import { isVoidable, nextTry, type AttemptKind, type AttemptStatus } from '../attempt.rules.js';
import { notePlace, selectOpenAttempts, settleAttemptRow, type AttemptRow } from '../attempt.queries.js';
import { maskCardNumbers } from '../card-number.rules.js';
import { selectPaymentsOfOrders } from '../payment.queries.js';
import { figuresOf, stepsBetween, type PaymentFigures } from '../payment.rules.js';
import type { PaymentRow } from '../payment.type.js';
import { paymentProviders, type Answer, type Standing } from '../provider.js';
import { joined } from '../standing.rules.js';
import { movePayment, type Particulars } from './move-payment.js';
import { particularsOf } from './begin-attempt.js';

interface Verdict {
  status: AttemptStatus;
  reason: string | null;
  after: PaymentFigures;
}
const LONGEST_TEXT = 255;
const NOT_DONE: Record<AttemptKind, string> = {
  AUTHORIZE: 'not authorized',
  CAPTURE: 'not taken',
  VOID: 'not given up',
  REFUND: 'not given back',
  READ: 'not read',
};

/**
 * Writes down what became of an attempt, and what the provider’s answer says of the payment. An answer that comes twice,
 * or behind a newer one, changes nothing.
 */
export async function settleAttempt(scope: ActionScope, asked: AttemptRow, answer: Answer): Promise<void> {
  const { tx, now } = scope;
  const order = (await tx.one(lockOrder(asked.order_id)))!;
  const [rows, open] = await tx.batch([selectPaymentsOfOrders([order.id]), selectOpenAttempts(order.id)]);
  const row = (rows as PaymentRow[]).find(({ id }) => id === asked.payment_id)!;
  const attempt = (open as AttemptRow[]).find(({ id }) => id === asked.id);
  const standing = 'standing' in answer ? answer.standing : null;
  const verdict =
    answer.kind === 'agreed' ? agreed(scope, row, attempt) : judge(attempt ?? asked, figuresOf(row), answer);
  const others = (rows as PaymentRow[]).filter((each) => each !== row).map(figuresOf);
  await move(scope, order, { row, others, verdict, attempt, standing });
  if (standing) tx.defer(notePlace(row.id, standing.reference, standing.actionUrl));
  if (!attempt) return;
  const tries = attempt.tries + 1;
  const again = nextTry(now, tries).toISOString();
  const { status, reason } = verdict;
  tx.defer(settleAttemptRow(attempt.id, status, reason, again, tries, now.toISOString()));
}

async function move(
  scope: ActionScope,
  order: LockedOrder,
  { row, others, verdict, attempt, standing }: Settled,
): Promise<void> {
  const before = figuresOf(row);
  const { after, status, reason } = verdict;
  const steps = stepsBetween(before, after);
  const particulars = particularsBehind(row, standing);
  const isNewWord = particulars.method !== row.method || particulars.displayName !== row.display_name;
  const hasFailed = attempt !== undefined && status === 'FAILED' && attempt.kind !== 'READ';
  const minor = BigInt(attempt?.amount_minor ?? before.amount);
  const words = attempt && `${NOT_DONE[attempt.kind]}: ${reason ?? 'the provider gives no reason'}`;
  const told = hasFailed ? [{ minor, words: words! }] : [];
  if (steps.length + told.length === 0 && !isNewWord) return;
  const changes = isNewWord ? { changes: changesOf(row, particulars) } : {};
  const at = scope.now;
  await movePayment(scope, order, {
    id: row.id,
    isNew: false,
    before,
    after,
    steps,
    others,
    particulars,
    told,
    at,
    ...changes,
  });
}
interface Settled {
  row: PaymentRow;
  others: PaymentFigures[];
  verdict: Verdict;
  attempt: AttemptRow | undefined;
  standing: Standing | null;
}

function agreed(scope: ActionScope, row: PaymentRow, attempt: AttemptRow | undefined): Verdict {
  const before = figuresOf(row);
  const provider = scope.service(paymentProviders).get(row.acts_through!);
  const isDue = attempt?.kind === 'VOID' && isVoidable(before) && provider?.isRemote === false;
  if (!isDue) return { status: 'FAILED', reason: 'nothing of it is left', after: before };
  return { status: 'SUCCEEDED', reason: null, after: provider.after(before, 'VOID', 0n, row.method) };
}

function judge(attempt: AttemptRow, before: PaymentFigures, answer: Exclude<Answer, { kind: 'agreed' }>): Verdict {
  const { kind } = attempt;
  if (answer.kind === 'unknown') {
    const reason = 'the provider does not know of it';
    return { status: 'FAILED', reason, after: kind === 'AUTHORIZE' ? failed(before) : before };
  }
  const said = answer.kind === 'refused' ? textOf(answer.reason) : 'the provider has not carried it out';
  if (answer.standing === null)
    return { status: 'FAILED', reason: said, after: kind === 'AUTHORIZE' ? failed(before) : before };
  const after = joined(before, answer.standing);
  if (isDone(attempt, after, answer.standing)) return { status: 'SUCCEEDED', reason: null, after };
  const isWaiting = answer.kind === 'standing' && !answer.isDecided;
  return isWaiting ? { status: 'WAITING', reason: null, after } : { status: 'FAILED', reason: said, after };
}

/** What a standing says of the attempt: a key that the provider knows was carried out, whatever came later. */
function isDone({ kind, key }: AttemptRow, after: PaymentFigures, { keys }: Standing): boolean {
  switch (kind) {
    case 'READ':
      return true;
    case 'AUTHORIZE':
      return after.authorized > 0n && after.status !== 'FAILED';
    case 'VOID':
      return after.status === 'VOIDED' || (after.voided > 0n && after.authorized === after.captured + after.voided);
    case 'CAPTURE':
    case 'REFUND':
      return keys.has(key);
  }
}

function failed(before: PaymentFigures): PaymentFigures {
  const isOpen = before.status === 'PENDING' || before.status === 'REQUIRES_ACTION';
  return isOpen ? { ...before, status: 'FAILED' } : before;
}

function particularsBehind(row: PaymentRow, standing: Standing | null): Particulars {
  const { method, displayName, ...rest } = particularsOf(row);
  return {
    ...rest,
    method: standing?.method == null ? method : textOf(standing.method),
    displayName: standing?.displayName == null ? displayName : textOf(standing.displayName),
  };
}

function changesOf(row: PaymentRow, { method, displayName }: Particulars) {
  const changed = (field: string, from: string | null, to: string | null) =>
    from === to ? [] : [{ field: `payment.${field}`, from, to }];
  return {
    open: changed('method', row.method, method),
    personal: changed('displayName', row.display_name, displayName),
  };
}

/** What a provider says, as it may be kept and shown. */
function textOf(text: string): string {
  return maskCardNumbers(text.replaceAll('\0', '')).slice(0, LONGEST_TEXT);
}
