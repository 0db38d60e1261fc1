import { mutation, query } from './document.js';

export const isOrderCanceled = query(
  'IsOrderCanceled',
  2,
  `($id: ID!) { order(id: $id) { id cancelledAt updatedAt } }`,
);

/** Money and messages to the buyer are not the hub's to order here: it says only that the order is off. */
export const cancelOrder = mutation(
  'CancelOrder',
  { isRepeatable: false },
  `($id: ID!, $note: String!) {
  orderCancel(orderId: $id, reason: OTHER, restock: true, refundMethod: { originalPaymentMethodsRefund: false },
    notifyCustomer: false, staffNote: $note) {
    job { id done } orderCancelUserErrors { field message code } } }`,
);
