import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { FieldChange } from '../../events/append.js';
import { isCustomer } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { Json } from '../../graph/scalars.js';
import { FieldChangeType } from '../history/index.js';
import { inTheirPlaces } from './order-event.loaders.js';
import { timelineList, type OrderEventRow } from './order-event.queries.js';
import { OrderEventConnection, OrderEventType, OrderEventTypeEnum } from './order-event.type.js';
import type { OrderEventTypeName } from './order.events.js';
import { ordersById } from './order.loaders.js';
import { OrderType } from './order.type.js';

@Resolver(() => OrderEventType)
export class OrderEventResolver {
  @FieldResolver(() => OrderType, {
    nullable: true,
    description: 'The order as it is now; null where the viewer may no longer read it.',
  })
  order(@Root() { event }: OrderEventType, @Ctx() context: GraphContext): Promise<OrderType | null> {
    return context.load(ordersById, event.subjectId);
  }

  @FieldResolver(() => [FieldChangeType], {
    description: 'The fields it changed. Customers do not see what became of a warehouse’s work.',
  })
  changes(@Root() { event }: OrderEventType, @Ctx() { viewer }: GraphContext): readonly FieldChange[] {
    return isCustomer(viewer) ? event.changes.filter(({ field }) => !INSIDE_FIELD.test(field)) : event.changes;
  }

  @FieldResolver(() => Json, {
    nullable: true,
    description:
      'Facts of its own kind; its shape depends on `type`. Customers do not see where stock was promised, why an order ' +
      'was held, what warehouses were told, who deals with it, what a label costs, nor which letters were sent.',
  })
  data(@Root() { event }: OrderEventType, @Ctx() { viewer }: GraphContext): Record<string, unknown> | null {
    if (event.data === null || !isCustomer(viewer)) return event.data;
    if (INSIDE_EVENTS.has(event.type)) return null;
    const open = Object.entries(event.data).filter(([name]) => !INSIDE_FACTS.has(name));
    return open.length === 0 ? null : Object.fromEntries(open);
  }
}

/** Customers read no fulfillment order. */
const INSIDE_FIELD = /^fulfillmentOrders\./;
/** Facts about the company's stock and what it pays, which customers may not read elsewhere either. */
const INSIDE_FACTS = new Set(['levels', 'label']);
const INSIDE_EVENTS = new Set([
  'HOLD_PLACED',
  'HOLD_RELEASED',
  'FULFILLMENT_RELEASED',
  'FULFILLMENT_UPDATED',
  'NOTE_ADDED',
  'ASSIGNED',
  'NOTIFICATION_SENT',
]);

@Resolver(() => OrderType)
export class OrderTimelineResolver {
  @FieldResolver(() => OrderEventConnection, {
    description: 'Everything that ever happened to the order; oldest first unless `newestFirst`.',
  })
  async timeline(
    @Root() { row }: OrderType,
    @Arg('newestFirst', () => Boolean, { nullable: true, description: 'The newest event first.' })
    newestFirst: boolean | undefined,
    @Arg('types', () => [OrderEventTypeEnum], { nullable: true, description: 'Events of these kinds alone.' })
    types: OrderEventTypeName[] | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<OrderEventConnection> {
    const list = timelineList(row.id, types, newestFirst ?? false);
    const source = await connect(context, list, page, (event: OrderEventRow) => event);
    const events = await inTheirPlaces(
      source.edges.map((edge) => edge.node),
      context,
    );
    const edges = source.edges.map(({ cursor }, index) => ({ cursor, node: new OrderEventType(events[index]!) }));
    return new OrderEventConnection({ ...source, edges });
  }
}
