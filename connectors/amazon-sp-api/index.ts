import { defineConnector } from '#connect';
import { http } from './client.js';
import { orders, shipments } from './pulling.js';
import { connection, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';
import { shipments as shipmentsOut } from './shipments-out.js';
import { stock } from './stock-out.js';
import { webhooks } from './webhooks.js';

/** A seller's account at Amazon: what is ordered comes in, what can be sold and what was sent goes out. */
export default defineConnector({
  code: 'amazon-sp-api',
  name: 'Amazon',
  kinds: ['CHANNEL'],
  channelKind: 'MARKETPLACE',
  settings,
  credentials,
  streams: ['orders', 'shipments', 'stock'],
  http,
  pull: { orders, shipments },
  push: { stock, shipments: shipmentsOut },
  webhooks,
  // What a buyer typed at a marketplace must not blank out what the company knows.
  policies: { customer: { name: 'NON_EMPTY', email: 'NON_EMPTY', phone: 'NON_EMPTY', taxId: 'NON_EMPTY' } },
  sandbox: { connection, start },
});
