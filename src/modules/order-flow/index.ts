import type { Module } from '../../graph/module.js';
import { fillBackordersByTheClock } from './actions/fill-backorders.js';
import { AlreadyConvertedError, PriceChangedError } from './convert-quote.type.js';
import { CreditLimitError } from './credit.type.js';
import { DuplicateOrderError } from './duplicate.type.js';
import { orderFlowResolvers } from './order-flow-resolvers.js';
import { orderFlowRuleActions } from './order-flow.rule-actions.js';
import { verificationSettings } from './verification.settings.js';

/** The steps of an order that need several of its neighbours in one transaction. */
export const orderFlow = {
  name: 'order-flow',
  settings: [verificationSettings],
  resolvers: orderFlowResolvers,
  upkeep: [fillBackordersByTheClock],
  types: [AlreadyConvertedError, CreditLimitError, DuplicateOrderError, PriceChangedError],
  ruleActions: orderFlowRuleActions,
} satisfies Module;

export { cancelOrder } from './actions/cancel-order.js';
export { completeOrder } from './actions/complete-order.js';
export { confirmOrder } from './actions/confirm-order.js';
export { convertQuoteToOrder } from './actions/convert-quote-to-order.js';
export { createOrder } from './actions/create-order.js';
export { checkReception, previewOrder, type Reading } from './actions/preview-order.js';
export { updateDraftOrder } from './actions/update-draft-order.js';
export { placeOrder } from './actions/place-order.js';
export { fillBackorders } from './actions/fill-backorders.js';
export { selectProductsToFill } from './backorder.queries.js';
export { receiveStock } from './actions/receive-stock.js';
export { recordDeletion, type StatedDeletion } from './actions/record-deletion.js';
export { recordMerger, type StatedMerger } from './actions/record-merger.js';
export { recordStatedStock } from './actions/record-stated-stock.js';
export { recordNewOrders } from './actions/record-new-orders.js';
export { recordStatedOrder, type StatedEffect, type StatedOrigin } from './actions/record-stated-order.js';
export { convertWonQuote, recordStatedQuote } from './actions/record-stated-quote.js';
export { recordStatedShipment } from './actions/record-stated-shipment.js';
export * from './verification.settings.js';
