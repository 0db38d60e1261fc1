import { field, fieldsOf, type ExportDefinition } from '../../graph/export/export.js';
import { FULFILLMENT_ORDER_COLUMNS } from './fulfillment-order.queries.js';
import { FulfillmentOrderType, type FulfillmentOrderRow } from './fulfillment-order.type.js';

type Exported = FulfillmentOrderRow & { order_number: string; location: string };

// By id: an index of the last change would make every shipment dearer.
export const fulfillmentOrderExport: ExportDefinition = {
  kind: 'fulfillment-orders',
  about: 'what warehouses have of orders to send',
  select: `${FULFILLMENT_ORDER_COLUMNS}, o.number as order_number, c.code as location`,
  from: 'fulfillment_order f join orders o on o.id = f.order_id join stock_location c on c.id = f.location_id',
  updatedAt: 'f.updated_at',
  id: 'f.id',
  sortedBy: 'id',
  toNode: (row: Exported) => new FulfillmentOrderType(row),
  fields: [
    ...fieldsOf<FulfillmentOrderType>({ id: 'plain', number: 'text', status: 'plain' }),
    field<{ row: Exported }>('order', 'text', ({ row }) => row.order_number),
    field<{ row: Exported }>('location', 'text', ({ row }) => row.location),
    ...fieldsOf<FulfillmentOrderType>({ createdAt: 'instant', updatedAt: 'instant', version: 'plain' }),
  ],
};
