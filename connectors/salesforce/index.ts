import { defineConnector } from '#connect';
import { accounts } from './accounts.js';
import { http } from './client.js';
import { contacts } from './contacts.js';
import { customers } from './customers-out.js';
import { opportunities } from './opportunities.js';
import { orders } from './orders.js';
import { orderSummaries } from './orders-out.js';
import { pullOf } from './pulling.js';
import { quotes } from './quotes.js';
import { quoteOrders } from './quotes-out.js';
import { connection, start } from './sandbox/index.js';
import { credentials, settings } from './settings.js';

/** Accounts, contacts, orders and CPQ quotes of Salesforce; customers, orders and what became of quotes to it. */
export default defineConnector({
  code: 'salesforce',
  name: 'Salesforce',
  kinds: ['CRM', 'CPQ'],
  channelKind: 'CPQ',
  settings,
  credentials,
  streams: ['accounts', 'contacts', 'quotes', 'opportunities', 'orders', 'customers', 'orderSummaries', 'quoteOrders'],
  http,
  pull: {
    accounts: pullOf(accounts),
    contacts: pullOf(contacts),
    quotes: pullOf(quotes),
    opportunities: pullOf(opportunities),
    orders: pullOf(orders),
  },
  push: { customers, orderSummaries, quoteOrders },
  policies: {
    // A sales person clears a field to tidy up, not to take back what an invoice needs.
    customer: { name: 'LATEST', phone: 'NON_EMPTY', taxId: 'NON_EMPTY', billingAddress: 'NON_EMPTY' },
  },
  sandbox: { connection, start },
});
