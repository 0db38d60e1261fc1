import { EVERYONE, INSIDE } from '../../graph/access.js';
import { nodeSource, secondKey } from '../../graph/node.js';
import { PRICE_LIST_PREFIX } from './price-list.type.js';
import { priceListsById, productsById, productsBySku } from './product.loaders.js';
import { PRODUCT_PREFIX } from './product.type.js';

/** What of the catalog can be found by id alone, or by what names it elsewhere. */
export const catalogNodes = [
  nodeSource(PRODUCT_PREFIX, productsById, EVERYONE, secondKey('Product', 'sku', productsBySku)),
  nodeSource(PRICE_LIST_PREFIX, priceListsById, INSIDE),
];
