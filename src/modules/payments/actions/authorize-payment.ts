import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { covered } from '../attempt.rules.js';
import type { AuthorizePaymentInput, RecordPaymentInput } from '../payment-input.type.js';
import { figuresOf, newPayment } from '../payment.rules.js';
import { paymentProviders, type PaymentProvider } from '../provider.js';
import { manual } from '../providers/manual.js';
import {
  amountOf,
  beginAttempt,
  lockCash,
  providerOf,
  refuseBeyond,
  refuseCardNumbers,
  type Begun,
  type Cash,
} from './begin-attempt.js';

const DAY_MS = 86_400_000;
const USUAL_TERM_DAYS = 30;
const LONGEST_TERM_DAYS = 365;
const RETURN_URL = /^https?:\/\/\S{1,2000}$/;
const TOKEN = /^[\w-]{1,255}$/;

/**
 * Begins a payment of an order: a provider is asked to set the money aside, a transfer is awaited, or the customer is
 * trusted with it for a term. No more than the order has to pay.
 */
export async function authorizePayment(scope: ActionScope, input: AuthorizePaymentInput): Promise<Begun> {
  const provider = providerOf(scope, input.provider, 'provider');
  checkMeans(provider, input);
  const cash = await lockCash(scope, input);
  refuseCanceled(cash);
  const { order } = cash;
  const due = BigInt(order.total_minor) - coveredOf(scope, cash);
  const amount = input.amount == null ? due : amountOf(input.amount, order);
  if (amount <= 0n) throw refuse('AMOUNT_EXCEEDED', `order ${order.number} is paid or authorized already`, ['orderId']);
  refuseBeyond(amount, due, order, 'of the order is neither paid nor authorized');
  const { now } = scope;
  const term = input.termDays ?? USUAL_TERM_DAYS;
  return beginAttempt(scope, cash, {
    kind: 'AUTHORIZE',
    amount,
    provider,
    token: input.token ?? null,
    returnUrl: input.returnUrl ?? null,
    payment: {
      id: await scope.tx.ids.one(),
      isNew: true,
      before: newPayment(amount),
      particulars: {
        provider: provider.code,
        method: input.method ?? null,
        displayName: null,
        begunAt: now.toISOString(),
      },
      dueAt: input.method === 'ON_ACCOUNT' ? new Date(now.getTime() + term * DAY_MS) : null,
    },
  });
}

/** Money that came and that nobody had announced: a payment that is taken at once. */
export async function recordPayment(scope: ActionScope, input: RecordPaymentInput): Promise<Begun> {
  if (input.method === 'ON_ACCOUNT')
    throw refuse('INVALID', 'method: expected TRANSFER or CASH: on account, nothing has come', ['method']);
  const cash = await lockCash(scope, input);
  const amount = amountOf(input.amount, cash.order);
  return beginAttempt(scope, cash, {
    kind: 'CAPTURE',
    amount,
    provider: manual,
    payment: {
      id: await scope.tx.ids.one(),
      isNew: true,
      before: newPayment(amount),
      particulars: {
        provider: manual.code,
        method: input.method,
        displayName: null,
        begunAt: scope.now.toISOString(),
      },
    },
  });
}

function checkMeans(provider: PaymentProvider, { method, token, termDays, returnUrl }: AuthorizePaymentInput): void {
  refuseCardNumbers({ token, returnUrl });
  const refusals = new Refusals();
  const { code, isRemote } = provider;
  if (isRemote && token == null) refusals.add('REQUIRED', `token: ${code} needs one`, ['token']);
  if (isRemote && method != null) refusals.add('INVALID', `method: ${code} tells it itself`, ['method']);
  if (!isRemote && token != null) refusals.add('INVALID', `token: ${code} takes none`, ['token']);
  if (!isRemote && method == null) refusals.add('REQUIRED', `method: ${code} needs one`, ['method']);
  if (returnUrl != null && (!isRemote || !RETURN_URL.test(returnUrl)))
    refusals.add('INVALID', 'returnUrl: expected an http or https address, and a provider’s token', ['returnUrl']);
  if (token != null && !TOKEN.test(token)) refusals.add('INVALID', 'token: expected a provider’s token', ['token']);
  if (termDays != null && (method !== 'ON_ACCOUNT' || termDays < 0 || termDays > LONGEST_TERM_DAYS)) {
    const message = `termDays: expected 0 to ${LONGEST_TERM_DAYS}, and only on account`;
    refusals.add('INVALID', message, ['termDays']);
  }
  refusals.throwIfAny();
}

function refuseCanceled({ order }: Cash): void {
  if (order.status === 'CANCELED')
    throw refuse('CONFLICT', `order ${order.number} is canceled: nothing is due`, ['orderId']);
}

function coveredOf(scope: ActionScope, { rows }: Cash): bigint {
  const providers = scope.service(paymentProviders);
  const isRemote = (code: string | null) => code !== null && providers.get(code)?.isRemote !== false;
  return covered(rows.map((row) => ({ figures: figuresOf(row), isRemote: isRemote(row.acts_through) })));
}
