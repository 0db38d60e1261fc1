import type { Module } from '../../graph/module.js';
import { ageSource, freshnessFieldOf } from '../references/index.js';
import { CatalogBulkResolver } from './catalog-bulk.resolver.js';
import { bundleResolvers } from './bundle.resolver.js';
import { ProductEntity } from './product.entity.js';
import { PRODUCT } from './product.events.js';
import { productExport } from './product.export.js';
import { PriceListResolver } from './price-list.resolver.js';
import { catalogHistories, catalogNodes } from './catalog-nodes.js';
import { ProductOptionsResolver } from './product-option.resolver.js';
import { ProductResolver } from './product.resolver.js';
import { ProductType } from './product.type.js';

/** What is sold, at which price, and in which tax category. */
export const catalog: Module = {
  name: 'catalog',
  resolvers: [
    ProductResolver,
    ...[...bundleResolvers, ProductOptionsResolver],
    CatalogBulkResolver,
    freshnessFieldOf(ProductType, PRODUCT),
    PriceListResolver,
    ...catalogHistories,
  ],
  entities: [ProductEntity],
  ages: [ageSource('Product', PRODUCT)],
  exports: [productExport],
  nodes: catalogNodes,
};

export { bundlePrice, chosenParts, isWhole, type Component } from './bundle.rules.js';
export type { ProductValues } from './actions/change-product.js';
export * from './actions/record-stated-product.js';
export * from './actions/set-price.js';
export * from './actions/settle-product-field.js';
export * from './actions/upsert-product.js';
export { componentsOfProduct, productsById, productsOfLines } from './product.loaders.js';
export * from './product-option.rules.js';
export * from './product.queries.js';
export { PRODUCT_PREFIX, ProductType, type ProductRow } from './product.type.js';
