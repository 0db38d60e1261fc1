import type { Statement } from '../../../db/statement.js';
import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { addDecimals, subtractDecimals } from '../../../shared/decimal.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import {
  eventsOf,
  fulfillmentStatusOf,
  headlineOf,
  isAtItsEnd,
  lineAsItIs,
  lockOrderAnd,
  ORDER_PREFIX,
  progressLines,
  progressOrder,
  refuseOnHold,
  refuseUncovered,
  selectLinesToChange,
  type LineChange,
  type LockedLine,
  type LockedOrder,
  type OrderEvents,
} from '../../orders/index.js';
import { shipStock, shownChange, type LevelChange } from '../../stock/index.js';
import { selectDraws, selectWork, type WorkRow } from '../fulfillment-order.queries.js';
import { follow, type Draw } from '../fulfillment-order.rules.js';
import { deleteParcels, selectParcels } from '../parcel.queries.js';
import { checkParcels, shownParcels } from '../parcel.rules.js';
import type { ParcelRow } from '../parcel.type.js';
import {
  insertTracking,
  lockShipment,
  selectLinesOfShipments,
  selectOrderOfShipment,
  selectProgress,
  selectReported,
  updateShipmentRow,
} from '../shipment.queries.js';
import { assertShipmentMove, GONE, isOnItsWay, isPreparing, type ShipmentStatus } from '../shipment.states.js';
import {
  headerChanges,
  headerOf,
  messageOf,
  moves,
  nextRow,
  readReport,
  type Report,
} from '../shipment-report.rules.js';
import { SHIPMENT_PREFIX, type ShipmentLineRow, type ShipmentRow } from '../shipment.type.js';
import type { UpdateShipmentInput } from '../shipment-input.type.js';
import type { SentAlready } from './create-shipment.js';
import { asSent, followTrouble } from './follow-trouble.js';
import { OrderWork } from './order-work.js';
import { onHold } from './pack-shipment.js';
import { newParcels } from './write-parcels.js';

interface Affected {
  order: LockedOrder;
  shipment: ShipmentRow;
  lines: LockedLine[];
  shipped: ShipmentLineRow[];
  others: { is_preparing: boolean; has_left: boolean };
  isReported: boolean;
  work: OrderWork;
  draws: Draw[];
  parcels: ParcelRow[];
}

/**
 * Writes down what happened to a shipment, and what follows for its order. What a carrier reports late or again is kept
 * and moves nothing back. Trouble holds the order until the parcel goes on or somebody decides.
 */
export async function updateShipment(
  scope: ActionScope,
  input: UpdateShipmentInput,
  { hasLeft = false }: Pick<SentAlready, 'hasLeft'> = {},
): Promise<{ shipmentId: string; orderId: string }> {
  checkParcels(input.parcels);
  const report = readReport(scope.now, input);
  const affected = await lock(scope, input, report);
  const { order, shipment } = affected;
  const outcome = { shipmentId: shipment.id, orderId: order.id };
  const changes = [...headerChanges(shipment, input), ...parcelChanges(affected, input)];
  const isNews = report !== null && isNewReport(affected, report);
  if (isNews && isOnItsWay(report.status)) scope.tx.defer(await trackingOf(scope, shipment, report));
  const moved = report !== null && isNews && moves(shipment, report);
  if (changes.length === 0 && !isNews) return outcome;
  if (moved && (isPreparing(report.status) || report.status === 'SHIPPED'))
    refuseHeld(hasLeft ? { ...affected, order: await asSent(scope, order) } : affected);
  if (moved && report.status === 'SHIPPED') refuseUncovered(order);
  const next = moved ? nextRow(shipment, report, scope.now) : shipment;
  followWith(affected, next.status);
  const events = eventsOf(order, scope);
  const leaves = moved && report.status === 'SHIPPED';
  const levels = leaves ? await leave(scope, affected) : [];
  const uncounted = leaves ? affected.shipped.filter((line) => line.left_uncounted) : [];
  events.add({
    type: 'SHIPMENT_UPDATED',
    message: messageOf(shipment, moved ? report : null, isNews ? report : null, uncounted.length > 0),
    changes: [
      ...(moved ? [{ field: 'status', from: shipment.status, to: report.status }] : []),
      ...changes,
      ...affected.work.moves,
    ],
    data: {
      shipment: typeId(SHIPMENT_PREFIX, shipment.id),
      number: shipment.number,
      ...(report && isNews && { reported: { ...report, at: report.at.toISOString() } }),
      ...(levels.length > 0 && { levels: levels.map(shownChange) }),
      ...(uncounted.length > 0 && { uncounted: uncounted.map(({ sku, quantity }) => ({ sku, quantity })) }),
    },
  });
  events.stockLeft(levels);
  await affected.work.save(scope, order.id, []);
  writeOrder(scope, affected, next.status, events);
  writeShipment(scope, { ...next, ...headerOf(shipment, input) });
  if (changes.some(({ field }) => field === 'parcels'))
    scope.tx.defer(deleteParcels(shipment.id), ...(await newParcels(scope.tx, shipment.id, input.parcels)));
  await appendEvents(scope.tx, events.events);
  if (moved) await followTrouble(scope, affected, report);
  return outcome;
}

