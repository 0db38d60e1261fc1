import { idOf, typeId } from '../../../src/shared/ids.js';
import { ADMIN_KEY, newKey, START, type GraphAnswer, type TestHub } from '../../support/hub.js';

export const ITEM = `id kind department priority title note openedAt dueAt recordId assignee { id name } order { id }
  quote { id } shipment { id }`;
export interface Money {
  amount: string;
  currency: string;
}
export interface UserError {
  __typename: string;
  code: string;
  message: string;
  field: string[] | null;
  [fact: string]: unknown;
}
export interface Line {
  id: string;
  sku: string;
  quantity: string;
  unitPrice: Money;
  discountTotal: Money;
  taxTotal: Money;
  taxLines: { name: string; rate: string; taxable: Money; amount: Money }[];
  total: Money;
  reservedQuantity: string;
  canceledQuantity: string;
  backorderedQuantity: string;
  shippedQuantity: string;
  deliveredQuantity: string;
}
export interface Order {
  id: string;
  number: string;
  status: string;
  fulfillmentStatus: string;
  version: number;
  currency: string;
  email: string | null;
  note: string | null;
  placedAt: string;
  customer: { id: string } | null;
  quote: { id: string } | null;
  subtotal: Money;
  discountTotal: Money;
  shippingTotal: Money;
  taxTotal: Money;
  total: Money;
  taxLines: { name: string; rate: string; taxable: Money; amount: Money }[];
  lines: Line[];
}
export interface Shipment {
  id: string;
  number: string;
  status: string;
  version: number;
  location: { code: string };
  carrier: string | null;
  service: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  shippedAt: string | null;
  deliveredAt: string | null;
  lines: { sku: string; quantity: string; orderLine: { id: string } }[];
  trackingEvents: { status: string; description: string | null; place: string | null; at: string }[];
}
export interface FulfillmentOrder {
  id: string;
  number: string;
  status: string;
  version: number;
  location: { code: string };
  hold: { reason: string; note: string | null; placedBy: { kind: string } } | null;
  lines: { sku: string; quantity: string; remainingQuantity: string; waitingQuantity: string }[];
  shipments: { id: string }[];
}
export interface Invoice {
  id: string;
  number: string;
  kind: string;
  issuedAt: string;
  dueDate: string | null;
  reason: string | null;
  taxTotal: Money;
  total: Money;
  order: { id: string };
  credits: { number: string } | null;
  lines: {
    id: string;
    sku: string | null;
    description: string;
    quantity: string;
    unitPrice: Money;
    discountTotal: Money;
    taxTotal: Money;
    taxLines: Line['taxLines'];
    total: Money;
  }[];
  pdfUrl: string;
}
export interface Quote {
  id: string;
  number: string;
  revision: number;
  status: string;
  version: number;
  validUntil: string;
  subtotal: Money;
  discountTotal: Money;
  shippingMethod: string | null;
  shippingTotal: Money;
  taxTotal: Money;
  total: Money;
  recurringTotal: { interval: string; total: Money }[];
  orders: { id: string; status: string }[];
  unmatchedLines: { externalLineId: string | null; sku: string; description: string; quantity: string; total: Money }[];
  lines: {
    id: string;
    externalLineId: string | null;
    sku: string;
    description: string;
    recurrence: { interval: string; termCount: number } | null;
    quantity: string;
    unitPrice: Money;
    listPrice: Money | null;
    discountRate: string;
    taxTotal: Money;
    total: Money;
    convertedQuantity: string;
  }[];
}
export interface Level {
  id: string;
  onHand: string;
  reserved: string;
  available: string;
  shortfall: string;
  version: number;
}
export interface TimelineEvent {
  id: string;
  cursor: string;
  sequence: number;
  type: string;
  at: string;
  message: string;
  actor: { kind: string; name: string };
  changes: { field: string; from: unknown; to: unknown }[];
  data: Record<string, unknown> | null;
}
/** What every mutation answers besides its record. */
export type Payload<Name extends string, Value> = { [name in Name]: Value | null } & {
  replayed: boolean;
  userErrors: UserError[];
};

