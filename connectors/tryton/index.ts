import { defineConnector } from '#connect';
import { http } from './client.js';
import { customers } from './pull/customers.js';
import { orders } from './pull/orders.js';
import { productStream } from './pull/products.js';
import { shipments } from './pull/shipments.js';
import { stock } from './pull/stock.js';
import { customers as customersOut } from './push/customers.js';
import { orders as ordersOut } from './push/orders.js';
import { shipments as shipmentsOut } from './push/shipments.js';
import { connection, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';

/** A Tryton server: what lies where, what people sell and send there comes in; orders and what the hub sends go out. */
export default defineConnector({
  code: 'tryton',
  name: 'Tryton',
  kinds: ['ERP'],
  // What a salesman takes down.
  channelKind: 'PHONE',
  settings,
  credentials,
  streams: ['customers', 'products', 'stock', 'orders', 'shipments'],
  http,
  pull: { customers, products: productStream, stock, orders, shipments },
  push: { customers: customersOut, orders: ordersOut, shipments: shipmentsOut },
  sandbox: { connection, start },
  policies: { customer: { email: 'NON_EMPTY', phone: 'NON_EMPTY', shippingAddresses: 'NON_EMPTY' } },
});
