import { EVERYONE, INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource, secondKey } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { ContactEntity, CustomerEntity } from './customer.entity.js';
import { customerExport } from './customer.export.js';
import { contactsById, customersById, customersByNumber } from './customer.loaders.js';
import { CUSTOMER } from './customer.events.js';
import { CustomerBulkResolver } from './customer-bulk.resolver.js';
import { CustomerResolver } from './customer.resolver.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX, CustomerType } from './customer.type.js';

/** Who orders: companies and persons, the people there and their addresses. */
export const customers: Module = {
  name: 'customers',
  resolvers: [
    CustomerResolver,
    CustomerBulkResolver,
    historyOf(CustomerType, { kind: CUSTOMER, type: 'Customer', prefix: CUSTOMER_PREFIX, roles: INSIDE }),
  ],
  exports: [customerExport],
  entities: [CustomerEntity, ContactEntity],
  nodes: [
    nodeSource(CUSTOMER_PREFIX, customersById, EVERYONE, secondKey('Customer', 'number', customersByNumber)),
    nodeSource(CONTACT_PREFIX, contactsById, EVERYONE),
  ],
};

export { mergeContacts } from './actions/merge-contacts.js';
export { mergeCustomers } from './actions/merge-customers.js';
export { recordGoneCustomer } from './actions/record-gone-customer.js';
export { recordGoneContact, recordStatedContact } from './actions/record-stated-contact.js';
export { recordStatedCustomer } from './actions/record-stated-customer.js';
export { upsertCustomer } from './actions/upsert-customer.js';
export type { CustomerValues } from './customer-input.rules.js';
export { contactsById, customersById } from './customer.loaders.js';
export {
  CONTACT_PREFIX,
  ContactType,
  CUSTOMER_PREFIX,
  CustomerKind,
  CustomerType,
  type CustomerRow,
} from './customer.type.js';
