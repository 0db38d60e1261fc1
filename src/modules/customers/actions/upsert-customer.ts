import { LockMode, type EntityManager, type InferEntity } from '@mikro-orm/postgresql';
import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal, Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { minorOfAmount, moneyOfMinor } from '../../../shared/money.js';
import { findReference, linkRecord, recordProvenance, SET_IN_HUB, SOURCE_STATES_IT } from '../../references/index.js';
import {
  CONTACT_PREFIX,
  CUSTOMER_PREFIX,
  CustomerKind,
  type ContactInput,
  type UpsertCustomerInput,
} from '../customer.type.js';
import { ContactEntity, CustomerEntity } from '../customer.entity.js';
import { CUSTOMER, splitPersonal } from '../customer.events.js';
import { nextCustomerNumber, selectPriceListCode, selectPriceListId } from '../customer.queries.js';

type Customer = InferEntity<typeof CustomerEntity>;
/** The same without what only the graph needs, for callers that are no mutation. */
export type CustomerValues = Omit<UpsertCustomerInput, 'idempotencyKey'>;

const PLAIN = [
  'kind',
  'name',
  'email',
  'phone',
  'taxId',
  'isActive',
  'billingAddress',
  'shippingAddresses',
  'tags',
] as const;
/** The most that the database holds of minor units. */
const MOST_MINOR = 2n ** 63n - 1n;
const E_MAIL = /^[^\s@]+@[^\s@]+$/;
const NOT_EMPTY = new Set<string>(['kind', 'name', 'isActive']);

/** Creates the customer, or changes the one that is named; writes one event with what changed. */
export async function upsertCustomer(scope: ActionScope, input: CustomerValues): Promise<{ customerId: string }> {
  const { tx, now, actor } = scope;
  check(input);
  const em = await tx.entities();
  const found = await find(em, scope, input);
  if (found && input.expectedVersion != null && input.expectedVersion !== found.version) {
    throw new Refusal([versionConflict(`customer ${found.number}`, input.expectedVersion, found.version)]);
  }
  const customer = found ?? (await create(em, scope, input));
  const stated = [
    ...(await apply(scope, customer, input, found === null)),
    ...applyCreditLimit(customer, input),
    ...(await replaceContacts(em, scope, customer, input)),
  ];
  const link = input.external
    ? await linkRecord(tx, { kind: CUSTOMER, recordId: customer.id, external: input.external, at: now })
    : null;
  const changes = [...(found ? stated : madeOf(customer, stated)), ...(link?.changes ?? [])];
  if (found && changes.length === 0) return { customerId: customer.id };
  if (found) customer.version += 1;
  customer.updatedAt = now;
  const { open, personal } = splitPersonal(changes);
  await appendEvents(tx, [
    {
      subjectKind: CUSTOMER,
      subjectId: customer.id,
      sequence: customer.version,
      at: now,
      actor,
      customerId: customer.id,
      type: found ? 'EDITED' : 'CREATED',
      message: `Customer ${customer.number} ${found ? 'changed' : 'created'}`,
      changes: open,
      personal: { changes: personal },
    },
  ]);
  const integrationId = link?.integrationId ?? null;
  const source = { integrationId, observedAt: now, rule: integrationId ? SOURCE_STATES_IT : SET_IN_HUB };
  recordProvenance(
    tx,
    { kind: CUSTOMER, id: customer.id },
    stated.map((change) => change.field),
    source,
    { by: actor, at: now },
  );
  return { customerId: customer.id };
}

/** A new record with all that it begins with, what nobody stated included. */
function madeOf(customer: Customer, stated: FieldChange[]): FieldChange[] {
  const begins = (['number', ...PLAIN] as const)
    .map((field) => ({ field, from: null, to: customer[field] ?? null }))
    .filter(({ field, to }) => to !== null && !(Array.isArray(to) && to.length === 0 && !isStated(stated, field)));
  return [...begins, ...stated.filter(({ field }) => field === 'contacts' || field === 'priceList')];
}

