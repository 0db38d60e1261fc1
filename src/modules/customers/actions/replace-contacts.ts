import type { FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import {
  decideFields,
  deleteClaims,
  isSameValue,
  linkRecord,
  repointReference,
  selectClaims,
  selectOtherReferences,
  selectRecordsByExternalId,
  type Origin,
  type Speaker,
  type Verdict,
} from '../../references/index.js';
import { ContactEntity, type Contact, type Customer } from '../customer.entity.js';
import { CONTACT } from '../customer.events.js';
import { CONTACT_PREFIX, type ContactInput } from '../customer.type.js';

export interface ContactValues {
  name: string;
  email: string | null;
  phone: string | null;
  role: string | null;
  isPrimary: boolean;
}
/** The whole list of a customer's contacts, as somebody says it is. */
export interface ContactList {
  contacts: (ContactValues & { id?: string | null | undefined; externalId?: string | undefined })[];
  /** Where a system says so: it speaks for its own contacts, those of other systems stay. */
  origin?: Origin;
  /** Nobody names them by their ids: they are known by what they are like, and those that systems know stay. */
  isByLikeness?: boolean;
}

export function contactValues(contact: {
  name: string;
  email?: string | null;
  phone?: string | null;
  role?: string | null;
  isPrimary?: boolean | null;
}): ContactValues {
  const { name, email, phone, role, isPrimary } = contact;
  return { name, email: email ?? null, phone: phone ?? null, role: role ?? null, isPrimary: isPrimary ?? false };
}

/** The list as a mutation has it: contacts that keep their ids are named by them. */
export function namedContacts(inputs: readonly ContactInput[]): ContactList {
  return { contacts: inputs.map((input) => ({ ...contactValues(input), id: input.id })) };
}

export async function contactsOf({ tx }: ActionScope, customerId: string): Promise<Contact[]> {
  const em = await tx.entities();
  return em.find(ContactEntity, { customer: customerId }, { orderBy: { position: 'asc', id: 'asc' } });
}

/** Makes the list so, as far as the verdict on it lets the speaker. */
export async function replaceContacts(
  scope: ActionScope,
  customer: Customer,
  { existing, list, speaker }: { existing: Contact[]; list: ContactList; speaker: Speaker },
  verdict: Verdict | undefined,
): Promise<FieldChange[]> {
  const before = existing.map(contactValues);
  if (verdict && isSameValue(verdict.value, before) && list.origin) {
    await linkContacts(scope, list, await identified(scope, list, existing));
    return [];
  }
  const isOwn = !verdict || (!verdict.isOpen && verdict.winner?.integrationId === speaker.integrationId);
  if (!isOwn && isSameValue(verdict.value, before)) return [];
  const wanted: ContactList = isOwn ? list : { contacts: verdict.value as ContactValues[], isByLikeness: true };
  const known = await identified(scope, wanted, existing);
  const after = await write(scope, customer, existing, wanted, known, speaker);
  if (isOwn) await linkContacts(scope, list, known);
  return isSameValue(before, after) ? [] : [{ field: 'contacts', from: before, to: after }];
}

/** For each of the list which contact of the customer it is; what is new gets a new row's id. */
async function identified({ tx }: ActionScope, list: ContactList, existing: Contact[]): Promise<string[]> {
  const free = new Set(existing.map(({ id }) => id));
  const references = await referencesOf(tx, list);
  const ids: string[] = [];
  for (const [position, contact] of list.contacts.entries()) {
    const named = contact.id == null ? null : (idOf(CONTACT_PREFIX, contact.id) ?? '');
    if (named !== null && !free.has(named)) {
      throw refuse('NOT_FOUND', `the customer has no contact ${contact.id}`, ['contacts', String(position), 'id']);
    }
    const id = named ?? (list.origin || list.isByLikeness ? recognised(contact, existing, free, references) : null);
    if (id !== null) free.delete(id);
    ids.push(id ?? (await tx.ids.one()));
  }
  return ids;
}

async function referencesOf(tx: ActionScope['tx'], { contacts, origin }: ContactList): Promise<Map<string, string>> {
  const names = contacts.flatMap(({ externalId }) => (externalId === undefined ? [] : [externalId]));
  if (!origin || names.length === 0) return new Map();
  const codes = names.map(() => origin.integrationCode);
  const rows = await tx.query(selectRecordsByExternalId(CONTACT, codes, names));
  return new Map(rows.map((row) => [row.external_id, row.record_id]));
}

/** By its id in the system; else by e-mail address; else by name. */
function recognised(
  contact: ContactList['contacts'][number],
  existing: Contact[],
  free: ReadonlySet<string>,
  references: ReadonlyMap<string, string>,
): string | null {
  const byReference = contact.externalId === undefined ? undefined : references.get(contact.externalId);
  if (byReference !== undefined && free.has(byReference)) return byReference;
  const others = existing.filter(({ id }) => free.has(id) && ![...references.values()].includes(id));
  const email = contact.email?.toLowerCase();
  const match =
    others.find((one) => email !== undefined && one.email?.toLowerCase() === email) ??
    others.find((one) => one.name === contact.name && (one.email == null || email === undefined));
  return match?.id ?? null;
}

async function write(
  scope: ActionScope,
  customer: Customer,
  existing: Contact[],
  { contacts, origin, isByLikeness }: ContactList,
  ids: string[],
  speaker: Speaker,
): Promise<ContactValues[]> {
  const em = await scope.tx.entities();
  const kept = origin || isByLikeness ? await keptFor(scope, existing, ids, origin) : new Set<string>();
  const spokenOf = origin || isByLikeness ? new Set<string>() : await spokenOfApart(scope, existing);
  const after: ContactValues[] = [];
  for (const [position, contact] of contacts.entries()) {
    const id = ids[position]!;
    const known = existing.find((one) => one.id === id);
    let values = contactValues(contact);
    if (known && spokenOf.has(id)) values = await agreed(scope, known, values, speaker);
    if (known) Object.assign(known, values, { position });
    else em.persist(em.create(ContactEntity, { id, customer: customer.id, position, ...values }));
    after.push(values);
  }
  for (const contact of existing) {
    if (ids.includes(contact.id)) continue;
    if (kept.has(contact.id)) {
      contact.position = after.length;
      after.push(contactValues(contact));
    } else {
      em.remove(contact);
      scope.tx.defer(deleteClaims(CONTACT, [contact.id]));
    }
  }
  return after;
}

/** Contacts that another system knows stay where a system does not name them. */
async function keptFor(
  { tx }: ActionScope,
  existing: Contact[],
  ids: string[],
  origin: Origin | undefined,
): Promise<Set<string>> {
  const left = existing.map(({ id }) => id).filter((id) => !ids.includes(id));
  if (left.length === 0) return new Set();
  const references = await tx.query(selectOtherReferences(CONTACT, left));
  const others = references.filter((row) => row.integration_id !== origin?.integrationId);
  return new Set(others.map((row) => row.record_id));
}

/** Contacts that a system states as records of their own: the hub's users are one voice among others there. */
async function spokenOfApart({ tx }: ActionScope, existing: Contact[]): Promise<Set<string>> {
  if (existing.length === 0) return new Set();
  const claims = await tx.query(
    selectClaims(
      CONTACT,
      existing.map(({ id }) => id),
    ),
  );
  return new Set(claims.map((claim) => claim.record_id));
}

async function agreed(
  scope: ActionScope,
  contact: Contact,
  values: ContactValues,
  speaker: Speaker,
): Promise<ContactValues> {
  const standing = contactValues(contact);
  const words = Object.fromEntries(
    Object.entries(values).filter(([field, value]) => !isSameValue(value, standing[field as keyof ContactValues])),
  );
  const verdicts = await decideFields(scope, { kind: CONTACT, id: contact.id }, words, speaker, { ...standing });
  const stands = Object.entries(verdicts).map(([field, { value }]) => [field, value]);
  return { ...standing, ...(Object.fromEntries(stands) as Partial<ContactValues>) };
}

async function linkContacts({ tx, now }: ActionScope, { contacts, origin }: ContactList, ids: string[]): Promise<void> {
  if (!origin) return;
  const known = await referencesOf(tx, { contacts, origin });
  for (const [index, { externalId }] of contacts.entries()) {
    if (externalId === undefined || known.get(externalId) === ids[index]) continue;
    const recordId = ids[index]!;
    if (known.has(externalId)) tx.defer(repointReference(origin.integrationId, CONTACT, externalId, recordId, null));
    else {
      const external = { integration: origin.integrationCode, externalId };
      await linkRecord(tx, { kind: CONTACT, recordId, external, at: now });
    }
  }
}
