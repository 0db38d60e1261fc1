import type { StatedAddress, StatedCustomerRecord, OutgoingCustomer } from '#connect';
import { addressOf, countryName } from './addresses.js';
import type { Fields } from './client.js';
import { readRecord, type Source } from './pulling.js';
import type { Settings } from './settings.js';
import { modifiedOf, textAt, type SalesforceRecord } from './wire.js';

const PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country'] as const;
export function addressFields(kind: 'Billing' | 'Shipping' | 'Mailing'): string[] {
  return PARTS.map((part) => `${kind}${part}`);
}

/** Accounts are customers. */
export const accounts: Source<SalesforceRecord> = {
  of: 'customer',
  type: 'Account',
  isWhole: true,
  merges: 'customer',
  fields: ({ numberField, taxIdField }) => [
    'Name',
    'Phone',
    ...addressFields('Billing'),
    ...addressFields('Shipping'),
    numberField,
    ...(taxIdField === undefined ? [] : [taxIdField]),
  ],
  gather: (_, records) => Promise.resolve([...records]),
  read: (raw, settings) => [{ kind: 'customer', customer: customerOf(readRecord(raw), settings) }],
};

function customerOf(account: SalesforceRecord, { taxIdField }: Settings): StatedCustomerRecord {
  const billingAddress = addressIn(account, 'Billing');
  const shippingAddress = addressIn(account, 'Shipping');
  return {
    externalId: account.Id,
    sourceVersion: modifiedOf(account),
    name: textAt(account, 'Name') ?? `Salesforce account ${account.Id}`,
    // An account may be a person whom the hub told: that it is a company it does not say.
    phone: textAt(account, 'Phone'),
    ...(taxIdField !== undefined && { taxId: textAt(account, taxIdField) }),
    ...(billingAddress && { billingAddress }),
    ...(shippingAddress && { shippingAddresses: [shippingAddress] }),
  };
}

/** The street is one field of several lines. */
export function addressIn(
  object: SalesforceRecord,
  kind: 'Billing' | 'Shipping' | 'Mailing',
): StatedAddress | undefined {
  const street = textAt(object, `${kind}Street`);
  const [line1 = null, ...rest] = street?.split(/\r?\n/).map((line) => line.trim()) ?? [];
  const line2 = rest.filter((line) => line !== '').join(', ') || null;
  return addressOf({
    line1,
    line2,
    city: textAt(object, `${kind}City`),
    region: textAt(object, `${kind}State`),
    postalCode: textAt(object, `${kind}PostalCode`),
    country: textAt(object, `${kind}Country`),
    countryCode: null,
  });
}

/** What the hub does not know clears nothing. */
export function accountOf(customer: OutgoingCustomer, { taxIdField, numberField }: Settings): Fields {
  const { name, number, phone, taxId, billingAddress, shippingAddresses } = customer;
  const [shippingAddress] = shippingAddresses;
  return {
    [numberField]: number,
    Name: name,
    ...(phone !== null && { Phone: phone }),
    ...(taxId !== null && taxIdField !== undefined && { [taxIdField]: taxId }),
    ...(billingAddress && addressOut('Billing', billingAddress)),
    ...(shippingAddress && addressOut('Shipping', shippingAddress)),
  };
}

export function addressOut(kind: 'Billing' | 'Shipping', address: StatedAddress): Fields {
  return {
    [`${kind}Street`]: [address.line1, address.line2].filter(Boolean).join('\n'),
    [`${kind}City`]: address.city,
    [`${kind}State`]: address.region ?? null,
    [`${kind}PostalCode`]: address.postalCode ?? null,
    [`${kind}Country`]: countryName(address.country),
  };
}
