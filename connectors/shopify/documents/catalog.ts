import { query } from './document.js';

const PRODUCT = 'id title descriptionHtml status updatedAt';
const VARIANT = `{ id sku title updatedAt
  inventoryItem { id tracked requiresShipping measurement { weight { unit value } } } }`;

export const VARIANTS_LISTED = 100;

export const productsPage = query(
  'Products',
  300,
  `($first: Int!, $after: String, $query: String) {
  products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { ${PRODUCT} variants(first: ${VARIANTS_LISTED}) { nodes ${VARIANT} pageInfo { hasNextPage endCursor } } }
    pageInfo { hasNextPage endCursor } } }`,
);

export const productVariants = query(
  'ProductVariants',
  50,
  `($id: ID!, $after: String!) { product(id: $id) {
    variants(first: 250, after: $after) { nodes ${VARIANT} pageInfo { hasNextPage endCursor } } } }`,
);

export const oneVariant = query(
  'Variant',
  10,
  `($id: ID!) { productVariant(id: $id) { id sku title updatedAt product { ${PRODUCT} }
    inventoryItem { id tracked requiresShipping measurement { weight { unit value } } } } }`,
);

export const variantsCensus = query(
  'VariantsCensus',
  50,
  `($after: String) { productVariants(first: 250, after: $after, sortKey: ID) {
    nodes { id updatedAt product { updatedAt } } pageInfo { hasNextPage endCursor } } }`,
);

export const PRODUCTS_IN_BULK = `{ products { edges { node { ${PRODUCT} variants { edges { node ${VARIANT} } } } } } }`;
