import { sql, sqlWithColumns } from '../../db/statement.js';
import { Columns, type SelectedFields } from '../../graph/columns.js';
import { condition, countSql, rangeConditions, type Condition, type ListQuery } from '../../graph/list-query.js';
import { textPattern } from '../../graph/text-filter.js';
import { actorOfId, SortDirection } from '../../graph/values.type.js';
import { currencyDigits, UNUSUAL_DIGITS } from '../../shared/money.js';
import type { CustomerRow } from '../customers/index.js';
import type { ChannelRow } from './channel.type.js';
import { orderCount } from './order-count.queries.js';
import { OrderSortField, type OrderFilter, type OrderSort } from './order-list.type.js';
import type { UnpaidStatus } from './order.payment.rules.js';
import type { OrderLineRow, OrderRow } from './order.type.js';
import { foundByText, hasText } from './order-text.queries.js';
import type { TaxFigure, TaxRounding } from '../tax/index.js';

/** Which columns an order's fields are made of. */
export const ORDER_COLUMNS = new Columns<OrderRow>(
  'o',
  [
    'id',
    'number',
    'channel_id',
    'status',
    'fulfillment_status',
    'payment_status',
    'customer_id',
    'contact_id',
    'email',
    'purchase_order_number',
    'note',
    'currency',
    'prices_include_tax',
    'subtotal_minor',
    'discount_minor',
    'shipping_minor',
    'tax_minor',
    'total_minor',
    'paid_minor',
    'refunded_minor',
    'shipping_lines',
    'adjustments',
    'tax_lines',
    'billing_address',
    'shipping_address',
    'quote_id',
    'requested_delivery_at',
    'promised_at',
    'department',
    'assignee_id',
    'placed_at',
    'created_at',
    'updated_at',
    'version',
  ],
  ['id', 'customer_id', 'currency'],
  {
    id: [],
    number: ['number'],
    status: ['status'],
    fulfillmentStatus: ['fulfillment_status'],
    paymentStatus: ['payment_status'],
    email: ['email'],
    purchaseOrderNumber: ['purchase_order_number'],
    note: ['note'],
    currency: [],
    pricesIncludeTax: ['prices_include_tax'],
    shippingLines: ['shipping_lines'],
    adjustments: ['adjustments'],
    taxLines: ['tax_lines'],
    subtotal: ['subtotal_minor'],
    discountTotal: ['discount_minor'],
    shippingTotal: ['shipping_minor'],
    taxTotal: ['tax_minor'],
    total: ['total_minor'],
    paidTotal: ['paid_minor'],
    refundedTotal: ['refunded_minor'],
    balanceDue: ['total_minor', 'paid_minor', 'refunded_minor'],
    billingAddress: ['billing_address'],
    shippingAddress: ['shipping_address'],
    requestedDeliveryAt: ['requested_delivery_at'],
    promisedAt: ['promised_at'],
    placedAt: ['placed_at'],
    createdAt: ['created_at'],
    updatedAt: ['updated_at'],
    version: ['version'],
    department: ['department'],
    assignee: ['assignee_id'],
    channel: ['channel_id'],
    customer: [],
    contact: ['contact_id'],
    lines: [],
    externalReferences: [],
    provenance: [],
    freshness: [],
    timeline: [],
    holds: [],
    notes: [],
    notifications: [],
    blockers: [],
    shipments: [],
    fulfillmentOrders: [],
    payments: [],
    invoices: [],
    trackingPageUrl: [],
    quote: ['quote_id'],
  },
);
/** The same of a line; its currency is its order's. */
export const LINE_COLUMNS = new Columns<Omit<OrderLineRow, 'currency'>>(
  'l',
  [
    'id',
    'order_id',
    'product_id',
    'quote_line_id',
    'sku',
    'description',
    'quantity',
    'unit_price',
    'discount_minor',
    'tax_minor',
    'total_minor',
    'tax_lines',
    'reserved_quantity',
    'canceled_quantity',
    'backordered_quantity',
    'shipped_quantity',
    'delivered_quantity',
  ],
  ['id', 'order_id'],
  {
    id: [],
    sku: ['sku'],
    description: ['description'],
    quantity: ['quantity'],
    unitPrice: ['unit_price'],
    discountTotal: ['discount_minor'],
    taxLines: ['tax_lines'],
    taxTotal: ['tax_minor'],
    total: ['total_minor'],
    reservedQuantity: ['reserved_quantity'],
    canceledQuantity: ['canceled_quantity'],
    backorderedQuantity: ['backordered_quantity'],
    shippedQuantity: ['shipped_quantity'],
    deliveredQuantity: ['delivered_quantity'],
    product: ['product_id'],
    quoteLine: ['quote_line_id'],
    parts: [],
  },
);
const ORDER = ORDER_COLUMNS.all;
const LINE = `${LINE_COLUMNS.all}, o.currency`;

