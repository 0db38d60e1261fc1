import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { externalReferencesOf, provenanceOf, recordByExternalId } from '../references/index.js';
import { ChannelType } from './channel.type.js';
import { selectCreditUsed } from './credit.queries.js';
import { selectOpenHolds } from './order-hold.queries.js';
import { OrderHoldType } from './order-hold.type.js';
import { OrderLinePartType } from './order-part.type.js';
import {
  LINE_COLUMNS,
  ORDER_COLUMNS,
  selectChannels,
  selectChannelsByCode,
  selectLines,
  selectLinesOfOrders,
  selectOrders,
  selectOrdersByNumber,
  selectOrdersOfQuotes,
  selectPartsOfLines,
} from './order.queries.js';
import { COMMON_HITS, countTextHits } from './order-text.queries.js';
import { OrderLineType, OrderType, type OrderRow } from './order.type.js';

/** Whether a text, as a pattern, is in so many orders that they are looked through for it. */
export const isCommonText = defineLoader<string, boolean>('isCommonText', (patterns, { db }) =>
  Promise.all(patterns.map(async (pattern) => (await db.read(countTextHits(pattern)))[0]!.hits >= COMMON_HITS)),
);

export const ordersById = defineLoader<string, OrderType | null>('ordersById', async (ids, scope) => {
  const { db, viewer } = scope;
  const columns = ORDER_COLUMNS.for(scope.selected('Order'));
  const rows = (await db.read(selectOrders(columns, ids))).filter((row) => maySee(viewer, row.customer_id));
  return inOrderOf(
    ids,
    rows.map((row) => new OrderType(row)),
    ({ row }) => row.id,
  );
});

export const ordersByNumber = defineLoader<string, OrderType | null>(
  'ordersByNumber',
  async (numbers, { db, viewer }) => {
    const rows = (await db.read(selectOrdersByNumber(numbers))).filter((row) => maySee(viewer, row.customer_id));
    return inOrderOf(
      numbers,
      rows.map((row) => new OrderType(row)),
      ({ row }) => row.number,
    );
  },
);

export const ordersOfQuote = defineLoader<string, OrderType[]>('ordersOfQuote', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectOrdersOfQuotes(ids))).filter((row) => maySee(viewer, row.customer_id));
  return listsOf(
    ids,
    rows.map((row) => new OrderType(row)),
    ({ row }) => row.quote_id!,
  );
});

/** What counts against the limits of customers that the viewer sees already; in minor units. */
export const creditUsedOfCustomer = defineLoader<string, string | null>('creditUsedOfCustomer', async (ids, { db }) => {
  const used = new Map((await db.read(selectCreditUsed(ids))).map((row) => [row.customer_id, row.used_minor]));
  return ids.map((id) => used.get(id) ?? null);
});

/** Lines of orders that the viewer sees already. */
export const linesOfOrder = defineLoader<Pick<OrderRow, 'id' | 'currency'>, OrderLineType[]>(
  'linesOfOrder',
  async (orders, scope) => {
    const ids = orders.map((order) => order.id);
    const currencies = new Map(orders.map((order) => [order.id, order.currency]));
    const columns = LINE_COLUMNS.for(scope.selected('OrderLine'));
    const rows = await scope.db.read(selectLinesOfOrders(columns, ids));
    return listsOf(
      ids,
      rows.map((row) => new OrderLineType(Object.assign(row, { currency: currencies.get(row.order_id)! }))),
      ({ row }) => row.order_id,
    );
  },
  (order) => order.id,
);

export const orderLinesById = defineLoader<string, OrderLineType | null>(
  'orderLinesById',
  async (ids, { db, viewer }) => {
    const rows = (await db.read(selectLines(ids))).filter((row) => maySee(viewer, row.customer_id));
    return inOrderOf(
      ids,
      rows.map((row) => new OrderLineType(row)),
      ({ row }) => row.id,
    );
  },
);

export const holdsOfOrder = defineLoader<string, OrderHoldType[]>('holdsOfOrder', async (ids, { db }) => {
  const rows = await db.read(selectOpenHolds(ids));
  return listsOf(
    ids,
    rows.map((row) => new OrderHoldType(row)),
    ({ row }) => row.order_id,
  );
});

export const channelsById = defineLoader<string, ChannelType | null>('channelsById', async (ids, { db }) => {
  const rows = await db.read(selectChannels(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new ChannelType(row)),
    ({ row }) => row.id,
  );
});

export const channelsByCode = defineLoader<string, ChannelType | null>('channelsByCode', async (codes, { db }) => {
  const rows = await db.read(selectChannelsByCode(codes));
  return inOrderOf(
    codes,
    rows.map((row) => new ChannelType(row)),
    ({ row }) => row.code,
  );
});

/** Parts of lines that the viewer sees already. */
export const partsOfLine = defineLoader<string, OrderLinePartType[]>('partsOfLine', async (ids, { db }) => {
  const rows = await db.read(selectPartsOfLines(ids));
  return listsOf(
    ids,
    rows.map((row) => new OrderLinePartType(row)),
    ({ row }) => row.order_line_id,
  );
});

export const orderReferences = externalReferencesOf('order');
export const orderProvenance = provenanceOf('order');
export const orderByExternalId = recordByExternalId('order');
