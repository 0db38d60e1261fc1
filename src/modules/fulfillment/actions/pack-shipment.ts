import type { ActionScope } from '../../../graph/mutation.js';
import { exact, isPositive, minDecimal, subtractDecimals } from '../../../shared/decimal.js';
import { Refusal, refuse, Refusals, type UserErrorFacts } from '../../../shared/failures.js';
import { readLineQuantities, type LockedOrder } from '../../orders/index.js';
import { insufficientStock, selectAllLocations, selectLocationByCode } from '../../stock/index.js';
import { covered, freeOf, type Work } from '../fulfillment-order.rules.js';
import { isMore, locationsWithGoods, shippableAt, type ShippableLine } from '../shipment.rules.js';
import type { CreateShipmentInput } from '../shipment-input.type.js';
import { placeOfUncounted } from './cover-goods.js';
import { isCounted, isOnShelf, type OrderGoods } from './order-goods.js';
import type { OrderWork } from './order-work.js';

export interface Place {
  id: string;
  code: string;
}
export interface Asked {
  line: ShippableLine;
  quantity: string | null;
  field: string[];
}
export interface Packed {
  line: ShippableLine;
  units: string;
}
/** Out of what is packed: the fulfillment order that was named, or any at the place. */
export interface Source {
  works: readonly Work[];
  named: Work | null;
}

/** The lines that are asked for, each with how much of it; of all that can be shipped, as much as there is (null). */
export function readAsked(
  { lines: input }: Pick<CreateShipmentInput, 'lines'>,
  { lines, parts, shippable }: OrderGoods,
  named: Work | null,
): Asked[] {
  if (input == null) {
    const some = named ? new Set(named.lines.map((line) => line.orderLineId)) : null;
    return shippable.filter(({ id }) => some?.has(id) ?? true).map((line) => ({ line, quantity: null, field: [] }));
  }
  const refusals = new Refusals();
  const asked: Asked[] = [];
  for (const [id, { quantity, field }] of readLineQuantities(
    input,
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

/** The location that was named, itself or by its fulfillment order, or the only one that holds what is asked for. */
export async function findPlace(
  { tx }: ActionScope,
  { location }: Pick<CreateShipmentInput, 'location'>,
  order: LockedOrder,
  asked: Asked[],
  { goods, work, named }: { goods: OrderGoods; work: OrderWork; named: Work | null },
): Promise<Place> {
  if (named) {
    if (location == null || location === named.locationCode) return { id: named.locationId, code: named.locationCode };
    throw refuse('INVALID', `location: ${named.number} leaves from ${named.locationCode}, not ${location}`, [
      'location',
    ]);
  }
  if (location != null) {
    const found = (await tx.one(selectLocationByCode(location))) as Place | undefined;
    if (!found) throw refuse('NOT_FOUND', `no stock location has the code "${location}"`, ['location']);
    return found;
  }
  const lines = asked.map(({ line }) => line);
  const shelved = lines.filter(isOnShelf);
  const places =
    shelved.length > 0 ? locationsWithGoods(shelved, goods.shelf) : await placesInUse(tx, lines, goods, work);
  if (places.length === 0)
    throw refuse('CONFLICT', `order ${order.number}: nothing is reserved that could leave`, ['orderId']);
  if (places.length > 1) {
    const codes = places.map(({ code }) => code).join(', ');
    throw refuse('REQUIRED', `location: expected one of ${codes}: each of them can ship some of it`, ['location']);
  }
  return places[0]!;
}

/** Where nothing of it lies on a shelf: what was never counted leaves from where the rest does, as nobody can say better. */
async function placesInUse(
  tx: ActionScope['tx'],
  lines: readonly ShippableLine[],
  goods: OrderGoods,
  work: OrderWork,
): Promise<Place[]> {
  const all = await tx.query(selectAllLocations());
  if (!lines.some((line) => line.isUncounted)) return all.filter((each) => each.is_active);
  const id = placeOfUncounted(work, goods, all);
  return all.filter((each) => each.id === id);
}

/** How much of each line goes into the shipment; throws where that is more than there is, or nothing. */
export function pack(
  order: LockedOrder,
  asked: Asked[],
  { shelf }: OrderGoods,
  place: Place,
  source: Source,
): Packed[] {
  const refusals = new Refusals();
  const held = source.works.filter((work) => work.status === 'ON_HOLD');
  const packed = asked.map(({ line, quantity, field }) => {
    const there = line.isUncounted ? line.left : shippableAt(line, place.id, shelf);
    const most = source.named
      ? minDecimal(there, freeIn(source.named, line.id))
      : subtractDecimals(there, line.isUncounted ? '0' : heldBack(line, place, held));
    if (quantity !== null && isMore(quantity, most)) {
      if (!isMore(quantity, there) && !source.named) refusals.push(onHold(held[0]!, field));
      else refusals.push(insufficientStock(line.sku, quantity, most, field));
    }
    return { line, units: quantity ?? most };
  });
  refusals.throwIfAny();
  const leaving = packed.filter(({ units }) => isPositive(units));
  if (leaving.length > 0) return leaving;
  const holding = held.find((work) => asked.some(({ line }) => isPositive(heldBack(line, place, [work]))));
  if (holding) throw new Refusal([onHold(holding, ['orderId'])]);
  throw refuse('CONFLICT', `order ${order.number} has nothing left to ship from ${place.code}`, ['location']);
}

function freeIn(work: Work, orderLineId: string): string {
  const line = work.lines.find((one) => one.orderLineId === orderLineId);
  return line ? freeOf(line) : '0';
}

/** What held fulfillment orders have of a line there. What is not counted could leave from anywhere. */
function heldBack(line: ShippableLine, place: Place, held: Work[]): string {
  return covered(held, line.id, (work) => !isCounted(line) || work.locationId === place.id);
}

export function onHold(work: Work, field: string[]): UserErrorFacts {
  return { code: 'ON_HOLD', message: `fulfillment order ${work.number} is on hold: release it first`, field };
}

export interface PackedPiece {
  lineId: string;
  productId: string | null;
  sku: string;
  /** It leaves what the line has reserved of it. */
  isReserved: boolean;
  leftUncounted: boolean;
  units: string;
  quantity: string;
}

/** What leaves the shelf: the pieces of each line. */
export function piecesOf(packed: Packed[]): PackedPiece[] {
  return packed.flatMap(({ line, units }) =>
    line.pieces.map(({ productId, sku, isStocked, perUnit }) => ({
      lineId: line.id,
      productId,
      sku,
      isReserved: isStocked && line.isUncounted !== true,
      leftUncounted: isStocked && line.isUncounted === true,
      units,
      quantity: exact(units).times(exact(perUnit)).toFixed(),
    })),
  );
}
