import { field, fieldsOf, type ExportDefinition, type ExportField } from '../../graph/export/export.js';
import { typeId } from '../../shared/ids.js';
import { CUSTOMER_PREFIX } from '../customers/index.js';
import { LINE_COLUMNS, ORDER_COLUMNS, selectLinesOfOrders } from './order.queries.js';
import { ORDER_PREFIX, OrderLineType, OrderType, type OrderLineRow, type OrderRow } from './order.type.js';

type ExportedOrder = OrderRow & { channel_code: string };
type ExportedLine = OrderLineRow & { order_number: string };

const LINE_FIELDS: ExportField<OrderLineType>[] = fieldsOf<OrderLineType>({
  id: 'plain',
  sku: 'text',
  description: 'text',
  quantity: 'plain',
  unitPrice: 'money',
  discountTotal: 'money',
  taxTotal: 'money',
  total: 'money',
  reservedQuantity: 'plain',
  canceledQuantity: 'plain',
  backorderedQuantity: 'plain',
});

export const orderExport: ExportDefinition = {
  kind: 'orders',
  about: 'orders, in NDJSON with their lines',
  select: `${ORDER_COLUMNS.all}, c.code as channel_code`,
  from: 'orders o join channel c on c.id = o.channel_id',
  updatedAt: 'o.updated_at',
  id: 'o.id',
  sortedBy: 'updatedAt',
  toNode: (row: ExportedOrder) => new OrderType(row),
  fields: [
    ...fieldsOf<OrderType>({ id: 'plain', number: 'text', status: 'plain' }),
    field<{ row: ExportedOrder }>('channel', 'text', ({ row }) => row.channel_code),
    field<OrderType>('customerId', 'plain', ({ row }) => row.customer_id && typeId(CUSTOMER_PREFIX, row.customer_id)),
    ...fieldsOf<OrderType>({
      email: 'text',
      purchaseOrderNumber: 'text',
      note: 'text',
      currency: 'plain',
      pricesIncludeTax: 'plain',
      subtotal: 'money',
      discountTotal: 'money',
      shippingTotal: 'money',
      taxTotal: 'money',
      total: 'money',
      paymentStatus: 'plain',
      paidTotal: 'money',
      refundedTotal: 'money',
      balanceDue: 'money',
      billingAddress: 'json',
      shippingAddress: 'json',
      requestedDeliveryAt: 'instant',
      placedAt: 'instant',
      createdAt: 'instant',
      updatedAt: 'instant',
      version: 'plain',
    }),
  ],
  children: {
    name: 'lines',
    fields: LINE_FIELDS,
    select: (ids) => selectLinesOfOrders(LINE_COLUMNS.all, ids),
    parentId: (row: OrderLineRow) => row.order_id,
    toNode: (row: OrderLineRow) => new OrderLineType(row),
  },
};

export const orderLineExport: ExportDefinition = {
  kind: 'order-lines',
  about: 'lines of orders, since the order changed',
  select: `${LINE_COLUMNS.all}, o.currency, o.number as order_number`,
  from: 'order_line l join orders o on o.id = l.order_id',
  updatedAt: 'o.updated_at',
  id: 'l.id',
  sortedBy: 'updatedAt',
  toNode: (row: ExportedLine) => new OrderLineType(row),
  fields: [
    field<OrderLineType>('orderId', 'plain', ({ row }) => typeId(ORDER_PREFIX, row.order_id)),
    field<{ row: ExportedLine }>('orderNumber', 'text', ({ row }) => row.order_number),
    ...LINE_FIELDS,
  ],
};
