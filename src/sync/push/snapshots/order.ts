import { sql } from '../../../db/statement.js';
import type { Address } from '../../../graph/values.type.js';
import { CUSTOMER_PREFIX } from '../../../modules/customers/index.js';
import { ORDER_LINE_PREFIX, ORDER_PREFIX, type OrderStatus } from '../../../modules/orders/index.js';
import { QUOTE_PREFIX } from '../../../modules/quotes/index.js';
import { parseInstant } from '../../../shared/clock.js';
import { decimalText } from '../../../shared/decimal.js';
import { moneyOfMinor, moneyOfUnitPrice } from '../../../shared/money.js';
import type { OutgoingOrder, OutgoingOrderLine } from '../../../shared/outgoing/index.js';
import { HAS_LEFT_BEFORE } from './left-before.js';
import { externalIdOf, hubId, listOf, stated } from './texts.js';

interface Row {
  id: string;
  external_id: string | null;
  version: number;
  number: string;
  status: OrderStatus;
  channel: string;
  is_theirs: boolean;
  currency: string;
  prices_include_tax: boolean;
  subtotal_minor: string;
  discount_minor: string;
  shipping_minor: string;
  tax_minor: string;
  total_minor: string;
  placed_at: string;
  purchase_order_number: string | null;
  email: string | null;
  billing_address: Address | null;
  shipping_address: Address | null;
  customer_id: string | null;
  customer_external_id: string | null;
  customer_number: string | null;
  customer_name: string | null;
  has_left_before: boolean;
  quote_id: string | null;
  quote_external_id: string | null;
  quote_number: string | null;
  lines: LineRow[];
}
interface LineRow {
  id: string;
  external_id: string | null;
  product_external_id: string | null;
  sku: string;
  description: string;
  quantity: string;
  unit_price: string;
  discount_minor: string;
  tax_minor: string;
  total_minor: string;
  tax_lines: { rate: string }[];
}

/** As SQL, of an order `o` and its channel `c`: the order came from the integration `$1`. */
export const IS_THEIRS = '(o.is_stated and c.integration_id is not distinct from $1)';

const LINES = `
  select l.id::text, case when ${IS_THEIRS} then l.external_id end as external_id,
         ${externalIdOf('product', 'l.product_id')} as product_external_id, l.sku, l.description,
         (l.quantity - l.canceled_quantity)::text as quantity, l.unit_price::text, l.discount_minor::text,
         l.tax_minor::text, l.total_minor::text, l.tax_lines
    from order_line l where l.order_id = o.id order by l.position`;

export const selectOrder = sql<Row>(
  'push.order',
  `select o.id, o.version, o.number, o.status, c.code as channel, ${IS_THEIRS} as is_theirs, o.currency,
          o.prices_include_tax, o.subtotal_minor, o.discount_minor, o.shipping_minor, o.tax_minor, o.total_minor,
          o.placed_at, o.purchase_order_number, coalesce(o.email, cu.email) as email, o.billing_address,
          o.shipping_address, cu.id as customer_id, cu.number as customer_number, cu.name as customer_name,
          q.id as quote_id, q.number as quote_number, ${HAS_LEFT_BEFORE} as has_left_before,
          ${externalIdOf('order', 'o.id')} as external_id,
          ${externalIdOf('customer', 'cu.id')} as customer_external_id,
          ${externalIdOf('quote', 'q.id')} as quote_external_id, ${listOf(LINES)} as lines
     from orders o join channel c on c.id = o.channel_id
     left join customer cu on cu.id = o.customer_id left join quote q on q.id = o.quote_id
    where o.id = any($2::bigint[])`,
);

export function orderOf(row: Row): OutgoingOrder {
  const money = (minor: string) => moneyOfMinor(minor, row.currency).amount;
  return {
    hubId: hubId(ORDER_PREFIX, row.id),
    externalId: row.external_id,
    version: row.version,
    number: row.number,
    status: row.status,
    channel: row.channel,
    isTheirs: row.is_theirs,
    currency: row.currency,
    pricesIncludeTax: row.prices_include_tax,
    subtotal: money(row.subtotal_minor),
    discountTotal: money(row.discount_minor),
    shippingTotal: money(row.shipping_minor),
    taxTotal: money(row.tax_minor),
    total: money(row.total_minor),
    placedAt: parseInstant(row.placed_at),
    purchaseOrderNumber: row.purchase_order_number,
    customer: row.customer_id === null ? null : customerOf(row, row.customer_id),
    email: row.email,
    billingAddress: stated(row.billing_address),
    shippingAddress: stated(row.shipping_address),
    lines: row.lines.map((line) => lineOf(line, row.currency)),
    hasLeftBefore: row.has_left_before,
    quote:
      row.quote_id === null
        ? null
        : { hubId: hubId(QUOTE_PREFIX, row.quote_id), externalId: row.quote_external_id, number: row.quote_number! },
  };
}

function customerOf(row: Row, id: string): OutgoingOrder['customer'] {
  return {
    hubId: hubId(CUSTOMER_PREFIX, id),
    externalId: row.customer_external_id,
    number: row.customer_number!,
    name: row.customer_name!,
  };
}

function lineOf(line: LineRow, currency: string): OutgoingOrderLine {
  const money = (minor: string) => moneyOfMinor(minor, currency).amount;
  return {
    hubId: hubId(ORDER_LINE_PREFIX, line.id),
    externalId: line.external_id,
    sku: line.sku,
    productExternalId: line.product_external_id,
    description: line.description,
    quantity: decimalText(line.quantity),
    unitPrice: moneyOfUnitPrice(line.unit_price, currency).amount,
    discountTotal: money(line.discount_minor),
    taxTotal: money(line.tax_minor),
    taxRates: line.tax_lines.map(({ rate }) => rate),
    total: money(line.total_minor),
  };
}
