import { readWire, type Change, type OutgoingCustomer, type StatedCustomerRecord } from '#connect';
import { addressOf, countryName } from './addresses.js';
import { modifiedBy, type Source } from './pulling.js';
import { recordUrl, type Settings } from './settings.js';
import { idShape, needed, objectShape, optional, type CrmObject } from './wire.js';

/** Companies are customers. */
export const companies: Source<CrmObject> = {
  of: 'customer',
  type: 'companies',
  modified: 'hs_lastmodifieddate',
  isWhole: true,
  properties: ({ customerNumberProperty, taxIdProperty }) => [
    'name',
    'domain',
    'phone',
    'address',
    'address2',
    'city',
    'state',
    'zip',
    'country',
    'hs_country_code',
    'hs_lastmodifieddate',
    'hs_merged_object_ids',
    customerNumberProperty,
    ...(taxIdProperty === undefined ? [] : [taxIdProperty]),
  ],
  gather: (_, objects) => Promise.resolve([...objects]),
  partsOf: (company) => [{ modifiedAt: modifiedBy(company), isOwn: true, facts: undefined }],
  read(raw, settings) {
    const company = readWire(objectShape, raw);
    const customer = customerOf(company, settings);
    return [...mergers(company, 'customer', customer.sourceVersion), { kind: 'customer', customer }];
  },
};

function customerOf(company: CrmObject, settings: Settings): StatedCustomerRecord {
  const { taxIdProperty } = settings;
  const billingAddress = addressOf({
    line1: needed(company, 'address'),
    line2: optional(company, 'address2'),
    city: needed(company, 'city'),
    region: needed(company, 'state'),
    postalCode: needed(company, 'zip'),
    country: needed(company, 'country'),
    countryCode: optional(company, 'hs_country_code'),
  });
  return {
    externalId: company.id,
    externalUrl: recordUrl(settings, 'companies', company.id),
    sourceVersion: modifiedBy(company),
    name: needed(company, 'name') ?? needed(company, 'domain') ?? `HubSpot company ${company.id}`,
    kind: 'COMPANY',
    phone: needed(company, 'phone'),
    ...(taxIdProperty !== undefined && { taxId: optional(company, taxIdProperty) }),
    ...(billingAddress && { billingAddress }),
  };
}

/** A merged record goes on under an id of its own and names those it was made of. */
export function mergers(object: CrmObject, record: 'customer' | 'contact', sourceVersion: Date, prefix = ''): Change[] {
  const ids = (optional(object, 'hs_merged_object_ids') ?? '')
    .split(';')
    .map((id) => id.trim())
    .filter((id) => idShape.safeParse(id).success && id !== object.id);
  if (ids.length === 0) return [];
  const mergedIds = ids.map((id) => prefix + id);
  return [{ kind: 'merged', record, externalId: prefix + object.id, mergedIds, sourceVersion }];
}

/** What the hub does not know clears nothing. */
export function companyProperties(customer: OutgoingCustomer, settings: Settings): Record<string, string> {
  const { customerNumberProperty, taxIdProperty } = settings;
  const { number, name, phone, taxId, billingAddress } = customer;
  return {
    [customerNumberProperty]: number,
    name,
    ...(phone !== null && { phone }),
    ...(taxId !== null && taxIdProperty !== undefined && { [taxIdProperty]: taxId }),
    ...(billingAddress && { ...addressProperties(billingAddress), address2: billingAddress.line2 ?? '' }),
  };
}

/** The fields that companies and contacts have alike. */
export function addressProperties(address: NonNullable<OutgoingCustomer['billingAddress']>): Record<string, string> {
  return {
    address: address.line1,
    city: address.city,
    state: address.region ?? '',
    zip: address.postalCode ?? '',
    country: countryName(address.country),
  };
}
