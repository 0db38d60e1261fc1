import { sql } from '../db/statement.js';
import {
  createShipment,
  releaseToWarehouse,
  SHIPMENT_PREFIX,
  updateShipment,
  type ShipmentStatus,
} from '../modules/fulfillment/index.js';
import { issueAllDue } from '../modules/invoices/index.js';
import { fillBackorders, receiveStock, selectProductsToFill } from '../modules/order-flow/index.js';
import { ORDER_LINE_PREFIX, ORDER_PREFIX } from '../modules/orders/index.js';
import { typeId } from '../shared/ids.js';
import type { StockAdjustment } from '../modules/stock/index.js';
import { FIRST_LOCATION, RECEIPT } from './make-catalog.js';
import { PRODUCTS } from './products.js';
import type { Calendar, Step } from './plan.js';
import type { Scope } from './work.js';

const CARRIERS = ['Corriere Padano', 'Alpenfracht', 'DHL'];

const BROKEN: StockAdjustment = {
  sku: PRODUCTS[0]!.sku,
  location: FIRST_LOCATION,
  delta: '-1',
  kind: 'DAMAGE' as NonNullable<StockAdjustment['kind']>,
  reason: 'Dropped',
};

const selectLow = sql<{ sku: string; location: string; quantity: string }>(
  'sample.to-reorder',
  `select p.sku, l.code as location, s.reorder_quantity as quantity from stock_level s
     join product p on p.id = s.product_id join stock_location l on l.id = s.location_id
    where s.reorder_point is not null and greatest(s.on_hand - s.reserved - s.safety_stock, 0) < s.reorder_point
    order by p.sku, l.code`,
);
interface ReservedRow {
  order_id: string;
  code: string;
  line_id: string;
  lines: number;
}
/** Those that may move on: nothing leaves of an order that is held. */
const MAY_LEAVE = `(s.status not in ('PENDING', 'PICKING', 'PACKED') or o.open_holds = 0)`;

/** Where confirmed orders have goods that no parcel holds yet, each with its first line there. */
const selectReserved = sql<ReservedRow>(
  'sample.reserved',
  `select o.id as order_id, c.code, min(l.id) as line_id, count(distinct l.id)::int as lines
     from orders o join order_line l on l.order_id = o.id
     join stock_reservation r on r.order_line_id = l.id join stock_location c on c.id = r.location_id
    where o.status in ('CONFIRMED', 'PARTIALLY_SHIPPED', 'PROCESSING') and o.open_holds = 0 and o.placed_at < $1
      and not exists (select from shipment s where s.order_id = o.id and s.status in ('PENDING', 'PICKING', 'PACKED'))
    group by o.id, c.code order by o.id, c.code`,
);
const selectParcels = sql<{ id: string; days: number }>(
  'sample.parcels',
  `select s.id, extract(day from $2::timestamptz - s.status_at)::int as days
     from shipment s join orders o on o.id = s.order_id
    where s.status = any($1::text[]) and ${MAY_LEAVE} order by s.id`,
);

/** What the warehouse and the carriers do on each day, from what they find. */
export function planWarehouse(calendar: Calendar): Step[] {
  const steps: Step[] = [];
  for (let day = 1; day <= calendar.days; day += 1) {
    // As the hub's own clock would have done, had it been there.
    steps.push({ at: calendar.at(day, 1_430), act: issueAllDue });
    if (!calendar.isWorkday(day)) continue;
    steps.push({ at: calendar.at(day, 390), act: reorder });
    steps.push({ at: calendar.at(day, 560), act: pack });
    steps.push({ at: calendar.at(day, 840), act: (scope) => report(scope, ['PENDING', 'PACKED'], leave) });
    steps.push({ at: calendar.at(day, 1_050), act: (scope) => report(scope, ['SHIPPED', 'IN_TRANSIT'], travel) });
  }
  steps.push({ at: calendar.beforeEnd(4), act: reorder }, { at: calendar.beforeEnd(3), act: leaveSomeHalfDone });
  // What waits and could be filled is, as the hub's own clock would have done.
  steps.push({ at: calendar.beforeEnd(2), act: fillWhatWaits }, { at: calendar.beforeEnd(2), act: issueAllDue });
  // The last step always leaves a trace: by it the company's past is known to be whole.
  steps.push({ at: calendar.beforeEnd(1), act: (scope) => receiveStock(scope, BROKEN) });
  return steps;
}

