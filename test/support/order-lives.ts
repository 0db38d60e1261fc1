import { createTransport } from 'nodemailer';
import { mutation, type Money, type UserError } from '../api/support/desk.js';
import type { EasyPostSandbox } from './easypost-sandbox.js';
import { seededRandom } from './event-writers.js';
import { eventually } from './eventually.js';
import type { FatedHubs } from './fated-hubs.js';
import { newKey } from './hub.js';
import type { StripeSandbox } from './stripe-sandbox.js';

const RECEPTIONS = ['phone', 'email', 'web', 'csv', 'cpq', 'pos', 'marketplace', 'api'] as const;
const PAYMENTS = ['card', 'challenged card', 'account', 'transfer'] as const;
const ENDINGS = ['delivered', 'in parts', 'through trouble', 'sent again', 'canceled', 'refunded'] as const;
/** A hub that died is made up for by sweeps, the slowest of which comes each half minute. */
const PATIENCE_MS = 120_000;
const BEHIND: readonly string[] = ['PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'COMPLETED'];

export interface World {
  hubs: FatedHubs;
  stripe: StripeSandbox;
  carrier: EasyPostSandbox;
  skus: readonly string[];
  seed: number;
}
interface LiveOrder {
  id: string;
  status: string;
  email: string | null;
  total: Money;
  holds: { id: string; reason: string }[];
  lines: { id: string; backorderedQuantity: string }[];
  payments: { id: string; status: string }[];
  shipments: { id: string; status: string }[];
  invoices: { id: string; kind: string }[];
  fulfillmentOrders: { status: string }[];
}
const ORDER = `query ($id: ID!) { order(id: $id) { id status email total { amount currency }
  holds { id reason } lines { id backorderedQuantity } payments { id status } shipments { id status }
  invoices { id kind } fulfillmentOrders { status } } }`;
type Payload = { userErrors: UserError[] } & Record<string, Record<string, unknown> | null>;
interface Item {
  sku: string;
  quantity: string;
}

/** One order from its reception to its end, by the calls that people and systems make, each repeated until it is answered. */
export class OrderLife {
  readonly reception: (typeof RECEPTIONS)[number];
  readonly payment: (typeof PAYMENTS)[number];
  readonly ending: (typeof ENDINGS)[number];
  /** What has left, of each product. */
  readonly sent = new Map<string, number>();
  readonly name: string;
  readonly #random: () => number;
  #id = '';

  constructor(
    private readonly world: World,
    private readonly index: number,
  ) {
    this.reception = RECEPTIONS[index % RECEPTIONS.length]!;
    this.payment = PAYMENTS[(index + Math.floor(index / RECEPTIONS.length)) % PAYMENTS.length]!;
    const ending = ENDINGS[(index + Math.floor(index / 3)) % ENDINGS.length]!;
    // What goes over the counter has no carrier who brings it back.
    this.ending = this.reception === 'pos' && ending === 'sent again' ? 'delivered' : ending;
    this.#random = seededRandom(world.seed + index);
    this.name = `life ${index} (${this.reception}, ${this.payment}, ${this.ending})`;
  }

  /** Answers the order's id; throws with the life's name where something is refused or does not come. */
  async live(): Promise<string> {
    try {
      this.#id = await this.#receive();
      await this.#pay();
      if (this.ending === 'canceled') await this.#cancel();
      else await this.#fulfill();
      return this.#id;
    } catch (error) {
      throw new Error(`${this.name}, order ${this.#id || 'none yet'}: ${(error as Error).message}`, { cause: error });
    }
  }

  get #email(): string {
    return `buyer-${this.index}@lives.example`;
  }
  get #address() {
    const street = { line1: `Via Lunga ${this.index + 1}`, city: 'Bologna', postalCode: '40121', country: 'IT' };
    return { name: `Buyer ${this.index}`, phone: '+39 051 123456', ...street };
  }
  get #shipping() {
    return { shippingMethod: 'Courier', shippingPrice: { amount: '5.00', currency: 'EUR' } };
  }

  #items(): Item[] {
    const first = Math.floor(this.#random() * this.world.skus.length);
    const count = 1 + Math.floor(this.#random() * 2);
    return Array.from({ length: count }, (_, index) => ({
      sku: this.world.skus[(first + index) % this.world.skus.length]!,
      quantity: String(2 + Math.floor(this.#random() * 3)),
    }));
  }

  async #receive(): Promise<string> {
    const order = { currency: 'EUR', lines: this.#items() };
    switch (this.reception) {
      case 'phone':
        return this.#byPhone(order.lines);
      case 'email':
        return this.#byMail(order.lines);
      case 'csv':
        return this.#byTable(order.lines);
      case 'cpq':
        return this.#byQuote(order.lines);
      case 'pos':
      case 'api':
        return this.#created({ ...order, channel: this.reception, customerId: await this.#customer(), confirm: true });
      case 'web':
      case 'marketplace':
        return this.#created({
          ...{ ...order, ...this.#shipping, channel: this.reception },
          customerId: await this.#customer(),
        });
    }
  }

  async #byPhone(lines: Item[]): Promise<string> {
    const orderId = await this.#created({ channel: 'phone', currency: 'EUR', draft: true, lines: [] });
    await this.#step('updateDraftOrder', { orderId, lines });
    const customer = { email: this.#email, name: `Buyer ${this.index}`, shippingAddress: this.#address };
    await this.#step('updateDraftOrder', { orderId, customer, purchaseOrderNumber: `PO-${this.index}` });
    await this.#step('placeOrder', { orderId });
    return orderId;
  }

  /** A mail of which a line cannot be read: somebody looks at it. */
  async #byMail(lines: Item[]): Promise<string> {
    await this.#customer();
    const subject = `Order ${this.index}`;
    const text = [...lines.map(({ sku, quantity }) => `${quantity} x ${sku}`), '3 x of the blue ones'].join('\n');
    const mail = { subject, text, messageId: `<life-${this.index}@lives.example>`, date: new Date(0) };
    // It comes twice, as mail does.
    for (let time = 0; time < 2; time += 1) await this.world.hubs.insist(() => this.#mail(mail));
    const query = `{ inboundMails(first: 50) { nodes { subject order { id } } } }`;
    const { id } = await eventually(
      `a draft of the mail "${subject}"`,
      async () => {
        const { inboundMails } = await this.#ask<{
          inboundMails: { nodes: { subject: string; order: { id: string } | null }[] };
        }>(query);
        return inboundMails.nodes.find((node) => node.subject === subject)?.order;
      },
      PATIENCE_MS,
    );
    const [hold] = (await this.#order(id)).holds;
    if (hold?.reason !== 'UNREADABLE') throw new Error(`expected a hold of what is unreadable, got ${hold?.reason}`);
    await this.#step('releaseOrder', { orderId: id, holdId: hold.id, note: 'asked by phone: none' });
    await this.#step('placeOrder', { orderId: id });
    return id;
  }

  async #mail(mail: object): Promise<void> {
    const port = this.world.hubs.mailPort();
    const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
    try {
      await transport.sendMail({ from: `Buyer <${this.#email}>`, to: 'orders@shop.example', ...mail });
    } finally {
      transport.close();
    }
  }

  async #byTable(lines: Item[]): Promise<string> {
    const { name, line1, city, postalCode, country } = this.#address;
    const rows = lines.map(({ sku, quantity }) =>
      [`T-${this.index}`, sku, quantity, this.#email, name, line1, city, postalCode, country].join(),
    );
    const columns = 'order,sku,quantity,email,customer_name,ship_line1,ship_city,ship_postal_code,ship_country';
    const { rows: report } = (await this.#step('importOrders', {
      channel: 'api',
      csv: [columns, ...rows].join('\n'),
    })) as unknown as { rows: { order: { number: string } | null; errors: object[] }[] };
    const number = report[0]?.order?.number;
    if (number === undefined) throw new Error(`the table was not taken: ${JSON.stringify(report)}`);
    const query = 'query ($number: String!) { order(number: $number) { id } }';
    return (await this.#ask<{ order: { id: string } }>(query, { number })).order.id;
  }

  async #byQuote(lines: Item[]): Promise<string> {
    const customerId = await this.#customer();
    const quote = { customerId, currency: 'EUR', validUntil: '2099-01-01T00:00:00.000Z', lines, ...this.#shipping };
    const made = (await this.#step('createQuote', quote)).quote!;
    await this.#step('acceptQuote', { quoteId: made.id });
    return (await this.#step('convertQuoteToOrder', { quoteId: made.id })).order!.id as string;
  }

  async #customer(): Promise<string> {
    const customer = { name: `Buyer ${this.index}`, email: this.#email, shippingAddresses: [this.#address] };
    return (await this.#step('upsertCustomer', customer)).customer!.id as string;
  }

  async #created(input: object): Promise<string> {
    return (await this.#step('createOrder', input)).order!.id as string;
  }

  async #pay(): Promise<void> {
    const order = await this.#until('confirmed', ({ status }) => status !== 'DRAFT' && status !== 'RECEIVED');
    const orderId = order.id;
    switch (this.payment) {
      case 'card':
        await this.#step('authorizePayment', { orderId, provider: 'stripe', token: 'pm_card_visa' });
        break;
      case 'challenged card': {
        const card = { provider: 'stripe', token: 'pm_card_authenticationRequired', returnUrl: 'https://shop.example' };
        const { payment } = await this.#step('authorizePayment', { orderId, ...card });
        const paymentId = payment!.id as string;
        await eventually('the payer to be asked', () => this.#isAsked(paymentId), PATIENCE_MS);
        this.world.stripe.act(paymentId, 'AGREES');
        await this.#tell('payments/webhooks/stripe', () =>
          this.world.stripe.event(this.world.stripe.of(paymentId), new Date(), `evt_life_${this.index}`),
        );
        break;
      }
      case 'account':
        await this.#step('authorizePayment', { orderId, provider: 'manual', method: 'ON_ACCOUNT', termDays: 30 });
        break;
      case 'transfer':
        await this.#step('recordPayment', { orderId, method: 'TRANSFER', amount: order.total });
    }
    await this.#until('paid for', ({ payments }) =>
      payments.some(({ status }) => status === 'AUTHORIZED' || status === 'CAPTURED'),
    );
  }

  #isAsked(paymentId: string): boolean {
    const intents = [...this.world.stripe.intents.values()];
    return intents.some(({ metadata, status }) => metadata.payment === paymentId && status === 'requires_action');
  }

  async #cancel(): Promise<void> {
    const orderId = this.#id;
    await this.#step('cancelOrder', { orderId, reason: 'The buyer has changed their mind' });
    if (this.payment === 'transfer') await this.#step('refundPayment', { paymentId: await this.#paymentId() });
    await this.#until('canceled, with nothing held or taken', ({ status, payments }) =>
      [status, ...payments.map((payment) => payment.status)].every((each) =>
        ['CANCELED', 'VOIDED', 'REFUNDED'].includes(each),
      ),
    );
  }

  async #fulfill(): Promise<void> {
    // Nobody releases it: a rule does, once it is paid for.
    const order = await this.#until('given to the warehouse', ({ status, fulfillmentOrders }) =>
      BEHIND.includes(status) ? true : status === 'PROCESSING' && fulfillmentOrders.length > 0,
    );
    if (this.ending === 'in parts') await this.#send([{ lineId: order.lines[0]!.id, quantity: '1' }], ['delivered']);
    if (this.ending === 'sent again') {
      await this.#send(null, ['in_transit', 'return_to_sender']);
      const held = await this.#until('held', ({ holds }) => holds.length > 0);
      for (const { id: holdId } of held.holds)
        await this.#step('releaseOrder', { orderId: this.#id, holdId, note: 'The address is right now' });
      await this.#putBack();
    }
    const reports = this.ending === 'through trouble' ? ['failure', 'out_for_delivery', 'delivered'] : ['delivered'];
    await this.#send(null, ['in_transit', ...reports]);
    if (this.payment !== 'transfer') await this.#step('capturePayment', { paymentId: await this.#paymentId() });
    if (this.ending === 'refunded') await this.#refund();
    await this.#until(
      'delivered, paid for and invoiced, with nothing in its way',
      ({ status, holds, payments, invoices }) =>
        status === 'DELIVERED' &&
        invoices.length > 0 &&
        holds.length === 0 &&
        payments.every((payment) => ['CAPTURED', 'PARTIALLY_REFUNDED'].includes(payment.status)),
    );
  }

  /** What came back goes on the shelf, and is the order's again. */
  async #putBack(): Promise<void> {
    for (const [sku, count] of this.sent) {
      const delta = String(count);
      await this.#step('adjustStock', { sku, location: 'MILAN', delta, kind: 'RETURN', reason: 'It came back' });
    }
    this.sent.clear();
    await this.#until('reserved again', ({ lines }) =>
      lines.every(({ backorderedQuantity }) => backorderedQuantity === '0'),
    );
  }

  /** A parcel with a label, from the shelf to where the carrier's last report says. */
  async #send(lines: { lineId: string; quantity: string }[] | null, reports: string[]): Promise<void> {
    const made = await this.#step('createShipment', { orderId: this.#id, ...(lines && { lines }) });
    const shipment = made.shipment as unknown as { id: string; lines: Item[] };
    const shipmentId = shipment.id;
    if (this.reception === 'pos') {
      for (const status of ['SHIPPED', 'DELIVERED']) await this.#step('updateShipment', { shipmentId, status });
    } else {
      const parcel = { weightGrams: 1500, lengthMm: 300, widthMm: 200, heightMm: 100 };
      await this.#step('rateShipment', { shipmentId, parcel });
      const code = await this.#label(shipmentId);
      for (const status of ['PACKED', 'SHIPPED']) await this.#step('updateShipment', { shipmentId, status });
      for (const report of reports) await this.#carry(shipmentId, code, report);
    }
    for (const { sku, quantity } of shipment.lines) this.sent.set(sku, (this.sent.get(sku) ?? 0) + Number(quantity));
  }

  async #label(shipmentId: string): Promise<string> {
    await this.#step('buyLabel', { shipmentId });
    const query = `query ($id: ID!) { node(id: $id) { ... on Shipment { label { status trackingNumber } } } }`;
    return eventually(
      'a label',
      async () => {
        const { node } = await this.#ask<{
          node: { label: { status: string; trackingNumber: string | null } | null };
        }>(query, { id: shipmentId });
        return node.label?.status === 'BOUGHT' && node.label.trackingNumber;
      },
      PATIENCE_MS,
    );
  }

  async #carry(shipmentId: string, code: string, report: string): Promise<void> {
    const { carrier } = this.world;
    carrier.report(code, report, new Date());
    const event = carrier.event(code);
    await this.#tell('carriers/webhooks/easypost', () => event);
    const status = CARRIED[report]!;
    await this.#until(status, ({ shipments }) =>
      shipments.some((shipment) => shipment.id === shipmentId && shipment.status === status),
    );
  }

  /** A webhook, until it is taken, and then once more. */
  async #tell(path: string, event: () => { body: string; headers: object }): Promise<void> {
    for (let time = 0; time < 2; time += 1)
      await this.world.hubs.insist(async (url) => {
        const { body, headers } = event();
        const answer = await fetch(`${url}/${path}`, {
          method: 'POST',
          body,
          headers: headers as Record<string, string>,
        });
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      });
  }

  async #refund(): Promise<void> {
    const amount = { amount: '1.00', currency: 'EUR' };
    await this.#step('refundPayment', { paymentId: await this.#paymentId(), amount, reason: 'A scratch' });
    const { invoices } = await this.#until('invoiced', (order) => order.invoices.length > 0);
    await this.#step('issueCreditNote', { invoiceId: invoices[0]!.id, amount, reason: 'A scratch' });
  }

  async #paymentId(): Promise<string> {
    return (await this.#order()).payments[0]!.id;
  }

  async #order(id = this.#id): Promise<LiveOrder> {
    return (await this.#ask<{ order: LiveOrder }>(ORDER, { id })).order;
  }

  async #until(what: string, is: (order: LiveOrder) => boolean): Promise<LiveOrder> {
    let last: LiveOrder | undefined;
    try {
      return await eventually(
        what,
        async () => {
          last = await this.#order();
          return is(last) && last;
        },
        PATIENCE_MS,
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}; it is ${JSON.stringify(last)}`, { cause: error });
    }
  }

  async #ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.world.hubs.ask<Data>(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** The same call under the same key until it has taken effect; a provider whose answer was lost is asked again. */
  #step(name: string, input: object): Promise<Payload> {
    const sent = { idempotencyKey: newKey(), ...input };
    return eventually(
      `${name}, whose provider answers`,
      async () => {
        const payload = (await this.#ask<Record<string, Payload>>(mutation(name), { input: sent }))[name]!;
        const codes = payload.userErrors.map(({ code }) => code);
        if (codes.includes('PROVIDER_UNAVAILABLE')) return null;
        if (codes.length > 0) throw new Error(`${name}: ${JSON.stringify(payload.userErrors)}`);
        return payload;
      },
      PATIENCE_MS,
    );
  }
}

const CARRIED: Record<string, string> = {
  in_transit: 'IN_TRANSIT',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  failure: 'DELIVERY_FAILED',
  return_to_sender: 'RETURNED_TO_SENDER',
  delivered: 'DELIVERED',
};
