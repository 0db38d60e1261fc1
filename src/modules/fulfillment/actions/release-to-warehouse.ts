import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { eventsOf, lockOrderAnd, type LockedOrder } from '../../orders/index.js';
import { selectAllLocations, type StockLocationRow } from '../../stock/index.js';
import { selectWork, type WorkRow } from '../fulfillment-order.queries.js';
import { uncovered } from '../fulfillment-order.rules.js';
import type { ReleaseToWarehouseInput } from '../fulfillment-order-input.type.js';
import { selectProgress } from '../shipment.queries.js';
import { cover, placeOfUncounted, tellReleased } from './cover-goods.js';
import { saveWork, type LockedWork } from './locked-work.js';
import { goodsOf, orderGoods, refuseToShip, selectOrderGoods } from './order-goods.js';
import { OrderWork } from './order-work.js';

type Input = Omit<ReleaseToWarehouseInput, 'idempotencyKey'>;

/**
 * Gives each location that holds goods of the order its share of the work. Once more, it covers what is not covered yet; where
 * that is nothing it is refused with CONFLICT.
 */
export async function releaseToWarehouse(scope: ActionScope, input: Input): Promise<{ orderId: string }> {
  const { order, isReleased } = await releaseWhatThereIs(scope, input);
  if (isReleased) return { orderId: order.id };
  throw refuse('CONFLICT', `order ${order.number} has nothing reserved that a warehouse was not given yet`, [
    'orderId',
  ]);
}

/** The same, where there may be nothing to give. */
export async function releaseWhatThereIs(
  scope: ActionScope,
  input: Input,
): Promise<{ order: LockedOrder; isReleased: boolean }> {
  const { order, rows } = await lockOrderAnd(scope, input, (id) => [
    selectWork(id),
    selectProgress(id, null),
    selectAllLocations(),
    ...selectOrderGoods(id),
  ]);
  refuseToShip(order);
  const [workRows, [progress], locations, ...goodsRows] = rows as [
    WorkRow[],
    [LockedWork['progress']],
    StockLocationRow[],
    ...unknown[][],
  ];
  const work = new OrderWork(workRows);
  const goods = orderGoods(goodsRows);
  const parts = uncovered(work.works, goodsOf(goods), placeOfUncounted(work, goods, locations));
  if (parts.length === 0) return { order, isReleased: false };
  const events = eventsOf(order, scope);
  tellReleased(events, await cover(scope, work, parts, locations));
  await saveWork(scope, { order, goods, work, progress, events });
  return { order, isReleased: true };
}
