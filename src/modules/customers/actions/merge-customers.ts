import { appendEvents, type FieldChange, type NewEvent } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { typeId } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { closeConflicts, copyProvenance, moveClaims, repointRecords } from '../../references/index.js';
import type { Customer } from '../customer.entity.js';
import { CUSTOMER, splitPersonal } from '../customer.events.js';
import { CUSTOMER_PREFIX } from '../customer.type.js';
import { mergedValues, type MergedField } from '../merge.rules.js';
import { lockCustomer } from './lock-customer.js';
import { contactsOf, contactValues } from './replace-contacts.js';

/**
 * Makes two customers one: what the one that is kept lacks it has of the other, with the other's contacts, references and
 * claims. The other stays for its history, inactive. Who has orders and quotes of it moves those in the same transaction.
 */
export async function mergeCustomers(
  scope: ActionScope,
  { keptId, otherId }: { keptId: string; otherId: string },
): Promise<{ kept: Customer; other: Customer }> {
  const { tx, now } = scope;
  const inOrder = [keptId, otherId].toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  for (const id of inOrder) await lockCustomer(scope, id);
  const kept = await lockCustomer(scope, keptId);
  const other = await lockCustomer(scope, otherId);
  const { values, taken } = mergedValues(kept, other);
  const changes = taken.map((field) => ({ field, from: shown(kept, field), to: null as unknown }));
  Object.assign(kept, values);
  for (const change of changes) change.to = shown(kept, change.field);
  const moved = await moveContacts(scope, kept, other);
  const references = await tx.query(repointRecords(CUSTOMER, [other.id], kept.id));
  tx.defer(
    copyProvenance(CUSTOMER, other.id, kept.id, taken.map(columnless)),
    moveClaims(CUSTOMER, [other.id], kept.id),
    closeConflicts(CUSTOMER, [other.id], null, now.toISOString()),
  );
  const known = references.map(({ external_id }) => external_id);
  Object.assign(other, { isActive: false, mergedIntoId: kept.id });
  await appendEvents(tx, [
    happened(scope, kept, `Customer ${other.number} merged into ${kept.number}`, [
      ...changes.map(({ field, ...rest }) => ({ field: columnless(field), ...rest })),
      ...moved,
      ...known.map((externalId) => ({ field: 'externalReferences', from: null, to: { externalId } })),
    ]),
    happened(scope, other, `Merged into customer ${kept.number}`, [
      { field: 'isActive', from: true, to: false },
      { field: 'mergedInto', from: null, to: typeId(CUSTOMER_PREFIX, kept.id) },
    ]),
  ]);
  return { kept, other };
}

function columnless(field: MergedField): string {
  return field === 'priceListId' ? 'priceList' : field;
}

function shown(customer: Customer, field: MergedField): unknown {
  if (field !== 'creditLimit') return customer[field] ?? null;
  const { creditLimitMinor: minor, creditLimitCurrency: currency } = customer;
  return minor == null || currency == null ? null : moneyOfMinor(minor, currency);
}

/** The other's contacts come behind the kept one's, which keeps the one to turn to first. */
async function moveContacts(scope: ActionScope, kept: Customer, other: Customer): Promise<FieldChange[]> {
  const own = await contactsOf(scope, kept.id);
  const more = await contactsOf(scope, other.id);
  if (more.length === 0) return [];
  const from = own.map(contactValues);
  const hasPrimary = own.some(({ isPrimary }) => isPrimary);
  for (const [index, contact] of more.entries()) {
    contact.customer = kept as never;
    contact.position = own.length + index;
    if (hasPrimary) contact.isPrimary = false;
  }
  return [{ field: 'contacts', from, to: [...own, ...more].map(contactValues) }];
}

function happened({ now, actor }: ActionScope, customer: Customer, message: string, changes: FieldChange[]): NewEvent {
  customer.version += 1;
  customer.updatedAt = now;
  const { open, personal } = splitPersonal(changes);
  return {
    subjectKind: CUSTOMER,
    subjectId: customer.id,
    sequence: customer.version,
    at: now,
    actor,
    customerId: customer.id,
    type: 'EDITED',
    message,
    changes: open,
    personal: { changes: personal },
  };
}
