// A customer, by webhook and by GraphQL; both end in one shape.
// https://shopify.dev/docs/api/admin-rest/latest/resources/customer
// https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Customer
import type { z } from 'zod';
import { addressAsDelivered, graphAddress } from './graph-order.js';
import { addressShape } from './order.js';
import { gid, id, instant, list, listOrNone, nodes, record, text } from './parts.js';

export const customerShape = record({
  id,
  updated_at: instant,
  first_name: text.nullish(),
  last_name: text.nullish(),
  email: text.nullish(),
  phone: text.nullish(),
  /** One text; newer versions leave it out. */
  tags: text.nullish(),
  default_address: addressShape.nullish(),
  addresses: listOrNone(addressShape),
});
export type CustomerRecord = z.infer<typeof customerShape>;

export const graphCustomer = record({
  id: gid('Customer'),
  updatedAt: instant,
  firstName: text.nullish(),
  lastName: text.nullish(),
  tags: list(text),
  defaultEmailAddress: record({ emailAddress: text }).nullish(),
  defaultPhoneNumber: record({ phoneNumber: text }).nullish(),
  defaultAddress: graphAddress.nullish(),
  addressesV2: nodes(graphAddress),
});

export function customerAsDelivered(customer: z.infer<typeof graphCustomer>): CustomerRecord {
  return {
    id: customer.id,
    updated_at: customer.updatedAt,
    first_name: customer.firstName,
    last_name: customer.lastName,
    email: customer.defaultEmailAddress?.emailAddress,
    phone: customer.defaultPhoneNumber?.phoneNumber,
    tags: customer.tags.join(', '),
    default_address: customer.defaultAddress ? addressAsDelivered(customer.defaultAddress) : null,
    addresses: customer.addressesV2.nodes.map(addressAsDelivered),
  };
}
