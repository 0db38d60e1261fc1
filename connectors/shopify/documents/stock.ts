import { mutation, query } from './document.js';

const LEVEL = `{ id updatedAt location { id } quantities(names: ["available", "on_hand"]) { name quantity } }`;

export const levelsPage = query(
  'Levels',
  150,
  `($location: ID!, $first: Int!, $after: String, $query: String) { location(id: $location) {
    inventoryLevels(first: $first, after: $after, query: $query) {
      nodes { id updatedAt location { id } item { id sku tracked }
        quantities(names: ["available", "on_hand"]) { name quantity } }
      pageInfo { hasNextPage endCursor } } } }`,
);

export const oneLevel = query(
  'Level',
  10,
  `($item: ID!, $location: ID!) { inventoryItem(id: $item) { id sku tracked inventoryLevel(locationId: $location) ${LEVEL} } }`,
);

/** Items by the variants that the hub knows. */
export const itemsOfVariants = query(
  'ItemsOfVariants',
  200,
  `($ids: [ID!]!) { nodes(ids: $ids) { ... on ProductVariant { id
    inventoryItem { id sku tracked inventoryLevels(first: 50) { nodes ${LEVEL} } } } } }`,
);

/** Items by their SKUs, where the hub knows no variant. */
export const itemsOfSkus = query(
  'ItemsOfSkus',
  200,
  `($query: String!) { inventoryItems(first: 50, query: $query) {
    nodes { id sku tracked inventoryLevels(first: 50) { nodes ${LEVEL} } } } }`,
);

/** Carries a key, so that the shop does it once however often it hears of it. */
export const setQuantities = mutation(
  'SetQuantities',
  { isRepeatable: true },
  `($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id changes(quantityNames: ["available"]) { delta location { id }
      item { id inventoryLevels(first: 50) { nodes { updatedAt location { id } } } } } }
    userErrors { field message code } } }`,
);

/** Begins to stock an item at a place. */
export const stockItem = mutation(
  'StockItem',
  { isRepeatable: true },
  `($item: ID!, $location: ID!, $available: Int!, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location, available: $available) @idempotent(key: $key) {
    inventoryLevel { id updatedAt } userErrors { field message } } }`,
);

export const ITEMS_IN_BULK = `{ inventoryItems { edges { node { id sku tracked
  inventoryLevels { edges { node ${LEVEL} } } } } } }`;
