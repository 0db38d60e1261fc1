import { z } from 'zod';
import { ConnectorFailure, readWire, type ConnectorHttp } from '#connect';
import { ask, behind, changedSince, inAffordablePages } from '../client.js';
import {
  LISTED,
  LISTED_ALONE,
  oneOrder,
  orderLines,
  orderMoney,
  ordersByIds,
  ordersCensus,
  ORDERS_IN_BULK,
  ordersPage,
} from '../documents/orders.js';
import { statedOrder } from '../mapping/order.js';
import { paymentsOf } from '../mapping/payments.js';
import { canAsk, refuseUnlessCanAsk } from '../settings.js';
import { asDelivered, graphOrder } from '../wire/graph-order.js';
import { gidOf, record } from '../wire/parts.js';
import { orderMoneyShape } from '../wire/payments.js';
import { bulkPage, type BulkPage } from './bulk.js';
import {
  allOf,
  changing,
  connection,
  digitsOf,
  NOTHING,
  OVERLAP_MS,
  pageInfo,
  pulled,
  type Changing,
  type Pull,
} from './records.js';

const SIZES = [20, 5, 1];
const TREE = { Order: { LineItem: 'lineItems', ShippingLine: 'shippingLines' } };

const refund = z.looseObject({
  refundLineItems: z.looseObject({ pageInfo: z.looseObject({ hasNextPage: z.boolean() }) }),
});
const order = changing.extend({
  lineItems: z.looseObject({ nodes: z.array(z.unknown()), pageInfo }),
  transactions: z.array(z.unknown()),
  refunds: z.array(refund),
});
type Order = z.infer<typeof order>;

/** Orders with their money; what was sent of them is a stream of its own. */
export const orders: Pull = {
  of: 'order',
  everyMs: 60_000,
  overlapMs: OVERLAP_MS,

  async page({ http, settings, credentials }, { since, cursor }) {
    if (!canAsk(credentials)) return NOTHING;
    const keep = (raw: Changing) =>
      pulled(raw, { externalId: digitsOf(raw.id), updatedAt: raw.updatedAt, read: orders.read, settings });
    if (since === null) {
      const { rows, ...rest } = await bulkPage(http, { query: ORDERS_IN_BULK, tree: TREE }, cursor);
      return { records: (await withRefunds(http, rows)).map(keep), ...rest };
    }
    const shape = record({ orders: connection(order) });
    const { orders: found } = await inAffordablePages(SIZES, (first) =>
      ask(http, ordersPage, { first, after: cursor, query: changedSince(since) }, shape),
    );
    const whole: Order[] = [];
    for (const each of found.nodes) whole.push(await completed(http, each));
    return { records: whole.map(keep), next: behind(found.pageInfo) };
  },

  async one({ http, settings, credentials }, externalId) {
    refuseUnlessCanAsk(credentials);
    const { order: found } = await ask(
      http,
      oneOrder,
      { id: gidOf('Order', externalId) },
      record({ order: order.nullish() }),
    );
    if (!found) return null;
    const raw = await completed(http, found);
    return pulled(raw, { externalId, updatedAt: raw.updatedAt, read: orders.read, settings });
  },

  async census({ http, credentials }, cursor) {
    refuseUnlessCanAsk(credentials);
    const shape = record({ orders: connection(changing) });
    const { orders: found } = await ask(http, ordersCensus, { after: cursor }, shape);
    const records = found.nodes.map(({ id, updatedAt }) => ({ externalId: digitsOf(id), version: updatedAt }));
    return { records, next: behind(found.pageInfo) };
  },

  read(raw, { settings }) {
    const stated = statedOrder(asDelivered(readWire(graphOrder, raw)), settings);
    const payments = paymentsOf(readWire(orderMoneyShape, raw));
    return [{ kind: 'order', order: stated }, ...payments.map((payment) => ({ kind: 'payment' as const, payment }))];
  },
};

/** A bulk operation cannot tell what was refunded; the few orders where something was are asked for again. */
async function withRefunds(http: ConnectorHttp, rows: BulkPage['rows']): Promise<Changing[]> {
  const base = rows.map((row) => readWire(changing.extend({ refunds: z.array(z.unknown()) }), row));
  const ids = base.filter(({ refunds }) => refunds.length > 0).map(({ id }) => id);
  const again = new Map<string, Order>();
  for (let from = 0; from < ids.length;) {
    const found = await inAffordablePages(SIZES, async (size) => {
      const shape = record({ nodes: z.array(order.nullable()) });
      return (await ask(http, ordersByIds, { ids: ids.slice(from, from + size) }, shape)).nodes;
    });
    for (const each of found) if (each) again.set(each.id, await completed(http, each));
    from += Math.max(1, found.length);
  }
  // One that is not found again was deleted meanwhile.
  return base.flatMap((row) => (row.refunds.length > 0 ? (again.get(row.id) ?? []) : row));
}

/** With what its first page of each list did not hold. */
async function completed(http: ConnectorHttp, given: Order): Promise<Order> {
  const shape = record({ order: record({ lineItems: connection(z.unknown()) }).nullish() });
  const nodes = await allOf(given.lineItems, async (after) => {
    const { order: found } = await ask(http, orderLines, { id: given.id, after }, shape);
    return found?.lineItems;
  });
  return { ...given, ...(await completedMoney(http, given)), lineItems: { nodes, pageInfo: { hasNextPage: false } } };
}

async function completedMoney(
  http: ConnectorHttp,
  given: Order,
): Promise<Pick<Order, 'refunds' | 'transactions'> | null> {
  if (!isCut(given, LISTED)) return null;
  const shape = record({ order: order.pick({ refunds: true, transactions: true }).nullish() });
  const { order: money } = await ask(http, orderMoney, { id: given.id }, shape);
  if (!money) return null;
  if (isCut(money, LISTED_ALONE)) {
    throw new ConnectorFailure(
      'rejected',
      `order ${digitsOf(given.id)}: more refunds or payments than can be asked for at once`,
    );
  }
  return money;
}

function isCut(
  { refunds, transactions }: Pick<Order, 'refunds' | 'transactions'>,
  listed: { refunds: number; transactions: number },
): boolean {
  return (
    refunds.length >= listed.refunds ||
    transactions.length >= listed.transactions ||
    refunds.some(({ refundLineItems }) => refundLineItems.pageInfo.hasNextPage)
  );
}
