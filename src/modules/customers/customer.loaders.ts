import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { externalReferencesOf, provenanceOf, recordByExternalId } from '../references/index.js';
import {
  CUSTOMER_COLUMNS,
  selectContacts,
  selectContactsById,
  selectCustomerByNumber,
  selectCustomers,
} from './customer.queries.js';
import { ContactType, CustomerType } from './customer.type.js';

export const customersById = defineLoader<string, CustomerType | null>('customersById', async (ids, scope) => {
  const { db, viewer } = scope;
  const rows = await db.read(selectCustomers(CUSTOMER_COLUMNS.for(scope.selected('Customer')), ids));
  const seen = rows.filter((row) => maySee(viewer, row.id));
  return inOrderOf(
    ids,
    seen.map((row) => new CustomerType(row)),
    ({ row }) => row.id,
  );
});

export const customersByNumber = defineLoader<string, CustomerType | null>(
  'customersByNumber',
  async (numbers, { db, viewer }) => {
    const rows = await db.read(selectCustomerByNumber(numbers));
    const seen = rows.filter((row) => maySee(viewer, row.id));
    return inOrderOf(
      numbers,
      seen.map((row) => new CustomerType(row)),
      ({ row }) => row.number,
    );
  },
);

export const contactsOfCustomer = defineLoader<string, ContactType[]>(
  'contactsOfCustomer',
  async (ids, { db, viewer }) => {
    const rows = await db.read(selectContacts(ids));
    const seen = rows.filter((row) => maySee(viewer, row.customer_id));
    return listsOf(
      ids,
      seen.map((row) => new ContactType(row)),
      ({ row }) => row.customer_id,
    );
  },
);

export const contactsById = defineLoader<string, ContactType | null>('contactsById', async (ids, { db, viewer }) => {
  const rows = await db.read(selectContactsById(ids));
  const seen = rows.filter((row) => maySee(viewer, row.customer_id));
  return inOrderOf(
    ids,
    seen.map((row) => new ContactType(row)),
    ({ row }) => row.id,
  );
});

export const customerReferences = externalReferencesOf('customer');
export const customerProvenance = provenanceOf('customer');
export const customerByExternalId = recordByExternalId('customer');
