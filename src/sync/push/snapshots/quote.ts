import { sql } from '../../../db/statement.js';
import { ORDER_PREFIX, type OrderStatus } from '../../../modules/orders/index.js';
import { QUOTE_PREFIX, type QuoteStatus } from '../../../modules/quotes/index.js';
import { moneyOfMinor } from '../../../shared/money.js';
import type { OutgoingQuote } from '../../../shared/outgoing/index.js';
import { externalIdOf, hubId, listOf } from './texts.js';

interface Row {
  id: string;
  external_id: string | null;
  version: number;
  number: string;
  revision: number;
  status: QuoteStatus;
  orders: {
    id: string;
    external_id: string | null;
    version: number;
    number: string;
    status: OrderStatus;
    total_minor: string;
    currency: string;
  }[];
}

const ORDERS = `
  select o.id::text, o.version, o.number, o.status, o.total_minor::text, o.currency,
         ${externalIdOf('order', 'o.id')} as external_id
    from orders o where o.quote_id = q.id order by o.id`;

export const selectQuote = sql<Row>(
  'push.quote',
  `select q.id, q.version, q.number, q.revision, q.status, ${externalIdOf('quote', 'q.id')} as external_id,
          ${listOf(ORDERS)} as orders
     from quote q where q.id = any($2::bigint[])`,
);

export function quoteOf(row: Row): OutgoingQuote {
  return {
    hubId: hubId(QUOTE_PREFIX, row.id),
    externalId: row.external_id,
    // What is told of the orders changes without the quote.
    version: row.orders.reduce((sum, order) => sum + order.version, row.version),
    number: row.number,
    revision: row.revision,
    status: row.status,
    orders: row.orders.map((order) => ({
      hubId: hubId(ORDER_PREFIX, order.id),
      externalId: order.external_id,
      number: order.number,
      status: order.status,
      total: moneyOfMinor(order.total_minor, order.currency).amount,
      currency: order.currency,
    })),
  };
}
