import type { ActionScope } from '../../../graph/mutation.js';
import {
  endForeign,
  selectOtherReferences,
  selectProvenance,
  systemSpeaks,
  type Origin,
  type StatedEffect,
} from '../../references/index.js';
import { CUSTOMER } from '../customer.events.js';
import { changeCustomer } from './change-customer.js';
import { lockCustomer } from './lock-customer.js';

/**
 * Hears that a customer is no longer there: its reference ends. Where no other system knows it and the hub's users did not
 * name it, the system's last word is that it is no longer active.
 */
export async function recordGoneCustomer(
  scope: ActionScope,
  gone: { externalId: string; sourceVersion: Date },
  origin: Origin,
): Promise<StatedEffect> {
  await scope.tx.flush();
  const { reference, effect } = await endForeign(scope, CUSTOMER, gone, origin);
  if (!reference) return effect;
  const { tx } = scope;
  await tx.flush();
  const customer = await lockCustomer(scope, reference.record_id);
  const [others, provenance] = await tx.batch([
    selectOtherReferences(CUSTOMER, [customer.id]),
    selectProvenance(CUSTOMER, [customer.id]),
  ]);
  const isOwn = (provenance as { field: string; integration_id: string | null }[]).some(
    ({ field, integration_id }) => field === 'name' && integration_id === null,
  );
  const change = { isNew: false, speaker: systemSpeaks(scope, gone, origin), linked: [], contacts: null };
  if (others!.length === 0 && !isOwn) {
    await changeCustomer(scope, customer, { isActive: false }, change);
  }
  return effect;
}
