import { appendEvents } from '../../../events/append.js';
import type { ActionScope, Outcome } from '../../../graph/mutation.js';
import { transitionError, versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import {
  eventsOf,
  fulfillmentStatusOf,
  headlineOf,
  lineAsItIs,
  lockOrderAnd,
  ORDER_PREFIX,
  progressOrder,
  type LockedOrder,
  type OrderEvents,
} from '../../orders/index.js';
import {
  selectFulfillmentOrders,
  selectOrderOfFulfillmentOrder,
  selectWork,
  type WorkRow,
} from '../fulfillment-order.queries.js';
import { isClaimed, type Work } from '../fulfillment-order.rules.js';
import { isActive } from '../fulfillment-order.states.js';
import { FULFILLMENT_ORDER_PREFIX, type FulfillmentOrderRow } from '../fulfillment-order.type.js';
import { selectProgress } from '../shipment.queries.js';
import { orderGoods, selectOrderGoods, type OrderGoods } from './order-goods.js';
import { OrderWork } from './order-work.js';

/** An order with all that its warehouses have of it, locked. */
export interface LockedWork {
  order: LockedOrder;
  goods: OrderGoods;
  work: OrderWork;
  progress: { is_preparing: boolean; has_left: boolean };
  events: OrderEvents;
}

/** The fulfillment order that a step was about, and the one that it made of it. */
export interface WorkOutcome extends Outcome {
  fulfillmentOrderId: string;
  newId: string | null;
  orderId: string;
}

interface Step {
  fulfillmentOrderId: string;
  expectedVersion?: number | null;
}

/**
 * Locks the order of a fulfillment order. Throws NOT_FOUND where there is none, VERSION_CONFLICT where it has changed since,
 * and INVALID_TRANSITION where it is canceled: nothing can be done to it any more.
 */
export async function lockWork(scope: ActionScope, input: Step): Promise<LockedWork & { one: Work }> {
  const id = idOf(FULFILLMENT_ORDER_PREFIX, input.fulfillmentOrderId);
  const found = id === null ? undefined : await scope.tx.one(selectOrderOfFulfillmentOrder(id));
  if (!found)
    throw refuse('NOT_FOUND', `no fulfillment order has the id ${input.fulfillmentOrderId}`, ['fulfillmentOrderId']);
  const orderId = typeId(ORDER_PREFIX, found.order_id);
  const { order, rows } = await lockOrderAnd(scope, { orderId }, (key) => [
    selectFulfillmentOrders([id!]),
    selectWork(key),
    selectProgress(key, null),
    ...selectOrderGoods(key),
  ]);
  const [[row], workRows, [progress], ...goodsRows] = rows as [
    [FulfillmentOrderRow],
    WorkRow[],
    [LockedWork['progress']],
    ...unknown[][],
  ];
  if (input.expectedVersion != null && input.expectedVersion !== row.version)
    throw new Refusal([versionConflict(`fulfillment order ${row.number}`, input.expectedVersion, row.version)]);
  const work = new OrderWork(workRows);
  const one = work.works.find((each) => each.id === id);
  if (!one) throw new Refusal([transitionError(`fulfillment order ${row.number}`, row.status, row.status, [])]);
  return { order, goods: orderGoods(goodsRows), work, progress, events: eventsOf(order, scope), one };
}

/** Writes what the step has changed, and where the order stands with it. */
export async function saveWork(scope: ActionScope, locked: LockedWork): Promise<void> {
  const { order, goods, work, progress, events } = locked;
  const lines = goods.lines.map(lineAsItIs);
  const headline = headlineOf(lines, {
    isPreparing: progress.is_preparing || work.isActive,
    hasLeft: progress.has_left,
  });
  events.walked(order.status, headline);
  await work.save(scope, order.id, goods.shippable);
  scope.tx.defer(progressOrder(order.id, headline, fulfillmentStatusOf(lines), scope.now.toISOString(), events.count));
  await appendEvents(scope.tx, events.events);
}

/** A fulfillment order as an event tells it. */
export function shownWork({ id, number, locationCode }: Work) {
  return { id: typeId(FULFILLMENT_ORDER_PREFIX, id), number, location: locationCode };
}

/** Throws CONFLICT where nothing of it is still to leave. */
export function refuseEnded(work: Work): void {
  if (isActive(work)) return;
  const message = `fulfillment order ${work.number} is ${work.status}: nothing of it is still to leave`;
  throw refuse('CONFLICT', message, ['fulfillmentOrderId']);
}

/** Throws CONFLICT where a shipment under preparation holds some of it. */
export function refuseClaimed(work: Work): void {
  if (!isClaimed(work)) return;
  const field = ['fulfillmentOrderId'];
  throw refuse(
    'CONFLICT',
    `a shipment of fulfillment order ${work.number} is being prepared; cancel that first`,
    field,
  );
}
