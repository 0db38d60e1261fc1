import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { CLOCKS_DIFFER_MS } from '../../../shared/clock.js';
import { minDecimal, subtractDecimals } from '../../../shared/decimal.js';
import { typeId } from '../../../shared/ids.js';
import type { StatedShipment } from '../../../shared/stated/index.js';
import { isOnItsWay, selectClaims, settleWork, type ClaimRow } from '../../fulfillment/index.js';
import {
  eventsOf,
  HOLD_PREFIX,
  HoldReason,
  lineAsItIs,
  lockOrder,
  ORDER_PREFIX,
  progressLines,
  progressOrder,
  releaseOrder,
  selectConfirmProducts,
  selectLinesToChange,
  selectOpenHolds,
  selectPartsOfOrders,
  selectUnstatedParts,
  type LineChange,
  type LinePartRow,
  type LockedLine,
  type LockedOrder,
} from '../../orders/index.js';
import type { Origin } from '../../references/index.js';
import { releaseStock } from '../../stock/index.js';
import { selectUncountedAt } from '../counted.queries.js';

/**
 * The lines of an order whose goods a parcel can have taken off no shelf of the hub: it left before any of them was first
 * counted where they lay. Of a bundle of which some was counted by then none is meant. None of a parcel that has not left.
 */
export async function linesUncountedAt(
  { tx }: ActionScope,
  { order, lines }: { order: LockedOrder; lines: readonly LockedLine[] },
  { status, at, stockLeftAt = at, location }: Pick<StatedShipment, 'status' | 'at' | 'stockLeftAt' | 'location'>,
  { integrationId }: Pick<Origin, 'integrationId'>,
): Promise<Set<string>> {
  if (!isOnItsWay(status)) return new Set();
  const [stated, unstated, products] = await tx.batch([
    selectPartsOfOrders([order.id]),
    selectUnstatedParts([order.id]),
    selectConfirmProducts([order.id]),
  ]);
  // What is confirmed keeps the parts it was confirmed with.
  const parts = [...(stated as LinePartRow[]), ...(order.status === 'RECEIVED' ? (unstated as LinePartRow[]) : [])];
  const stocked = new Set(
    (products as { id: string; is_stocked: boolean }[]).filter((p) => p.is_stocked).map((p) => p.id),
  );
  const goods = lines.map((line) => ({ id: line.id, pieces: stockedPieces(line, parts, stocked) }));
  const productIds = [...new Set(goods.flatMap(({ pieces }) => pieces))];
  if (productIds.length === 0) return new Set();
  const surely = new Date(stockLeftAt.getTime() + CLOCKS_DIFFER_MS).toISOString();
  const rows = await tx.query(selectUncountedAt(productIds, surely, location ?? null, integrationId));
  const uncounted = new Set(rows.map(({ id }) => id));
  const isMeant = (pieces: readonly string[]) => pieces.length > 0 && pieces.every((id) => uncounted.has(id));
  return new Set(goods.filter(({ pieces }) => isMeant(pieces)).map(({ id }) => id));
}

function stockedPieces(line: LockedLine, parts: readonly LinePartRow[], stocked: ReadonlySet<string>): string[] {
  const own = parts.filter((part) => part.order_line_id === line.id).map((part) => part.product_id);
  const made = own.length > 0 ? own : line.product_id === null ? [] : [line.product_id];
  return made.filter((id) => stocked.has(id));
}

/** What an order is held for because its goods are not here holds it no more: they were sent. Order and holds are locked. */
export async function endStockHolds(scope: ActionScope, orderId: string): Promise<void> {
  const open = await scope.tx.query(selectOpenHolds([orderId]));
  for (const { id } of open.filter(({ reason }) => reason === HoldReason.STOCK)) {
    await releaseOrder(scope, {
      orderId: typeId(ORDER_PREFIX, orderId),
      holdId: typeId(HOLD_PREFIX, id),
      note: 'Sent by the channel before its goods were first counted here',
    });
    await scope.tx.flush();
  }
}

/**
 * Gives back what a confirmed order was promised of units that have left no shelf of the hub: they wait for stock no
 * more, and what is reserved for them is free. Warehouses are not to send them either. The order is locked.
 */
export async function giveUpPromised(
  scope: ActionScope,
  orderId: string,
  units: ReadonlyMap<string, string>,
): Promise<void> {
  const { tx, now } = scope;
  const [orders, lineRows, claims] = await tx.batch([
    lockOrder(orderId),
    selectLinesToChange([orderId]),
    selectClaims(orderId),
  ]);
  const order = orders![0] as LockedOrder;
  const lines = lineRows as LockedLine[];
  const changed = lines.map((line) => withoutPromise(lineAsItIs(line), units.get(line.id) ?? '0'));
  const release = new Map(
    lines.map((line, index) => [line.id, subtractDecimals(line.reserved_quantity, changed[index]!.reserved)]),
  );
  const { levels } = await releaseStock(tx, orderId, release, { now, held: claims as ClaimRow[] });
  const events = eventsOf(order, scope).stockReleased(levels);
  tx.defer(
    progressLines(
      changed.map((line) => line.id),
      changed.map((line) => line.reserved),
      changed.map((line) => line.backordered),
      changed.map((line) => line.shipped),
      changed.map((line) => line.delivered),
    ),
    progressOrder(orderId, order.status, order.fulfillment_status, now.toISOString(), events.count),
  );
  await appendEvents(tx, events.events);
  await tx.flush();
  await settleWork(scope, orderId, changed);
  await tx.flush();
}

/** What waits for stock goes first, so that no more is given back than must be. */
function withoutPromise(line: LineChange, units: string): LineChange {
  const waited = minDecimal(units, line.backordered);
  return {
    ...line,
    backordered: subtractDecimals(line.backordered, waited),
    reserved: subtractDecimals(line.reserved, minDecimal(subtractDecimals(units, waited), line.reserved)),
  };
}
