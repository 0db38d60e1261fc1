import { defineConnector } from '#connect';
import { http } from './client.js';
import { orders } from './pulling.js';
import { connection, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';
import { webhooks } from './webhooks.js';

/** Template vendor: what is ordered there comes in. */
export default defineConnector({
  code: 'template-vendor',
  name: 'Template vendor',
  kinds: ['CHANNEL'],
  channelKind: 'WEB_SHOP',
  settings,
  credentials,
  streams: ['orders'],
  http,
  pull: { orders },
  webhooks,
  sandbox: {
    connection,
    start,
    cannot: { reorder: 'a delivery names one order alone, and all that it says is that it changed' },
  },
});
