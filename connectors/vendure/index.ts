import { defineConnector } from '#connect';
import { http } from './client.js';
import { customers } from './pull/customers.js';
import { orders } from './pull/orders.js';
import { productStream } from './pull/products.js';
import { shipments } from './pull/shipments.js';
import { stock } from './pull/stock.js';
import { orders as ordersOut } from './push/orders.js';
import { shipments as shipmentsOut } from './push/shipments.js';
import { stock as stockOut } from './push/stock.js';
import { connection, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';
import { webhooks } from './webhooks.js';

/** A Vendure shop: what it sells and to whom comes in, what is free to sell and what was sent goes out. */
export default defineConnector({
  code: 'vendure',
  name: 'Vendure',
  kinds: ['CHANNEL'],
  channelKind: 'WEB_SHOP',
  settings,
  credentials,
  streams: ['orders', 'customers', 'products', 'stock', 'shipments'],
  http,
  pull: { orders, customers, products: productStream, stock, shipments },
  push: { stock: stockOut, shipments: shipmentsOut, orders: ordersOut },
  webhooks,
  // What a buyer typed into a form must not blank out what the company knows.
  policies: { customer: { name: 'NON_EMPTY', email: 'NON_EMPTY', phone: 'NON_EMPTY' } },
  sandbox: { connection, start },
});
