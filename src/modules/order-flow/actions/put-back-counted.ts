import type { ActionScope } from '../../../graph/mutation.js';
import { addDecimals, multiplyDecimals } from '../../../shared/decimal.js';
import type { StatedShipment } from '../../../shared/stated/index.js';
import { isOnItsWay, isPreparing, selectLinesOfShipments, selectWhereabouts } from '../../fulfillment/index.js';
import {
  lockOrder,
  selectPartsOfOrders,
  selectUnstatedParts,
  type LinePartRow,
  type LockedLine,
} from '../../orders/index.js';
import type { Origin } from '../../references/index.js';
import { adjustStock, lockLevelsOfProducts, StockMovementKind } from '../../stock/index.js';
import { selectCountedSince } from '../counted.queries.js';
import { fillBackorders } from './fill-backorders.js';

/** So many units of an order's line. */
export interface SentLine {
  line: LockedLine;
  quantity: string;
}
interface Goods {
  productId: string;
  quantity: string;
}

/**
 * Puts back what a system had taken off its stock before it last said how much there is: the level as it stated it holds
 * no more of what it sent, which is taken off by its shipment, once. Nothing is put back where it has not counted since.
 * Of a shipment that the hub does not know yet, to be called with the order locked, before the order is confirmed by it.
 */
export async function putBackSent(
  scope: ActionScope,
  { orderId, lines }: { orderId: string; lines: readonly SentLine[] },
  shipment: StatedShipment,
  origin: Origin,
): Promise<void> {
  if (!isOnItsWay(shipment.status)) return;
  const [stated, unstated] = await scope.tx.batch([selectPartsOfOrders([orderId]), selectUnstatedParts([orderId])]);
  const parts = [...(stated as LinePartRow[]), ...(unstated as LinePartRow[])];
  const goods = lines.flatMap(({ line, quantity }) => {
    const own = parts.filter((part) => part.order_line_id === line.id);
    if (own.length > 0)
      return own.map((part) => ({
        productId: part.product_id,
        quantity: multiplyDecimals(part.quantity, quantity),
      }));
    return line.product_id === null ? [] : [{ productId: line.product_id, quantity }];
  });
  await putBack(scope, { orderId, goods, location: shipment.location ?? null }, shipment, origin);
}

/** The same of one that is under preparation here and has left there. */
export async function putBackPacked(
  scope: ActionScope,
  shipmentId: string,
  shipment: StatedShipment,
  origin: Origin,
): Promise<void> {
  if (!isOnItsWay(shipment.status)) return;
  const { status, order_id: orderId, location } = (await scope.tx.one(selectWhereabouts(shipmentId)))!;
  if (!isPreparing(status)) return;
  const [, lines] = await scope.tx.batch([lockOrder(orderId), selectLinesOfShipments([shipmentId])]);
  const goods = (lines as { product_id: string | null; quantity: string; is_reserved: boolean }[])
    .filter((line) => line.is_reserved)
    .map((line) => ({ productId: line.product_id!, quantity: line.quantity }));
  await putBack(scope, { orderId, goods, location }, shipment, origin);
}

async function putBack(
  scope: ActionScope,
  { orderId, goods, location }: { orderId: string; goods: readonly Goods[]; location: string | null },
  { externalId, at, stockLeftAt = at }: StatedShipment,
  { integrationId, integrationCode }: Origin,
): Promise<void> {
  const { tx } = scope;
  const sums = new Map<string, string>();
  for (const { productId, quantity } of goods) {
    sums.set(productId, addDecimals(sums.get(productId) ?? '0', quantity));
  }
  const productIds = [...sums.keys()];
  if (productIds.length === 0) return;
  // All at once, in the order in which every step locks them.
  await tx.query(lockLevelsOfProducts(productIds));
  const counted = await tx.query(selectCountedSince(integrationId, stockLeftAt.toISOString(), productIds, location));
  for (const [productId, places] of Map.groupBy(counted, (level) => level.product_id)) {
    // Of several places it is not known which one it left.
    if (places.length > 1) continue;
    const { sku, location: place } = places[0]!;
    const reason = `Counted by ${integrationCode} without shipment ${externalId}, which had left`;
    const delta = sums.get(productId)!;
    await adjustStock(scope, { sku, location: place, delta, kind: StockMovementKind.COUNT, reason });
    await tx.flush();
    await fillBackorders(scope, productId, orderId);
    await tx.flush();
  }
}
