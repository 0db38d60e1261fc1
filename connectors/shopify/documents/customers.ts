import { query } from './document.js';

const ADDRESS =
  '{ name firstName lastName company address1 address2 city province provinceCode zip countryCodeV2 phone }';
export const ADDRESSES_LISTED = 20;
const PLAIN = `id firstName lastName updatedAt tags
  defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } defaultAddress ${ADDRESS}`;
const CUSTOMER = `{ ${PLAIN} addressesV2(first: ${ADDRESSES_LISTED}) { nodes ${ADDRESS} } }`;

export const customersPage = query(
  'Customers',
  300,
  `($first: Int!, $after: String, $query: String) {
  customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes ${CUSTOMER} pageInfo { hasNextPage endCursor } } }`,
);

export const oneCustomer = query('Customer', 20, `($id: ID!) { customer(id: $id) ${CUSTOMER} }`);

export const customersCensus = query(
  'CustomersCensus',
  50,
  `($after: String) { customers(first: 250, after: $after, sortKey: ID) {
    nodes { id updatedAt } pageInfo { hasNextPage endCursor } } }`,
);

export const CUSTOMERS_IN_BULK = `{ customers(sortKey: UPDATED_AT) { edges { node { ${PLAIN}
  addressesV2 { edges { node { id ${ADDRESS.slice(1)} } } } } } }`;
