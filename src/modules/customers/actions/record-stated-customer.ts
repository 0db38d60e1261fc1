import type { ActionScope } from '../../../graph/mutation.js';
import type { StatedCustomerRecord } from '../../../shared/stated/index.js';
import {
  meetForeign,
  noteForeign,
  systemSpeaks,
  type Met,
  type Origin,
  type StatedEffect,
} from '../../references/index.js';
import type { Customer } from '../customer.entity.js';
import { CUSTOMER } from '../customer.events.js';
import { checkCustomer, type CustomerValues } from '../customer-input.rules.js';
import { CustomerKind } from '../customer.type.js';
import { changeCustomer } from './change-customer.js';
import { lockCustomer } from './lock-customer.js';
import { makeCustomer } from './make-customer.js';
import { matchCustomer } from './match-customer.js';
import { recordGoneCustomer } from './record-gone-customer.js';
import { contactValues } from './replace-contacts.js';
import { withKnownPeople } from '../stated-address.rules.js';

/**
 * Takes a customer over as a system states it: the one the hub knows by that id, or one that can be none else, or a new
 * one. Which of its words stand is decided by policy. An older state than the newest applied is stale and changes nothing.
 * Throws a Refusal for what cannot be taken.
 */
export async function recordStatedCustomer(
  scope: ActionScope,
  stated: StatedCustomerRecord,
  origin: Origin,
): Promise<{ customerId: string | null; effect: StatedEffect }> {
  const met = await meetForeign(scope, CUSTOMER, stated, origin);
  const { reference } = met;
  if (met.isStale) return { customerId: reference?.record_id ?? null, effect: 'stale' };
  const given = valuesOf(stated, met);
  checkCustomer(given);
  const found = reference?.record_id ?? (await matchCustomer(scope, stated, origin));
  const customer = found === null ? await make(scope, given) : await lockCustomer(scope, found);
  const values = withKnownPeople(given, customer);
  const linked = await noteForeign(scope, { kind: CUSTOMER, id: customer.id }, stated, origin, met);
  const contacts = stated.contacts?.map((contact) => ({ ...contactValues(contact), externalId: contact.externalId }));
  const { isChanged } = await changeCustomer(scope, customer, values, {
    isNew: found === null,
    speaker: systemSpeaks(scope, stated, origin),
    linked,
    contacts: contacts ? { contacts, origin } : null,
  });
  if (met.endedAt) {
    await recordGoneCustomer(scope, { externalId: stated.externalId, sourceVersion: met.endedAt }, origin);
  }
  if (!reference) return { customerId: customer.id, effect: 'created' };
  return { customerId: customer.id, effect: isChanged ? 'updated' : 'unchanged' };
}

function make(scope: ActionScope, { name, email }: CustomerValues): Promise<Customer> {
  return makeCustomer(scope, { name: name ?? email ?? null });
}

/** A record that is there again is active again, unless the system says more exactly. */
function valuesOf(stated: StatedCustomerRecord, { reference }: Met): CustomerValues {
  const { name, kind, email, phone, taxId, billingAddress, shippingAddresses, tags } = stated;
  const isActive = stated.isActive ?? (reference?.gone_at ? true : undefined);
  const values = {
    name,
    kind: kind && CustomerKind[kind],
    email,
    phone,
    taxId,
    isActive,
    billingAddress,
    shippingAddresses,
    tags,
  };
  const contacts = stated.contacts?.map(contactValues);
  const given = Object.entries({ ...values, contacts }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as CustomerValues;
}
