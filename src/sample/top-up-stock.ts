import type { Hub } from '../app.js';
import { sql } from '../db/statement.js';
import { receiveStock } from '../modules/order-flow/index.js';
import { RECEIPT } from './make-catalog.js';
import { PRODUCTS } from './products.js';
import { act } from './work.js';

const LOW = '60';
const DELIVERY = '400';

const selectLow = sql<{ sku: string; location: string }>(
  'sample.low-stock',
  `select p.sku, l.code as location from stock_level s
     join product p on p.id = s.product_id join stock_location l on l.id = s.location_id
    where p.sku = any($1::text[]) and s.on_hand - s.reserved - s.safety_stock < $2::numeric`,
);

/** Takes a delivery of each product that the shops sell and that runs low somewhere. */
export async function topUpStock(hub: Hub): Promise<void> {
  const skus = PRODUCTS.filter(({ inShops }) => inShops).map(({ sku }) => sku);
  for (const { sku, location } of await hub.db.read(selectLow(skus, LOW))) {
    const input = { sku, location, delta: DELIVERY, kind: RECEIPT, reason: 'Delivery of the supplier' };
    await act(hub, 'top-up', (scope) => receiveStock(scope, input));
  }
}