export const MONEY = '{ amount currency }';
const TAXES = `taxLines { name rate taxable ${MONEY} amount ${MONEY} }`;
export const ORDER = `id number status fulfillmentStatus version currency email note placedAt customer { id } quote { id }
  subtotal ${MONEY} discountTotal ${MONEY} shippingTotal ${MONEY} taxTotal ${MONEY} total ${MONEY} ${TAXES}
  lines { id sku quantity unitPrice ${MONEY} discountTotal ${MONEY} taxTotal ${MONEY} total ${MONEY} ${TAXES}
    reservedQuantity canceledQuantity backorderedQuantity
    shippedQuantity deliveredQuantity }`;
export const SHIPMENT = `id number status version location { code } carrier service trackingNumber trackingUrl shippedAt
  deliveredAt lines { sku quantity orderLine { id } } trackingEvents { status description place at }`;
export const FULFILLMENT_ORDER = `id number status version location { code } hold { reason note placedBy { kind } }
  lines { sku quantity remainingQuantity waitingQuantity } shipments { id }`;
const FULFILLMENT_STEP = `fulfillmentOrder { ${FULFILLMENT_ORDER} } newFulfillmentOrder { ${FULFILLMENT_ORDER} } order { ${ORDER} }`;
export const QUOTE = `id number revision status version validUntil orders { id status }
  subtotal ${MONEY} discountTotal ${MONEY} shippingMethod shippingTotal ${MONEY} taxTotal ${MONEY} total ${MONEY}
  recurringTotal { interval total ${MONEY} } unmatchedLines { externalLineId sku description quantity total ${MONEY} }
  lines { id externalLineId sku description recurrence { interval termCount }
    quantity unitPrice ${MONEY} listPrice ${MONEY} discountRate taxTotal ${MONEY} total ${MONEY} convertedQuantity }`;
/** A shipment as its carriers see it. */
export const CARRIED = `${SHIPMENT} offers { id provider carrier service price ${MONEY} deliveryDays isKept isChosen reasons }
  label { id status url cost ${MONEY} provider carrier service trackingNumber reason }`;
const PAYMENT = `id status version amount ${MONEY} authorizedAmount ${MONEY} capturedAmount ${MONEY} refundedAmount ${MONEY}
  provider method displayName actionUrl dueAt`;
/** An order as its payments show it. */
export const PAID_ORDER = `id number version status paymentStatus paidTotal ${MONEY} refundedTotal ${MONEY} balanceDue ${MONEY}
  payments { ${PAYMENT} }`;
const PAYMENT_STEP = `payment { ${PAYMENT} } order { ${PAID_ORDER} }`;
export const INVOICE = `id number kind issuedAt dueDate reason taxTotal ${MONEY} total ${MONEY} order { id } credits { number }
  lines { id sku description quantity unitPrice ${MONEY} discountTotal ${MONEY} taxTotal ${MONEY} total ${MONEY} ${TAXES} }`;
export const LEVEL = 'id onHand reserved available shortfall version';
export const ERRORS = `userErrors { __typename code message field
  ... on VersionConflictError { currentVersion } ... on TransitionError { from allowed }
  ... on InsufficientStockError { sku requested available } ... on IdempotencyConflictError { firstUsedAt }
  ... on DuplicateOrderError { orders { number } }
  ... on CreditLimitError { limit ${MONEY} used ${MONEY} }
  ... on PriceChangedError { sku quoted ${MONEY} current ${MONEY} } ... on AlreadyConvertedError { orders { id status } } }`;