export const selectOrders = sqlWithColumns<OrderRow>(
  'orders.by-id',
  ORDER,
  (columns) => `select ${columns} from orders o where o.id = any($1::bigint[])`,
);
export const selectOrdersByNumber = sql<OrderRow>(
  'orders.by-number',
  `select ${ORDER} from orders o where o.number = any($1::text[])`,
);
export const selectOrdersOfQuotes = sql<OrderRow>(
  'orders.of-quotes',
  `select ${ORDER} from orders o where o.quote_id = any($1::bigint[]) order by o.quote_id, o.id`,
);
export const selectLinesOfOrders = sqlWithColumns<Omit<OrderLineRow, 'currency'>>(
  'orders.lines',
  LINE_COLUMNS.all,
  (columns) =>
    `select ${columns} from order_line l where l.order_id = any($1::bigint[]) order by l.order_id, l.position`,
);
export const selectLines = sql<OrderLineRow & { customer_id: string | null }>(
  'orders.lines-by-id',
  `select ${LINE}, o.customer_id from order_line l join orders o on o.id = l.order_id where l.id = any($1::bigint[])`,
);

export const selectChannels = sql<ChannelRow>(
  'orders.channels',
  `select id, code, name, kind, is_active, integration_id from channel where id = any($1::bigint[])`,
);
export const selectAllChannels = sql<ChannelRow>(
  'orders.all-channels',
  `select id, code, name, kind, is_active, integration_id from channel order by code`,
);
export const selectChannelByCode = sql<ChannelRow>(
  'orders.channel-by-code',
  `select id, code, name, kind, is_active, integration_id from channel where code = $1`,
);
export const selectChannelsByCode = sql<ChannelRow>(
  'orders.channels-by-code',
  `select id, code, name, kind, is_active, integration_id from channel where code = any($1::text[])`,
);
export const updateChannelActive = sql<{ id: string; code: string }>(
  'orders.channel-active',
  `update channel set is_active = $2 where integration_id = $1 and is_active <> $2 returning id, code`,
);
export const countChannelEvents = sql<{ count: number }>(
  'orders.count-channel-events',
  `select count(*)::int as count from event where subject_kind = 'channel' and subject_id = $1`,
);
export const insertChannel = sql(
  'orders.insert-channel',
  `insert into channel (id, code, name, kind, integration_id) values ($1, $2, $3, $4, $5)`,
);

/** An order as an action changes it. */
export interface LockedOrder extends OrderRow {
  is_stated: boolean;
  tax_rounding: TaxRounding;
  authorized_minor: string;
  unpaid_status: UnpaidStatus;
  allow_backorder: boolean;
  event_count: number;
  open_holds: number;
  needs_funds: boolean;
  channel_code: string;
}
const WHOLE_ORDER = `
  select ${ORDER}, o.is_stated, o.tax_rounding, o.authorized_minor, o.unpaid_status, o.allow_backorder, o.event_count, o.open_holds,
         o.needs_funds, c.code as channel_code
    from orders o join channel c on c.id = o.channel_id`;
