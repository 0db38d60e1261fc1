import type { Statement } from '../../../db/statement.js';
import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { exact, isPositive } from '../../../shared/decimal.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import {
  assertOrderMove,
  eventsOf,
  headlineOf,
  lineAsItIs,
  lockOrderAnd,
  orderMachine,
  progressOrder,
  readLineQuantities,
  refuseOnHold,
  refuseUncovered,
  selectLinesToChange,
  fulfillmentStatusOf,
  selectPartsOfOrders,
  type LinePartRow,
  type LockedLine,
  type LockedOrder,
} from '../../orders/index.js';
import { insufficientStock, selectAllLocations, selectLocationByCode } from '../../stock/index.js';
import {
  claimsByLine,
  insertShipment,
  insertShipmentLines,
  selectClaims,
  selectProgress,
  selectShelf,
  selectStockedProducts,
  type ClaimRow,
  type ShelfRow,
} from '../shipment.queries.js';
import {
  isMore,
  leftToShip,
  locationsWithGoods,
  shippableAt,
  type Piece,
  type ShippableLine,
} from '../shipment.rules.js';
import { SHIPMENT_PREFIX } from '../shipment.type.js';
import type { CreateShipmentInput } from '../shipment-input.type.js';

type Input = Omit<CreateShipmentInput, 'idempotencyKey'>;
interface Place {
  id: string;
  code: string;
}
interface Known {
  lines: LockedLine[];
  parts: LinePartRow[];
  shippable: ShippableLine[];
  shelf: ShelfRow[];
}
interface Asked {
  line: ShippableLine;
  quantity: string | null;
  field: string[];
}
interface Packed {
  line: ShippableLine;
  units: string;
}

/**
 * Claims goods that an order has reserved at one location for a shipment; they leave the shelf when it is SHIPPED. The
 * order's row is locked first, so that two shipments never claim the same goods.
 */
export async function createShipment(
  scope: ActionScope,
  input: Input,
): Promise<{ shipmentId: string; orderId: string }> {
  const { order, rows } = await lockOrderAnd(scope, input, whatCouldLeave);
  if (orderMachine.path(order.status, 'SHIPPED') === null || order.status === 'DRAFT' || order.status === 'RECEIVED')
    assertOrderMove(order, 'PROCESSING');
  refuseOnHold(order);
  refuseUncovered(order);
  const known = knownOf(rows);
  const asked = read(input, known);
  const place = await findPlace(scope, input, order, asked, known.shelf);
  const packed = pack(order, asked, known.shelf, place);
  return write(scope, input, order, known, place, packed);
}

function whatCouldLeave(orderId: string): Statement[] {
  return [
    selectLinesToChange([orderId]),
    selectPartsOfOrders([orderId]),
    selectShelf(orderId),
    selectClaims(orderId),
    selectStockedProducts(orderId),
  ];
}

function knownOf([lineRows, partRows, shelfRows, claimRows, stocked]: unknown[][]): Known {
  const lines = lineRows as LockedLine[];
  const claims = claimsByLine(claimRows as ClaimRow[]);
  const counted = new Set((stocked as { id: string }[]).map(({ id }) => id));
  const shippable = lines
    .filter((line) => line.requires_shipping)
    .map((line) => ({
      id: line.id,
      sku: line.sku,
      left: leftToShip(line, claims.get(line.id)?.quantity ?? '0'),
      pieces: piecesOf(line, partRows as LinePartRow[], counted),
    }));
  return { lines, parts: partRows as LinePartRow[], shippable, shelf: shelfRows as ShelfRow[] };
}

function piecesOf(line: LockedLine, parts: LinePartRow[], counted: Set<string>): Piece[] {
  const own = parts.filter((part) => part.order_line_id === line.id);
  if (own.length > 0)
    return own.map((part) => ({
      productId: part.product_id,
      sku: part.sku,
      perUnit: part.quantity,
      isStocked: counted.has(part.product_id),
    }));
  const isStocked = line.product_id !== null && counted.has(line.product_id);
  return [{ productId: line.product_id, sku: line.sku, perUnit: '1', isStocked }];
}

/** The lines that are asked for, each with how much of it; of all that can be shipped, as much as there is (null). */
function read(input: Input, { lines, parts, shippable }: Known): Asked[] {
  if (input.lines == null) return shippable.map((line) => ({ line, quantity: null, field: [] }));
  const refusals = new Refusals();
  const asked: Asked[] = [];
  for (const [id, { quantity, field }] of readLineQuantities(
    input.lines,
    new Set(lines.map((line) => line.id)),
    parts,
    refusals,
  )) {
    const line = shippable.find((each) => each.id === id);
    if (line) asked.push({ line, quantity, field });
    else refusals.add('INVALID', `${lines.find((each) => each.id === id)!.sku} needs no shipping`, field);
  }
  refusals.throwIfAny();
  return asked;
}

