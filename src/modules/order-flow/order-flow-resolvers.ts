import { OrderBlockersResolver } from './blockers.resolver.js';
import { ConvertQuoteResolver } from './convert-quote.resolver.js';
import { CustomerCreditResolver } from './credit.resolver.js';
import { OrderFlowResolver } from './order-flow.resolver.js';
import { ReceiveStockResolver } from './receive-stock.resolver.js';

/** What of the graph the flow of orders answers. */
export const orderFlowResolvers = [
  OrderFlowResolver,
  ConvertQuoteResolver,
  CustomerCreditResolver,
  OrderBlockersResolver,
  ReceiveStockResolver,
];