/** Locks the order, then the shipment: the order in which every step locks them. */
async function lock(scope: ActionScope, input: UpdateShipmentInput, report: Report | null): Promise<Affected> {
  const id = idOf(SHIPMENT_PREFIX, input.shipmentId);
  const found = id === null ? undefined : await scope.tx.one(selectOrderOfShipment(id));
  if (!found) throw refuse('NOT_FOUND', `no shipment has the id ${input.shipmentId}`, ['shipmentId']);
  const orderId = typeId(ORDER_PREFIX, found.order_id);
  const { order, rows } = await lockOrderAnd(scope, { orderId }, (key) => [
    lockShipment(id!),
    selectLinesToChange([key]),
    selectLinesOfShipments([id!]),
    selectProgress(key, id!),
    selectWork(key),
    selectDraws(id!),
    selectParcels([id!]),
    ...(report ? [selectReported(id!, report.status, report.at.toISOString())] : []),
  ]);
  const [[shipment], lines, shipped, [others], work, draws, parcels, reported] = rows as [
    [ShipmentRow],
    LockedLine[],
    ShipmentLineRow[],
    [Affected['others']],
    WorkRow[],
    Draw[],
    ParcelRow[],
    unknown[]?,
  ];
  if (input.expectedVersion != null && input.expectedVersion !== shipment.version)
    throw new Refusal([versionConflict(`shipment ${shipment.number}`, input.expectedVersion, shipment.version)]);
  const isReported = (reported?.length ?? 0) > 0;
  return { order, shipment, lines, shipped, others, isReported, work: new OrderWork(work), draws, parcels };
}

/** Nothing moves forward while the order is held, or a fulfillment order that the shipment draws on. */
function refuseHeld({ order, work, draws }: Affected): void {
  refuseOnHold(order);
  const held = work.works.find(({ id, status }) => status === 'ON_HOLD' && draws.some(({ workId }) => workId === id));
  if (held) throw new Refusal([onHold(held, ['shipmentId'])]);
}

/** False where a parcel that has left was reported so before. Steps of the warehouse are always news. */
function isNewReport({ shipment, isReported }: Affected, report: Report): boolean {
  const hasLeft = isOnItsWay(shipment.status);
  if (!hasLeft || !isOnItsWay(report.status)) assertShipmentMove(shipment, report.status);
  return !isOnItsWay(report.status) || !isReported;
}

async function trackingOf({ tx }: ActionScope, { id }: ShipmentRow, report: Report): Promise<Statement> {
  const { status, description, place, at } = report;
  return insertTracking(await tx.ids.one(), id, status, description, place, at.toISOString());
}

async function leave(scope: ActionScope, { order, shipment, shipped }: Affected): Promise<LevelChange[]> {
  const leaving = shipped
    .filter((line) => line.is_reserved)
    .map((line) => ({ lineId: line.order_line_id, productId: line.product_id!, quantity: line.quantity }));
  return shipStock(scope, { orderId: order.id, locationId: shipment.location_id, leaving });
}

/** What the shipment's step means for the fulfillment orders that it draws on. */
function followWith({ shipment, work, draws }: Affected, status: ShipmentStatus): void {
  if (status === shipment.status) return;
  if (status === 'SHIPPED') follow(work.works, draws, 'left');
  else if (status === 'CANCELED') follow(work.works, draws, 'canceled');
  else if (GONE.includes(status)) follow(work.works, draws, 'gone');
}

/** What the shipment's step means for the lines, and those for the headline. */
function writeOrder(
  { tx, now }: ActionScope,
  { order, shipment, lines: rows, shipped, others, work }: Affected,
  status: ShipmentStatus,
  events: OrderEvents,
): void {
  const before = rows.map(lineAsItIs);
  const lines = status === shipment.status ? before : progressed(before, shipped, status);
  const progress = {
    isPreparing: others.is_preparing || isPreparing(status) || work.isActive,
    hasLeft: others.has_left || isOnItsWay(status),
  };
  // What is reported late of an order that has come to its end moves it no more.
  const headline = isAtItsEnd(order.status) ? order.status : headlineOf(lines, progress);
  events.walked(order.status, headline);
  tx.defer(
    progressLines(
      lines.map((line) => line.id),
      lines.map((line) => line.reserved),
      lines.map((line) => line.backordered),
      lines.map((line) => line.shipped),
      lines.map((line) => line.delivered),
    ),
    progressOrder(order.id, headline, fulfillmentStatusOf(lines), now.toISOString(), events.count),
  );
}

function progressed(lines: LineChange[], shipped: ShipmentLineRow[], status: ShipmentStatus): LineChange[] {
  return lines.map((line) => {
    const pieces = shipped.filter((row) => row.order_line_id === line.id);
    if (pieces.length === 0) return line;
    const units = pieces[0]!.line_quantity;
    if (status === 'SHIPPED') {
      const reserved = pieces.some((row) => row.is_reserved) ? subtractDecimals(line.reserved, units) : line.reserved;
      return { ...line, reserved, shipped: addDecimals(line.shipped, units) };
    }
    if (status === 'DELIVERED') return { ...line, delivered: addDecimals(line.delivered, units) };
    if (!GONE.includes(status)) return line;
    // It waits for stock again, and can be canceled; what comes back is put on the shelf by a return.
    const isCounted = pieces.some((row) => row.is_reserved || row.left_uncounted);
    const backordered = isCounted ? addDecimals(line.backordered, units) : line.backordered;
    return { ...line, shipped: subtractDecimals(line.shipped, units), backordered };
  });
}

function parcelChanges({ parcels }: Affected, input: UpdateShipmentInput): FieldChange[] {
  if (input.parcels === undefined) return [];
  const [from, to] = [shownParcels(parcels), shownParcels(input.parcels ?? [])];
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field: 'parcels', from, to }];
}

function writeShipment({ tx, now }: ActionScope, row: ShipmentRow): void {
  tx.defer(
    updateShipmentRow(
      row.id,
      row.status,
      row.status_at,
      row.carrier,
      row.service,
      row.tracking_number,
      row.tracking_url,
      row.shipped_at,
      row.delivered_at,
      now.toISOString(),
    ),
  );
}