function isStated(stated: FieldChange[], field: string): boolean {
  return stated.some((change) => change.field === field);
}

async function priceListCode(tx: ActionScope['tx'], id: string | null | undefined): Promise<string | null> {
  return id == null ? null : ((await tx.one(selectPriceListCode(id)))?.code ?? null);
}

function check(input: CustomerValues): void {
  const refusals = new Refusals();
  if (input.id != null && input.number != null) {
    refusals.add('INVALID', 'expected at most one of id and number, got id and number', ['number']);
  }
  for (const field of NOT_EMPTY) {
    if (input[field as keyof CustomerValues] === null) refusals.add('INVALID', `${field}: cannot be emptied`, [field]);
  }
  if (input.name?.trim() === '') refusals.add('INVALID', 'name: expected some text, got ""', ['name']);
  if (input.email != null && !E_MAIL.test(input.email)) {
    refusals.add('INVALID', `email: expected an e-mail address, got "${input.email}"`, ['email']);
  }
  checkContacts(input.contacts ?? [], refusals);
  checkCreditLimit(input, refusals);
  refusals.throwIfAny();
}

function checkContacts(contacts: ContactInput[], refusals: Refusals): void {
  const named = new Set<string>();
  let primary: number | null = null;
  for (const [index, { id, name, email, phone, isPrimary }] of contacts.entries()) {
    const field = ['contacts', String(index)];
    if (id != null && named.has(id)) refusals.add('INVALID', `contact ${id} is named twice`, [...field, 'id']);
    if (id != null) named.add(id);
    if (name.trim() === '') refusals.add('INVALID', `name: expected some text, got "${name}"`, [...field, 'name']);
    if (email != null && !E_MAIL.test(email))
      refusals.add('INVALID', `email: expected an e-mail address, got "${email}"`, [...field, 'email']);
    if (phone != null && !/\d/.test(phone))
      refusals.add('INVALID', `phone: expected a number with digits, got "${phone}"`, [...field, 'phone']);
    if (!isPrimary) continue;
    if (primary !== null) {
      const message = `isPrimary: expected at most one contact to be it, contacts ${primary} and ${index} are`;
      refusals.add('INVALID', message, [...field, 'isPrimary']);
    }
    primary ??= index;
  }
}

function checkCreditLimit({ creditLimit }: CustomerValues, refusals: Refusals): void {
  if (creditLimit == null) return;
  const minor = minorOfAmount(creditLimit.amount, creditLimit.currency);
  if (minor !== null && minor >= 0n && minor <= MOST_MINOR) return;
  refusals.add(
    'INVALID',
    `creditLimit: expected zero or more with no more digits than ${creditLimit.currency} has, got ${creditLimit.amount}`,
    ['creditLimit', 'amount'],
  );
}

function applyCreditLimit(customer: Customer, { creditLimit }: CustomerValues): FieldChange[] {
  if (creditLimit === undefined) return [];
  const { creditLimitMinor, creditLimitCurrency } = customer;
  const from =
    creditLimitMinor == null || creditLimitCurrency == null
      ? null
      : moneyOfMinor(creditLimitMinor, creditLimitCurrency);
  const minor = creditLimit && minorOfAmount(creditLimit.amount, creditLimit.currency)!.toString();
  const to = creditLimit && minor !== null ? moneyOfMinor(minor, creditLimit.currency) : null;
  if (from?.amount === to?.amount && from?.currency === to?.currency) return [];
  customer.creditLimitMinor = minor;
  customer.creditLimitCurrency = to?.currency ?? null;
  return [{ field: 'creditLimit', from, to }];
}