const INPUTS: Record<string, string> = {
  placeOrder: 'OrderActionInput',
  confirmOrder: 'OrderActionInput',
  releaseFulfillmentOrder: 'FulfillmentOrderActionInput',
  cancelFulfillmentOrder: 'FulfillmentOrderActionInput',
  completeOrder: 'OrderActionInput',
  submitQuote: 'QuoteActionInput',
  approveQuote: 'QuoteActionInput',
  rejectQuote: 'QuoteActionInput',
  sendQuote: 'QuoteActionInput',
  acceptQuote: 'QuoteActionInput',
  declineQuote: 'QuoteActionInput',
  cancelQuote: 'QuoteActionInput',
  disconnectIntegration: 'IntegrationActionInput',
  syncIntegration: 'IntegrationActionInput',
  reconcileIntegration: 'IntegrationActionInput',
  pauseIntegration: 'IntegrationActionInput',
  resumeIntegration: 'IntegrationActionInput',
};
const SELECTIONS: Record<string, string> = {
  upsertCustomer: 'customer { id number name email version }',
  upsertProduct: 'product { id sku name version isActive }',
  setPrice: 'product { id sku version }',
  upsertStockLocation: 'location { id code name isActive version }',
  adjustStock: `stockLevel { ${LEVEL} }`,
  setReorderPolicy: `stockLevel { ${LEVEL} safetyStock reorderPoint reorderQuantity }`,
  createOrder: `order { ${ORDER} }`,
  importOrders:
    'createdCount unchangedCount refusedCount ignoredColumns rows { row reference outcome order { number } errors { code message column } }',
  updateDraftOrder: `order { ${ORDER} }`,
  placeOrder: `order { ${ORDER} }`,
  confirmOrder: `order { ${ORDER} }`,
  completeOrder: `order { ${ORDER} }`,
  cancelOrder: `order { ${ORDER} }`,
  holdOrder: `order { ${ORDER} }`,
  rateShipment: `shipment { ${CARRIED} }`,
  buyLabel: `shipment { ${CARRIED} }`,
  cancelLabel: `shipment { ${CARRIED} }`,
  trackShipment: `shipment { ${CARRIED} }`,
  upsertCarrierRate: `carrierRate { id carrier service country upToGrams price ${MONEY} deliveryDays isActive version }`,
  upsertCarrierRule: 'carrierRule { id code name priority isActive version }',
  createShipment: `shipment { ${SHIPMENT} } order { ${ORDER} }`,
  updateShipment: `shipment { ${SHIPMENT} } order { ${ORDER} }`,
  releaseOrder: `order { ${ORDER} }`,
  releaseToWarehouse: `fulfillmentOrders { ${FULFILLMENT_ORDER} } order { ${ORDER} }`,
  splitFulfillmentOrder: FULFILLMENT_STEP,
  mergeFulfillmentOrders: FULFILLMENT_STEP,
  moveFulfillmentOrder: FULFILLMENT_STEP,
  holdFulfillmentOrder: FULFILLMENT_STEP,
  releaseFulfillmentOrder: FULFILLMENT_STEP,
  cancelFulfillmentOrder: FULFILLMENT_STEP,
  addNote: 'note { id text isInternal author { kind name } at }',
  assignOrder: `order { ${ORDER} department assignee { id name } }`,
  openWorkItem: `workItem { ${ITEM} resolvedAt resolution }`,
  resolveWorkItem: `workItem { ${ITEM} resolvedAt resolution }`,
  authorizePayment: PAYMENT_STEP,
  recordPayment: PAYMENT_STEP,
  capturePayment: PAYMENT_STEP,
  voidPayment: PAYMENT_STEP,
  refundPayment: PAYMENT_STEP,
  issueInvoice: `invoice { ${INVOICE} } order { id version }`,
  issueCreditNote: `invoice { ${INVOICE} } order { id version }`,
  rereadMail:
    'mail { id status version reason findings { place text reason } order { id customer { id } lines { sku quantity } holds { reason } } }',
  resendNotification: 'notification { id status version }',
  setNotificationSetting: 'setting { template channelKind isOn isDefault }',
  setNotificationOptOut: 'address isOptedOut',
  createQuote: `quote { ${QUOTE} }`,
  submitQuote: `quote { ${QUOTE} }`,
  approveQuote: `quote { ${QUOTE} }`,
  rejectQuote: `quote { ${QUOTE} }`,
  reviseQuote: `quote { ${QUOTE} }`,
  upsertTaxRate: 'taxRate { id country region category name rate validFrom validUntil version }',
  upsertAutomationRule: `automationRule { id code name description triggers { event status afterMinutes } condition
    actions { action arguments } priority isActive activeSince version }`,
  upsertApprovalRule: `approvalRule { id code name lineDiscountOver discountOver totalOver ${MONEY} termMonthsOver approverRoles isActive version }`,
  sendQuote: `quote { ${QUOTE} }`,
  acceptQuote: `quote { ${QUOTE} }`,
  declineQuote: `quote { ${QUOTE} }`,
  cancelQuote: `quote { ${QUOTE} }`,
  upsertExternalQuote: `quote { ${QUOTE} } effect`,
  convertQuoteToOrder: `order { ${ORDER} } quote { ${QUOTE} }`,
  createApiKey: 'apiKey { id name } secret',
  connectIntegration: 'integration { id code }',
  disconnectIntegration: 'integration { id code version }',
  updateIntegration: 'integration { id code name version }',
  syncIntegration: 'integration { id code version }',
  reconcileIntegration: 'integration { id code version }',
  repairDrift: 'drift { id status repair decidedBy { kind name } }',
  repairDrifts: 'integration { id code } count',
  pauseIntegration: 'integration { id code version }',
  resumeIntegration: 'integration { id code version }',
  replayDeadLetters: 'integration { id code } count',
  setFieldPolicy: 'integration { id code version }',
};

