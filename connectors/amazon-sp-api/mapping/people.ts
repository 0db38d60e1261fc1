import type { StatedAddress, StatedCustomer } from '#connect';
import type { Address, Order } from '../wire.js';
import { textOf } from './items.js';

/** A buyer is known by the address that Amazon puts in front of the real one; where none is told, nobody is. */
export function customerOf({ buyer, tax }: Order): StatedCustomer | undefined {
  const email = textOf(buyer?.buyerEmail)?.toLowerCase();
  if (email === undefined) return undefined;
  const company = textOf(buyer?.buyerCompanyName);
  const own = (tax?.taxRegistrations ?? []).find(({ entityType }) => entityType === 'BUYER');
  const taxId = textOf(own?.taxRegistrationNumber);
  return {
    externalId: email,
    name: company ?? textOf(buyer?.buyerName) ?? email,
    kind: company ? 'COMPANY' : 'PERSON',
    email,
    ...(taxId !== undefined && { taxId }),
  };
}

/** Where the goods go; without the role for personal data only a town is told, which is no address. */
export function addressOf(address: Address | null | undefined): StatedAddress | undefined {
  const line1 = textOf(address?.addressLine1);
  const city = textOf(address?.city) ?? textOf(address?.municipality);
  const country = textOf(address?.countryCode);
  if (!address || line1 === undefined || city === undefined || !country || !/^[A-Z]{2}$/.test(country))
    return undefined;
  const line2 = [textOf(address.addressLine2), textOf(address.addressLine3)].filter(Boolean).join(', ') || undefined;
  return {
    name: textOf(address.name),
    company: textOf(address.companyName),
    line1,
    line2,
    city,
    region: textOf(address.stateOrRegion) ?? textOf(address.districtOrCounty),
    postalCode: textOf(address.postalCode),
    country,
    phone: textOf(address.phone),
  };
}
