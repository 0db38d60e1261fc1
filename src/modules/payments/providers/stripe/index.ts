import Stripe from 'stripe';
import type { Answer, Notice, ProviderCall, RemoteProvider } from '../../provider.js';
import { ATTEMPT_KEY, captureKey, PAYMENT_KEY, standingOf, takesParts } from './standing.js';

export interface StripeSettings {
  secretKey: string;
  /** Several while one replaces another. */
  webhookSecrets: readonly string[];
  /** Another than the vendor's own for tests. */
  url: string;
}

export const STRIPE = 'stripe';
const TIMEOUT_MS = 20_000;
const TOLERANCE_SECONDS = 300;
/** Its minor unit is not that of ISO 4217 (https://docs.stripe.com/currencies): an amount would be a hundred times another. */
const OTHER_UNIT = new Set(['ISK', 'UGX', 'MGA', 'IQD', 'LYD', 'CLF', 'UYI', 'UYW']);

/** Cards by PaymentIntents that are authorized first and captured later. */
export function stripe(settings: StripeSettings): RemoteProvider {
  const client = clientOf(settings);
  return {
    code: STRIPE,
    isRemote: true,
    authorize: (call) => answered(client, call, null, () => authorize(client, call)),
    capture: (call) => answered(client, call, call.reference, () => capture(client, call)),
    void: (call) => answered(client, call, call.reference, () => giveUp(client, call)),
    refund: (call) => answered(client, call, call.reference, () => refund(client, call)),
    read: (call) => read(client, call),
    notice: (body, headers, at) => noticeOf(client, settings.webhookSecrets, body, headers['stripe-signature'], at),
  };
}

/** A call is not repeated here but where its connection was cut, under the same key: whoever asks knows better when. */
function clientOf({ secretKey, url }: StripeSettings): Stripe {
  const { protocol, hostname, port } = new URL(url);
  return new Stripe(secretKey, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port && { port: Number(port) }),
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
  });
}

/** Carries out a call and asks where the payment stands behind it. What is no clear answer is thrown on. */
async function answered(
  client: Stripe,
  call: ProviderCall,
  reference: string | null,
  carryOut: () => Promise<string>,
): Promise<Answer> {
  try {
    return await standing(client, call, await carryOut());
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError) || !isRefusal(error)) throw error;
    const known = reference ?? error.payment_intent?.id ?? null;
    const reason = [error.message, error.decline_code && `(${error.decline_code})`].filter(Boolean).join(' ');
    const answer = known === null ? null : await standing(client, call, known);
    return { kind: 'refused', reason, standing: answer?.kind === 'standing' ? answer.standing : null };
  }
}

/** It was looked at and nothing was done, for good (https://docs.stripe.com/error-low-level). */
function isRefusal({ type, statusCode }: Stripe.errors.StripeError): boolean {
  const isSaid = statusCode === 400 || statusCode === 402 || statusCode === 404;
  return isSaid && (type === 'StripeCardError' || type === 'StripeInvalidRequestError');
}

async function authorize(client: Stripe, call: ProviderCall): Promise<string> {
  if (OTHER_UNIT.has(call.currency))
    throw new Stripe.errors.StripeInvalidRequestError({
      type: 'invalid_request_error',
      message: `${call.currency} is not taken through ${STRIPE}`,
      statusCode: 400,
    });
  const intent = await client.paymentIntents.create(
    {
      amount: Number(call.amount),
      currency: call.currency.toLowerCase(),
      payment_method: call.token!,
      allowed_payment_method_types: ['card'],
      payment_method_options: { card: { request_multicapture: 'if_available' } },
      capture_method: 'manual',
      confirm: true,
      ...(call.returnUrl !== null && { return_url: call.returnUrl }),
      description: `Order ${call.order}`,
      metadata: { [PAYMENT_KEY]: call.payment, [ATTEMPT_KEY]: call.key, order: call.order },
    },
    { idempotencyKey: call.key },
  );
  return intent.id;
}

/**
 * Where it was carried out already, its key stands on the PaymentIntent, and nothing is sent again: a call that broke behind
 * its effect would answer the same fault for as long as its key is known.
 */
