import { freshnessFieldOf } from '../references/index.js';
import { ChannelResolver } from './channel.resolver.js';
import { insightResolvers } from './customer-insights.resolver.js';
import { OrderEventResolver, OrderTimelineResolver } from './order-event.resolver.js';
import { OrderHoldResolver } from './order-hold.resolver.js';
import { OrderLinePartsResolver, OrderPartResolver } from './order-part.resolver.js';
import { OrderStreamResolver } from './order-stream.resolver.js';
import { ORDER } from './order.events.js';
import { CustomerOrdersResolver, OrderLineResolver, OrderResolver } from './order.resolver.js';
import { OrderType } from './order.type.js';
import { ProductAvailabilityResolver } from './product-availability.resolver.js';
import { StockMovementOrderResolver } from './stock-movement-order.resolver.js';

/** What of the graph orders answer. */
export const orderResolvers = [
  OrderResolver,
  OrderLineResolver,
  OrderHoldResolver,
  CustomerOrdersResolver,
  OrderEventResolver,
  OrderTimelineResolver,
  OrderStreamResolver,
  ChannelResolver,
  OrderPartResolver,
  OrderLinePartsResolver,
  ProductAvailabilityResolver,
  StockMovementOrderResolver,
  freshnessFieldOf(OrderType, ORDER),
  ...insightResolvers,
];
