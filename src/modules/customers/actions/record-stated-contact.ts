import type { ActionScope } from '../../../graph/mutation.js';
import { NotYet, Refusals } from '../../../shared/failures.js';
import type { StatedContactRecord } from '../../../shared/stated/index.js';
import {
  decideFields,
  endForeign,
  meetForeign,
  noteForeign,
  selectOtherReferences,
  selectRecordsByExternalId,
  successorsOf,
  systemSpeaks,
  type Origin,
  type ReferenceRow,
  type Speaker,
  type StatedEffect,
} from '../../references/index.js';
import { ContactEntity, type Contact } from '../customer.entity.js';
import { CONTACT, CUSTOMER } from '../customer.events.js';
import { checkContacts } from '../customer-input.rules.js';
import { openHomes, recordContacts, removeContact, type Home } from './contact-homes.js';
import { contactValues } from './replace-contacts.js';

/**
 * Takes a person over as a system states it, at each customer it belongs to. Throws NotYet where the hub does not know
 * one of those yet.
 */
export async function recordStatedContact(
  scope: ActionScope,
  stated: StatedContactRecord,
  origin: Origin,
): Promise<{ contactId: string | null; effect: StatedEffect }> {
  const met = await meetForeign(scope, CONTACT, stated, origin);
  const { reference } = met;
  if (met.isStale || met.endedAt) return { contactId: reference?.record_id ?? null, effect: 'stale' };
  const refusals = new Refusals();
  checkContacts([stated], refusals);
  refusals.throwIfAny();
  const customerIds = await homesOf(scope, stated, origin);
  const known = await knownAs(scope, reference);
  if (customerIds.length === 0 && known.length === 0) return { contactId: null, effect: 'unchanged' };
  const homes = await openHomes(scope, [...customerIds, ...known.map(({ customer }) => customer.id)]);
  const speaker = systemSpeaks(scope, stated, origin);
  const ids: string[] = [];
  for (const customerId of customerIds) {
    const home = homes.get(customerId)!;
    const contact = (await placed(scope, home, homes, known, customerIds, stated, origin)) ?? (await add(scope, home));
    await hear(scope, home, contact, stated, speaker);
    ids.push(contact.id);
  }
  for (const contact of known) if (!ids.includes(contact.id)) await removeContact(scope, homes, contact);
  const isChanged = await recordContacts(scope, homes);
  const [id, ...others] = ids;
  if (id === undefined) {
    await endForeign(scope, CONTACT, stated, origin);
    return { contactId: null, effect: 'updated' };
  }
  await noteForeign(scope, { kind: CONTACT, id, stated: { others } }, stated, origin, met);
  if (!reference) return { contactId: id, effect: 'created' };
  return { contactId: id, effect: isChanged ? 'updated' : 'unchanged' };
}

/** Hears that a person is no longer there: its contacts are removed here too. */
export async function recordGoneContact(
  scope: ActionScope,
  gone: { externalId: string; sourceVersion: Date },
  origin: Origin,
): Promise<StatedEffect> {
  const { reference, effect } = await endForeign(scope, CONTACT, gone, origin);
  if (!reference) return effect;
  const known = await knownAs(scope, reference);
  const homes = await openHomes(
    scope,
    known.map(({ customer }) => customer.id),
  );
  for (const contact of known) await removeContact(scope, homes, contact);
  await recordContacts(scope, homes);
  return effect;
}

async function homesOf(
  { tx }: ActionScope,
  { customerExternalIds }: StatedContactRecord,
  { integrationCode }: Origin,
): Promise<string[]> {
  if (customerExternalIds.length === 0) return [];
  const select = async (externalIds: readonly string[]) => {
    const codes = externalIds.map(() => integrationCode);
    const rows = await tx.query(selectRecordsByExternalId(CUSTOMER, codes, [...externalIds]));
    return new Map(rows.map((row) => [row.external_id, row.record_id]));
  };
  let ids = customerExternalIds;
  let found = await select(ids);
  const unknown = ids.filter((externalId) => !found.has(externalId));
  if (unknown.length > 0) {
    ids = ids.map(await successorsOf(tx, integrationCode, CUSTOMER, unknown));
    found = await select(ids);
  }
  const missing = ids.find((externalId) => !found.has(externalId));
  if (missing !== undefined) throw new NotYet(CUSTOMER, missing);
  return [...new Set(ids.map((externalId) => found.get(externalId)!))];
}

/** The contacts that a foreign person is: one at each customer. */
async function knownAs({ tx }: ActionScope, reference: ReferenceRow | undefined): Promise<Contact[]> {
  if (!reference) return [];
  const others = (reference.stated as { others?: string[] } | null)?.others ?? [];
  const em = await tx.entities();
  return em.find(ContactEntity, { id: { $in: [reference.record_id, ...others] } }, { orderBy: { id: 'asc' } });
}

/** The contact that the person is at a customer: known as such, moved there from a customer it left, or just like it. */
async function placed(
  { tx }: ActionScope,
  { customer, contacts }: Home,
  homes: ReadonlyMap<string, Home>,
  known: Contact[],
  customerIds: string[],
  { email }: StatedContactRecord,
  origin: Origin,
): Promise<Contact | null> {
  const here = known.find((contact) => contact.customer.id === customer.id);
  if (here) return here;
  const moved = known.find((contact) => !customerIds.includes(contact.customer.id));
  if (moved) {
    const left = homes.get(moved.customer.id)!;
    left.contacts = left.contacts.filter((contact) => contact !== moved);
    moved.customer = customer as never;
    contacts.push(moved);
    return moved;
  }
  const alike = contacts.filter((contact) => email != null && contact.email?.toLowerCase() === email.toLowerCase());
  if (alike.length !== 1) return null;
  const references = await tx.query(selectOtherReferences(CONTACT, [alike[0]!.id]));
  return references.some((row) => row.integration_id === origin.integrationId) ? null : alike[0]!;
}

async function add({ tx }: ActionScope, { customer, contacts }: Home): Promise<Contact> {
  const em = await tx.entities();
  const position = Math.max(-1, ...contacts.map((contact) => contact.position)) + 1;
  const values = { name: '', email: null, phone: null, role: null, isPrimary: false };
  const contact = em.create(ContactEntity, { id: await tx.ids.one(), customer: customer.id, position, ...values });
  em.persist(contact);
  contacts.push(contact);
  return contact;
}

async function hear(
  scope: ActionScope,
  { contacts }: Home,
  contact: Contact,
  stated: StatedContactRecord,
  speaker: Speaker,
): Promise<void> {
  const { name, email, phone, role, isPrimary } = stated;
  const words = { name, email, phone, role, isPrimary };
  const said = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
  const isNew = contact.name === '';
  const standing = isNew ? null : { ...contactValues(contact) };
  const verdicts = await decideFields(scope, { kind: CONTACT, id: contact.id }, said, speaker, standing);
  Object.assign(contact, Object.fromEntries(Object.entries(verdicts).map(([field, { value }]) => [field, value])));
  if (contact.isPrimary && !standing?.isPrimary)
    for (const other of contacts) if (other !== contact) other.isPrimary = false;
}
