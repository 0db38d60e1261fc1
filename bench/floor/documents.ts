/** What both sides are asked for, as the graph words it. */
const ORDER = `id number status placedAt email currency
  subtotal { amount currency } taxTotal { amount currency } total { amount currency }
  channel { code } customer { id name email }
  lines { id sku quantity unitPrice { amount currency } total { amount currency } }`;
const ADDRESS = '{ name line1 city postalCode country }';

export const PAGE = `query Page { orders(first: 50) { nodes { ${ORDER} } } }`;
export const FILTERED = `query Filtered($filter: OrderFilter) { orders(first: 50, filter: $filter) { nodes { ${ORDER} } } }`;
export const DEEP = `query Deep($after: String) { orders(first: 50, after: $after) { nodes { ${ORDER} } } }`;
export const CUSTOMERS = `query Customers { customers(first: 50, orderBy: { field: NUMBER, direction: ASC }) {
  nodes { id number name email orders(first: 5) { nodes { id number status placedAt currency total { amount currency } } } } } }`;
export const ONE_ORDER = `query Order($id: ID!) { order(id: $id) { ${ORDER} billingAddress ${ADDRESS} shippingAddress ${ADDRESS} } }`;
export const PLACE = `mutation Place($input: CreateOrderInput!) {
  createOrder(input: $input) { order { id number status total { amount currency } } userErrors { code message } }
}`;
