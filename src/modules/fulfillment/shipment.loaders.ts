import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { selectParcels, selectWeights } from './parcel.queries.js';
import { ParcelType } from './parcel.type.js';
import {
  selectLinesOfShipments,
  selectShipments,
  selectShipmentsOfOrders,
  selectTracking,
} from './shipment.queries.js';
import { ShipmentLineType, ShipmentType, TrackingEventType } from './shipment.type.js';

export const shipmentsById = defineLoader<string, ShipmentType | null>('shipmentsById', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectShipments(ids))).filter((row) => maySee(viewer, row.customer_id));
  return inOrderOf(
    ids,
    rows.map((row) => new ShipmentType(row)),
    ({ row }) => row.id,
  );
});

/** Shipments of orders that the viewer sees already. */
export const shipmentsOfOrder = defineLoader<string, ShipmentType[]>('shipmentsOfOrder', async (ids, { db }) => {
  const rows = await db.read(selectShipmentsOfOrders(ids));
  return listsOf(
    ids,
    rows.map((row) => new ShipmentType(row)),
    ({ row }) => row.order_id,
  );
});

export const linesOfShipment = defineLoader<string, ShipmentLineType[]>('linesOfShipment', async (ids, { db }) => {
  const rows = await db.read(selectLinesOfShipments(ids));
  return listsOf(
    ids,
    rows.map((row) => new ShipmentLineType(row)),
    ({ row }) => row.shipment_id,
  );
});

export const trackingOfShipment = defineLoader<string, TrackingEventType[]>(
  'trackingOfShipment',
  async (ids, { db }) => {
    const rows = await db.read(selectTracking(ids));
    const lists = listsOf(ids, rows, (row) => row.shipment_id);
    return lists.map((list) => list.map((row) => new TrackingEventType(row)));
  },
);

export const parcelsOfShipment = defineLoader<string, ParcelType[]>('parcelsOfShipment', async (ids, { db }) => {
  const rows = await db.read(selectParcels(ids));
  return listsOf(
    ids,
    rows.map((row) => new ParcelType(row)),
    ({ row }) => row.shipment_id,
  );
});

export const weightOfShipment = defineLoader<string, number | null>('weightOfShipment', async (ids, { db }) => {
  const weights = new Map((await db.read(selectWeights(ids))).map((row) => [row.id, row.weight_grams]));
  return ids.map((id) => weights.get(id) ?? null);
});
