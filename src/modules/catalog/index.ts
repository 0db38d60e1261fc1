import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { historyOf } from '../history/index.js';
import { CatalogBulkResolver } from './catalog-bulk.resolver.js';
import { bundleResolvers } from './bundle.resolver.js';
import { ProductEntity } from './product.entity.js';
import { PRICE_LIST, PRODUCT } from './product.events.js';
import { productExport } from './product.export.js';
import { PriceListResolver } from './price-list.resolver.js';
import { PRICE_LIST_PREFIX, PriceListType } from './price-list.type.js';
import { catalogNodes } from './catalog-nodes.js';
import { ProductResolver } from './product.resolver.js';
import { PRODUCT_PREFIX, ProductType } from './product.type.js';

/** What is sold, at which price, and how it is taxed. */
export const catalog: Module = {
  name: 'catalog',
  resolvers: [
    ProductResolver,
    ...bundleResolvers,
    CatalogBulkResolver,
    PriceListResolver,
    historyOf(PriceListType, { kind: PRICE_LIST, type: 'PriceList', prefix: PRICE_LIST_PREFIX, roles: INSIDE }),
    historyOf(ProductType, { kind: PRODUCT, type: 'Product', prefix: PRODUCT_PREFIX, roles: INSIDE }),
  ],
  entities: [ProductEntity],
  exports: [productExport],
  nodes: catalogNodes,
};

export { bundlePrice, chosenParts, isWhole, type Component } from './bundle.rules.js';
export { setPrice } from './actions/set-price.js';
export { recordGoneProduct, recordStatedProduct, SKU } from './actions/record-stated-product.js';
export type { ProductValues } from './actions/change-product.js';
export { upsertProduct } from './actions/upsert-product.js';
export { componentsOfProduct, productsById, productsOfLines } from './product.loaders.js';
export * from './product.queries.js';
export { PRODUCT_PREFIX, ProductType, type ProductRow } from './product.type.js';
