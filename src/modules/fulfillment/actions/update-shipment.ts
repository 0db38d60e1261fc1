import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { parseInstant } from '../../../shared/clock.js';
import { addDecimals, subtractDecimals } from '../../../shared/decimal.js';
import { refuse, Refusal, Refusals } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import {
  eventsOf,
  fulfillmentStatusOf,
  headlineOf,
  lineAsItIs,
  lockOrderForAction,
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
import {
  insertTracking,
  lockShipment,
  selectLinesOfShipments,
  selectOrderOfShipment,
  selectProgress,
  updateShipmentRow,
} from '../shipment.queries.js';
import { assertShipmentMove, GONE, isOnItsWay, isPreparing, movesOn, type ShipmentStatus } from '../shipment.states.js';
import { SHIPMENT_PREFIX, type ShipmentLineRow, type ShipmentRow } from '../shipment.type.js';
import type { UpdateShipmentInput } from '../shipment-input.type.js';

interface Report {
  status: ShipmentStatus;
  at: Date;
  description: string | null;
  place: string | null;
}
interface Affected {
  order: LockedOrder;
  shipment: ShipmentRow;
}

const HEADER = {
  carrier: 'carrier',
  service: 'service',
  trackingNumber: 'tracking_number',
  trackingUrl: 'tracking_url',
};
const A_DAY_MS = 86_400_000;

/**
 * Writes down what happened to a shipment, and what follows for its order. What a carrier reports late or again is kept
 * and moves nothing back.
 */
export async function updateShipment(
  scope: ActionScope,
  input: UpdateShipmentInput,
): Promise<{ shipmentId: string; orderId: string }> {
  const report = read(scope, input);
  const { order, shipment } = await lock(scope, input);
  const outcome = { shipmentId: shipment.id, orderId: order.id };
  const changes = headerChanges(shipment, input);
  const isNews = report !== null && (await isNewReport(scope, shipment, report));
  const moved = report !== null && isNews && moves(shipment, report);
  if (changes.length === 0 && !isNews) return outcome;
  if (moved && (isPreparing(report.status) || report.status === 'SHIPPED')) refuseOnHold(order);
  if (moved && report.status === 'SHIPPED') refuseUncovered(order);
  const next = moved ? nextRow(shipment, report, scope.now) : shipment;
  const events = eventsOf(order, scope);
  const levels = moved && report.status === 'SHIPPED' ? await leave(scope, { order, shipment }) : [];
  events.add({
    type: 'SHIPMENT_UPDATED',
    message: messageOf(shipment, moved ? report : null, isNews ? report : null),
    changes: moved ? [{ field: 'status', from: shipment.status, to: report.status }, ...changes] : changes,
    data: {
      shipment: typeId(SHIPMENT_PREFIX, shipment.id),
      number: shipment.number,
      ...(report && isNews && { reported: { ...report, at: report.at.toISOString() } }),
      ...(levels.length > 0 && { levels: levels.map(shownChange) }),
    },
  });
  events.stockLeft(levels);
  await writeOrder(scope, { order, shipment }, next.status, events);
  writeShipment(scope, { ...next, ...headerOf(shipment, input) });
  await appendEvents(scope.tx, events.events);
  return outcome;
}

function read({ now }: ActionScope, input: UpdateShipmentInput): Report | null {
  const refusals = new Refusals();
  for (const field of ['description', 'place', 'at'] as const) {
    if (input[field] != null && input.status == null)
      refusals.add('REQUIRED', `status: expected with ${field}`, ['status']);
  }
  if (input.status === null) refusals.add('INVALID', 'status: cannot be emptied', ['status']);
  const at = input.at ?? now;
  if (at.getTime() > now.getTime() + A_DAY_MS)
    refusals.add('INVALID', `at: expected no later than a day from now, got ${at.toISOString()}`, ['at']);
  if (input.trackingUrl != null && !/^https?:\/\/\S{1,2000}$/.test(input.trackingUrl))
    refusals.add('INVALID', `trackingUrl: expected an http or https address, got "${input.trackingUrl}"`, [
      'trackingUrl',
    ]);
  refusals.throwIfAny();
  if (input.status == null) return null;
  return { status: input.status, at, description: input.description ?? null, place: input.place ?? null };
}

/** Locks the order, then the shipment: the order in which every step locks them. */
async function lock(scope: ActionScope, input: UpdateShipmentInput): Promise<Affected> {
  const id = idOf(SHIPMENT_PREFIX, input.shipmentId);
  const found = id === null ? undefined : await scope.tx.one(selectOrderOfShipment(id));
  if (!found) throw refuse('NOT_FOUND', `no shipment has the id ${input.shipmentId}`, ['shipmentId']);
  const order = await lockOrderForAction(scope, { orderId: typeId(ORDER_PREFIX, found.order_id) });
  const shipment = (await scope.tx.one(lockShipment(id!)))!;
  if (input.expectedVersion != null && input.expectedVersion !== shipment.version)
    throw new Refusal([versionConflict(`shipment ${shipment.number}`, input.expectedVersion, shipment.version)]);
  return { order, shipment };
}

/** Keeps a report of a parcel that has left; false where it was reported before. Steps of the warehouse are always news. */
async function isNewReport({ tx }: ActionScope, shipment: ShipmentRow, report: Report): Promise<boolean> {
  const hasLeft = isOnItsWay(shipment.status);
  if (!hasLeft || !isOnItsWay(report.status)) assertShipmentMove(shipment, report.status);
  if (!isOnItsWay(report.status)) return true;
  const { status, description, place, at } = report;
  const [rows] = await tx.batch([
    insertTracking(await tx.ids.one(), shipment.id, status, description, place, at.toISOString()),
  ]);
  return rows!.length > 0;
}

function moves(shipment: ShipmentRow, report: Report): boolean {
  if (!isOnItsWay(shipment.status)) return true;
  return movesOn({ status: shipment.status, at: parseInstant(shipment.status_at) }, report);
}

function nextRow(shipment: ShipmentRow, { status, at }: Report, now: Date): ShipmentRow {
  return {
    ...shipment,
    status,
    status_at: (isOnItsWay(status) ? at : now).toISOString(),
    ...(status === 'SHIPPED' && { shipped_at: at.toISOString() }),
    ...(status === 'DELIVERED' && { delivered_at: at.toISOString() }),
  };
}

async function leave(scope: ActionScope, { order, shipment }: Affected): Promise<LevelChange[]> {
  const lines = await scope.tx.query(selectLinesOfShipments([shipment.id]));
  const leaving = lines
    .filter((line) => line.is_reserved)
    .map((line) => ({ lineId: line.order_line_id, productId: line.product_id!, quantity: line.quantity }));
  return shipStock(scope, { orderId: order.id, locationId: shipment.location_id, leaving });
}

/** What the shipment's step means for the lines, and those for the headline. */
async function writeOrder(
  { tx, now }: ActionScope,
  { order, shipment }: Affected,
  status: ShipmentStatus,
  events: OrderEvents,
): Promise<void> {
  const [lineRows, shipmentLines, progress] = await tx.batch([
    selectLinesToChange([order.id]),
    selectLinesOfShipments([shipment.id]),
    selectProgress(order.id, shipment.id),
  ]);
  const before = (lineRows as LockedLine[]).map(lineAsItIs);
  const lines = status === shipment.status ? before : progressed(before, shipmentLines as ShipmentLineRow[], status);
  const others = progress![0] as { is_preparing: boolean; has_left: boolean };
  const headline = headlineOf(lines, {
    isPreparing: others.is_preparing || isPreparing(status),
    hasLeft: others.has_left || isOnItsWay(status),
  });
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
    const isCounted = pieces.some((row) => row.is_reserved);
    const backordered = isCounted ? addDecimals(line.backordered, units) : line.backordered;
    return { ...line, shipped: subtractDecimals(line.shipped, units), backordered };
  });
}

function headerOf(shipment: ShipmentRow, input: UpdateShipmentInput): Partial<ShipmentRow> {
  return Object.fromEntries(
    Object.entries(HEADER).map(([field, column]) => {
      const given = input[field as keyof typeof HEADER];
      return [column, given === undefined ? shipment[column as keyof ShipmentRow] : given];
    }),
  );
}

function headerChanges(shipment: ShipmentRow, input: UpdateShipmentInput): FieldChange[] {
  const after = headerOf(shipment, input);
  return Object.entries(HEADER).flatMap(([field, column]) => {
    const [from, to] = [shipment[column as keyof ShipmentRow], after[column as keyof ShipmentRow]];
    return from === to ? [] : [{ field, from, to }];
  });
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

function messageOf({ number }: ShipmentRow, move: Report | null, news: Report | null): string {
  const said = (status: ShipmentStatus) => status.toLowerCase().replaceAll('_', ' ');
  if (move) return `Shipment ${number} is now ${said(move.status)}`;
  if (news) return `Shipment ${number} was ${said(news.status)}, as is reported late or again`;
  return `Shipment ${number} changed`;
}
