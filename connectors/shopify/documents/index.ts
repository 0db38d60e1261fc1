// Every document that is ever sent to a shop: what is not here is held against no contract.
import * as bulk from './bulk.js';
import * as cancellations from './cancellations.js';
import * as catalog from './catalog.js';
import * as customers from './customers.js';
import type { Document } from './document.js';
import * as fulfillments from './fulfillments.js';
import * as orders from './orders.js';
import * as stock from './stock.js';

const parts: unknown[] = [bulk, cancellations, catalog, customers, fulfillments, orders, stock].flatMap((each) =>
  Object.values(each),
);

export const DOCUMENTS: readonly Document[] = parts.filter(
  (part): part is Document => typeof part === 'object' && part !== null && 'text' in part,
);

/** What bulk operations run: documents too. */
export const IN_BULK: readonly string[] = parts.filter((part) => typeof part === 'string');
