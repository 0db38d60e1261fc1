/** What both sides are asked for, as the graph words it. */
const ORDER = `id number status placedAt email currency
  subtotal { amount currency } taxTotal { amount currency } total { amount currency }
  channel { code } customer { id name email }
  lines { id sku quantity unitPrice { amount currency } total { amount currency } }`;
const ADDRESS = '{ name line1 city postalCode country }';

export const PAGE = `query Page { orders(first: 50) { nodes { ${ORDER} } } }`;
export const ONE_ORDER = `query Order($id: ID!) { order(id: $id) { ${ORDER} billingAddress ${ADDRESS} shippingAddress ${ADDRESS} } }`;
export const PLACE = `mutation Place($input: CreateOrderInput!) {
  createOrder(input: $input) { order { id number status total { amount currency } } userErrors { code message } }
}`;
