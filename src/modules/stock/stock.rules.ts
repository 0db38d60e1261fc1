import {
  addDecimals,
  compareDecimals,
  decimalText,
  exact,
  isPositive,
  isZero,
  minDecimal,
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

export function shortfallOf({ on_hand, reserved }: LevelFigures): string {
  const beyond = exact(reserved).minus(exact(on_hand));
  return beyond.isPositive() ? beyond.toFixed() : '0';
}

/** A level as it was locked: which product, where, and its figures. */
export interface LockedLevel extends LevelFigures {
  product_id: string;
  location_id: string;
  location_code: string;
  sku: string;
  version: number;
}

export interface Need {
  productId: string;
  quantity: string;
}

/** How much of a need is taken from where; what no location has is `missing`. */
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
  const missing = needs.map(({ productId, quantity }, need) => {
    const sources = levels
      .filter((level) => level.product_id === productId && isPositive(left.get(level)!))
      .sort((a, b) => compareDecimals(left.get(b)!, left.get(a)!) || (a.location_code < b.location_code ? -1 : 1));
    let rest = quantity;
    for (const level of sources) {
      if (!isPositive(rest)) break;
      const taken = minDecimal(rest, left.get(level)!);
      left.set(level, subtractDecimals(left.get(level)!, taken));
      rest = subtractDecimals(rest, taken);
      allocations.push({ need, level, quantity: taken });
    }
    return rest;
  });
  return { allocations, missing };
}

/** What is available of a product over all its levels. */
export function totalAvailable(levels: LockedLevel[], productId: string): string {
  return levels
    .filter((level) => level.product_id === productId)
    .reduce((sum, level) => addDecimals(sum, availableOf(level)), '0');
}

/** One product's level before and after a reservation or shipment; stands in the order's event. */
export interface LevelChange {
  sku: string;
  location: string;
  reservedDelta: string;
  /** Left out where nothing left or came. */
  onHandDelta?: string;
  availableBefore: string;
  availableAfter: string;
  version: number;
}

export function levelChange(level: LockedLevel, reservedDelta: string, onHandDelta = '0'): LevelChange {
  const after = {
    ...level,
    reserved: addDecimals(level.reserved, reservedDelta),
    on_hand: addDecimals(level.on_hand, onHandDelta),
  };
  return {
    sku: level.sku,
    location: level.location_code,
    reservedDelta: decimalText(reservedDelta),
    ...(!isZero(onHandDelta) && { onHandDelta: decimalText(onHandDelta) }),
    availableBefore: availableOf(level),
    availableAfter: availableOf(after),
    version: level.version + 1,
  };
}
