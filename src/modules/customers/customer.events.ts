import type { FieldChange } from '../../events/append.js';

export const CUSTOMER = 'customer';
export const CONTACT = 'contact';

/** Fields that name a person: their values go to the part of an event that can be erased. */
const PERSONAL = new Set(['name', 'email', 'phone', 'taxId', 'billingAddress', 'shippingAddresses', 'contacts']);

export function splitPersonal(changes: FieldChange[]): { open: FieldChange[]; personal: FieldChange[] } {
  return {
    open: changes.filter((change) => !PERSONAL.has(change.field)),
    personal: changes.filter((change) => PERSONAL.has(change.field)),
  };
}
