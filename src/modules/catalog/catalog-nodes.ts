import { EVERYONE, INSIDE } from '../../graph/access.js';
import { nodeSource, secondKey } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { PRICE_LIST_PREFIX, PriceListType } from './price-list.type.js';
import { PRICE_LIST, PRODUCT } from './product.events.js';
import { priceListsById, productsById, productsBySku } from './product.loaders.js';
import { PRODUCT_PREFIX, ProductType } from './product.type.js';

/** What of the catalog can be found by id alone, or by what names it elsewhere. */
export const catalogNodes = [
  nodeSource(PRODUCT_PREFIX, productsById, EVERYONE, secondKey('Product', 'sku', productsBySku)),
  nodeSource(PRICE_LIST_PREFIX, priceListsById, INSIDE),
];

/** What of the catalog tells its history. */
export const catalogHistories = [
  historyOf(PriceListType, { kind: PRICE_LIST, type: 'PriceList', prefix: PRICE_LIST_PREFIX, roles: INSIDE }),
  historyOf(ProductType, { kind: PRODUCT, type: 'Product', prefix: PRODUCT_PREFIX, roles: INSIDE }),
];
