import { Refusals } from '../../shared/failures.js';
import { minorOfAmount } from '../../shared/money.js';
import type { ContactInput, UpsertCustomerInput } from './customer.type.js';

/** What a customer is changed to, without what only the graph needs. */
export type CustomerValues = Omit<UpsertCustomerInput, 'idempotencyKey'>;

/** Fields whose values stand as they are; each of them may be stated by connected systems too. */
export const PLAIN = [
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

/** Throws a Refusal that names all that is wrong. */
export function checkCustomer(input: CustomerValues): void {
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

export function checkContacts(contacts: ContactInput[], refusals: Refusals): void {
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
