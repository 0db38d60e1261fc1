import { LockMode } from '@mikro-orm/postgresql';
import type { ActionScope } from '../../../graph/mutation.js';
import { CustomerEntity, type Customer } from '../customer.entity.js';

/** The customer as it is behind its lock, with what this transaction has changed of it. */
export async function lockCustomer({ tx }: ActionScope, id: string): Promise<Customer> {
  const em = await tx.entities();
  await em.flush();
  return em.findOneOrFail(CustomerEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}
