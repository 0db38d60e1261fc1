import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StatedPayment } from '../../src/shared/stated/index.js';
import { loneHttp } from '../../src/connect/index.js';
import { receive } from '../../src/sync/inbox/receive.js';
import { Desk, eur, MONEY, seeded, type TimelineEvent } from '../api/support/desk.js';
import { aPayment, statePayment } from '../api/support/pay.js';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { LiveClient } from '../support/live-client.js';
import { at } from './speaker.js';

let hub: TestHub;
let desk: Desk;
let code: string;
let shopId: string;
beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  code = await desk.shop();
  const { rows } = await hub.hub.db.pool.query<{ id: string }>('select id from integration where code = $1', [code]);
  shopId = rows[0]!.id;
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});

interface Transaction {
  id: number;
  kind: string;
  amount: string;
  parent?: number;
  status?: string;
  number?: string;
  currency?: string;
}
const bag = (amount: string, currencyCode = 'EUR') => ({ shopMoney: { amount, currencyCode } });

/** An order of one line for 100.00 as the shop's graph tells it, with what moved of its money by then. */
function told(id: string, minute: number, transactions: Transaction[], more: object = {}) {
  const none = bag('0.0');
  const sum = bag('100.0');
  return {
    id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    ...{ createdAt: at(0), processedAt: at(0), updatedAt: at(minute) },
    ...{ currencyCode: 'EUR', taxesIncluded: true, dutiesIncluded: false },
    ...{ discountCodes: [], taxLines: [], refunds: [], shippingLines: { nodes: [] } },
    lineItems: {
      nodes: [
        {
          id: `gid://shopify/LineItem/${id}1`,
          ...{ sku: 'DESK', name: 'Desk', title: 'Desk', quantity: 1, currentQuantity: 1 },
          ...{ taxable: true, requiresShipping: true, discountAllocations: [], taxLines: [], duties: [] },
          ...{ originalUnitPriceSet: sum, totalDiscountSet: none },
        },
      ],
    },
    ...{ totalPriceSet: sum, totalTipReceivedSet: none, currentTotalDiscountsSet: none, currentTotalTaxSet: none },
    currentTotalPriceSet: sum,
    transactions: transactions.map((each) => ({
      id: `gid://shopify/OrderTransaction/${id}${each.id}`,
      ...{ kind: each.kind, status: each.status ?? 'SUCCESS', gateway: 'shop_pay', formattedGateway: 'Shop Pay' },
      ...{ createdAt: at(0), amountSet: bag(each.amount, each.currency) },
      parentTransaction: each.parent ? { id: `gid://shopify/OrderTransaction/${id}${each.parent}` } : null,
      paymentDetails: { company: 'Visa', number: each.number ?? '•••• 4242', paymentMethodName: 'card' },
    })),
    ...more,
  };
}

let heard = 0;
/** Lets the engine hear it as read from the shop; what became of the message. */
async function hear(order: ReturnType<typeof told>): Promise<string> {
  heard += 1;
  const externalId = /\d+$/.exec(order.id)![0];
  const message = { topic: 'orders', eventId: String(heard), externalId, occurredAt: null };
  const body = Buffer.from(JSON.stringify(order));
  const { db, clock } = hub.hub;
  await db.transaction('hear', (tx) => tx.query(receive(shopId, 'PULL', [{ ...message, body }], clock.now())));
  const settled = await eventually('the inbox to be worked off', async () => {
    const { rows } = await db.pool.query<{ event_id: string; status: string; detail: string }>(
      'select event_id, status, detail from inbox_message where integration_id = $1',
      [shopId],
    );
    return rows.every(({ status }) => status !== 'RECEIVED') && rows;
  });
  const { status, detail } = settled.find((row) => row.event_id === message.eventId)!;
  return `${status}: ${detail}`;
}

