import type { Statement } from '../../../db/statement.js';
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
import {
  insertTracking,
  lockShipment,
  selectLinesOfShipments,
  selectOrderOfShipment,
  selectProgress,
  selectReported,
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
  lines: LockedLine[];
  shipped: ShipmentLineRow[];
  others: { is_preparing: boolean; has_left: boolean };
  isReported: boolean;
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
  const affected = await lock(scope, input, report);
  const { order, shipment } = affected;
  const outcome = { shipmentId: shipment.id, orderId: order.id };
  const changes = headerChanges(shipment, input);
  const isNews = report !== null && isNewReport(affected, report);
  if (isNews && isOnItsWay(report.status)) scope.tx.defer(await trackingOf(scope, shipment, report));
  const moved = report !== null && isNews && moves(shipment, report);
  if (changes.length === 0 && !isNews) return outcome;
  if (moved && (isPreparing(report.status) || report.status === 'SHIPPED')) refuseOnHold(order);
  if (moved && report.status === 'SHIPPED') refuseUncovered(order);
  const next = moved ? nextRow(shipment, report, scope.now) : shipment;
  const events = eventsOf(order, scope);
  const levels = moved && report.status === 'SHIPPED' ? await leave(scope, affected) : [];
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
  writeOrder(scope, affected, next.status, events);
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
    ...(report ? [selectReported(id!, report.status, report.at.toISOString())] : []),
  ]);
  const [[shipment], lines, shipped, [others], reported] = rows as [
    [ShipmentRow],
    LockedLine[],
    ShipmentLineRow[],
    [Affected['others']],
    unknown[]?,
  ];
  if (input.expectedVersion != null && input.expectedVersion !== shipment.version)
    throw new Refusal([versionConflict(`shipment ${shipment.number}`, input.expectedVersion, shipment.version)]);
  return { order, shipment, lines, shipped, others, isReported: (reported?.length ?? 0) > 0 };
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

async function leave(scope: ActionScope, { order, shipment, shipped }: Affected): Promise<LevelChange[]> {
  const leaving = shipped
    .filter((line) => line.is_reserved)
    .map((line) => ({ lineId: line.order_line_id, productId: line.product_id!, quantity: line.quantity }));
  return shipStock(scope, { orderId: order.id, locationId: shipment.location_id, leaving });
}

/** What the shipment's step means for the lines, and those for the headline. */
function writeOrder(
  { tx, now }: ActionScope,
  { order, shipment, lines: rows, shipped, others }: Affected,
  status: ShipmentStatus,
  events: OrderEvents,
): void {
  const before = rows.map(lineAsItIs);
  const lines = status === shipment.status ? before : progressed(before, shipped, status);
  const progress = {
    isPreparing: others.is_preparing || isPreparing(status),
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
