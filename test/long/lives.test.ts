import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mutation } from '../api/support/desk.js';
import { orderMachine, type OrderStatus } from '../../src/modules/orders/index.js';
import { idOf } from '../../src/shared/ids.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { EasyPostSandbox } from '../support/easypost-sandbox.js';
import { seededRandom } from '../support/event-writers.js';
import { eventually } from '../support/eventually.js';
import { FatedHubs } from '../support/fated-hubs.js';
import { brokenInvariants, queryDatabase } from '../support/invariants.js';
import { MailServer, type TakenMail } from '../support/mail-server.js';
import { OrderLife, type World } from '../support/order-lives.js';
import { IS_SOAK, scaled, SEED } from '../support/scale.js';
import { makeProducts, must } from '../support/shop.js';
import { StripeSandbox } from '../support/stripe-sandbox.js';

// Orders from reception to their end, by every way in, of payment and to an end, through two hubs of which one dies at a
// named point each time; what the database, the providers and the mail server have of them in the end is compared.
const LIVES = Number(process.env.HUB_LIVES ?? scaled(8, 100));
const AT_ONCE = 4;
const STOCKED = 10_000;
const SKUS = ['LIFE-1', 'LIFE-2', 'LIFE-3', 'LIFE-4'];
const RETURN_WINDOW_MS = 15 * 86_400_000;
const WITHIN_MS = scaled(240_000, 3_600_000);

/** What is written on the way of an order: by calls, by what comes from outside, and by what the hub does by itself. */
const WRITES = [
  ...['createOrder', 'updateDraftOrder', 'placeOrder', 'importOrders', 'convertQuoteToOrder', 'releaseOrder'],
  ...['authorizePayment', 'capturePayment', 'recordPayment', 'refundPayment', 'settle-payment', 'take-notice'],
  ...['createShipment', 'updateShipment', 'rateShipment', 'note-offers', 'buyLabel', 'settle-label'],
  ...['take-carrier-notice', 'issue-due-invoice', 'issueCreditNote', 'cancelOrder'],
  ...['keep-mail', 'read-mail', 'rules-follow', 'rule-run'],
  ...['queue-notifications', 'claim-notifications', 'keep-letter', 'settle-notification'],
];
const POINTS = WRITES.flatMap((write) =>
  ['after-first-write', 'before-commit', 'after-commit'].map((where) => `${write}:${where}`),
);

let database: FreshDatabase;
let world: World;
let letters: MailServer;
beforeAll(async () => {
  const [fresh, stripe, carrier, server] = await Promise.all([
    freshDatabase(),
    StripeSandbox.start(),
    EasyPostSandbox.start(),
    MailServer.start(),
  ]);
  [database, letters] = [fresh, server];
  const inboundMail = {
    ...{ host: '127.0.0.1', port: 0, addresses: ['orders@*'], maxBytes: 200_000 },
    senders: { isAnyone: false, besides: [] },
  };
  const outboundMail = {
    server: { host: '127.0.0.1', port: server.port, isTls: false, auth: null },
    from: { name: 'Lives', address: 'orders@shop.example' },
    departments: { SALES: 'sales@shop.example', LOGISTICS: 'logistics@shop.example' },
  };
  const options = {
    databaseUrl: database.url,
    isVerifying: true,
    automation: { isOn: true },
    inboundMail,
    outboundMail,
  };
  const providers = { providers: { stripe: stripe.settings }, carriers: { easypost: carrier.settings } };
  const hubs = await FatedHubs.start({ ...options, ...providers }, points());
  world = { hubs, stripe, carrier, skus: SKUS, seed: SEED };
  await makeProducts((query, variables) => hubs.ask(query, variables), SKUS, String(STOCKED));
  // Carriers ask where parcels start.
  const address = { name: 'Hub', line1: 'Via Torino 1', city: 'Milano', postalCode: '20123', country: 'IT' };
  const input = { idempotencyKey: 'location', code: 'MILAN', address };
  await must(hubs.ask(mutation('upsertStockLocation'), { input }));
}, WITHIN_MS);
afterAll(async () => {
  await world?.hubs.stop();
  await Promise.all([world?.stripe.close(), world?.carrier.close(), letters?.stop()]);
  await database?.drop();
});

/** All of them in the soak; a few, by the seed, of those that every run comes to in the share. */
function points(): string[] {
  if (IS_SOAK) return POINTS;
  const often = POINTS.filter((point) =>
    /^(createOrder|updateShipment|settle-payment|rule-run|settle-label)/.test(point),
  );
  const random = seededRandom(SEED);
  return Array.from({ length: 3 }, () => often[Math.floor(random() * often.length)]!);
}

test(
  'orders live from reception to their end through hubs that die, and nothing is lost or done twice',
  async () => {
    const ids = new Map<string, OrderLife>();
    let begun = 0;
    // More than they are to be, where nobody has died yet at one of the points.
    const isToBegin = () => begun < LIVES || (world.hubs.left.length > 0 && begun < 10 * LIVES);
    const lane = async (): Promise<void> => {
      while (isToBegin()) {
        const life = new OrderLife(world, begun++);
        ids.set(idOf('ord', await life.live())!, life);
      }
    };
    world.hubs.begin();
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    world.hubs.spare();
    // What happened weeks ago is no news.
    await eventually('all that is news to be told', async () => (await untold()).length === 0, WITHIN_MS);
    world.hubs.ahead(RETURN_WINDOW_MS);
    await eventually('every order to come to its end', async () => (await unended()).length === 0, WITHIN_MS);
    await eventually('every letter to be sent', async () => (await queued()) === 0, WITHIN_MS);

    expect(await brokenInvariants(database.url)).toEqual([]);
    expect(ids.size).toBe(begun);
    await expectEnds(ids);
    await expectLegalWays(begun);
    await expectMoneyAsTheProviderHasIt();
    await expectLabelsOnce();
    await expectLettersOnce(ids);
    await expectGoods([...ids.values()]);
    if (IS_SOAK) process.stderr.write(`${begun} lives, ${world.hubs.deaths.length} deaths\n`);
    expect(world.hubs.left).toEqual([]);
  },
  WITHIN_MS,
);

