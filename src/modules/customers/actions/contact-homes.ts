import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { deleteClaims, isSameValue } from '../../references/index.js';
import type { Contact, Customer } from '../customer.entity.js';
import { CONTACT, CUSTOMER, splitPersonal } from '../customer.events.js';
import { lockCustomer } from './lock-customer.js';
import { contactsOf, contactValues, type ContactValues } from './replace-contacts.js';

/** A customer whose contacts are being changed, and what they were. */
export interface Home {
  customer: Customer;
  contacts: Contact[];
  before: ContactValues[];
}

/** Locks the customers, always in the same order. */
export async function openHomes(scope: ActionScope, ids: string[]): Promise<Map<string, Home>> {
  const homes = new Map<string, Home>();
  for (const id of [...new Set(ids)].toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))) {
    const customer = await lockCustomer(scope, id);
    const contacts = await contactsOf(scope, id);
    homes.set(id, { customer, contacts, before: contacts.map(contactValues) });
  }
  return homes;
}

export async function removeContact(
  { tx }: ActionScope,
  homes: ReadonlyMap<string, Home>,
  contact: Contact,
): Promise<void> {
  const home = homes.get(contact.customer.id)!;
  home.contacts = home.contacts.filter((one) => one !== contact);
  (await tx.entities()).remove(contact);
  tx.defer(deleteClaims(CONTACT, [contact.id]));
}

/** One event for each customer whose contacts are others than they were. */
export async function recordContacts(
  { tx, now, actor }: ActionScope,
  homes: ReadonlyMap<string, Home>,
): Promise<boolean> {
  const changed = [...homes.values()].filter(
    ({ contacts, before }) => !isSameValue(before, contacts.map(contactValues)),
  );
  for (const { customer } of changed) Object.assign(customer, { version: customer.version + 1, updatedAt: now });
  await appendEvents(
    tx,
    changed.map(({ customer, contacts, before }) => ({
      subjectKind: CUSTOMER,
      subjectId: customer.id,
      sequence: customer.version,
      at: now,
      actor,
      customerId: customer.id,
      type: 'EDITED',
      message: `Customer ${customer.number} changed`,
      changes: [],
      personal: {
        changes: splitPersonal([{ field: 'contacts', from: before, to: contacts.map(contactValues) }]).personal,
      },
    })),
  );
  return changed.length > 0;
}
