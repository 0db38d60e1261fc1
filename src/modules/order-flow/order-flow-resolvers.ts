import { OrderBlockersResolver } from './blockers.resolver.js';
import { ConvertQuoteResolver } from './convert-quote.resolver.js';
import { CustomerCreditResolver } from './credit.resolver.js';
import { orderStepResolvers } from './order-bulk.resolver.js';
import { DuplicateOrderResolver, PreviewLineResolver, PreviewOrderResolver } from './preview-order.resolver.js';
import { ReceiveStockResolver } from './receive-stock.resolver.js';

/** What of the graph the flow of orders answers. */
export const orderFlowResolvers = [
  ...orderStepResolvers,
  ConvertQuoteResolver,
  CustomerCreditResolver,
  OrderBlockersResolver,
  ReceiveStockResolver,
  PreviewOrderResolver,
  PreviewLineResolver,
  DuplicateOrderResolver,
];
