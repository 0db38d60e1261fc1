import { query } from './document.js';

const AMOUNT = '{ shopMoney { amount currencyCode } }';
const TAXES = `{ title rate priceSet ${AMOUNT} }`;
const ADDRESS =
  '{ name firstName lastName company address1 address2 city province provinceCode zip countryCodeV2 phone }';
const DISCOUNTS = `{ allocatedAmountSet ${AMOUNT} }`;

const LINE = `{ id sku name title quantity currentQuantity taxable requiresShipping variant { id }
  originalUnitPriceSet ${AMOUNT} totalDiscountSet ${AMOUNT} discountAllocations ${DISCOUNTS}
  taxLines ${TAXES} duties { taxLines ${TAXES} } }`;
const SHIPPING = `{ id title code isRemoved originalPriceSet ${AMOUNT} discountedPriceSet ${AMOUNT}
  discountAllocations ${DISCOUNTS} taxLines ${TAXES} }`;
const TRANSACTION = `{ id kind status gateway formattedGateway createdAt amountSet ${AMOUNT} parentTransaction { id }
  paymentDetails { __typename
    ... on CardPaymentDetails { company number paymentMethodName }
    ... on LocalPaymentMethodsPaymentDetails { paymentMethodName }
    ... on PaypalWalletPaymentDetails { paymentMethodName }
    ... on ShopPayInstallmentsPaymentDetails { paymentMethodName } } }`;
const refunds = (first: number, lines: number) => `refunds(first: ${first}) { id
  refundLineItems(first: ${lines}) { nodes { quantity restockType lineItem { id } } pageInfo { hasNextPage } } }`;

const PLAIN = `id name createdAt processedAt updatedAt cancelledAt cancelReason currencyCode taxesIncluded email note
  poNumber dutiesIncluded discountCodes
  customer { id firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber }
    defaultAddress { company phone } }
  billingAddress ${ADDRESS} shippingAddress ${ADDRESS} taxLines ${TAXES}
  totalDiscountsSet ${AMOUNT} totalTaxSet ${AMOUNT} totalPriceSet ${AMOUNT} totalTipReceivedSet ${AMOUNT}
  originalTotalDutiesSet ${AMOUNT} originalTotalAdditionalFeesSet ${AMOUNT}
  currentTotalDiscountsSet ${AMOUNT} currentTotalTaxSet ${AMOUNT} currentTotalPriceSet ${AMOUNT}
  currentTotalDutiesSet ${AMOUNT} currentTotalAdditionalFeesSet ${AMOUNT}`;

/** How much of an order's lists one page brings; what is behind is asked for by itself. */
export const LISTED = { lines: 50, refunds: 10, refundLines: 25, transactions: 25 };
/** How much it brings where an order is asked for what a page of several did not hold. */
export const LISTED_ALONE = { refunds: 100, refundLines: 100, transactions: 250 };

const WHOLE = `{ ${PLAIN}
  lineItems(first: ${LISTED.lines}) { nodes ${LINE} pageInfo { hasNextPage endCursor } }
  shippingLines(first: 25, includeRemovals: true) { nodes ${SHIPPING} pageInfo { hasNextPage } }
  transactions(first: ${LISTED.transactions}) ${TRANSACTION}
  ${refunds(LISTED.refunds, LISTED.refundLines)} }`;

export const ordersPage = query(
  'Orders',
  500,
  `($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes ${WHOLE} pageInfo { hasNextPage endCursor } } }`,
);

export const ordersByIds = query('OrdersByIds', 500, `($ids: [ID!]!) { nodes(ids: $ids) { ... on Order ${WHOLE} } }`);

export const oneOrder = query('Order', 100, `($id: ID!) { order(id: $id) ${WHOLE} }`);

/** What is behind the first lines of an order. */
export const orderLines = query(
  'OrderLines',
  100,
  `($id: ID!, $after: String!) { order(id: $id) {
    lineItems(first: 100, after: $after) { nodes ${LINE} pageInfo { hasNextPage endCursor } } } }`,
);

/** An order's long lists of money. */
export const orderMoney = query(
  'OrderMoney',
  400,
  `($id: ID!) { order(id: $id) { transactions(first: ${LISTED_ALONE.transactions}) ${TRANSACTION}
    ${refunds(LISTED_ALONE.refunds, LISTED_ALONE.refundLines)} } }`,
);

export const ordersCensus = query(
  'OrdersCensus',
  50,
  `($after: String) { orders(first: 250, after: $after, sortKey: ID) {
    nodes { id updatedAt } pageInfo { hasNextPage endCursor } } }`,
);

/** A bulk operation takes no connection below a list, so that orders with refunds are read again by their ids. */
export const ORDERS_IN_BULK = `{ orders(sortKey: UPDATED_AT) { edges { node { ${PLAIN}
  lineItems { edges { node ${LINE} } }
  shippingLines(includeRemovals: true) { edges { node ${SHIPPING} } }
  transactions(first: 250) ${TRANSACTION}
  refunds(first: 1) { id } } } } }`;
