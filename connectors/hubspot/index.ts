import { defineConnector } from '#connect';
import { http } from './client.js';
import { companies } from './companies.js';
import { contacts } from './contacts.js';
import { customers } from './customers-out.js';
import { deals, lineItems } from './deals.js';
import { orders } from './orders-out.js';
import { pullOf } from './pulling.js';
import { quoteOrders } from './quotes-out.js';
import { quotes } from './quotes.js';
import { connection, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';
import { webhooks } from './webhooks.js';

/** Companies, contacts, deals and quotes of HubSpot; customers, orders and what became of quotes to it. */
export default defineConnector({
  code: 'hubspot',
  name: 'HubSpot',
  kinds: ['CRM', 'CPQ'],
  channelKind: 'CPQ',
  settings,
  credentials,
  streams: ['companies', 'contacts', 'quotes', 'deals', 'lineItems', 'customers', 'orders', 'quoteOrders'],
  http,
  pull: {
    companies: pullOf(companies),
    contacts: pullOf(contacts),
    quotes: pullOf(quotes),
    deals: pullOf(deals),
    lineItems: pullOf(lineItems),
  },
  push: { customers, orders, quoteOrders },
  webhooks,
  policies: {
    // A sales person clears a field to tidy up, not to take back what an invoice needs.
    customer: {
      name: 'LATEST',
      phone: 'NON_EMPTY',
      email: 'NON_EMPTY',
      taxId: 'NON_EMPTY',
      billingAddress: 'NON_EMPTY',
    },
  },
  sandbox: { connection, start },
});
