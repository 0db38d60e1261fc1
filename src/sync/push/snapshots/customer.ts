import { sql } from '../../../db/statement.js';
import type { Address } from '../../../graph/values.type.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX, type CustomerKind } from '../../../modules/customers/index.js';
import type { OutgoingCustomer } from '../../../shared/outgoing/index.js';
import { externalIdOf, hubId, listOf, stated } from './texts.js';

interface Row {
  id: string;
  external_id: string | null;
  version: number;
  number: string;
  kind: CustomerKind;
  name: string;
  email: string | null;
  phone: string | null;
  tax_id: string | null;
  is_active: boolean;
  billing_address: Address | null;
  shipping_addresses: Address[];
  contacts: {
    id: string;
    external_id: string | null;
    name: string;
    email: string | null;
    phone: string | null;
    role: string | null;
    is_primary: boolean;
  }[];
}

const CONTACTS = `
  select t.id::text, t.name, t.email, t.phone, t.role, t.is_primary, ${externalIdOf('contact', 't.id')} as external_id
    from contact t where t.customer_id = c.id order by t.position, t.id`;

/** One that became a part of another is news only to a system that knows it as one of its own. */
export const selectCustomer = sql<Row>(
  'push.customer',
  `select c.id, c.version, c.number, c.kind, c.name, c.email, c.phone, c.tax_id, c.is_active, c.billing_address,
          c.shipping_addresses, ${externalIdOf('customer', 'c.id')} as external_id, ${listOf(CONTACTS)} as contacts
     from customer c
    where c.id = any($2::bigint[]) and (c.merged_into_id is null or ${externalIdOf('customer', 'c.id')} is not null)`,
);

export function customerOf(row: Row): OutgoingCustomer {
  return {
    hubId: hubId(CUSTOMER_PREFIX, row.id),
    externalId: row.external_id,
    version: row.version,
    number: row.number,
    kind: row.kind,
    name: row.name,
    email: row.email,
    phone: row.phone,
    taxId: row.tax_id,
    isActive: row.is_active,
    billingAddress: stated(row.billing_address),
    shippingAddresses: row.shipping_addresses.map((address) => stated(address)!),
    contacts: row.contacts.map(({ id, external_id: externalId, is_primary: isPrimary, ...contact }) => ({
      hubId: hubId(CONTACT_PREFIX, id),
      externalId,
      ...contact,
      isPrimary,
    })),
  };
}
