import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import {
  selectFulfillmentOrders,
  selectFulfillmentOrdersOfOrders,
  selectLinesOfFulfillmentOrders,
  selectShipmentsOfFulfillmentOrders,
} from './fulfillment-order.queries.js';
import { FulfillmentOrderLineType, FulfillmentOrderType } from './fulfillment-order.type.js';

export const fulfillmentOrdersById = defineLoader<string, FulfillmentOrderType | null>(
  'fulfillmentOrdersById',
  async (ids, { db }) =>
    inOrderOf(
      ids,
      (await db.read(selectFulfillmentOrders(ids))).map((row) => new FulfillmentOrderType(row)),
      ({ row }) => row.id,
    ),
);

export const fulfillmentOrdersOfOrder = defineLoader<string, FulfillmentOrderType[]>(
  'fulfillmentOrdersOfOrder',
  async (ids, { db }) =>
    listsOf(
      ids,
      (await db.read(selectFulfillmentOrdersOfOrders(ids))).map((row) => new FulfillmentOrderType(row)),
      ({ row }) => row.order_id,
    ),
);

export const linesOfFulfillmentOrder = defineLoader<string, FulfillmentOrderLineType[]>(
  'linesOfFulfillmentOrder',
  async (ids, { db }) =>
    listsOf(
      ids,
      (await db.read(selectLinesOfFulfillmentOrders(ids))).map((row) => new FulfillmentOrderLineType(row)),
      ({ row }) => row.fulfillment_order_id,
    ),
);

export const shipmentIdsOfFulfillmentOrder = defineLoader<string, string[]>(
  'shipmentIdsOfFulfillmentOrder',
  async (ids, { db }) => {
    const lists = listsOf(
      ids,
      await db.read(selectShipmentsOfFulfillmentOrders(ids)),
      (row) => row.fulfillment_order_id,
    );
    return lists.map((list) => list.map((row) => row.shipment_id));
  },
);
