import { defineConnector } from '#connect';
import { http } from './client.js';
import { customers } from './pull/customers.js';
import { orders } from './pull/orders.js';
import { products } from './pull/products.js';
import { shipments } from './pull/shipments.js';
import { stock } from './pull/stock.js';
import { cancellations } from './push/cancellations.js';
import { shipments as shipmentsOut } from './push/shipments.js';
import { stock as stockOut } from './push/stock.js';
import { connection, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';
import { webhooks } from './webhooks.js';

/** A Shopify shop: what it sells and to whom comes in, what is free to sell and what was sent goes out. */
export default defineConnector({
  code: 'shopify',
  name: 'Shopify',
  kinds: ['CHANNEL'],
  channelKind: 'WEB_SHOP',
  settings,
  credentials,
  streams: ['orders', 'customers', 'products', 'stock', 'shipments'],
  http,
  pull: { orders, customers, products, stock, shipments },
  push: { stock: stockOut, shipments: shipmentsOut, orders: cancellations },
  webhooks,
  // What a buyer typed into a form must not blank out what the company knows.
  policies: { customer: { name: 'NON_EMPTY', email: 'NON_EMPTY', phone: 'NON_EMPTY', tags: 'NON_EMPTY' } },
  // https://shopify.dev/docs/apps/build/webhooks: the client secret signs them; to ask the shop takes more.
  onlyListens: ({ credentials: { clientId, accessToken } }) => clientId === undefined && accessToken === undefined,
  sandbox: { isShowcase: true, connection, start },
});
