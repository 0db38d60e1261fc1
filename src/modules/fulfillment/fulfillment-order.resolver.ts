import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { orderLinesById, OrderLineType, ordersById, OrderType } from '../orders/index.js';
import { placesById, StockLocationType } from '../stock/index.js';
import {
  fulfillmentOrdersOfOrder,
  linesOfFulfillmentOrder,
  shipmentIdsOfFulfillmentOrder,
} from './fulfillment-order.loaders.js';
import { fulfillmentOrderList } from './fulfillment-order.queries.js';
import { FulfillmentOrderFilter } from './fulfillment-order-input.type.js';
import {
  FulfillmentOrderConnection,
  FulfillmentOrderLineType,
  FulfillmentOrderType,
  type FulfillmentOrderRow,
} from './fulfillment-order.type.js';
import { shipmentsById } from './shipment.loaders.js';
import { ShipmentType } from './shipment.type.js';

@Resolver(() => FulfillmentOrderType)
class FulfillmentOrderResolver {
  @Allow(INSIDE)
  @Query(() => FulfillmentOrderConnection, {
    description: 'What warehouses have to send, and what they have behind them; the oldest first.',
  })
  async fulfillmentOrders(
    @Arg('filter', () => FulfillmentOrderFilter, { nullable: true, description: 'Which fulfillment orders.' })
    filter: FulfillmentOrderFilter | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<FulfillmentOrderConnection> {
    return new FulfillmentOrderConnection(
      await connect(
        context,
        fulfillmentOrderList(filter),
        page,
        (row: FulfillmentOrderRow) => new FulfillmentOrderType(row),
      ),
    );
  }

  @FieldResolver(() => OrderType, { description: 'The order it is a share of.' })
  order(@Root() { row }: FulfillmentOrderType, @Ctx() context: GraphContext): Promise<OrderType | null> {
    return context.load(ordersById, row.order_id);
  }

  @FieldResolver(() => StockLocationType, { description: 'Where it leaves from.' })
  location(@Root() { row }: FulfillmentOrderType, @Ctx() context: GraphContext): Promise<StockLocationType | null> {
    return context.load(placesById, row.location_id);
  }

  @FieldResolver(() => [FulfillmentOrderLineType], { description: 'What is to leave.' })
  lines(@Root() { row }: FulfillmentOrderType, @Ctx() context: GraphContext): Promise<FulfillmentOrderLineType[]> {
    return context.load(linesOfFulfillmentOrder, row.id);
  }

  @FieldResolver(() => [ShipmentType], { description: 'The shipments that hold some of it, the oldest first.' })
  async shipments(@Root() { row }: FulfillmentOrderType, @Ctx() context: GraphContext): Promise<ShipmentType[]> {
    const ids = await context.load(shipmentIdsOfFulfillmentOrder, row.id);
    const shipments = await Promise.all(ids.map((id) => context.load(shipmentsById, id)));
    return shipments.filter((shipment) => shipment !== null);
  }
}

@Resolver(() => FulfillmentOrderLineType)
class FulfillmentOrderLineResolver {
  @FieldResolver(() => OrderLineType, { description: 'The order’s line that it is for.' })
  orderLine(@Root() { row }: FulfillmentOrderLineType, @Ctx() context: GraphContext): Promise<OrderLineType | null> {
    return context.load(orderLinesById, row.order_line_id);
  }
}

@Resolver(() => OrderType)
class OrderFulfillmentOrdersResolver {
  @Allow(INSIDE)
  @FieldResolver(() => [FulfillmentOrderType], {
    description: 'What each location has of it to send, the oldest first.',
  })
  fulfillmentOrders(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<FulfillmentOrderType[]> {
    return context.load(fulfillmentOrdersOfOrder, row.id);
  }
}

export const fulfillmentOrderResolvers = [
  FulfillmentOrderResolver,
  FulfillmentOrderLineResolver,
  OrderFulfillmentOrdersResolver,
];