async function reorder(scope: Scope): Promise<void> {
  for (const { sku, location, quantity } of await scope.tx.query(selectLow())) {
    const input = { sku, location, delta: quantity, kind: RECEIPT, reason: 'Delivery of the supplier' };
    await receiveStock(scope, input);
    await scope.tx.flush();
  }
}

async function fillWhatWaits(scope: Scope): Promise<void> {
  for (const { id } of await scope.tx.query(selectProductsToFill())) {
    await fillBackorders(scope, id);
    await scope.tx.flush();
  }
}

async function pack(scope: Scope): Promise<void> {
  const before = new Date(scope.now.getTime() - 15 * 3_600_000).toISOString();
  for (const { order_id, code } of await scope.tx.query(selectReserved(before))) {
    const carrier = CARRIERS[Number(BigInt(order_id) % 3n)]!;
    await createShipment(scope, { orderId: typeId(ORDER_PREFIX, order_id), location: code, carrier });
    await scope.tx.flush();
  }
}

/** Reports of each parcel what `next` makes of its number and of the days it has been so. */
async function report(
  scope: Scope,
  statuses: ShipmentStatus[],
  next: (number: number, days: number) => ShipmentStatus | null,
): Promise<void> {
  for (const { id, days } of await scope.tx.query(selectParcels(statuses, scope.now.toISOString()))) {
    const status = next(Number(id) % 100, days);
    if (status !== null) await tell(scope, id, status);
  }
}

async function tell(scope: Scope, id: string, status: ShipmentStatus): Promise<void> {
  const tracking = status === 'SHIPPED' ? { trackingNumber: `CP${id.padStart(9, '0')}IT` } : {};
  const place = status === 'IN_TRANSIT' ? { place: 'Bologna hub' } : {};
  await updateShipment(scope, { shipmentId: typeId(SHIPMENT_PREFIX, id), status, ...tracking, ...place });
  await scope.tx.flush();
}

/** What is packed leaves on the same day, a few parcels on the next. */
function leave(number: number, days: number): ShipmentStatus | null {
  return number < 5 && days < 1 ? null : 'SHIPPED';
}

/** One day to three on the road; of some the carrier says where they are, one in a hundred comes back. */
function travel(number: number, days: number): ShipmentStatus | null {
  if (days >= 1 + (number % 3)) return number === 99 ? 'RETURNED_TO_SENDER' : 'DELIVERED';
  return number % 5 === 0 && days === 1 ? 'IN_TRANSIT' : null;
}

/** So that at any hour of any day an order has sent one of its lines, one is being packed, and some wait in a warehouse. */
async function leaveSomeHalfDone(scope: Scope): Promise<void> {
  const found = await scope.tx.query(selectReserved(scope.now.toISOString()));
  const several = found.find(({ lines }) => lines > 1);
  if (several) {
    const lines = [{ lineId: typeId(ORDER_LINE_PREFIX, several.line_id), quantity: '1' }];
    const orderId = typeId(ORDER_PREFIX, several.order_id);
    const { shipmentId } = await createShipment(scope, { orderId, location: several.code, lines });
    await scope.tx.flush();
    await tell(scope, shipmentId, 'SHIPPED');
  }
  const other = found.find(({ order_id }) => order_id !== several?.order_id);
  if (!other) return;
  const { shipmentId } = await createShipment(scope, {
    orderId: typeId(ORDER_PREFIX, other.order_id),
    location: other.code,
  });
  await scope.tx.flush();
  await tell(scope, shipmentId, 'PACKED');
  const others = [...new Set(found.map(({ order_id }) => order_id))].filter(
    (id) => id !== several?.order_id && id !== other.order_id,
  );
  for (const id of others.filter((_, index) => index % 3 === 2)) {
    await releaseToWarehouse(scope, { orderId: typeId(ORDER_PREFIX, id) });
    await scope.tx.flush();
  }
}
