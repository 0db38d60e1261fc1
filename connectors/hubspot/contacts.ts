import { z } from 'zod';
import { readWire, type Change, type StatedContactRecord } from '#connect';
import { addressOf } from './addresses.js';
import { associated, type Context } from './client.js';
import { mergers } from './companies.js';
import type { Source } from './pulling.js';
import { recordUrl, type Settings } from './settings.js';
import { modifiedOf } from './walk.js';
import { idShape, needed, objectShape, optional, type CrmObject } from './wire.js';

const MODIFIED = 'lastmodifieddate';
/** Before the id of a contact that is a customer of its own: companies have the same numbers. */
export const PERSON_PREFIX = 'contact-';

const rawShape = z.object({ contact: objectShape, companies: z.array(idShape) });
type Raw = z.infer<typeof rawShape>;

/** Contacts are the people at companies; where the settings say so, or the hub made them, customers of their own. */
export const contacts: Source<Raw> = {
  of: 'contact',
  type: 'contacts',
  modified: MODIFIED,
  isWhole: true,
  properties: ({ customerNumberProperty }) => [
    'firstname',
    'lastname',
    'email',
    'phone',
    'jobtitle',
    'address',
    'city',
    'state',
    'zip',
    'country',
    'hs_country_region_code',
    MODIFIED,
    'hs_merged_object_ids',
    customerNumberProperty,
  ],
  async gather(context: Context, objects) {
    const ids = objects.map(({ id }) => id);
    const companiesOf = await associated(context, { from: 'contacts', to: 'companies' }, ids);
    return objects.map((contact) => ({ contact, companies: companiesOf.get(contact.id)!.map(({ id }) => id) }));
  },
  partsOf: ({ contact, companies }) => [
    {
      modifiedAt: modifiedOf(contact, MODIFIED),
      isOwn: true,
      facts: companies.length > 0 ? companies : undefined,
    },
  ],
  read(value, settings) {
    const raw = readWire(rawShape, value);
    const { contact, companies: owners } = raw;
    const isOwnCustomer =
      optional(contact, settings.customerNumberProperty) !== null ||
      (owners.length === 0 && settings.contactsWithoutCompany === 'customers');
    if (!isOwnCustomer) return asContact(raw);
    return [...asCustomer(contact, settings), ...(owners.length > 0 ? asContact(raw) : [])];
  },
};

function asContact({ contact, companies }: Raw): Change[] {
  const stated: StatedContactRecord = {
    externalId: contact.id,
    sourceVersion: modifiedOf(contact, MODIFIED),
    ...personOf(contact),
    role: needed(contact, 'jobtitle'),
    customerExternalIds: companies,
  };
  return [...mergers(contact, 'contact', stated.sourceVersion), { kind: 'contact', contact: stated }];
}

function asCustomer(contact: CrmObject, settings: Settings): Change[] {
  const sourceVersion = modifiedOf(contact, MODIFIED);
  const billingAddress = addressOf({
    line1: needed(contact, 'address'),
    city: needed(contact, 'city'),
    region: needed(contact, 'state'),
    postalCode: needed(contact, 'zip'),
    country: needed(contact, 'country'),
    countryCode: optional(contact, 'hs_country_region_code'),
  });
  return [
    ...mergers(contact, 'customer', sourceVersion, PERSON_PREFIX),
    {
      kind: 'customer',
      customer: {
        externalId: PERSON_PREFIX + contact.id,
        externalUrl: recordUrl(settings, 'contacts', contact.id),
        sourceVersion,
        kind: 'PERSON',
        ...personOf(contact),
        ...(billingAddress && { billingAddress }),
      },
    },
  ];
}

function personOf(contact: CrmObject): { name: string; email: string | null; phone: string | null } {
  const email = needed(contact, 'email');
  return { name: nameOf(contact) ?? email ?? `HubSpot contact ${contact.id}`, email, phone: needed(contact, 'phone') };
}

export function nameOf(contact: CrmObject): string | null {
  return [needed(contact, 'firstname'), needed(contact, 'lastname')].filter((part) => part !== null).join(' ') || null;
}

/** HubSpot keeps two parts, the hub one: the last word is the surname. Only where the two together say something else. */
export function nameProperties(name: string): Record<string, string> {
  const words = name.trim().split(/\s+/);
  const lastname = words.pop()!;
  return { firstname: words.join(' '), lastname };
}
