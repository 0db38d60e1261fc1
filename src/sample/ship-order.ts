import { sql } from '../db/statement.js';
import { createShipment, SHIPMENT_PREFIX, updateShipment, type ShipmentStatus } from '../modules/fulfillment/index.js';
import { ORDER_LINE_PREFIX, ORDER_PREFIX } from '../modules/orders/index.js';
import { typeId } from '../shared/ids.js';
import type { Fate } from './plan-orders.js';
import type { CarryOut } from './work.js';

const HOUR_MS = 3_600_000;
/** What happens to a parcel, in hours from when it is packed. */
const COURSE: [ShipmentStatus, number, string | null][] = [
  ['PACKED', 1, null],
  ['SHIPPED', 3, null],
  ['IN_TRANSIT', 9, 'Bologna hub'],
  ['OUT_FOR_DELIVERY', 26, 'Local depot'],
  ['DELIVERED', 31, null],
];
const LAST: Partial<Record<Fate, ShipmentStatus>> = {
  PREPARING: 'PACKED',
  PARTLY_SHIPPED: 'IN_TRANSIT',
  SHIPPED: 'IN_TRANSIT',
  DELIVERED: 'DELIVERED',
};

const whereReserved = sql<{ code: string; line_id: string }>(
  'sample.where-reserved',
  `select distinct on (s.code) s.code, l.id as line_id from order_line l
     join stock_reservation r on r.order_line_id = l.id join stock_location s on s.id = r.location_id
    where l.order_id = $1 order by s.code, l.position`,
);

/** Sends what an order has reserved, a parcel from each location, as far as its fate says; of one sent in part the first line. */
export async function shipOrder(
  carryOut: CarryOut,
  { id, fate, from }: { id: string; fate: Fate; from: Date },
): Promise<void> {
  const orderId = typeId(ORDER_PREFIX, id);
  const places = await carryOut(from, (scope) => scope.tx.query(whereReserved(id)));
  for (const [index, { code: location, line_id: lineId }] of places.entries()) {
    if (fate === 'PARTLY_SHIPPED' && index > 0) return;
    const lines = [{ lineId: typeId(ORDER_LINE_PREFIX, lineId), quantity: '1' }];
    const input = { orderId, location, carrier: 'Corriere Padano', ...(fate === 'PARTLY_SHIPPED' && { lines }) };
    const made = await carryOut(from, (scope) => createShipment(scope, input));
    const shipmentId = typeId(SHIPMENT_PREFIX, made.shipmentId);
    const end = COURSE.findIndex(([status]) => status === LAST[fate]);
    for (const [status, hours, place] of COURSE.slice(0, end + 1)) {
      const at = new Date(from.getTime() + hours * HOUR_MS);
      const tracking = status === 'SHIPPED' ? { trackingNumber: `CP${made.shipmentId.padStart(9, '0')}IT` } : {};
      await carryOut(at, (scope) =>
        updateShipment(scope, { shipmentId, status, ...(place && { place }), ...tracking }),
      );
    }
  }
}
