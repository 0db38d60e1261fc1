import {
  addDecimals,
  compareDecimals,
  decimalText,
  exact,
  isPositive,
  isZero,
  minDecimal,
  multiplyDecimals,
  subtractDecimals,
} from '../../shared/decimal.js';

export interface LevelFigures {
  on_hand: string;
  reserved: string;
  safety_stock: string;
}

export function availableOf({ on_hand, reserved, safety_stock }: LevelFigures): string {
  const rest = exact(on_hand).minus(exact(reserved)).minus(exact(safety_stock));
  return rest.isPositive() ? rest.toFixed() : '0';
}

/** A level's figures as others are told them. */
export function shownLevel(level: LevelFigures): { onHand: string; reserved: string; available: string } {
  return {
    onHand: decimalText(level.on_hand),
    reserved: decimalText(level.reserved),
    available: availableOf(level),
  };
}

export function shortfallOf({ on_hand, reserved }: LevelFigures): string {
  const beyond = exact(reserved).minus(exact(on_hand));
  return beyond.isPositive() ? beyond.toFixed() : '0';
}

/** A level as it was locked: which product, where, and its figures. */
export interface LockedLevel extends LevelFigures {
  id: string;
  product_id: string;
  location_id: string;
  location_code: string;
  sku: string;
  version: number;
}

/** A product that leaves the shelf with each unit: of a simple product itself, of a bundle each of its parts. */
export interface Piece {
  productId: string;
  perUnit: string;
}
export interface Need {
  pieces: readonly Piece[];
  quantity: string;
  /** Its units are not divided, and each comes whole from one location, as it is packed there. */
  isBundle: boolean;
}

/** How much of a product is taken from where for a need; what no location has of the need is `missing`. */
export interface Allocation {
  need: number;
  level: LockedLevel;
  quantity: string;
}
export interface Plan {
  allocations: Allocation[];
  missing: string[];
}

/**
 * Decides from where each need is met: from one location that has everything, the first by code, so that one parcel
 * is enough; else need by need from the location that has most. Pure: the levels are as they were locked.
 */
export function planReservation(needs: Need[], levels: LockedLevel[]): Plan {
  const left = new Map(levels.map((level) => [level, availableOf(level)]));
  const byLocation = Map.groupBy(levels, (level) => level.location_code);
  for (const code of [...byLocation.keys()].sort()) {
    const plan = allocate(needs, byLocation.get(code)!, new Map(left));
    if (plan.missing.every(isZero)) return plan;
  }
  return allocate(needs, levels, left);
}

function allocate(needs: Need[], levels: LockedLevel[], left: Map<LockedLevel, string>): Plan {
  const allocations: Allocation[] = [];
  const places = [...Map.groupBy(levels, (level) => level.location_code)];
  const missing = needs.map((need, index) => {
    const sources = places
      .map(([code, here]) => ({ code, here, units: unitsAt(need, here, left) }))
      .filter(({ units }) => isPositive(units))
      .sort((a, b) => compareDecimals(b.units, a.units) || (a.code < b.code ? -1 : 1));
    let rest = need.quantity;
    for (const { here, units } of sources) {
      if (!isPositive(rest)) break;
      const taken = minDecimal(rest, units);
      rest = subtractDecimals(rest, taken);
      for (const { productId, perUnit } of need.pieces) {
        const level = here.find((one) => one.product_id === productId)!;
        const quantity = multiplyDecimals(taken, perUnit);
        left.set(level, subtractDecimals(left.get(level)!, quantity));
        allocations.push({ need: index, level, quantity });
      }
    }
    return rest;
  });
  return { allocations, missing };
}

/** How many units the levels of one location make up. */
export function unitsAt(
  { pieces, isBundle }: Pick<Need, 'pieces' | 'isBundle'>,
  here: LockedLevel[],
  left: Map<LockedLevel, string>,
): string {
  const units = pieces.map(({ productId, perUnit }) => {
    const level = here.find((one) => one.product_id === productId);
    return level === undefined ? '0' : unitsOf(left.get(level)!, perUnit, isBundle);
  });
  return units.reduce(minDecimal);
}

/** How many units a quantity of one of their pieces is enough for. */
export function unitsOf(quantity: string, perUnit: string, isBundle: boolean): string {
  if (!isBundle) return quantity;
  const units = exact(quantity).dividedBy(exact(perUnit)).floor();
  return units.isPositive() ? units.toFixed() : '0';
}

/** The levels as their changes leave them, for the next to take from. */
export function afterChanges(levels: LockedLevel[], changes: LevelChange[]): LockedLevel[] {
  return levels.map((level) => changes.find(({ before }) => before === level)?.after ?? level);
}

/** What a location has available of a product. */
export interface AvailableRow {
  product_id: string;
  location_id: string;
  available: string;
}

/** How many bundles the counted parts make up, each bundle at one location. */
export function bundlesAvailable(parts: { perUnit: string; shelf: AvailableRow[] }[]): string {
  const locations = new Set(parts.flatMap(({ shelf }) => shelf.map((row) => row.location_id)));
  const at = (locationId: string) =>
    parts
      .map(({ perUnit, shelf }) => {
        const row = shelf.find((one) => one.location_id === locationId);
        return unitsOf(row?.available ?? '0', perUnit, true);
      })
      .reduce(minDecimal);
  return [...locations].map(at).reduce(addDecimals, '0');
}

/** What is available of a product over all its levels. */
export function totalAvailable(levels: LockedLevel[], productId: string): string {
  return levels
    .filter((level) => level.product_id === productId)
    .reduce((sum, level) => addDecimals(sum, availableOf(level)), '0');
}

/** A level before and after a reservation or shipment. */
export interface LevelChange {
  before: LockedLevel;
  after: LockedLevel;
}

export function levelChange(before: LockedLevel, reservedDelta: string, onHandDelta = '0'): LevelChange {
  const after = {
    ...before,
    reserved: addDecimals(before.reserved, reservedDelta),
    on_hand: addDecimals(before.on_hand, onHandDelta),
    version: before.version + 1,
  };
  return { before, after };
}

/** The change as it stands in the order's event. */
export function shownChange({ before, after }: LevelChange) {
  const onHandDelta = subtractDecimals(after.on_hand, before.on_hand);
  return {
    sku: before.sku,
    location: before.location_code,
    reservedDelta: decimalText(subtractDecimals(after.reserved, before.reserved)),
    ...(!isZero(onHandDelta) && { onHandDelta: decimalText(onHandDelta) }),
    availableBefore: availableOf(before),
    availableAfter: availableOf(after),
    version: after.version,
  };
}
