import { readWire } from '#connect';
import { ask, behind, changedSince, inAffordablePages } from '../client.js';
import { customersCensus, CUSTOMERS_IN_BULK, customersPage, oneCustomer } from '../documents/customers.js';
import { statedCustomer } from '../mapping/customers.js';
import { canAsk, refuseUnlessCanAsk } from '../settings.js';
import { customerAsDelivered, graphCustomer } from '../wire/customers.js';
import { gidOf, record } from '../wire/parts.js';
import { bulkPage } from './bulk.js';
import { changing, connection, digitsOf, NOTHING, OVERLAP_MS, pulled, type Changing, type Pull } from './records.js';

const SIZES = [50, 10, 1];

export const customers: Pull = {
  of: 'customer',
  everyMs: 5 * 60_000,
  overlapMs: OVERLAP_MS,

  async page({ http, settings, credentials }, { since, cursor }) {
    if (!canAsk(credentials)) return NOTHING;
    const keep = (raw: Changing) =>
      pulled(raw, { externalId: digitsOf(raw.id), updatedAt: raw.updatedAt, read: customers.read, settings });
    if (since === null) {
      const tree = { Customer: { MailingAddress: 'addressesV2' } };
      const { rows, ...rest } = await bulkPage(http, { query: CUSTOMERS_IN_BULK, tree }, cursor);
      return { records: rows.map((row) => keep(readWire(changing, row))), ...rest };
    }
    const shape = record({ customers: connection(changing) });
    const { customers: found } = await inAffordablePages(SIZES, (first) =>
      ask(http, customersPage, { first, after: cursor, query: changedSince(since) }, shape),
    );
    return { records: found.nodes.map(keep), next: behind(found.pageInfo) };
  },

  async one({ http, settings, credentials }, externalId) {
    refuseUnlessCanAsk(credentials);
    const shape = record({ customer: changing.nullish() });
    const { customer: raw } = await ask(http, oneCustomer, { id: gidOf('Customer', externalId) }, shape);
    return raw ? pulled(raw, { externalId, updatedAt: raw.updatedAt, read: customers.read, settings }) : null;
  },

  async census({ http, credentials }, cursor) {
    refuseUnlessCanAsk(credentials);
    const shape = record({ customers: connection(changing) });
    const { customers: found } = await ask(http, customersCensus, { after: cursor }, shape);
    const records = found.nodes.map(({ id, updatedAt }) => ({ externalId: digitsOf(id), version: updatedAt }));
    return { records, next: behind(found.pageInfo) };
  },

  read: (raw, { settings }) => [
    { kind: 'customer', customer: statedCustomer(customerAsDelivered(readWire(graphCustomer, raw)), settings) },
  ],
};