async function find(em: EntityManager, { tx }: ActionScope, input: CustomerValues): Promise<Customer | null> {
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
  if (input.id != null) {
    const id = idOf(CUSTOMER_PREFIX, input.id);
    const customer = id && (await em.findOne(CustomerEntity, { id }, lock));
    if (!customer) throw refuse('NOT_FOUND', `no customer has the id ${input.id}`, ['id']);
    return customer;
  }
  if (input.external) {
    const reference = await tx.one(findReference(input.external.integration, CUSTOMER, input.external.externalId));
    if (reference) {
      const customer = await em.findOneOrFail(CustomerEntity, { id: reference.record_id }, lock);
      if (input.number != null && customer.number !== input.number) {
        throw refuse('CONFLICT', `external names customer ${customer.number}, number names ${input.number}`, [
          'number',
        ]);
      }
      return customer;
    }
  }
  return input.number == null ? null : em.findOne(CustomerEntity, { number: input.number }, lock);
}

async function create(em: EntityManager, { tx, now }: ActionScope, input: CustomerValues): Promise<Customer> {
  if (input.name == null) throw refuse('REQUIRED', 'name: a new customer needs one', ['name']);
  const number = input.number ?? (await tx.one(nextCustomerNumber()))!.number;
  const customer = em.create(CustomerEntity, {
    id: await tx.ids.one(),
    number,
    kind: CustomerKind.COMPANY,
    name: input.name,
    isActive: true,
    shippingAddresses: [],
    tags: [],
    createdAt: now,
    updatedAt: now,
    version: 1,
  });
  em.persist(customer);
  await em.flush();
  return customer;
}

async function apply(
  { tx }: ActionScope,
  customer: Customer,
  input: CustomerValues,
  isNew: boolean,
): Promise<FieldChange[]> {
  const changes: FieldChange[] = [];
  for (const field of PLAIN) {
    const value = input[field];
    if (value === undefined) continue;
    const next = field === 'shippingAddresses' || field === 'tags' ? (value ?? []) : value;
    const before = isNew ? null : (customer[field] ?? null);
    if (JSON.stringify(before) === JSON.stringify(next)) continue;
    changes.push({ field, from: before, to: next });
    Object.assign(customer, { [field]: next });
  }
  if (input.priceList !== undefined) {
    const id = input.priceList === null ? null : ((await tx.one(selectPriceListId(input.priceList)))?.id ?? null);
    if (input.priceList !== null && id === null) {
      throw refuse('NOT_FOUND', `no price list has the code "${input.priceList}"`, ['priceList']);
    }
    if (id !== (customer.priceListId ?? null))
      changes.push({ field: 'priceList', from: await priceListCode(tx, customer.priceListId), to: input.priceList });
    customer.priceListId = id;
  }
  return changes;
}

async function replaceContacts(
  em: EntityManager,
  { tx }: ActionScope,
  customer: Customer,
  input: CustomerValues,
): Promise<FieldChange[]> {
  if (input.contacts === undefined) return [];
  const existing = await em.find(ContactEntity, { customer: customer.id }, { orderBy: { position: 'asc' } });
  const before = existing.map(({ name, email, phone, role, isPrimary }) => ({ name, email, phone, role, isPrimary }));
  const kept = new Set<string>();
  const after = [];
  for (const [position, contact] of (input.contacts ?? []).entries()) {
    const id = contact.id == null ? null : idOf(CONTACT_PREFIX, contact.id);
    const known = id === null ? undefined : existing.find((candidate) => candidate.id === id);
    if (contact.id != null && !known) {
      throw refuse('NOT_FOUND', `the customer has no contact ${contact.id}`, ['contacts', String(position), 'id']);
    }
    const values = {
      name: contact.name,
      email: contact.email ?? null,
      phone: contact.phone ?? null,
      role: contact.role ?? null,
      isPrimary: contact.isPrimary ?? false,
    };
    after.push(values);
    if (known) {
      kept.add(known.id);
      Object.assign(known, values, { position });
    } else {
      em.persist(em.create(ContactEntity, { id: await tx.ids.one(), customer: customer.id, position, ...values }));
    }
  }
  for (const contact of existing) if (!kept.has(contact.id)) em.remove(contact);
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field: 'contacts', from: before, to: after }];
}