interface Paid {
  id: string;
  number: string;
  version: number;
  paymentStatus: string;
  paidTotal: object;
  refundedTotal: object;
  balanceDue: object;
  payments: {
    id: string;
    status: string;
    amount: object;
    capturedAmount: object;
    refundedAmount: object;
    provider: string;
    method: string | null;
    displayName: string | null;
    createdAt: string;
    version: number;
    externalReferences: { externalId: string; integration: { code: string } }[];
  }[];
}
const PAID = `id number version paymentStatus paidTotal ${MONEY} refundedTotal ${MONEY} balanceDue ${MONEY} payments {
  id status amount ${MONEY} capturedAmount ${MONEY} refundedAmount ${MONEY} provider method displayName createdAt version
  externalReferences { externalId integration { code } } }`;
async function paid(externalId: string): Promise<Paid> {
  const query = `query ($external: ExternalIdInput) { order(external: $external) { ${PAID} } }`;
  return (await desk.ask<{ order: Paid }>(query, { external: { integration: code, externalId } })).order;
}
const moved = (events: TimelineEvent[]) =>
  events
    .filter(({ type }) => type.startsWith('PAYMENT_'))
    .map(({ type, data }) => `${type} ${(data!.amount as { amount: string }).amount}`);

const sold: Transaction[] = [
  { id: 1, kind: 'AUTHORIZATION', amount: '100.0' },
  { id: 2, kind: 'CAPTURE', amount: '100.0', parent: 1 },
];
const refund = (id: number, amount: string): Transaction => ({ id, kind: 'REFUND', amount, parent: 2 });
const state = (payment: StatedPayment) => statePayment(hub, code, payment);
const letters = async () => {
  const query = `query ($code: String) { integration(code: $code) { deadLetters { nodes { error stream } } } }`;
  const { integration } = await desk.ask<{
    integration: { deadLetters: { nodes: { error: string; stream: string }[] } };
  }>(query, { code });
  return integration.deadLetters.nodes.map(({ stream, error }) => `${stream}: ${error}`);
};

