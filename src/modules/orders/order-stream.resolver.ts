import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { Allow, EVERYONE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { AFTER, defineStream, type StreamMessage } from '../../graph/live/stream.js';
import { EventCursor } from '../../graph/scalars.js';
import { badInput } from '../../shared/failures.js';
import { idOf } from '../../shared/ids.js';
import { CUSTOMER_PREFIX } from '../customers/index.js';
import { OrderEventType, OrderEventTypeEnum } from './order-event.type.js';
import { OrderStatusChangeType, OrderStreamFilter } from './order-stream.type.js';
import { ORDER, type OrderEventTypeName } from './order.events.js';
import { ordersById } from './order.loaders.js';
import { ORDER_PREFIX, OrderType } from './order.type.js';

interface StatusArgs {
  orderId?: string | null;
  filter?: OrderStreamFilter | null;
}
interface EventArgs extends StatusArgs {
  types?: OrderEventTypeName[] | null;
}

function subject({ orderId, filter }: StatusArgs) {
  const id = orderId == null ? null : idOf(ORDER_PREFIX, orderId);
  if (orderId != null && id === null) throw badInput('orderId', 'the id of an order', orderId);
  const customerId = filter?.customerId == null ? null : idOf(CUSTOMER_PREFIX, filter.customerId);
  if (filter?.customerId != null && customerId === null)
    throw badInput('filter.customerId', 'the id of a customer', filter.customerId);
  return { subjectKind: ORDER, ...(id !== null && { subjectId: id }), ...(customerId !== null && { customerId }) };
}

function matches(event: StreamedEvent, { filter }: StatusArgs): boolean {
  if (filter?.channel && !filter.channel.includes(event.channel ?? '')) return false;
  const statuses: (string | null)[] | null = filter?.status ?? null;
  return statuses === null || statuses.includes(event.statusFrom) || statuses.includes(event.statusTo);
}

const statusChanges = defineStream<StatusArgs>({
  filter: subject,
  matches: (event, args) => event.statusFrom !== event.statusTo && matches(event, args),
});
const allEvents = defineStream<EventArgs>({
  filter: subject,
  matches: (event, args) => (!args.types || (args.types as string[]).includes(event.type)) && matches(event, args),
});

@Resolver(() => OrderStatusChangeType)
export class OrderStreamResolver {
  @Allow(EVERYONE)
  @Subscription(() => OrderStatusChangeType, {
    subscribe: statusChanges.subscribe,
    description:
      'One message per order status change, in an order in which each order’s `sequence` rises strictly. With `after` the ' +
      'stream first replays what the caller missed behind that cursor, then goes on live, with no gap and no repeat. A cursor ' +
      'that cannot be honored ends the operation with the error code CURSOR_EXPIRED, a reader that is too slow with LAGGED; ' +
      'both name the last good cursor.',
  })
  orderStatusChanged(
    @Arg('orderId', () => ID, { nullable: true, description: 'Of this order alone.' }) _orderId: string | undefined,
    @Arg('filter', () => OrderStreamFilter, { nullable: true, description: 'Of which orders.' })
    _filter: OrderStreamFilter | undefined,
    @Arg('after', () => EventCursor, { nullable: true, description: AFTER }) _after: string | undefined,
    @Root() { event, kind }: StreamMessage,
  ): OrderStatusChangeType {
    return new OrderStatusChangeType(event, kind);
  }

  @Allow(EVERYONE)
  @Subscription(() => OrderEventType, {
    subscribe: allEvents.subscribe,
    description: 'Every order event, not only status changes, under the same guarantee.',
  })
  orderEvents(
    @Arg('orderId', () => ID, { nullable: true, description: 'Of this order alone.' }) _orderId: string | undefined,
    @Arg('types', () => [OrderEventTypeEnum], { nullable: true, description: 'Events of these kinds alone.' })
    _types: OrderEventTypeName[] | undefined,
    @Arg('filter', () => OrderStreamFilter, { nullable: true, description: 'Of which orders.' })
    _filter: OrderStreamFilter | undefined,
    @Arg('after', () => EventCursor, { nullable: true, description: AFTER }) _after: string | undefined,
    @Root() { event }: StreamMessage,
  ): OrderEventType {
    return new OrderEventType(event);
  }

  @FieldResolver(() => OrderType, {
    nullable: true,
    description: 'The order as it is now; null where the viewer may no longer read it.',
  })
  order(@Root() { event }: OrderStatusChangeType, @Ctx() context: GraphContext): Promise<OrderType | null> {
    return context.load(ordersById, event.subjectId);
  }
}
