/** A GraphQL document as it is sent. */
export interface Document {
  /** The name of its one operation; what calls are called by. */
  name: string;
  text: string;
  /** Whether it may be sent again where no answer came. */
  isRepeatable: boolean;
  /** Which of the client's limits it counts against. */
  limit?: string;
}

function query(name: string, text: string): Document {
  return { name, text: `query ${name}${text}`, isRepeatable: true };
}

function mutation(name: string, text: string, more: { isRepeatable: boolean; limit?: string }): Document {
  return { name, text: `mutation ${name}${text}`, ...more };
}

const REFUSED = '... on ErrorResult { errorCode message }';

export const login = mutation(
  'Login',
  `($username: String!, $password: String!) { login(username: $username, password: $password) {
    __typename ... on CurrentUser { id } ${REFUSED} } }`,
  { isRepeatable: true },
);

const ADDRESS = '{ fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber }';
const TAXES = 'taxLines { description taxRate }';
const ORDER = `{ id code type state createdAt updatedAt orderPlacedAt currencyCode totalWithTax
  customer { id firstName lastName emailAddress phoneNumber addresses { company defaultBillingAddress } }
  shippingAddress ${ADDRESS} billingAddress ${ADDRESS}
  lines { id quantity orderPlacedQuantity unitPrice unitPriceWithTax linePrice linePriceWithTax
    proratedLinePrice proratedLinePriceWithTax ${TAXES} productVariant { id sku name } }
  surcharges { id description sku price priceWithTax ${TAXES} }
  shippingLines { id price priceWithTax discountedPrice discountedPriceWithTax
    discounts { adjustmentSource amount amountWithTax } shippingMethod { code name } }
  taxSummary { description taxRate }
  payments { id createdAt updatedAt method amount state transactionId refunds { id updatedAt total state } }
  fulfillments { id state updatedAt } }`;
const CHANNEL = 'activeChannel { pricesIncludeTax }';

export const ordersPage = query(
  'Orders',
  `($options: OrderListOptions!) { ${CHANNEL} orders(options: $options) { totalItems items ${ORDER} } }`,
);
export const oneOrder = query('Order', `($id: ID!) { ${CHANNEL} order(id: $id) ${ORDER} }`);

const FULFILLMENT = `{ id createdAt updatedAt state method trackingCode
  lines { orderLineId quantity orderLine { productVariant { sku } } } }`;
export const shipmentsPage = query(
  'Shipments',
  `($options: OrderListOptions!) { orders(options: $options) { totalItems
    items { id createdAt updatedAt orderPlacedAt fulfillments ${FULFILLMENT} } } }`,
);

const CUSTOMER = `{ id createdAt updatedAt firstName lastName emailAddress phoneNumber
  addresses { id updatedAt fullName company streetLine1 streetLine2 city province postalCode country { code }
    phoneNumber defaultBillingAddress defaultShippingAddress } }`;
export const customersPage = query(
  'Customers',
  `($options: CustomerListOptions!) { customers(options: $options) { totalItems items ${CUSTOMER} } }`,
);
export const oneCustomer = query('Customer', `($id: ID!) { customer(id: $id) ${CUSTOMER} }`);

const VARIANT = `{ id createdAt updatedAt sku name enabled trackInventory
  product { id updatedAt name description enabled } }`;
export const variantsPage = query(
  'Variants',
  `($options: ProductVariantListOptions!) { productVariants(options: $options) { totalItems items ${VARIANT} } }`,
);
export const productsPage = query(
  'Products',
  `($options: ProductListOptions!) { products(options: $options) { totalItems
    items { id createdAt updatedAt variants ${VARIANT} } } }`,
);
export const oneVariant = query('Variant', `($id: ID!) { productVariant(id: $id) ${VARIANT} }`);

const LEVELS = 'stockLevels { stockLocationId stockOnHand stockAllocated updatedAt }';
export const stockPage = query(
  'Stock',
  `($options: ProductVariantListOptions!) { productVariants(options: $options) { totalItems
    items { id createdAt updatedAt sku trackInventory ${LEVELS} } } }`,
);
export const oneStocked = query(
  'StockOfVariant',
  `($id: ID!) { productVariant(id: $id) { id createdAt updatedAt sku trackInventory ${LEVELS} } }`,
);
/** Sets what lies there, and never adds to it: doing it again makes nothing new. */
export const setStock = mutation(
  'SetStock',
  `($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id sku trackInventory ${LEVELS} } }`,
  { isRepeatable: true },
);

export const whatIsSent = query(
  'WhatIsSent',
  `($id: ID!) { order(id: $id) { id state lines { id quantity productVariant { id sku } }
    fulfillments { id updatedAt state method trackingCode nextStates lines { orderLineId quantity } } } }`,
);
export const fulfill = mutation(
  'Fulfill',
  `($input: FulfillOrderInput!) { addFulfillmentToOrder(input: $input) {
    __typename ... on Fulfillment { id updatedAt state nextStates } ${REFUSED} } }`,
  { isRepeatable: false, limit: 'fulfillments' },
);
export const moveFulfillment = mutation(
  'MoveFulfillment',
  `($id: ID!, $state: String!) { transitionFulfillmentToState(id: $id, state: $state) {
    __typename ... on Fulfillment { id updatedAt state nextStates } ${REFUSED} } }`,
  { isRepeatable: false, limit: 'fulfillments' },
);

export const orderState = query('OrderState', '($id: ID!) { order(id: $id) { id state updatedAt } }');
export const cancelOrder = mutation(
  'CancelOrder',
  `($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename ... on Order { id state updatedAt } ${REFUSED} } }`,
  { isRepeatable: false },
);

/** The field is the shop's own, so its documents are made for it. */
export function referenceIn(field: string): { read: Document; write: Document } {
  return {
    read: query('OrderReference', `($id: ID!) { order(id: $id) { id state updatedAt customFields { ${field} } } }`),
    write: mutation(
      'SetOrderReference',
      '($input: UpdateOrderInput!) { setOrderCustomFields(input: $input) { id updatedAt } }',
      { isRepeatable: true },
    ),
  };
}

const REFERENCE = referenceIn('externalRef');
/** Every document that is ever sent to a shop; those of a custom field by the name it mostly has. */
export const DOCUMENTS: readonly Document[] = [
  login,
  ordersPage,
  oneOrder,
  shipmentsPage,
  customersPage,
  oneCustomer,
  variantsPage,
  productsPage,
  oneVariant,
  stockPage,
  oneStocked,
  setStock,
  whatIsSent,
  fulfill,
  moveFulfillment,
  orderState,
  cancelOrder,
  REFERENCE.read,
  REFERENCE.write,
];