describe('what a shop tells of its payments', () => {
  test('is kept, added up on the order and told in its timeline, from the authorization to the last refund', async () => {
    expect(await hear(told('11', 1, sold.slice(0, 1)))).toBe('APPLIED: created, created');
    expect(await paid('11')).toMatchObject({
      ...{ version: 2, paymentStatus: 'AUTHORIZED', paidTotal: eur('0.00'), balanceDue: eur('100.00') },
      payments: [
        {
          ...{ status: 'AUTHORIZED', amount: eur('100.00'), capturedAmount: eur('0.00'), version: 1 },
          ...{ provider: 'shop_pay', method: 'card', displayName: 'Visa •••• 4242', createdAt: at(0).toISOString() },
          externalReferences: [{ externalId: '111', integration: { code } }],
        },
      ],
    });
    expect(await hear(told('11', 2, sold))).toBe('APPLIED: unchanged, updated');
    expect(await paid('11')).toMatchObject({ paymentStatus: 'PAID', balanceDue: eur('0.00'), version: 3 });
    await hear(told('11', 3, [...sold, refund(3, '30.0')]));
    expect(await paid('11')).toMatchObject({ paymentStatus: 'PARTIALLY_REFUNDED', refundedTotal: eur('30.00') });
    await hear(told('11', 4, [...sold, refund(3, '30.0'), refund(4, '70.0')]));
    const order = await paid('11');
    expect(order).toMatchObject({
      ...{ paymentStatus: 'REFUNDED', paidTotal: eur('100.00'), refundedTotal: eur('100.00') },
      ...{ balanceDue: eur('0.00'), payments: [{ status: 'REFUNDED', version: 4 }] },
    });
    const timeline = await desk.timeline(order.id);
    expect(moved(timeline)).toEqual([
      'PAYMENT_AUTHORIZED 100.00',
      'PAYMENT_CAPTURED 100.00',
      'PAYMENT_REFUNDED 30.00',
      'PAYMENT_REFUNDED 70.00',
    ]);
    expect(timeline.at(-2)).toMatchObject({
      message: '30.00 EUR by shop_pay: given back',
      actor: { kind: 'INTEGRATION' },
      changes: [
        { field: 'payment.status', from: 'CAPTURED', to: 'PARTIALLY_REFUNDED' },
        { field: 'refundedTotal', from: eur('0.00'), to: eur('30.00') },
        { field: 'paymentStatus', from: 'PAID', to: 'PARTIALLY_REFUNDED' },
      ],
      data: { payment: order.payments[0]!.id, amount: eur('30.00'), status: 'PARTIALLY_REFUNDED' },
    });
  });

  test('reaches who listens to the order', async () => {
    await hear(told('18', 1, []));
    const { id, number } = await paid('18');
    const created = (await desk.timeline(id))[0]!;
    await hear(told('18', 2, sold));
    const client = await LiveClient.connect(hub.hub.url.replace('http', 'ws') + '/graphql', ADMIN_KEY);
    client.subscribe(
      'money',
      `subscription ($after: EventCursor, $orderId: ID) { orderEvents(after: $after, orderId: $orderId) {
        type order { number paymentStatus paidTotal ${MONEY} } } }`,
      { after: created.cursor, orderId: id },
    );
    const [message] = await client.untilNexts('money', 1);
    client.close();
    expect(message!.data).toEqual({
      orderEvents: {
        type: 'PAYMENT_CAPTURED',
        order: { number, paymentStatus: 'PAID', paidTotal: eur('100.00') },
      },
    });
  });

  test('comes twice, late and all at once, and is counted once', async () => {
    const late = told('12', 2, sold);
    const newest = told('12', 5, [...sold, refund(3, '10.0')]);
    expect(await hear(newest)).toBe('APPLIED: created, created');
    const before = await paid('12');
    expect(before).toMatchObject({ paymentStatus: 'PARTIALLY_REFUNDED', paidTotal: eur('100.00') });
    expect(await hear(late)).toBe('STALE: stale, stale');
    expect(await hear(newest)).toBe('APPLIED: unchanged, unchanged');
    expect(await paid('12')).toEqual(before);
    expect(moved(await desk.timeline(before.id))).toEqual(['PAYMENT_CAPTURED 100.00', 'PAYMENT_REFUNDED 10.00']);
  });

  test('adds up over several payments; what failed and what is awaited are payments too', async () => {
    const failed: Transaction = { id: 5, kind: 'SALE', amount: '100.0', status: 'FAILURE' };
    await hear(told('13', 1, [failed]));
    expect(await paid('13')).toMatchObject({ paymentStatus: 'FAILED', payments: [{ status: 'FAILED' }] });
    const awaited: Transaction = { id: 6, kind: 'SALE', amount: '60.0', status: 'PENDING' };
    await hear(told('13', 2, [failed, awaited]));
    const waiting = await paid('13');
    expect(waiting).toMatchObject({
      paymentStatus: 'PENDING',
      payments: [{ status: 'FAILED' }, { status: 'PENDING' }],
    });
    expect((await desk.timeline(waiting.id)).at(-1)).toMatchObject({
      type: 'EDITED',
      changes: [{ field: 'paymentStatus', from: 'FAILED', to: 'PENDING' }],
    });
    const card: Transaction = { id: 7, kind: 'SALE', amount: '40.0' };
    await hear(told('13', 3, [failed, awaited, card]));
    expect(await paid('13')).toMatchObject({ paymentStatus: 'PARTIALLY_PAID', balanceDue: eur('60.00') });
    await hear(told('13', 4, [failed, awaited, { id: 8, kind: 'SALE', amount: '60.0', parent: 6 }, card]));
    expect(await paid('13')).toMatchObject({ paymentStatus: 'PAID', balanceDue: eur('0.00') });
  });

  test('follows the order’s total: of a paid order that is called off the money is owed until it is given back', async () => {
    await hear(told('14', 1, sold));
    const off = { cancelledAt: at(2), cancelReason: 'CUSTOMER' };
    await hear(told('14', 2, sold, off));
    const owed = await paid('14');
    expect(owed).toMatchObject({ paymentStatus: 'OVERPAID', balanceDue: eur('-100.00') });
    const edited = (await desk.timeline(owed.id)).find(({ type }) => type === 'EDITED');
    expect(edited!.changes).toContainEqual({ field: 'paymentStatus', from: 'PAID', to: 'OVERPAID' });
    await hear(told('14', 3, [...sold, refund(3, '100.0')], off));
    expect(await paid('14')).toMatchObject({ paymentStatus: 'REFUNDED', balanceDue: eur('0.00') });
    // Called off before it was paid, nothing is due.
    await hear(told('15', 1, [], off));
    expect(await paid('15')).toMatchObject({ paymentStatus: 'NOT_REQUIRED', balanceDue: eur('0.00'), payments: [] });
  });

  test('that cannot have followed is refused by itself: the order and its other payments are taken', async () => {
    await hear(told('16', 1, [...sold, refund(3, '100.0')]));
    const before = await letters();
    const other: Transaction = { id: 9, kind: 'SALE', amount: '5.0' };
    const back = told('16', 2, [{ ...sold[0]!, status: 'PENDING' }, other], { note: 'changed' });
    expect(await hear(back)).toBe('APPLIED: updated, a payment set apart, created');
    expect(await paid('16')).toMatchObject({
      paidTotal: eur('105.00'),
      payments: [{ status: 'REFUNDED' }, { status: 'CAPTURED' }],
    });
    const { number } = await paid('16');
    const refused = [
      `payment: payment 161 of order ${number}: captured: 0.00 is stated, 100.00 was before; money does not move back`,
    ];
    expect((await letters()).filter((letter) => !before.includes(letter))).toEqual(refused);
    // Told again, it is the same refusal; told anew and better, it is taken.
    expect(await hear(back)).toBe('APPLIED: unchanged, a payment set apart, unchanged');
    expect((await letters()).length).toBe(before.length + 1);
    expect(await hear(told('16', 3, [...sold, refund(3, '100.0'), other]))).toBe(
      'APPLIED: updated, unchanged, unchanged',
    );
    expect(await letters()).toEqual(before);
  });

  test('is taken where the order itself is refused, as when lines of a confirmed order are changed', async () => {
    await hear(told('17', 1, sold));
    const { id } = await paid('17');
    await hub.hub.db.pool.query(`update orders set status = 'DELIVERED' where number = $1`, [
      (await paid('17')).number,
    ]);
    const less = bag('60.0');
    const edited = told('17', 3, [...sold, refund(3, '40.0')], { totalPriceSet: less, currentTotalPriceSet: less });
    edited.lineItems.nodes[0]!.originalUnitPriceSet = less;
    expect(await hear(edited)).toMatch(/^DEAD: dead letter/);
    await eventually('the payment to be taken', async () => (await paid('17')).paymentStatus === 'PARTIALLY_REFUNDED');
    expect(moved(await desk.timeline(id)).at(-1)).toBe('PAYMENT_REFUNDED 40.00');
    await hub.hub.db.pool.query(`update orders set status = 'RECEIVED' where number = $1`, [(await paid('17')).number]);
  });

  test('shows no card number, whatever the shop sends', async () => {
    const shown = { method: 'card 4242 4242 4242 4242', displayName: '4000056655665556' };
    await state(aPayment('11', at(9), { status: 'PENDING', captured: '0.00', ...shown }));
    const { payments } = await paid('11');
    expect(payments.at(-1)).toMatchObject({ method: 'card •••• 4242', displayName: '•••• 5556' });
  });
});