async function capture(client: Stripe, call: ProviderCall): Promise<string> {
  const intent = await retrieve(client, call.reference!);
  if (intent.metadata[captureKey(call.key)] !== undefined) return intent.id;
  await client.paymentIntents.capture(
    intent.id,
    {
      amount_to_capture: Number(call.amount),
      metadata: { [captureKey(call.key)]: String(call.amount) },
      ...(!call.isLast && takesParts(intent) && { final_capture: false }),
    },
    { idempotencyKey: call.key },
  );
  return intent.id;
}

async function giveUp(client: Stripe, call: ProviderCall): Promise<string> {
  const { id, status } = await retrieve(client, call.reference!);
  if (status === 'canceled') return id;
  await client.paymentIntents.cancel(
    id,
    { cancellation_reason: 'requested_by_customer' },
    { idempotencyKey: call.key },
  );
  return id;
}

async function refund(client: Stripe, call: ProviderCall): Promise<string> {
  const reference = call.reference!;
  if ((await refundsOf(client, reference)).some((each) => isOf(call, each))) return reference;
  await client.refunds.create(
    {
      payment_intent: reference,
      amount: Number(call.amount),
      metadata: { [PAYMENT_KEY]: call.payment, [ATTEMPT_KEY]: call.key },
    },
    { idempotencyKey: call.key },
  );
  return reference;
}

async function refundsOf(client: Stripe, reference: string): Promise<Stripe.Refund[]> {
  const refunds: Stripe.Refund[] = [];
  for await (const each of client.refunds.list({ payment_intent: reference, limit: 100 })) refunds.push(each);
  return refunds;
}

function isOf({ key }: ProviderCall, { metadata }: Stripe.Refund): boolean {
  return metadata?.[ATTEMPT_KEY] === key;
}

async function read(client: Stripe, call: ProviderCall): Promise<Answer> {
  if (call.reference !== null) return standing(client, call, call.reference);
  const { data } = await client.paymentIntents.search({ query: `metadata['${PAYMENT_KEY}']:'${call.payment}'` });
  return data[0] ? standing(client, call, data[0].id) : { kind: 'unknown' };
}

function retrieve(client: Stripe, reference: string): Promise<Stripe.PaymentIntent> {
  return client.paymentIntents.retrieve(reference, { expand: ['latest_charge'] });
}

/** What failed could be tried with another card by whoever has it open: it is closed, since the hub takes it for lost. */
async function standing(client: Stripe, call: ProviderCall, reference: string): Promise<Answer> {
  let intent = await retrieve(client, reference);
  if (intent.status === 'requires_payment_method' && intent.last_payment_error)
    intent = await client.paymentIntents.cancel(reference, { cancellation_reason: 'abandoned' });
  const refunds = intent.amount_received > 0 ? await refundsOf(client, reference) : [];
  const own = refunds.find((each) => isOf(call, each));
  const awaited: string[] = ['requires_action', 'requires_confirmation', 'processing'];
  const isDecided = own ? own.status !== 'pending' : !awaited.includes(intent.status);
  return { kind: 'standing', standing: standingOf(intent, refunds), isDecided };
}

function noticeOf(
  client: Stripe,
  secrets: readonly string[],
  body: Buffer,
  signature: string | string[] | undefined,
  at: Date,
): Notice | null {
  const event = verified(client, secrets, body, String(signature), at);
  const object = event.data.object as unknown as Record<string, unknown>;
  const metadata = (object.metadata ?? {}) as Record<string, string | undefined>;
  const reference = object.object === 'payment_intent' ? object.id : object.payment_intent;
  if (typeof reference !== 'string') return null;
  return { id: event.id, reference, payment: metadata[PAYMENT_KEY] ?? null };
}

function verified(client: Stripe, secrets: readonly string[], body: Buffer, signature: string, at: Date): Stripe.Event {
  let failure: unknown = new Error('no webhook secret is set');
  for (const secret of secrets) {
    try {
      return client.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS, undefined, at.getTime());
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
