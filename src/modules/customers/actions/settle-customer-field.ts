import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { decideFields, hubSpeaks } from '../../references/index.js';
import { ContactEntity, type Customer } from '../customer.entity.js';
import { CONTACT, CUSTOMER, splitPersonal } from '../customer.events.js';
import { changeCustomer } from './change-customer.js';
import { lockCustomer } from './lock-customer.js';
import { contactsOf, contactValues, type ContactValues } from './replace-contacts.js';

/** A person's word on a field of a record. */
export interface Decision {
  id: string;
  field: string;
  /** Null: the field stays as it is. */
  choice: { value: unknown } | null;
  /** What the record's event is to say of it. */
  decided: FieldChange;
}

/** A person's word on a field of a customer: it settles what was said before. */
export async function settleCustomerField(scope: ActionScope, { id, field, choice, decided }: Decision): Promise<void> {
  const customer = await lockCustomer(scope, id);
  const isContacts = field === 'contacts';
  const standing = isContacts ? (await contactsOf(scope, id)).map(contactValues) : customer[field as keyof Customer];
  const value = choice ? choice.value : (standing ?? null);
  await changeCustomer(scope, customer, isContacts ? {} : { [field]: value }, {
    isNew: false,
    isDecision: true,
    speaker: hubSpeaks(scope),
    linked: [decided],
    contacts: isContacts ? { contacts: value as ContactValues[], isByLikeness: true } : null,
  });
}

/** The same of a field of a contact; the event is its customer's. */
export async function settleContactField(scope: ActionScope, { id, field, choice, decided }: Decision): Promise<void> {
  const { tx, now, actor } = scope;
  const em = await tx.entities();
  const found = await em.findOne(ContactEntity, { id });
  if (!found) throw refuse('NOT_FOUND', 'the contact is no longer there', ['id']);
  const customer = await lockCustomer(scope, found.customer.id);
  const standing = { ...contactValues(found) };
  const value = choice ? choice.value : standing[field as keyof ContactValues];
  const verdicts = await decideFields(scope, { kind: CONTACT, id }, { [field]: value }, hubSpeaks(scope), standing);
  Object.assign(found, { [field]: verdicts[field]!.value });
  const { open, personal } = splitPersonal([
    { field: 'contacts', from: [standing], to: [contactValues(found)] },
    decided,
  ]);
  customer.version += 1;
  customer.updatedAt = now;
  await appendEvents(tx, [
    {
      subjectKind: CUSTOMER,
      subjectId: customer.id,
      sequence: customer.version,
      at: now,
      actor,
      customerId: customer.id,
      type: 'EDITED',
      message: `Customer ${customer.number} changed`,
      changes: open,
      personal: { changes: personal },
    },
  ]);
}