describe('a payment by itself', () => {
  test('waits for its order, and is refused in another currency, at another order and with broken figures', async () => {
    await expect(state(aPayment('none', at(5)))).rejects.toMatchObject({
      kind: 'order',
      externalId: 'none',
    });
    await hear(told('21', 1, []));
    await hear(told('22', 1, []));
    const before = await desk.traces();
    await expect(state(aPayment('21', at(5), { currency: 'USD' }))).rejects.toThrow(
      /^payment .* of order SO-.*: currency: the order is in EUR, the payment in USD$/,
    );
    await expect(state(aPayment('21', at(5), { amount: '1.001' }))).rejects.toThrow(
      'amount: 1.001 has more digits than EUR',
    );
    await expect(state(aPayment('21', at(5), { status: 'AUTHORIZED' }))).rejects.toThrow(
      'AUTHORIZED is stated, and of 100.00 100.00 captured',
    );
    await expect(state(aPayment('21', at(5), { displayName: 'a\0' }))).rejects.toThrow('displayName: expected');
    expect(await desk.traces()).toEqual(before);
    const payment = aPayment('21', at(5));
    expect(await state(payment)).toEqual({ effect: 'created' });
    const elsewhere = { ...payment, orderExternalId: '22', sourceVersion: at(6) };
    await expect(state(elsewhere)).rejects.toThrow('it belongs to another order');
    expect(await state({ ...payment, sourceVersion: at(4), status: 'PENDING', captured: '0.00' })).toEqual({
      effect: 'stale',
    });
  });

  test('told by two at once is one, and of two at once both are counted', async () => {
    await hear(told('23', 1, []));
    const one = aPayment('23', at(5), { amount: '60.00', captured: '60.00' });
    const two = aPayment('23', at(5), { amount: '40.00', captured: '40.00' });
    const gate = await hub.hub.db.pool.connect();
    await gate.query('begin');
    await gate.query(`select from orders where id = (
      select record_id from external_reference where record_kind = 'order' and external_id = '23') for update`);
    let runs = 0;
    const stated = Promise.all([one, one, two].map((each) => statePayment(hub, code, each, () => (runs += 1))));
    await eventually('all three to wait for the order', async () => {
      const { rows } = await hub.hub.db.pool.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0]!.count === 3;
    });
    await gate.query('commit');
    gate.release();
    const effects = await stated;
    // Who finds the order changed under its hands is run again: nobody was.
    expect(runs).toBe(3);
    expect(effects.map(({ effect }) => effect).sort()).toEqual(['created', 'created', 'unchanged']);
    expect(await paid('23')).toMatchObject({ paymentStatus: 'PAID', paidTotal: eur('100.00'), version: 3 });
  });

  test('moves an order from one list to another', async () => {
    const listed = async (paymentStatus: string[]) => {
      const query = `query ($filter: OrderFilter) { orders(filter: $filter) { totalCount nodes { number } } }`;
      const filter = { paymentStatus, integration: code };
      return (await desk.ask<{ orders: { totalCount: number } }>(query, { filter })).orders.totalCount;
    };
    await hear(told('24', 1, []));
    const before = [await listed(['PENDING']), await listed(['PAID', 'OVERPAID'])];
    await state(aPayment('24', at(5)));
    expect([await listed(['PENDING']), await listed(['PAID', 'OVERPAID'])]).toEqual([before[0]! - 1, before[1]! + 1]);
  });
});