export const lockOrder = sql<LockedOrder>('orders.lock', `${WHOLE_ORDER} where o.id = $1 for no key update of o`);
/** Orders as an action would find them, without holding them. */
export const selectWholeOrders = sql<LockedOrder>('orders.whole', `${WHOLE_ORDER} where o.id = any($1::bigint[])`);
/** Since when the order has had its status, by the log. */
export const selectStatusSince = sql<{ at: string }>(
  'orders.status-since',
  `select at from event where subject_kind = 'order' and subject_id = $1 and status_to is distinct from status_from
    order by sequence desc limit 1`,
);
export interface LockedLine extends OrderLineRow {
  position: number;
  requires_shipping: boolean;
  ordered_discount_minor: string;
  ordered_tax_lines: TaxFigure[];
  external_id: string | null;
  has_own_price: boolean;
}
export const selectLinesToChange = sql<LockedLine>(
  'orders.lines-to-change',
  `select ${LINE}, l.position, l.requires_shipping, l.ordered_discount_minor, l.ordered_tax_lines, l.external_id,
          l.has_own_price
     from order_line l join orders o on o.id = l.order_id where l.order_id = any($1::bigint[]) order by l.order_id, l.position`,
);

const SORTS = {
  [OrderSortField.PLACED_AT]: { column: 'o.placed_at', type: 'timestamptz' },
  [OrderSortField.UPDATED_AT]: { column: 'o.updated_at', type: 'timestamptz' },
  [OrderSortField.TOTAL]: { column: 'o.total_minor', type: 'bigint' },
  [OrderSortField.NUMBER]: { column: 'o.number', type: 'text' },
} as const;

const KNOWN_TO = `o.id in (
  select r.record_id from external_reference r join integration i on i.id = r.integration_id
   where r.record_kind = 'order' and i.code = $1)`;

/** An index gives the order of a list where the column has one value. */
function oneOf(column: string, values: readonly string[] | null | undefined): Condition[] {
  if (!values) return [];
  return [
    values.length === 1 ? condition(`${column} = $1`, values[0]) : condition(`${column} = any($1::text[])`, values),
  ];
}

/** Read first and once, so that what is planned is a list of orders, not a join. */
function ofChannels(codes: readonly string[] | null | undefined): Condition[] {
  if (!codes) return [];
  return [
    codes.length === 1
      ? condition('o.channel_id = (select id from channel where code = $1)', codes[0])
      : condition('o.channel_id = any(array(select id from channel where code = any($1::text[])))', codes),
  ];
}

/** How many minor units one unit of the order's currency has, as SQL. */
function minorUnits(currency: string | null | undefined): string {
  if (currency != null) return `${10 ** currencyDigits(currency)}::numeric`;
  const cases = Object.entries(UNUSUAL_DIGITS).map(([code, digits]) => `when '${code}' then ${10 ** digits}`);
  return `(case o.currency ${cases.join(' ')} else 100 end)::numeric`;
}

/**
 * `customerIds` narrow the list to one customer: the one asked for, or the viewer. `isTextCommon` where a text is sooner
 * found by looking at the orders than by looking for the text.
 */
