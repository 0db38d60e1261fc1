import { EVERYONE, INSIDE } from '../../graph/access.js';
import { nodeSource, secondKey } from '../../graph/node.js';
import { declareSubject } from '../history/index.js';
import { CHANNEL, CHANNEL_PREFIX } from './channel.type.js';
import { orderEventsById } from './order-event.loaders.js';
import { ORDER_EVENT_PREFIX } from './order-event.type.js';
import { ORDER } from './order.events.js';
import { channelsById, orderLinesById, ordersById, ordersByNumber } from './order.loaders.js';
import { ORDER_LINE_PREFIX, ORDER_PREFIX } from './order.type.js';

// An order's history is its timeline, which customers read too; the audit log has it beside all others.
declareSubject({ kind: ORDER, type: 'Order', prefix: ORDER_PREFIX, roles: INSIDE });
declareSubject({ kind: CHANNEL, type: 'Channel', prefix: CHANNEL_PREFIX, roles: INSIDE });

/** What of orders can be found by id alone. */
export const orderNodes = [
  nodeSource(ORDER_PREFIX, ordersById, EVERYONE, secondKey('Order', 'number', ordersByNumber)),
  nodeSource(ORDER_LINE_PREFIX, orderLinesById, EVERYONE),
  nodeSource(ORDER_EVENT_PREFIX, orderEventsById, EVERYONE),
  nodeSource(CHANNEL_PREFIX, channelsById, EVERYONE),
];