interface Books {
  captured: number;
  refunded: number;
}
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
/** What each stand-in's own books say of an order's money, in cents. */
const BOOKS: Record<string, (order: never) => Books> = {
  shopify: ({ payments }: { payments: string[] }) => {
    const of = (kind: string) =>
      sum(payments.filter((each) => each.startsWith(kind)).map((each) => +each.split(' ')[1]!));
    return { captured: of('CAPTURE'), refunded: of('REFUND') };
  },
  vendure: ({ payments }: { payments: { state: string; amount: number; refunds: number[] }[] }) => ({
    captured: sum(payments.filter(({ state }) => state === 'Settled').map(({ amount }) => amount)),
    refunded: sum(payments.flatMap(({ refunds }) => refunds)),
  }),
};

test.each(Object.keys(BOOKS))(
  'what %s tells in any order, twice and with gaps comes to what its own books say',
  async (vendor) => {
    const { db, clock, connectors } = hub.hub;
    const connector = connectors.get(vendor)!;
    const given = connector.sandbox!.connection('hush');
    const products = [
      { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
      { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
    ];
    const shop = await connector.sandbox!.start({
      webhookUrl: null,
      secret: 'hush',
      products,
      seed: 3,
      clock: { now: () => at(0) },
    });
    const settings = { ...given.settings, baseUrl: shop.baseUrl };
    const http = loneHttp(connector, { settings, credentials: given.credentials, now: () => clock.now() });
    const below = seeded(29);
    const pull = connector.pull.get('orders')!;
    const context = { settings, credentials: given.credentials, http, now: () => clock.now() };
    const bodies: { externalId: string; body: Buffer }[] = [];
    const read = async () => {
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof pull.page>> = await pull.page(context, { since: at(-9_999_999), cursor });
        for (const { externalId, raw } of page.records)
          bodies.push({ externalId, body: Buffer.from(JSON.stringify(raw)) });
        cursor = page.next;
      } while (cursor !== null);
    };
    for (let round = 0; round < 3; round += 1) {
      shop.act(10);
      await read();
    }
    http.close();
    const books = shop.state().orders!;
    await shop.stop();
    const system = await desk.integration();
    await db.pool.query('update integration set connector = $2, settings = $3 where code = $1', [
      system,
      vendor,
      settings,
    ]);
    await db.pool.query(
      `insert into channel (id, code, name, kind, integration_id) select id, code, code, 'WEB_SHOP', id from integration where code = $1`,
      [system],
    );
    const { rows } = await db.pool.query<{ id: string }>('select id from integration where code = $1', [system]);
    const newest = new Map(bodies.map((each) => [each.externalId, each]));
    const told = [...bodies.filter(() => below(3) > 0), ...bodies.filter(() => below(3) === 0), ...newest.values()]
      .map((each, index) => ({ ...each, place: below(1_000), topic: 'orders', eventId: `${index}`, occurredAt: null }))
      .toSorted((a, b) => a.place - b.place);
    await db.transaction('hear', (tx) => tx.query(receive(rows[0]!.id, 'PULL', told, clock.now())));
    await eventually('the inbox to be worked off', async () => {
      const open = await db.pool.query(`select from inbox_message where integration_id = $1 and status = 'RECEIVED'`, [
        rows[0]!.id,
      ]);
      return open.rowCount === 0;
    });
    const unread = await db.pool.query('select l.error, l.stream from dead_letter l where l.integration_id = $1', [
      rows[0]!.id,
    ]);
    expect(unread.rows).toEqual([]);
    const query = `query ($filter: OrderFilter) { orders(filter: $filter, first: 250) { nodes {
    paidTotal { amount } refundedTotal { amount } externalReferences { externalId } } } }`;
    const { orders } = await desk.ask<{
      orders: {
        nodes: {
          paidTotal: { amount: string };
          refundedTotal: { amount: string };
          externalReferences: { externalId: string }[];
        }[];
      };
    }>(query, { filter: { integration: system } });
    const cents = ({ amount }: { amount: string }) => Number(amount.replace('.', ''));
    const kept = Object.fromEntries(
      orders.nodes.map(({ paidTotal, refundedTotal, externalReferences: [reference] }) => [
        reference!.externalId,
        { captured: cents(paidTotal), refunded: cents(refundedTotal) },
      ]),
    );
    const expected = Object.entries(books).filter(([id]) => newest.has(id));
    expect(kept).toEqual(Object.fromEntries(expected.map(([id, order]) => [id, BOOKS[vendor]!(order as never)])));
    expect(sum(Object.values(kept).map(({ captured }) => captured))).toBeGreaterThan(0);
    expect(sum(Object.values(kept).map(({ refunded }) => refunded))).toBeGreaterThan(0);
  },
);