const rows = <Row extends object>(text: string) => queryDatabase<Row & Record<string, unknown>>(database.url, text);
const unended = () =>
  rows<{ number: string }>(`select number from orders where status not in ('COMPLETED', 'CANCELED')`);
const untold = () => rows(`select from notification_position where position < (select count(*) from event)`);
const queued = async () =>
  (await rows<{ count: number }>(`select count(*)::int as count from notification where status = 'QUEUED'`))[0]!.count;

/** One order to each life, at the end that it was to come to, with nothing in its way and no rule that failed. */
async function expectEnds(ids: Map<string, OrderLife>): Promise<void> {
  const orders = await rows<{ id: string; status: string; open_holds: number; payment_status: string }>(
    'select id::text, status, open_holds, payment_status from orders',
  );
  expect(orders).toHaveLength(ids.size);
  for (const order of orders) {
    const life = ids.get(order.id)!;
    const isCanceled = life.ending === 'canceled';
    const paid = life.ending === 'refunded' ? 'PARTIALLY_REFUNDED' : 'PAID';
    const unpaid = life.payment === 'transfer' ? 'REFUNDED' : 'NOT_REQUIRED';
    expect(order).toMatchObject({
      status: isCanceled ? 'CANCELED' : 'COMPLETED',
      payment_status: isCanceled ? unpaid : paid,
      open_holds: 0,
    });
  }
  expect(await rows(`select status, reason from automation_run where status in ('FAILED', 'CUT', 'REFUSED')`)).toEqual(
    [],
  );
}

/** Each step begins where the one before has ended, and is one of the table. */
async function expectLegalWays(lives: number): Promise<void> {
  const steps = await rows<{ id: string; from: OrderStatus | null; to: OrderStatus }>(
    `select subject_id::text as id, status_from as "from", status_to as "to" from event
      where subject_kind = 'order' and status_to is distinct from status_from order by subject_id, sequence`,
  );
  const now = new Map<string, OrderStatus>();
  for (const { id, from, to } of steps) {
    const before = now.get(id) ?? null;
    expect([id, from]).toEqual([id, before]);
    if (before !== null) expect(orderMachine.allowed(before)).toContain(to);
    now.set(id, to);
  }
  expect(now.size).toBe(lives);
}

async function expectMoneyAsTheProviderHasIt(): Promise<void> {
  const payments = await rows<{ reference: string; captured: number; refunded: number }>(
    `select provider_reference as reference, captured_minor::int as captured, refunded_minor::int as refunded
       from payment where provider = 'stripe'`,
  );
  const { intents, refunds } = world.stripe;
  expect(intents.size).toBe(payments.length);
  for (const { reference, captured, refunded } of payments) {
    expect(intents.get(reference)!.amount_received).toBe(captured);
    const given = refunds.filter(({ payment_intent }) => payment_intent === reference);
    expect(given.reduce((sum, { amount }) => sum + amount, 0)).toBe(refunded);
  }
}

async function expectLabelsOnce(): Promise<void> {
  const labels = await rows<{ number: string }>(
    `select tracking_number as number from shipping_label where status = 'BOUGHT'`,
  );
  expect(world.carrier.sold).toBe(labels.length);
  expect(new Set(labels.map(({ number }) => number)).size).toBe(labels.length);
}

/** Shops and marketplaces tell their customers themselves. */
const TOLD_BY_OTHERS: readonly OrderLife['reception'][] = ['web', 'marketplace'];

/** A letter may come twice where the hub died between sending and noting it, but then it is the same one. */
async function expectLettersOnce(ids: Map<string, OrderLife>): Promise<void> {
  const sent = await rows<{ order_id: string; template: string; recipient: string }>(
    `select order_id::text, template, recipient from notification where status = 'SENT'`,
  );
  const told = ({ to, mail }: TakenMail) => ({ to, subject: mail.subject, text: mail.text, html: mail.html });
  const byId = new Map(letters.taken.map((letter) => [letter.mail.messageId, told(letter)]));
  expect(byId.size).toBe(sent.length);
  for (const letter of letters.taken) expect(told(letter)).toEqual(byId.get(letter.mail.messageId));
  const customers = sent.filter(({ recipient }) => recipient.startsWith('buyer-'));
  const confirmed = customers.filter(({ template }) => template === 'ORDER_CONFIRMED');
  const expected = [...ids.values()].filter(({ reception }) => !TOLD_BY_OTHERS.includes(reception));
  expect(confirmed.map(({ order_id: id }) => ids.get(id)!.name).toSorted()).toEqual(
    expected.map(({ name }) => name).toSorted(),
  );
}

async function expectGoods(lives: readonly OrderLife[]): Promise<void> {
  const levels = await rows<{ sku: string; on_hand: number; reserved: number }>(
    `select sku, on_hand::int, reserved::int from stock_level join product on product.id = product_id order by sku`,
  );
  const gone = (sku: string) => lives.reduce((sum, { sent }) => sum + (sent.get(sku) ?? 0), 0);
  expect(levels).toEqual(SKUS.map((sku) => ({ sku, on_hand: STOCKED - gone(sku), reserved: 0 })));
}
