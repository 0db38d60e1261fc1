import { rejected, type StatedAddress, type StatedCustomer } from '#connect';
import type { Address, Customer } from '../wire/order.js';

/** A company is one by the customer's own record; what one order's addresses say may differ from order to order. */
export function customerOf(customer: Customer): StatedCustomer {
  const company = textOf(customer.default_address?.company);
  const person = [textOf(customer.first_name), textOf(customer.last_name)].filter(Boolean).join(' ');
  const email = textOf(customer.email);
  const phone = textOf(customer.phone) ?? textOf(customer.default_address?.phone);
  return {
    externalId: customer.id,
    name: (company ?? person) || email || phone || `Customer ${customer.id}`,
    kind: company ? 'COMPANY' : 'PERSON',
    email,
    phone,
  };
}

export function addressOf(field: string, address: Address): StatedAddress {
  const needed = (name: 'address1' | 'city' | 'country_code'): string => {
    const value = textOf(address[name]);
    if (value === undefined) throw rejected(`${field}.${name}: expected a text, got nothing`);
    return value;
  };
  const country = needed('country_code');
  if (!/^[A-Z]{2}$/.test(country))
    throw rejected(`${field}.country_code: expected two capital letters, got "${country}"`);
  const person = [textOf(address.first_name), textOf(address.last_name)].filter(Boolean).join(' ');
  return {
    name: (textOf(address.name) ?? person) || undefined,
    company: textOf(address.company),
    line1: needed('address1'),
    line2: textOf(address.address2),
    city: needed('city'),
    region: textOf(address.province) ?? textOf(address.province_code),
    postalCode: textOf(address.zip),
    country,
    phone: textOf(address.phone),
  };
}

/** The shop writes "nothing" as null, as "" and by leaving the field out. */
export function textOf(value: string | null | undefined): string | undefined {
  return value?.trim() || undefined;
}
