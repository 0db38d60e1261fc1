import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  currency: string;
  status: string;
  capture_method: string;
  cancellation_reason: string | null;
  last_payment_error: object | null;
  next_action: object | null;
  latest_charge: object | null;
  metadata: Record<string, string>;
  payment_method: string;
}
interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  status: string;
  payment_intent: string;
  metadata: Record<string, string>;
}
interface Answer {
  status: number;
  body: object;
}
/**
 * What befalls the next call that changes something: it dies before or behind its effect, meets a broken gateway, breaks
 * behind its effect (which its key remembers), or is one too many.
 */
export type Fault = 'DIES_BEFORE' | 'DIES_BEHIND' | 'BREAKS' | 'BREAKS_BEHIND' | 'IS_TOO_MANY';

const SECRET_KEY = 'sk_test_of_the_sandbox';
export const WEBHOOK_SECRET = 'whsec_of_the_sandbox';

/** Behaves like the vendor as far as the hub uses it: PaymentIntents by cards, refunds, idempotency keys, signed events. */
export class StripeSandbox {
  readonly intents = new Map<string, Intent>();
  readonly refunds: Refund[] = [];
  /** Calls that came, with their idempotency key. */
  readonly calls: { path: string; key: string | null }[] = [];
  /** For the next calls that change something, in their order. */
  faults: Fault[] = [];
  /** Awaited by every call that changes something, once it has come: how tests have calls overlap. */
  gate: (path: string) => Promise<void> = async () => {};
  url = '';
  #made = 0;
  readonly #answers = new Map<string, { request: string; answer: Answer }>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StripeSandbox> {
    const server = createServer((req, res) => void sandbox.#handle(req, res));
    const sandbox = new StripeSandbox(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    sandbox.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return sandbox;
  }

  get settings() {
    return { secretKey: SECRET_KEY, webhookSecrets: ['whsec_older', WEBHOOK_SECRET], url: this.url };
  }

  /** The only PaymentIntent of a payment, by the name the hub gave it. */
  of(payment: string): Intent {
    const found = [...this.intents.values()].filter(({ metadata }) => metadata.payment === payment);
    if (found.length !== 1) throw new Error(`${found.length} PaymentIntents are of ${payment}`);
    return found[0]!;
  }

  refundedOf(payment: string): number {
    const own = this.refunds.filter(
      ({ payment_intent, status }) => payment_intent === this.of(payment).id && status === 'succeeded',
    );
    return own.reduce((sum, { amount }) => sum + amount, 0);
  }

  /** What the payer does when asked for something. */
  act(payment: string, outcome: 'AGREES' | 'FAILS'): void {
    const intent = this.of(payment);
    intent.next_action = null;
    if (outcome === 'AGREES') return authorize(intent);
    intent.status = 'requires_payment_method';
    intent.last_payment_error = { type: 'card_error', code: 'payment_intent_authentication_failure' };
  }

  /** A refund that was given by hand, in the vendor's own pages. */
  refundByHand(payment: string, amount: number): void {
    this.#refund({ payment_intent: this.of(payment).id, amount: String(amount) });
  }

  /** An event about an object, signed for that moment; the same id is the same event. */
  event(object: object, at: Date, id = this.#id('evt'), secret = WEBHOOK_SECRET) {
    const event = { id, object: 'event', type: 'payment_intent.updated', created: 1, data: { object } };
    const body = JSON.stringify(event);
    const time = Math.floor(at.getTime() / 1000);
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    return { body, headers: { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` } };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url!, this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const form = readForm(Buffer.concat(chunks).toString());
    const key = (req.headers['idempotency-key'] as string | undefined) ?? null;
    if (req.headers.authorization !== `Bearer ${SECRET_KEY}`)
      return send(res, refusal(401, 'authentication_error', 'Invalid API Key provided'));
    if (req.method === 'GET') return send(res, this.#read(url));
    this.calls.push({ path: url.pathname, key });
    await this.gate(url.pathname);
    const fault = this.faults.shift();
    if (fault === 'DIES_BEFORE') return void res.destroy();
    if (fault === 'BREAKS') return send(res, broken());
    if (fault === 'IS_TOO_MANY') return send(res, refusal(429, 'rate_limit_error', 'Too many requests'));
    const answer = this.#once(key, `${url.pathname} ${JSON.stringify(form)}`, () => {
      const changed = this.#change(url.pathname, form);
      return fault === 'BREAKS_BEHIND' ? broken() : changed;
    });
    if (fault === 'DIES_BEHIND') return void res.destroy();
    send(res, answer);
  }

  #once(key: string | null, request: string, work: () => Answer): Answer {
    if (key === null) return work();
    const known = this.#answers.get(key);
    if (known && known.request !== request)
      return refusal(
        400,
        'idempotency_error',
        'Keys for idempotent requests can only be used with the same parameters',
      );
    const answer = known ? known.answer : structuredClone(work());
    this.#answers.set(key, { request, answer });
    return answer;
  }

  #read(url: URL): Answer {
    if (url.pathname === '/v1/payment_intents/search') {
      const payment = /^metadata\['payment'\]:'(.*)'$/.exec(url.searchParams.get('query')!)![1];
      return list([...this.intents.values()].filter(({ metadata }) => metadata.payment === payment));
    }
    if (url.pathname === '/v1/refunds')
      return list(this.refunds.filter((refund) => refund.payment_intent === url.searchParams.get('payment_intent')));
    const intent = this.intents.get(/^\/v1\/payment_intents\/(\w+)$/.exec(url.pathname)?.[1] ?? '');
    return intent ? { status: 200, body: intent } : refusal(404, 'invalid_request_error', 'No such payment_intent');
  }

  #change(path: string, form: Record<string, string>): Answer {
    if (path === '/v1/payment_intents') return this.#create(form);
    if (path === '/v1/refunds') return this.#refund(form);
    const [, id, verb] = /^\/v1\/payment_intents\/(\w+)\/(capture|cancel)$/.exec(path) ?? [];
    const intent = this.intents.get(id ?? '');
    if (!intent) return refusal(404, 'invalid_request_error', 'No such payment_intent');
    return verb === 'capture' ? capture(intent, form) : cancel(intent, form);
  }

  #create(form: Record<string, string>): Answer {
    const token = form.payment_method!;
    const intent: Intent = {
      ...{ id: this.#id('pi'), object: 'payment_intent', amount: Number(form.amount), amount_capturable: 0 },
      ...{ amount_received: 0, currency: form.currency!, status: 'requires_confirmation', cancellation_reason: null },
      ...{ capture_method: form.capture_method!, last_payment_error: null, next_action: null, payment_method: token },
      metadata: under('metadata', form),
      latest_charge: null,
    };
    if (!/^pm_card_/.test(token)) return refusal(400, 'invalid_request_error', `No such PaymentMethod: '${token}'`);
    this.intents.set(intent.id, intent);
    if (token === 'pm_card_chargeDeclined') return decline(intent);
    if (token === 'pm_card_authenticationRequired') {
      intent.status = 'requires_action';
      const url = 'https://hooks.stripe.com/3d_secure_2/hosted';
      if (form.return_url) intent.next_action = { type: 'redirect_to_url', redirect_to_url: { url } };
    } else authorize(intent);
    return { status: 200, body: intent };
  }

  #refund(form: Record<string, string>): Answer {
    const intent = this.intents.get(form.payment_intent!)!;
    const amount = Number(form.amount);
    const given = this.refunds.filter((each) => each.payment_intent === intent.id && each.status !== 'failed');
    if (given.reduce((sum, each) => sum + each.amount, amount) > intent.amount_received)
      return refusal(400, 'invalid_request_error', 'Refund amount is greater than unrefunded amount on charge');
    const status = intent.payment_method === 'pm_card_pendingRefund' ? 'pending' : 'succeeded';
    const refund: Refund = {
      ...{ id: this.#id('re'), object: 'refund', amount, status, payment_intent: intent.id },
      metadata: under('metadata', form),
    };
    this.refunds.push(refund);
    return { status: 200, body: refund };
  }

  #id(prefix: string): string {
    this.#made += 1;
    return `${prefix}_${String(this.#made).padStart(6, '0')}sandbox`;
  }
}

function authorize(intent: Intent): void {
  const multicapture = { status: intent.payment_method === 'pm_card_takenOnce' ? 'unavailable' : 'available' };
  const card = { brand: 'visa', last4: '4242', multicapture };
  intent.status = 'requires_capture';
  intent.amount_capturable = intent.amount;
  intent.latest_charge = { id: `ch_${intent.id}`, object: 'charge', payment_method_details: { type: 'card', card } };
}

function decline(intent: Intent): Answer {
  intent.status = 'requires_payment_method';
  intent.last_payment_error = { type: 'card_error', code: 'card_declined' };
  const error = { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' };
  // The vendor never says more of a card, but a hub must not rely on it.
  const message = 'Your card 4242 4242 4242 4242 was declined.';
  return { status: 402, body: { error: { ...error, message, payment_intent: intent } } };
}

function capture(intent: Intent, form: Record<string, string>): Answer {
  const amount = Number(form.amount_to_capture ?? intent.amount_capturable);
  if (intent.status !== 'requires_capture')
    return refusal(
      400,
      'invalid_request_error',
      `This PaymentIntent could not be captured: its status is ${intent.status}`,
    );
  if (amount > intent.amount_capturable)
    return refusal(400, 'invalid_request_error', 'The amount is greater than the amount that can be captured');
  Object.assign(intent.metadata, under('metadata', form));
  intent.amount_received += amount;
  intent.amount_capturable = form.final_capture === 'false' ? intent.amount_capturable - amount : 0;
  if (intent.amount_capturable === 0) intent.status = 'succeeded';
  return { status: 200, body: intent };
}

function cancel(intent: Intent, form: Record<string, string>): Answer {
  if (intent.status === 'succeeded' || intent.status === 'canceled')
    return refusal(
      400,
      'invalid_request_error',
      `You cannot cancel this PaymentIntent: its status is ${intent.status}`,
    );
  intent.status = 'canceled';
  intent.amount_capturable = 0;
  intent.cancellation_reason = form.cancellation_reason ?? null;
  return { status: 200, body: intent };
}

function readForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function under(name: string, form: Record<string, string>): Record<string, string> {
  const own = Object.entries(form).filter(([key]) => key.startsWith(`${name}[`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(name.length + 1, -1), value]));
}

function list(data: object[]): Answer {
  return { status: 200, body: { object: 'list', data, has_more: false } };
}

function refusal(status: number, type: string, message: string): Answer {
  return { status, body: { error: { type, message } } };
}

function broken(): Answer {
  return refusal(500, 'api_error', 'Something went wrong');
}

function send(res: ServerResponse, { status, body }: Answer): void {
  res.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_sandbox' }).end(JSON.stringify(body));
}
