import { fieldsOf, type ExportDefinition } from '../../graph/export/export.js';
import { CUSTOMER_COLUMNS, selectContacts } from './customer.queries.js';
import { ContactType, CustomerType, type ContactRow, type CustomerRow } from './customer.type.js';

export const customerExport: ExportDefinition = {
  kind: 'customers',
  about: 'customers, in NDJSON with their contacts',
  select: CUSTOMER_COLUMNS.all,
  from: 'customer',
  updatedAt: 'customer.updated_at',
  id: 'customer.id',
  sortedBy: 'updatedAt',
  toNode: (row: CustomerRow) => new CustomerType(row),
  fields: fieldsOf<CustomerType>({
    id: 'plain',
    number: 'text',
    kind: 'plain',
    name: 'text',
    email: 'text',
    phone: 'text',
    taxId: 'text',
    isActive: 'plain',
    tags: 'json',
    billingAddress: 'json',
    shippingAddresses: 'json',
    createdAt: 'instant',
    updatedAt: 'instant',
    version: 'plain',
  }),
  children: {
    name: 'contacts',
    fields: fieldsOf<ContactType>({
      id: 'plain',
      name: 'text',
      email: 'text',
      phone: 'text',
      role: 'text',
      isPrimary: 'plain',
    }),
    select: (ids) => selectContacts(ids),
    parentId: (row: ContactRow) => row.customer_id,
    toNode: (row: ContactRow) => new ContactType(row),
  },
};