/** The location that was named, or the only one that holds what is asked for. */
async function findPlace(
  { tx }: ActionScope,
  { location }: Input,
  order: LockedOrder,
  asked: Asked[],
  shelf: ShelfRow[],
): Promise<Place> {
  if (location != null) {
    const found = (await tx.one(selectLocationByCode(location))) as Place | undefined;
    if (!found) throw refuse('NOT_FOUND', `no stock location has the code "${location}"`, ['location']);
    return found;
  }
  const lines = asked.map(({ line }) => line);
  const isCounted = lines.some((line) => line.pieces.some((piece) => piece.isStocked));
  const places = isCounted
    ? locationsWithGoods(lines, shelf)
    : (await tx.query(selectAllLocations())).filter((each) => each.is_active);
  if (places.length === 0)
    throw refuse('CONFLICT', `order ${order.number}: nothing is reserved that could leave`, ['orderId']);
  if (places.length > 1) {
    const codes = places.map(({ code }) => code).join(', ');
    throw refuse('REQUIRED', `location: expected one of ${codes}: each of them can ship some of it`, ['location']);
  }
  return places[0]!;
}

function pack(order: LockedOrder, asked: Asked[], shelf: ShelfRow[], place: Place): Packed[] {
  const refusals = new Refusals();
  const packed = asked.map(({ line, quantity, field }) => {
    const most = shippableAt(line, place.id, shelf);
    if (quantity !== null && isMore(quantity, most)) refusals.push(insufficientStock(line.sku, quantity, most, field));
    return { line, units: quantity ?? most };
  });
  refusals.throwIfAny();
  const leaving = packed.filter(({ units }) => isPositive(units));
  if (leaving.length > 0) return leaving;
  throw refuse('CONFLICT', `order ${order.number} has nothing left to ship from ${place.code}`, ['location']);
}

async function write(
  scope: ActionScope,
  input: Input,
  order: LockedOrder,
  { lines }: Known,
  place: Place,
  packed: Packed[],
): Promise<{ shipmentId: string; orderId: string }> {
  const { tx, now } = scope;
  const rows = rowsOf(packed);
  const [shipmentId, ...ids] = await tx.ids.take(rows.length + 1);
  const [inserted, progress] = await tx.batch([
    insertShipment(
      shipmentId!,
      order.id,
      place.id,
      'PENDING',
      now.toISOString(),
      input.carrier ?? null,
      input.service ?? null,
      input.trackingNumber ?? null,
    ),
    selectProgress(order.id, null),
  ]);
  const { number } = inserted![0] as { number: string };
  const { has_left: hasLeft } = progress![0] as { has_left: boolean };
  tx.defer(
    insertShipmentLines(
      shipmentId!,
      ids,
      rows.map((row) => row.lineId),
      rows.map(({ piece }) => piece.productId),
      rows.map(({ piece }) => piece.sku),
      rows.map((row) => row.quantity),
      rows.map((row) => row.units),
      rows.map(({ piece }) => piece.isStocked),
    ),
  );
  const progressed = lines.map(lineAsItIs);
  const headline = headlineOf(progressed, { isPreparing: true, hasLeft });
  const events = eventsOf(order, scope)
    .add({
      type: 'SHIPMENT_CREATED',
      message: `Shipment ${number} is prepared at ${place.code}`,
      data: {
        shipment: typeId(SHIPMENT_PREFIX, shipmentId!),
        number,
        location: place.code,
        lines: rows.map(({ piece, quantity }) => ({ sku: piece.sku, quantity })),
      },
    })
    .walked(order.status, headline);
  tx.defer(progressOrder(order.id, headline, fulfillmentStatusOf(progressed), now.toISOString(), events.count));
  await appendEvents(tx, events.events);
  return { shipmentId: shipmentId!, orderId: order.id };
}

/** What leaves the shelf: the pieces of each line. */
function rowsOf(packed: Packed[]) {
  return packed.flatMap(({ line, units }) =>
    line.pieces.map((piece) => ({
      lineId: line.id,
      piece,
      units,
      quantity: exact(units).times(exact(piece.perUnit)).toFixed(),
    })),
  );
}
