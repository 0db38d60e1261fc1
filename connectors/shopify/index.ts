import { defineConnector } from '#connect';
import { SHOP_DOMAIN, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';
import { webhooks } from './webhooks.js';

/** Orders of a Shopify shop, as its webhooks deliver them. */
export default defineConnector({
  code: 'shopify',
  name: 'Shopify',
  kinds: ['CHANNEL'],
  channelKind: 'WEB_SHOP',
  settings,
  credentials,
  streams: ['orders'],
  webhooks,
  sandbox: {
    connection: (secret) => ({ settings: { shopDomain: SHOP_DOMAIN }, credentials: { clientSecret: secret } }),
    start,
  },
});
