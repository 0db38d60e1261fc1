import type { Statement } from '../../../db/statement.js';
import { isPositive } from '../../../shared/decimal.js';
import {
  assertOrderMove,
  orderMachine,
  refuseOnHold,
  refuseUncovered,
  selectLinesToChange,
  selectPartsOfOrders,
  type LineChange,
  type LinePartRow,
  type LockedLine,
  type LockedOrder,
} from '../../orders/index.js';
import type { Goods } from '../fulfillment-order.rules.js';
import {
  claimsByLine,
  selectClaims,
  selectShelf,
  selectStockedProducts,
  type ClaimRow,
  type ShelfRow,
} from '../shipment.queries.js';
import { leftToShip, shippableAt, type Piece, type ShippableLine } from '../shipment.rules.js';

/** The goods of an order as they are: what of which line could leave from where. */
export interface OrderGoods {
  lines: LockedLine[];
  parts: LinePartRow[];
  /** Those lines that need shipping. */
  shippable: ShippableLine[];
  shelf: ShelfRow[];
}

/** What `orderGoods` reads, to be asked behind the order's lock. */
export function selectOrderGoods(orderId: string): Statement[] {
  return [
    selectLinesToChange([orderId]),
    selectPartsOfOrders([orderId]),
    selectShelf(orderId),
    selectClaims(orderId),
    selectStockedProducts(orderId),
  ];
}

/** `changed`: the lines as they will be, where that is not written yet. */
export function orderGoods(
  [lineRows, partRows, shelfRows, claimRows, stocked]: unknown[][],
  changed: readonly LineChange[] = [],
): OrderGoods {
  const changes = new Map(changed.map((line) => [line.id, line]));
  const lines = (lineRows as LockedLine[]).map((line): LockedLine => {
    const change = changes.get(line.id);
    if (!change) return line;
    const { canceled, shipped, backordered } = change;
    return { ...line, canceled_quantity: canceled, shipped_quantity: shipped, backordered_quantity: backordered };
  });
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

export function isCounted(line: ShippableLine): boolean {
  return line.pieces.some((piece) => piece.isStocked);
}

/** Whether what leaves of it leaves a shelf. */
export function isOnShelf(line: ShippableLine): boolean {
  return isCounted(line) && line.isUncounted !== true;
}

/** The same as fulfillment orders look at it. */
export function goodsOf({ lines, shippable, shelf }: OrderGoods): Goods[] {
  const places = [...new Set(shelf.map((row) => row.location_id))];
  return shippable.map((line) => ({
    orderLineId: line.id,
    isCounted: isCounted(line),
    left: line.left,
    backordered: lines.find(({ id }) => id === line.id)!.backordered_quantity,
    freeAt: new Map(
      isCounted(line)
        ? places
            .map((place) => [place, shippableAt(line, place, shelf)] as const)
            .filter(([, units]) => isPositive(units))
        : [],
    ),
  }));
}

/** Throws where the order is not confirmed, or ended, or held, or not paid as it has to be: nothing of it may leave. */
export function refuseToShip(order: LockedOrder): void {
  if (orderMachine.path(order.status, 'SHIPPED') === null || order.status === 'DRAFT' || order.status === 'RECEIVED')
    assertOrderMove(order, 'PROCESSING');
  refuseOnHold(order);
  refuseUncovered(order);
}
