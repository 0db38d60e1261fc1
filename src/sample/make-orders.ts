import { sql } from '../db/statement.js';
import { cancelOrder, confirmOrder, createOrder } from '../modules/order-flow/index.js';
import {
  holdOrder,
  HoldReason,
  ORDER_LINE_PREFIX,
  ORDER_PREFIX,
  selectLinesToChange,
} from '../modules/orders/index.js';
import { typeId } from '../shared/ids.js';
import { findBuyers, type Buyer } from './buyers.js';
import { chanceFrom } from './chance.js';
import { CUSTOMERS } from './customers.js';
import { planOrders, type PlannedOrder } from './plan-orders.js';
import { shipOrder } from './ship-order.js';
import type { CarryOut, Part } from './work.js';

const SEED = 20_260_301;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const findOrder = sql(
  'sample.find-order',
  `select o.id from orders o join customer c on c.id = o.customer_id where c.number = any($1::text[]) limit 1`,
);

/** What was ordered in the last weeks, each order taken as far as its plan says. */
export function ordersPart(now: Date): Part {
  return {
    name: 'orders',
    isThere: findOrder(CUSTOMERS.map(({ number }) => number)),
    async make(carryOut, tx) {
      const buyers = await findBuyers(tx);
      for (const order of planOrders(now, chanceFrom(SEED), buyers.length)) {
        const id = await tx.ids.one();
        await carryOut(order.placedAt, (scope) => createOrder(scope, id, inputOf(order, buyers[order.buyer]!)));
        await follow(carryOut, order, id);
      }
    },
  };
}

function inputOf(order: PlannedOrder, { customerId, contactId }: Buyer) {
  const { channel, lines, placedAt, purchaseOrderNumber, note } = order;
  return {
    channel,
    customerId,
    contactId,
    lines,
    placedAt,
    purchaseOrderNumber,
    note,
    currency: 'EUR',
    shippingMethod: 'Road freight',
    shippingPrice: { amount: '18.00', currency: 'EUR' },
    requestedDeliveryAt: new Date(placedAt.getTime() + 7 * DAY_MS),
    draft: order.fate === 'DRAFT',
  };
}

async function follow(carryOut: CarryOut, { fate, placedAt }: PlannedOrder, id: string): Promise<void> {
  const orderId = typeId(ORDER_PREFIX, id);
  const later = (minutes: number) => new Date(placedAt.getTime() + minutes * MINUTE_MS);
  if (fate === 'DRAFT' || fate === 'RECEIVED') return;
  await carryOut(later(15), (scope) => confirmOrder(scope, { orderId }));
  if (fate === 'CANCELED') {
    await carryOut(later(50), (scope) => cancelOrder(scope, { orderId, reason: 'Ordered twice by mistake' }));
  }
  if (fate === 'HELD') {
    const hold = { orderId, reason: HoldReason.ADDRESS, note: 'The street has no such number' };
    await carryOut(later(30), (scope) => holdOrder(scope, hold));
  }
  if (['PREPARING', 'PARTLY_SHIPPED', 'SHIPPED', 'DELIVERED'].includes(fate))
    await shipOrder(carryOut, { id, fate, from: later(24 * 60) });
  if (fate === 'PARTLY_CANCELED') {
    await carryOut(later(50), async (scope) => {
      const [line] = await scope.tx.query(selectLinesToChange([id]));
      const lines = [{ lineId: typeId(ORDER_LINE_PREFIX, line!.id), quantity: '1' }];
      return cancelOrder(scope, { orderId, reason: 'One less is needed', lines });
    });
  }
}