/** Puts a mutation with an input into words: everything a test reads of its record is selected. */
export function mutation(name: string, selection = SELECTIONS[name]): string {
  const input = INPUTS[name] ?? `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return `mutation($input: ${input}!) { ${name}(input: $input) { ${selection} replayed ${ERRORS} } }`;
}

let made = 0;
/** A word that no other record of the run has. */
export function fresh(word: string): string {
  made += 1;
  return `${word}-${made}`;
}

export function eur(amount: string): Money {
  return { amount, currency: 'EUR' };
}

export function after(ms: number): string {
  return new Date(START.getTime() + ms).toISOString();
}

/** One caller at the hub: makes records by the graph's own mutations, and fails where the graph has a top-level error. */
export class Desk {
  constructor(
    readonly test: TestHub,
    readonly key: string = ADMIN_KEY,
  ) {}

  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const answer = await this.answer<Data>(query, variables);
    if (answer.errors) throw new Error(`${JSON.stringify(answer.errors)} to ${query}`);
    return answer.data;
  }

  answer<Data>(query: string, variables: object = {}): Promise<GraphAnswer<Data>> {
    return this.test.graph<Data>(query, variables, this.key);
  }

  /** The first top-level error's code of a document that is refused. */
  async code(query: string, variables: object = {}): Promise<string | undefined> {
    return (await this.answer(query, variables)).errors?.[0]?.extensions.code;
  }

  async send<P>(name: string, input: object): Promise<P> {
    return (await this.ask<Record<string, P>>(mutation(name), { input }))[name]!;
  }

  /** Sends it under a new key; throws where it is refused. */
  async done<P extends { userErrors: UserError[] }>(name: string, input: object): Promise<P> {
    const payload = await this.send<P>(name, { idempotencyKey: newKey(), ...input });
    if (payload.userErrors.length > 0) throw new Error(`${name}: ${JSON.stringify(payload.userErrors)}`);
    return payload;
  }

  /** What it is refused with: codes with their paths, in order. */
  async refusals(name: string, input: object): Promise<string[]> {
    const payload = await this.send<{ userErrors: UserError[] }>(name, { idempotencyKey: newKey(), ...input });
    return payload.userErrors.map(refusal);
  }

  async order(input: object): Promise<Order> {
    return (await this.done<Payload<'order', Order>>('createOrder', { channel: 'api', currency: 'EUR', ...input }))
      .order!;
  }

  async quote(input: object): Promise<Quote> {
    const values = { currency: 'EUR', validUntil: after(14 * 86_400_000), ...input };
    return (await this.done<Payload<'quote', Quote>>('createQuote', values)).quote!;
  }

  async shipment(orderId: string, more: object = {}): Promise<Shipment> {
    return (await this.done<Payload<'shipment', Shipment>>('createShipment', { orderId, ...more })).shipment!;
  }

  /** What the warehouses have of an order that is released with this. */
  async released(orderId: string): Promise<FulfillmentOrder[]> {
    type Released = { fulfillmentOrders: FulfillmentOrder[]; userErrors: UserError[] };
    return (await this.done<Released>('releaseToWarehouse', { orderId })).fulfillmentOrders;
  }

  /** A shipment that has an offer of the company’s own prices. */
  async ownRated(sku: string): Promise<string> {
    const shippingAddress = { line1: 'Via Torino 1', city: 'Milano', country: 'IT' };
    const order = await this.order({ lines: [{ sku, quantity: '1' }], shippingAddress, confirm: true });
    const { id: shipmentId } = await this.shipment(order.id);
    const rate = { carrier: 'Own', service: 'van', country: 'IT', upToGrams: 9000, price: eur('4.00') };
    await this.done('upsertCarrierRate', rate);
    await this.done('rateShipment', { shipmentId, parcel: { weightGrams: 500 } });
    return shipmentId;
  }

  /** Delivered as soon as it was confirmed, costs nothing, and can no longer be returned. */
  async completableOrder(): Promise<Order> {
    const windowMs = 14 * 86_400_000;
    this.test.clock.forward(-windowMs);
    const sku = await this.product('0.00', null, { isStocked: false, requiresShipping: false });
    const order = await this.order({ lines: [{ sku, quantity: '1' }], confirm: true });
    this.test.clock.forward(windowMs);
    return order;
  }

  /** A quote in francs that a colleague has submitted; a rule holds up this currency alone. */
  async awaitingQuote(customerId: string, sku: string): Promise<Quote> {
    const francs = (amount: string) => ({ amount, currency: 'CHF' });
    await this.done('upsertApprovalRule', { code: 'francs', totalOver: francs('0.00'), approverRoles: ['FINANCE'] });
    const seller = await this.colleague(['SALES']);
    const lines = [{ sku, quantity: '1', unitPrice: francs('5.00') }];
    const { id: quoteId } = await seller.quote({ customerId, currency: 'CHF', lines });
    return (await seller.done<Payload<'quote', Quote>>('submitQuote', { quoteId })).quote!;
  }

  /** A quote that has been sent and accepted. */
  async acceptedQuote(input: object): Promise<Quote> {
    const { id } = await this.quote(input);
    await this.done('sendQuote', { quoteId: id });
    return (await this.done<Payload<'quote', Quote>>('acceptQuote', { quoteId: id })).quote!;
  }

  /** An Italian customer, unless told otherwise. */
  async customer(input: object = {}): Promise<{ id: string; number: string; version: number }> {
    const address = { line1: 'Via Torino 1', city: 'Milano', country: 'IT' };
    const values = { name: fresh('Customer'), shippingAddresses: [address], ...input };
    return (
      await this.done<Payload<'customer', { id: string; number: string; version: number }>>('upsertCustomer', values)
    ).customer!;
  }

  /** A product with a price in EUR and this much in stock at MAIN; null leaves out price or stock. */
  async product(price: string | null = '10.00', onHand: string | null = '100', values: object = {}): Promise<string> {
    const sku = fresh('SKU');
    await this.done('upsertProduct', { sku, name: `Product ${sku}`, ...values });
    if (price !== null) await this.done('setPrice', { sku, unitPrice: eur(price) });
    if (onHand !== null) await this.stock(sku, onHand);
    return sku;
  }

  async stock(sku: string, delta: string, location = 'MAIN'): Promise<void> {
    await this.done('upsertStockLocation', { code: location });
    await this.done('adjustStock', { sku, location, delta, kind: 'RECEIPT', reason: 'test' });
  }

  async level(sku: string, location = 'MAIN'): Promise<Level | null> {
    const query = `query($sku: String!, $location: String!) { stockLevel(sku: $sku, location: $location) { ${LEVEL} } }`;
    return (await this.ask<{ stockLevel: Level | null }>(query, { sku, location })).stockLevel;
  }

  async readOrder(id: string): Promise<Order> {
    return (await this.ask<{ order: Order }>(`query($id: ID!) { order(id: $id) { ${ORDER} } }`, { id })).order;
  }

  async openHolds(orderId: string): Promise<{ reason: string; note: string }[]> {
    const query = `query ($id: ID!) { order(id: $id) { holds { reason note } } }`;
    return (await this.ask<{ order: { holds: { reason: string; note: string }[] } }>(query, { id: orderId })).order
      .holds;
  }

  async readQuote(id: string): Promise<Quote> {
    return (await this.ask<{ quote: Quote }>(`query($id: ID!) { quote(id: $id) { ${QUOTE} } }`, { id })).quote;
  }

  async timeline(id: string): Promise<TimelineEvent[]> {
    const query = `query($id: ID!) { order(id: $id) { timeline(first: 250) { nodes {
      id cursor sequence type at message actor { kind name } changes { field from to } data } } } }`;
    return (await this.ask<{ order: { timeline: { nodes: TimelineEvent[] } } }>(query, { id })).order.timeline.nodes;
  }

  /** A connected system that does nothing: enough to name records by its ids. */
  async integration(code = fresh('system')): Promise<string> {
    const { db, clock } = this.test.hub;
    await db.pool.query(
      `insert into integration (id, code, connector, name, settings, status, created_at, updated_at)
       values ($1, $2, 'none', $2, '{}', 'HEALTHY', $3, $3)`,
      [await db.ids.one(), code, clock.now().toISOString()],
    );
    return code;
  }

  /** A shop that is only listened to: nothing is called. */
  async shop(code = fresh('shop')): Promise<string> {
    const settings = { shopDomain: 'my-shop.myshopify.com' };
    await this.done('connectIntegration', { code, connector: 'shopify', settings, credentials: { clientSecret: 'x' } });
    return code;
  }

  /** A mail that came and was refused. */
  async mail(): Promise<string> {
    const { db, clock } = this.test.hub;
    const id = await db.ids.one();
    await db.pool.query(
      `insert into inbound_mail (id, key, envelope_from, envelope_to, remote_address, source, size_bytes, status, received_at,
         next_try_at)
       values ($1, $2, 'a@b.example', '{}', '127.0.0.1', $3, 7, 'REFUSED', $4, $4)`,
      [id, Buffer.from(String(id)), Buffer.from('From: a@b.example\r\n\r\nHello'), clock.now().toISOString()],
    );
    return typeId('mal', id);
  }

  /** A letter of a new order that no server took. */
  async failedNotification(sku: string): Promise<string> {
    const { db, clock } = this.test.hub;
    const [order, id] = [idOf('ord', (await this.order({ lines: [{ sku, quantity: '1' }] })).id), await db.ids.one()];
    await db.pool.query(
      `insert into notification (id, event_id, order_id, template, audience, recipient, language, status, created_at, next_try_at)
       select $1, id, $2, 'SHIPPED', 'CUSTOMER', 'a@b.example', 'en', 'FAILED', $3, $3
         from event where subject_kind = 'order' and subject_id = $2 limit 1`,
      [id, order, clock.now().toISOString()],
    );
    return typeId('ntf', id);
  }

  /** Rows that every change leaves behind: what a refusal must not add to. */
  async traces(): Promise<Record<string, number>> {
    const tables = [
      'orders',
      'order_line',
      'quote',
      'customer',
      'product',
      'price',
      'stock_movement',
      'stock_reservation',
      'payment',
      'payment_attempt',
      'invoice',
      'invoice_line',
      'invoice_counter',
      'invoice_due',
    ];
    const all = [
      ...tables,
      'api_key',
      'external_reference',
      'field_provenance',
      'event',
      'event_personal',
      'idempotency',
    ];
    const counts = all.map((table) => `(select count(*)::int from ${table}) as ${table}`);
    return (await this.test.hub.db.pool.query<Record<string, number>>(`select ${counts.join(', ')}`)).rows[0]!;
  }

  /** A key with these roles and the desk that uses it. */
  async colleague(roles: string[], more: object = {}): Promise<Desk> {
    const { secret } = await this.done<{ secret: string; userErrors: UserError[] }>('createApiKey', {
      name: fresh(roles.join('+')),
      roles,
      ...more,
    });
    return new Desk(this.test, secret);
  }

  customerDesk(customerId: string): Promise<Desk> {
    return this.colleague(['CUSTOMER'], { customerId });
  }
}

/** "CODE at path", the way tests compare refusals. */
export function refusal({ code, field }: UserError): string {
  return field ? `${code} at ${field.join('.')}` : code;
}

/** Numbers that look random and are the same in every run (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
