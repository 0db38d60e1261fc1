import { readWire, type Change, type StatedAddress, type StatedCustomerRecord } from '#connect';
import { adminUrl, type Settings } from '../settings.js';
import { customerShape, type CustomerRecord } from '../wire/customers.js';
import type { Address } from '../wire/order.js';
import { addressOf, customerOf, textOf } from './people.js';

export function customerChanges(payload: unknown, { settings }: { settings: Settings }): Change[] {
  return [{ kind: 'customer', customer: statedCustomer(readWire(customerShape, payload), settings) }];
}

/** The customer in the hub's words. Whether it is active the shop does not say: its `state` is that of a log-in. */
export function statedCustomer(customer: CustomerRecord, settings: Settings): StatedCustomerRecord {
  const { externalId, name, kind, email, phone } = customerOf(customer);
  const { tags, default_address: main } = customer;
  const billingAddress = main ? wholeAddress(main) : null;
  return {
    externalId,
    externalUrl: adminUrl(settings, 'customers', externalId),
    sourceVersion: customer.updated_at,
    name,
    ...(kind && { kind }),
    email: email ?? null,
    phone: phone ?? null,
    ...(billingAddress && { billingAddress }),
    shippingAddresses: customer.addresses.map(wholeAddress).filter((address) => address !== null),
    ...(tags != null && { tags: tags.split(',').flatMap((tag) => textOf(tag) ?? []) }),
  };
}

/** People keep half an address in their account: such a one is none. */
function wholeAddress(address: Address): StatedAddress | null {
  const isWhole = [address.address1, address.city, address.country_code].every((part) => textOf(part) !== undefined);
  return isWhole ? addressOf('address', address) : null;
}