export function orderList(
  filter: OrderFilter | null | undefined,
  sort: OrderSort | null | undefined,
  customerIds: string[],
  selected: SelectedFields,
  isTextCommon = false,
): ListQuery {
  const where: Condition[] = customerIds.map((id) => condition('o.customer_id = $1::bigint', id));
  where.push(...oneOf('o.status', filter?.status), ...oneOf('o.payment_status', filter?.paymentStatus));
  where.push(...ofChannels(filter?.channel));
  if (filter?.sku != null)
    where.push(condition('o.id in (select order_id from order_line where sku = $1)', filter.sku));
  if (filter?.integration != null) where.push(condition(KNOWN_TO, filter.integration));
  if (filter?.total) where.push(...rangeConditions(`(o.total_minor / ${minorUnits(filter.currency)})`, filter.total));
  if (filter?.fulfillmentStatus)
    where.push(condition('o.fulfillment_status = any($1::text[])', filter.fulfillmentStatus));
  if (filter?.onHold != null) where.push(condition(filter.onHold ? 'o.open_holds > 0' : 'o.open_holds = 0'));
  where.push(...oneOf('o.department', filter?.department));
  if (filter?.assigneeId != null) {
    const assignee = actorOfId(filter.assigneeId);
    where.push(condition('o.assignee_id = $1::bigint', assignee?.kind === 'API_KEY' ? assignee.id : '0'));
  }
  if (filter?.currency) where.push(condition('o.currency = $1', filter.currency));
  where.push(
    ...rangeConditions('o.placed_at', filter?.placedAt),
    ...rangeConditions('o.updated_at', filter?.updatedAt),
  );
  const pattern = textPattern(filter?.text);
  const found = pattern === null ? [] : [foundByText(pattern)];
  const count = (): Condition | null =>
    isTextCommon ? countSql({ from: 'orders o', where: [...where, ...found] }) : orderCount(filter);
  return {
    select: ORDER_COLUMNS.for(selected),
    from: 'orders o',
    where: pattern !== null && isTextCommon ? [...where, hasText(pattern)] : [...where, ...found],
    sort: SORTS[sort?.field ?? OrderSortField.PLACED_AT],
    id: 'o.id',
    descending: (sort?.direction ?? SortDirection.DESC) === SortDirection.DESC,
    ...(customerIds.length === 0 && { count }),
    isPlannedByValue: pattern !== null,
  };
}

/** The customer of a new order, and whether the contact belongs to it. */
export const selectOrderCustomer = sql<CustomerRow & { contact_found: boolean }>(
  'orders.customer',
  `select c.*, exists (select from contact where contact.id = $2::bigint and contact.customer_id = c.id) as contact_found
     from customer c where c.id = $1::bigint`,
);

/** A part of a line's bundle, as it was ordered. */
export interface LinePartRow {
  order_line_id: string;
  product_id: string;
  sku: string;
  /** In one unit of the line. */
  quantity: string;
}
export const selectPartsOfOrders = sql<LinePartRow>(
  'orders.parts',
  `select p.order_line_id, p.product_id, p.sku, p.quantity from order_line_part p
     join order_line l on l.id = p.order_line_id where l.order_id = any($1::bigint[]) order by p.order_line_id, p.product_id`,
);
export const selectPartsOfLines = sql<LinePartRow>(
  'orders.parts-of-lines',
  `select order_line_id, product_id, sku, quantity from order_line_part
    where order_line_id = any($1::bigint[]) order by order_line_id, sku`,
);

/** Those parts of an order's lines that are a matter of choice, as the bundles are today. */
export const selectOptionalParts = sql<{ order_line_id: string; sku: string }>(
  'orders.optional-parts',
  `select part.order_line_id, part.sku from order_line l
     join order_line_part part on part.order_line_id = l.id
     join bundle_component c on c.product_id = l.product_id and c.component_id = part.product_id
    where l.order_id = $1 and c.is_optional order by part.order_line_id, c.position`,
);

/** Products of an order's lines and their parts, as a confirmation looks at them. */
export interface ConfirmProduct {
  id: string;
  tax_category: string;
  is_active: boolean;
  is_stocked: boolean;
}
export const selectConfirmProducts = sql<ConfirmProduct>(
  'orders.confirm-products',
  `select p.id, p.tax_category, p.is_active, p.is_stocked from product p
    where p.id in (
      select product_id from order_line where order_id = any($1::bigint[])
      union all
      select part.product_id from order_line_part part join order_line l on l.id = part.order_line_id
       where l.order_id = any($1::bigint[])
      union all
      select c.component_id from bundle_component c join order_line l on l.product_id = c.product_id
       where l.order_id = any($1::bigint[]))`,
);
/** The parts that lines would have if they were ordered now, where nobody has said which: those that are not optional. */
export const selectUnstatedParts = sql<LinePartRow>(
  'orders.unstated-parts',
  `select l.id as order_line_id, c.component_id as product_id, p.sku, c.quantity
     from order_line l join bundle_component c on c.product_id = l.product_id join product p on p.id = c.component_id
    where l.order_id = any($1::bigint[]) and not c.is_optional
      and not exists (select from order_line_part part where part.order_line_id = l.id)
    order by l.id, c.position`,
);
