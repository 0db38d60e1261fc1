import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { CustomerEntity, type Customer } from '../customer.entity.js';
import { nextCustomerNumber } from '../customer.queries.js';
import { CustomerKind } from '../customer.type.js';

/** A customer with nothing but a name; `changeCustomer` has to give it the rest and its first event. */
export async function makeCustomer(
  { tx, now }: ActionScope,
  { name, number }: { name?: string | null; number?: string | null },
): Promise<Customer> {
  if (name == null) throw refuse('REQUIRED', 'name: a new customer needs one', ['name']);
  const em = await tx.entities();
  const customer = em.create(CustomerEntity, {
    id: await tx.ids.one(),
    number: number ?? (await tx.one(nextCustomerNumber()))!.number,
    kind: CustomerKind.COMPANY,
    name,
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
