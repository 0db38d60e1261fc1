import type { Statement } from '../../../db/statement.js';
import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { isPositive, subtractDecimals } from '../../../shared/decimal.js';
import { Refusal, refuse } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import {
  eventsOf,
  fulfillmentStatusOf,
  headlineOf,
  lineAsItIs,
  lockOrderAnd,
  progressOrder,
  type LockedOrder,
} from '../../orders/index.js';
import { insertDraws, selectWork, takeNumbers, type WorkRow } from '../fulfillment-order.queries.js';
import { addUnits, conclude, draw, trim, type Draw, type Work } from '../fulfillment-order.rules.js';
import { assertFulfillmentOrderMove, isActive } from '../fulfillment-order.states.js';
import { FULFILLMENT_ORDER_PREFIX } from '../fulfillment-order.type.js';
import { checkParcels } from '../parcel.rules.js';
import { insertShipment, insertShipmentLines, selectProgress } from '../shipment.queries.js';
import { SHIPMENT_PREFIX } from '../shipment.type.js';
import type { CreateShipmentInput } from '../shipment-input.type.js';
import { goodsOf, isCounted, orderGoods, refuseToShip, selectOrderGoods, type OrderGoods } from './order-goods.js';
import { asSent } from './follow-trouble.js';
import { OrderWork } from './order-work.js';
import {
  findPlace,
  onHold,
  pack,
  piecesOf,
  readAsked,
  type Packed,
  type PackedPiece,
  type Place,
} from './pack-shipment.js';
import { newParcels } from './write-parcels.js';

type Input = Omit<CreateShipmentInput, 'idempotencyKey'>;
/** What is said of a parcel that somebody else has sent. */
export interface SentAlready {
  /** Lines of which it holds what left before it was first counted there, and of which that is promised no more. */
  uncounted?: ReadonlySet<string>;
  hasLeft?: boolean;
}
interface Known {
  order: LockedOrder;
  goods: OrderGoods;
  work: OrderWork;
  place: Place;
  packed: Packed[];
  named: Work | null;
}

/**
 * Claims goods that an order has reserved at one location for a shipment; they leave the shelf when it is SHIPPED. They are
 * drawn from what was released to that location; what was not is released with the shipment, for it alone. The order's row
 * is locked first, so that two shipments never claim the same goods.
 */
export async function createShipment(
  scope: ActionScope,
  input: Input,
  { uncounted = new Set(), hasLeft = false }: SentAlready = {},
): Promise<{ shipmentId: string; orderId: string }> {
  checkParcels(input.parcels);
  const { order, rows } = await lockOrderAnd(scope, input, (id) => [selectWork(id), ...selectOrderGoods(id)]);
  refuseToShip(hasLeft ? await asSent(scope, order) : order);
  const goods = orderGoods(rows.slice(1));
  for (const line of goods.shippable) line.isUncounted = uncounted.has(line.id);
  const work = new OrderWork(rows[0] as WorkRow[]);
  const named = input.fulfillmentOrderId == null ? null : namedWork(work, input.fulfillmentOrderId, order);
  const asked = readAsked(input, goods, named);
  const place = await findPlace(scope, input, order, asked, { goods, work, named });
  const packed = pack(order, asked, goods, place, { works: work.works, named });
  return write(scope, input, { order, goods, work, place, packed, named });
}

function namedWork({ works }: OrderWork, fulfillmentOrderId: string, order: LockedOrder): Work {
  const id = idOf(FULFILLMENT_ORDER_PREFIX, fulfillmentOrderId);
  const field = ['fulfillmentOrderId'];
  const found = works.find((work) => work.id === id);
  if (!found)
    throw refuse(
      'NOT_FOUND',
      `order ${order.number} has no fulfillment order ${fulfillmentOrderId} to ship from`,
      field,
    );
  if (found.status === 'ON_HOLD') throw new Refusal([onHold(found, field)]);
  if (!isActive(found)) assertFulfillmentOrderMove(found, 'IN_PROGRESS');
  return found;
}

