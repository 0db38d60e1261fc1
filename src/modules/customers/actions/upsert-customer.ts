import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { findReference, hubSpeaks, linkRecord } from '../../references/index.js';
import { CustomerEntity, type Customer } from '../customer.entity.js';
import { CUSTOMER } from '../customer.events.js';
import { checkCustomer, type CustomerValues } from '../customer-input.rules.js';
import { CUSTOMER_PREFIX } from '../customer.type.js';
import { changeCustomer } from './change-customer.js';
import { makeCustomer } from './make-customer.js';
import { namedContacts } from './replace-contacts.js';

/** Creates the customer, or changes the one that is named; writes one event with what changed. */
export async function upsertCustomer(scope: ActionScope, input: CustomerValues): Promise<{ customerId: string }> {
  const { tx, now } = scope;
  checkCustomer(input);
  const em = await tx.entities();
  const found = await find(em, scope, input);
  if (found && input.expectedVersion != null && input.expectedVersion !== found.version) {
    throw new Refusal([versionConflict(`customer ${found.number}`, input.expectedVersion, found.version)]);
  }
  const customer = found ?? (await makeCustomer(scope, input));
  const link = input.external
    ? await linkRecord(tx, { kind: CUSTOMER, recordId: customer.id, external: input.external, at: now })
    : null;
  await changeCustomer(scope, customer, input, {
    isNew: found === null,
    speaker: { ...hubSpeaks(scope), integrationId: link?.integrationId ?? null },
    linked: link?.changes ?? [],
    contacts: input.contacts === undefined ? null : namedContacts(input.contacts ?? []),
  });
  return { customerId: customer.id };
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
