import { ConnectorFailure, rejected } from '#connect';
import { writeMany, type Write, type Written } from './batches.js';
import { readMany, type Context } from './client.js';
import { nameOf, nameProperties } from './contacts.js';
import type { CrmObject } from './wire.js';

/** A person as the hub has it: somebody at a company, or a customer. */
export interface Person {
  /** The contact’s id, where it is known. */
  id: string | null;
  name: string;
  email: string | null;
  phone: string | null;
  role: string | null;
  /** The hub’s number of the customer that the person is. */
  number: string | null;
  address: Record<string, string>;
}

/**
 * Tells people as contacts: by their id, else by their e-mail address, else by the customer’s number. One outcome for each;
 * null for one who is known by nothing. Several of them may be one contact.
 */
export async function tellPeople(context: Context, people: readonly Person[]): Promise<(Written | null)[]> {
  const existing = await existingContacts(context, people);
  const writes = new Map<string, Write>();
  const numbers = new Map<string, string>();
  const keys = people.map((person) => {
    const write = writeOf(context, person, existing);
    if (write === null) return null;
    const key = `${write.idProperty ?? ''}=${write.id.toLowerCase()}`;
    const known = numbers.get(key);
    if (person.number !== null && known !== undefined && known !== person.number) {
      return rejected(
        `contact ${write.id}: expected one customer of that e-mail address, got ${known} and ${person.number}`,
      );
    }
    if (person.number !== null) numbers.set(key, person.number);
    const before = writes.get(key);
    writes.set(key, before ? { ...before, properties: { ...before.properties, ...write.properties } } : write);
    return key;
  });
  const order = [...writes.keys()];
  const written = await writeMany(context, 'contacts', [...writes.values()]);
  return keys.map((key) => (key === null || key instanceof ConnectorFailure ? key : written[order.indexOf(key)]!));
}

interface Existing {
  byId: Map<string, CrmObject>;
  byEmail: Map<string, CrmObject>;
}

async function existingContacts(context: Context, people: readonly Person[]): Promise<Existing> {
  const properties = ['firstname', 'lastname', 'email', 'lastmodifieddate'];
  const ids = people.flatMap(({ id }) => id ?? []);
  const emails = people.flatMap(({ id, email }) => (id === null && email !== null ? email.toLowerCase() : []));
  const byId = await readMany(context, 'contacts', { ids, properties });
  const byEmail = await readMany(context, 'contacts', { ids: emails, properties, idProperty: 'email' });
  return {
    byId: new Map(byId.map((contact) => [contact.id, contact])),
    byEmail: new Map(byEmail.map((contact) => [contact.properties.email?.toLowerCase() ?? '', contact])),
  };
}

/** Upserts by e-mail address only make: HubSpot wants whole contacts there, and one that is there is changed by its id. */
function writeOf({ settings }: Context, person: Person, existing: Existing): Write | null {
  const { id, email, number } = person;
  const known = id === null ? email && existing.byEmail.get(email.toLowerCase()) : existing.byId.get(id);
  const properties = propertiesOf(person, known || null, settings.customerNumberProperty);
  if (known) return { id: known.id, properties };
  if (id !== null) return { id, properties };
  if (email !== null) return { id: email, idProperty: 'email', properties };
  return number === null ? null : { id: number, idProperty: settings.customerNumberProperty, properties };
}

/** What the hub does not know clears nothing. */
function propertiesOf(person: Person, known: CrmObject | null, numberProperty: string): Record<string, string> {
  const { name, email, phone, role, number, address } = person;
  const isSameName = known !== null && nameOf(known) === name;
  return {
    ...(isSameName ? {} : nameProperties(name)),
    ...(email !== null && { email }),
    ...(phone !== null && { phone }),
    ...(role !== null && { jobtitle: role }),
    ...(number !== null && { [numberProperty]: number }),
    ...address,
  };
}
