import { mutation, query } from './document.js';

export const FULFILLMENTS_LISTED = 25;
export const FULFILLMENT_LINES_LISTED = 50;

const PLAIN = `id name status displayStatus createdAt updatedAt deliveredAt inTransitAt location { id } order { id }
  trackingInfo(first: 10) { company number url }`;
const FULFILLMENT = `{ ${PLAIN}
  fulfillmentLineItems(first: ${FULFILLMENT_LINES_LISTED}) {
    nodes { id quantity lineItem { id sku } } pageInfo { hasNextPage endCursor } } }`;

/** Parcels by the orders that changed: the shop lists none by themselves. */
export const fulfillmentsPage = query(
  'Fulfillments',
  300,
  `($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { id updatedAt fulfillments(first: ${FULFILLMENTS_LISTED}) ${FULFILLMENT} }
    pageInfo { hasNextPage endCursor } } }`,
);

export const fulfillmentsOfOrder = query(
  'FulfillmentsOfOrder',
  300,
  `($id: ID!) { order(id: $id) { fulfillments(first: 250) ${FULFILLMENT} } }`,
);

export const oneFulfillment = query('Fulfillment', 20, `($id: ID!) { fulfillment(id: $id) ${FULFILLMENT} }`);

export const fulfillmentLines = query(
  'FulfillmentLines',
  50,
  `($id: ID!, $after: String!) { fulfillment(id: $id) { fulfillmentLineItems(first: 100, after: $after) {
    nodes { id quantity lineItem { id sku } } pageInfo { hasNextPage endCursor } } } }`,
);

/** What of an order can still be sent, and from where. */
export const whatIsLeft = query(
  'WhatIsLeft',
  200,
  `($id: ID!) { order(id: $id) { id cancelledAt
    fulfillments(first: 100) { id status updatedAt trackingInfo(first: 10) { number }
      fulfillmentLineItems(first: 100) { nodes { quantity lineItem { id sku } } } }
    fulfillmentOrders(first: 50) { nodes { id status assignedLocation { location { id } }
      lineItems(first: 100) { nodes { id remainingQuantity lineItem { id sku } } } } } } }`,
);

/** Takes no key: what is there is looked at before. */
export const fulfill = mutation(
  'Fulfill',
  { isRepeatable: false },
  `($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status updatedAt } userErrors { field message } } }`,
);

export const track = mutation(
  'Track',
  { isRepeatable: true },
  `($id: ID!, $tracking: FulfillmentTrackingInput!) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking) {
    fulfillment { id status updatedAt } userErrors { field message } } }`,
);

/** The shop takes it twice without an error. */
export const callOffFulfillment = mutation(
  'CallOffFulfillment',
  { isRepeatable: true },
  `($id: ID!) { fulfillmentCancel(id: $id) { fulfillment { id status updatedAt } userErrors { field message } } }`,
);

export const FULFILLMENTS_IN_BULK = `{ fulfillmentOrders(includeClosed: true) { edges { node { id
  fulfillments { edges { node { ${PLAIN}
    fulfillmentLineItems { edges { node { id quantity lineItem { id sku } } } } } } } } } } }`;
