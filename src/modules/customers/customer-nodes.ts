import { EVERYONE } from '../../graph/access.js';
import { nodeSource, secondKey } from '../../graph/node.js';
import { contactsById, customersById, customersByNumber } from './customer.loaders.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from './customer.type.js';

/** What of customers can be found by id alone. */
export const customerNodes = [
  nodeSource(CUSTOMER_PREFIX, customersById, EVERYONE, secondKey('Customer', 'number', customersByNumber)),
  nodeSource(CONTACT_PREFIX, contactsById, EVERYONE),
];
