import { rejected, type StatedAddress, type StatedCustomer, type StatedCustomerRecord } from '#connect';
import { adminUrl, type Settings } from '../settings.js';
import type { Customer, CustomerAddress } from '../wire/customers.js';
import type { Buyer, OrderAddress } from '../wire/orders.js';
import { textOf } from '../wire/parts.js';

/** A company is one by the address that its bills go to: an account itself is always a person's. */
export function customerOf({ id, firstName, lastName, emailAddress, phoneNumber, addresses }: Buyer): StatedCustomer {
  const billing = addresses.find(({ defaultBillingAddress }) => defaultBillingAddress === true);
  const company = textOf(billing?.company);
  const person = [textOf(firstName), textOf(lastName)].filter(Boolean).join(' ');
  const email = textOf(emailAddress);
  return {
    externalId: id,
    name: (company ?? person) || email || `Customer ${id}`,
    kind: company ? 'COMPANY' : 'PERSON',
    email,
    phone: textOf(phoneNumber),
  };
}

export function statedCustomer(customer: Customer, settings: Settings): StatedCustomerRecord {
  const { externalId, name, kind, email, phone } = customerOf(customer);
  const billing = customer.addresses.find(({ defaultBillingAddress }) => defaultBillingAddress === true);
  const billingAddress = billing ? wholeAddress(billing) : null;
  const times = [customer.updatedAt, ...customer.addresses.map(({ updatedAt }) => updatedAt)];
  return {
    externalId,
    ...adminUrl(settings, 'customers', externalId),
    // An address that was changed does not move its customer.
    sourceVersion: latest(times),
    name,
    ...(kind && { kind }),
    email: email ?? null,
    phone: phone ?? null,
    ...(billingAddress && { billingAddress }),
    shippingAddresses: customer.addresses.map(wholeAddress).filter((address) => address !== null),
  };
}

export function latest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

/** An account may keep half an address: such a one is none. */
function wholeAddress({ country, ...address }: CustomerAddress): StatedAddress | null {
  const isWhole = textOf(address.streetLine1) !== undefined && textOf(address.city) !== undefined;
  return isWhole ? addressOf('addresses', { ...address, countryCode: country.code }) : null;
}

/** Of an order; undefined where nothing was asked for, as for what is not sent. */
export function orderAddress(field: string, address: OrderAddress | null | undefined): StatedAddress | undefined {
  const isEmpty = !address || Object.values(address).every((value) => textOf(value) === undefined);
  return isEmpty ? undefined : addressOf(field, address);
}

function addressOf(field: string, address: OrderAddress): StatedAddress {
  const needed = (name: 'streetLine1' | 'city' | 'countryCode'): string => {
    const value = textOf(address[name]);
    if (value === undefined) throw rejected(`${field}.${name}: expected a text, got nothing`);
    return value;
  };
  const country = needed('countryCode');
  if (!/^[A-Z]{2}$/.test(country))
    throw rejected(`${field}.countryCode: expected two capital letters, got "${country}"`);
  return {
    name: textOf(address.fullName),
    company: textOf(address.company),
    line1: needed('streetLine1'),
    line2: textOf(address.streetLine2),
    city: needed('city'),
    region: textOf(address.province),
    postalCode: textOf(address.postalCode),
    country,
    phone: textOf(address.phoneNumber),
  };
}
