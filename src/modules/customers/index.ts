import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { historyOf } from '../history/index.js';
import { ageSource, freshnessFieldOf } from '../references/index.js';
import { ContactEntity, CustomerEntity } from './customer.entity.js';
import { customerExport } from './customer.export.js';
import { customerNodes } from './customer-nodes.js';
import { CUSTOMER } from './customer.events.js';
import { CustomerBulkResolver } from './customer-bulk.resolver.js';
import { CustomerResolver } from './customer.resolver.js';
import { CUSTOMER_PREFIX, CustomerType } from './customer.type.js';

/** Who orders: companies and persons, the people there and their addresses. */
export const customers: Module = {
  name: 'customers',
  resolvers: [
    CustomerResolver,
    CustomerBulkResolver,
    freshnessFieldOf(CustomerType, CUSTOMER),
    historyOf(CustomerType, { kind: CUSTOMER, type: 'Customer', prefix: CUSTOMER_PREFIX, roles: INSIDE }),
  ],
  ages: [ageSource('Customer', CUSTOMER)],
  exports: [customerExport],
  entities: [CustomerEntity, ContactEntity],
  nodes: customerNodes,
};

export * from './actions/find-or-make-customer.js';
export * from './actions/merge-contacts.js';
export * from './actions/merge-customers.js';
export * from './actions/record-gone-customer.js';
export * from './actions/record-stated-contact.js';
export * from './actions/record-stated-customer.js';
export * from './actions/settle-customer-field.js';
export * from './actions/upsert-customer.js';
export type { CustomerValues } from './customer-input.rules.js';
export { CUSTOMER } from './customer.events.js';
export { contactsById, customersById } from './customer.loaders.js';
export * from './customer.type.js';