async function write(scope: ActionScope, input: Input, known: Known): Promise<{ shipmentId: string; orderId: string }> {
  const { tx, now } = scope;
  const { order, goods, work, place, packed } = known;
  const rows = piecesOf(packed);
  const { draws, rests } = drawAll(known);
  const [shipmentId, workId, ...ids] = await tx.ids.take(rows.length + 2);
  const [inserted, progress, numbers] = await tx.batch([
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
    ...(rests.length > 0 ? [takeNumbers(1)] : []),
  ]);
  const { number } = inserted![0] as { number: string };
  if (rests.length > 0) draws.push(...release(known, rests, workId!, (numbers![0] as { number: string }).number));
  trimElsewhere(known);
  tx.defer(linesStatement(shipmentId!, ids, rows));
  await work.save(scope, order.id, goods.shippable);
  tx.defer(drawsStatement(shipmentId!, draws), ...(await newParcels(tx, shipmentId!, input.parcels)));
  const progressed = goods.lines.map(lineAsItIs);
  const { has_left: hasLeft } = progress![0] as { has_left: boolean };
  const headline = headlineOf(progressed, { isPreparing: true, hasLeft });
  const events = eventsOf(order, scope)
    .add({
      type: 'SHIPMENT_CREATED',
      message: `Shipment ${number} is prepared at ${place.code}`,
      changes: work.moves,
      data: {
        shipment: typeId(SHIPMENT_PREFIX, shipmentId!),
        number,
        location: place.code,
        lines: rows.map(({ sku, quantity }) => ({ sku, quantity })),
      },
    })
    .walked(order.status, headline);
  tx.defer(progressOrder(order.id, headline, fulfillmentStatusOf(progressed), now.toISOString(), events.count));
  await appendEvents(tx, events.events);
  return { shipmentId: shipmentId!, orderId: order.id };
}

/** What is not counted leaves from anywhere: a location that was to send it has it no more. */
function trimElsewhere({ goods, work, packed }: Known): void {
  const there = goodsOf(goods);
  for (const { line, units } of packed) {
    if (isCounted(line)) continue;
    const own = there.find(({ orderLineId }) => orderLineId === line.id)!;
    trim(work.works, { ...own, left: subtractDecimals(line.left, units) });
  }
  for (const one of work.works) conclude(one);
}

function linesStatement(shipmentId: string, ids: string[], rows: PackedPiece[]): Statement {
  return insertShipmentLines(
    shipmentId,
    ids,
    rows.map(({ lineId }) => lineId),
    rows.map(({ productId }) => productId),
    rows.map(({ sku }) => sku),
    rows.map(({ quantity }) => quantity),
    rows.map(({ units }) => units),
    rows.map(({ isReserved }) => isReserved),
    rows.map(({ leftUncounted }) => leftUncounted),
  );
}

/** What the shipment takes of what was released there, and of which lines it takes more than that. What has left no shelf no warehouse had. */
function drawAll({ work, place, packed, named }: Known): { draws: Draw[]; rests: Packed[] } {
  const draws: Draw[] = [];
  const rests: Packed[] = [];
  for (const { line, units } of packed) {
    const from = (one: Work) =>
      named ? one === named : one.locationId === place.id && one.status !== 'ON_HOLD' && isActive(one);
    const taken = line.isUncounted ? { draws: [], rest: units } : draw(work.works, line.id, units, from);
    draws.push(...taken.draws);
    if (isPositive(taken.rest)) rests.push({ line, units: taken.rest });
  }
  return { draws, rests };
}

/** A fulfillment order for this shipment alone. */
function release({ work, place }: Known, rests: Packed[], id: string, number: string): Draw[] {
  const made = work.add({ id, number, locationId: place.id, locationCode: place.code, isReleased: false });
  return rests.flatMap(({ line, units }) => {
    addUnits(made, line.id, isCounted(line), units);
    return draw([made], line.id, units, () => true).draws;
  });
}

function drawsStatement(shipmentId: string, draws: Draw[]) {
  return insertDraws(
    shipmentId,
    draws.map(({ workId }) => workId),
    draws.map(({ orderLineId }) => orderLineId),
    draws.map(({ units }) => units),
  );
}
