import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { lockForeignRecord } from '../../references/index.js';
import { CUSTOMER } from '../customer.events.js';
import { checkCustomer, type CustomerValues } from '../customer-input.rules.js';
import { selectCustomersCalled } from '../customer.queries.js';
import type { CustomerToFindInput } from '../customer.type.js';
import { upsertCustomer } from './upsert-customer.js';

/**
 * The customer with this number, or where none is given the only one with this e-mail address; it stays as it is. Where
 * there is none, a new one is made, which takes a name. Throws a Refusal where several have the address.
 */
export async function findOrMakeCustomer(
  scope: ActionScope,
  input: CustomerToFindInput,
): Promise<{ customerId: string; isNew: boolean }> {
  const found = await findCustomerCalled(scope, input);
  if (found !== null) return { customerId: found, isNew: false };
  const { customerId } = await upsertCustomer(scope, valuesOf(input));
  // What follows reads the customer with the order that is being made.
  await (await scope.tx.entities()).flush();
  return { customerId, isNew: true };
}

/** Throws what `findOrMakeCustomer` would, of a customer that it had to make. */
export function checkCustomerToMake(input: CustomerToFindInput): void {
  checkCustomer(valuesOf(input));
}

function valuesOf({ shippingAddress, ...values }: CustomerToFindInput): CustomerValues {
  return { ...values, shippingAddresses: shippingAddress ? [shippingAddress] : [] };
}

/** The customer that is meant, where it is only looked for; null: there is none. */
export async function findCustomerCalled(
  { tx }: ActionScope,
  { number, email }: Pick<CustomerToFindInput, 'number' | 'email'>,
): Promise<string | null> {
  const address = number == null ? email?.trim().toLowerCase() || null : null;
  if (number == null && address === null) return null;
  // Two who name a new customer at once must not both find it missing.
  await tx.query(lockForeignRecord(`${CUSTOMER} ${address === null ? `number ${number}` : `email ${address}`}`));
  const called = await tx.query(selectCustomersCalled(number ?? null, address));
  if (called.length > 1) {
    const numbers = called.map((one) => one.number).join(', ');
    const message = `customers ${numbers} have the e-mail address ${email}: name one by its number`;
    throw refuse('CONFLICT', message, ['number']);
  }
  return called[0]?.id ?? null;
}
