import { compareDecimals, exact, isPositive, minDecimal, subtractDecimals } from '../../shared/decimal.js';

/** One product that a line is made of: itself, or a part of its bundle. */
export interface Piece {
  productId: string | null;
  sku: string;
  /** How much of it one unit of the line has. */
  perUnit: string;
  /** Counted: it leaves from what the line has reserved. */
  isStocked: boolean;
}

/** A line of which something may be shipped. */
export interface ShippableLine {
  id: string;
  sku: string;
  /** Neither canceled, nor shipped, nor claimed by a shipment that is being prepared; in units of the line. */
  left: string;
  pieces: Piece[];
  /** What leaves of it left before it was first counted there: no shelf is asked for it. */
  isUncounted?: boolean;
}

export interface OnShelf {
  order_line_id: string;
  product_id: string;
  location_id: string;
  free: string;
}

/** How many units of the line can leave a location now: what is left, as far as each counted piece is reserved there. */
export function shippableAt(line: ShippableLine, locationId: string, shelf: OnShelf[]): string {
  const isWhole = line.pieces.length > 1 || line.pieces.some((piece) => piece.perUnit !== '1');
  return line.pieces
    .filter((piece) => piece.isStocked)
    .reduce((units, piece) => {
      const free = shelf
        .filter((row) => row.order_line_id === line.id && row.product_id === piece.productId)
        .filter((row) => row.location_id === locationId)
        .reduce((sum, row) => sum.plus(exact(row.free)), exact(0));
      const of = free.dividedBy(exact(piece.perUnit));
      return minDecimal(units, (isWhole ? of.floor() : of).toFixed());
    }, line.left);
}

/** Codes of the locations that hold something of the order, each once, in their order. */
export function locationsWithGoods(lines: ShippableLine[], shelf: (OnShelf & { location_code: string })[]) {
  const found = new Map<string, string>();
  for (const row of shelf) {
    if (lines.some((line) => line.id === row.order_line_id)) found.set(row.location_code, row.location_id);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, id]) => ({ code, id }));
}

/** What of a line is not canceled, shipped or claimed. */
export function leftToShip(
  line: { quantity: string; canceled_quantity: string; shipped_quantity: string },
  claimed: string,
): string {
  const left = subtractDecimals(
    subtractDecimals(subtractDecimals(line.quantity, line.canceled_quantity), line.shipped_quantity),
    claimed,
  );
  return isPositive(left) ? left : '0';
}

export function isMore(a: string, b: string): boolean {
  return compareDecimals(a, b) > 0;
}
