import type { ActionScope } from '../../../graph/mutation.js';
import { moveClaims, repointRecords } from '../../references/index.js';
import { ContactEntity } from '../customer.entity.js';
import { CONTACT } from '../customer.events.js';
import { openHomes, recordContacts, removeContact } from './contact-homes.js';

/**
 * Makes two contacts one: the one that is kept has of the other what it lacks, with its references and claims. Who names
 * the other points to the kept one before.
 */
export async function mergeContacts(
  scope: ActionScope,
  { keptId, otherId }: { keptId: string; otherId: string },
): Promise<void> {
  const { tx } = scope;
  const em = await tx.entities();
  const kept = await em.findOne(ContactEntity, { id: keptId });
  const other = await em.findOne(ContactEntity, { id: otherId });
  if (!kept || !other) return;
  const homes = await openHomes(scope, [kept.customer.id, other.customer.id]);
  await tx.batch([repointRecords(CONTACT, [otherId], keptId), moveClaims(CONTACT, [otherId], keptId)]);
  kept.email ??= other.email ?? null;
  kept.phone ??= other.phone ?? null;
  kept.role ??= other.role ?? null;
  await removeContact(scope, homes, other);
  await recordContacts(scope, homes);
}
