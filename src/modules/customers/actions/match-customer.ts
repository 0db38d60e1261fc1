import type { ActionScope } from '../../../graph/mutation.js';
import type { StatedCustomerRecord } from '../../../shared/stated/index.js';
import { lockForeignRecord, type Origin } from '../../references/index.js';
import { CUSTOMER } from '../customer.events.js';
import { selectCustomersAlike, type CustomerAlike } from '../customer.queries.js';

/**
 * The hub's customer that a foreign one is, where it can be none else: the only one with its tax number, or else the only
 * one with its e-mail address, of the same kind and with no other tax number. Never one that the same system knows by
 * another id. Null: it is a new one.
 */
export async function matchCustomer(
  { tx }: ActionScope,
  stated: StatedCustomerRecord,
  origin: Origin,
): Promise<string | null> {
  const email = stated.email?.trim().toLowerCase() || null;
  const taxId = plainTaxId(stated.taxId);
  if (email === null && taxId === null) return null;
  // Two systems that state the same customer for the first time at once must not both find it missing.
  const marks = [...(taxId === null ? [] : [`tax ${taxId}`]), ...(email === null ? [] : [`email ${email}`])];
  for (const mark of marks) await tx.query(lockForeignRecord(`${CUSTOMER} ${mark}`));
  const alike = await tx.query(selectCustomersAlike(taxId, email, origin.integrationId));
  const byTaxId = alike.filter((one) => taxId !== null && plainTaxId(one.tax_id) === taxId);
  if (byTaxId.length > 0) return onlyOne(byTaxId);
  return onlyOne(
    alike.filter(
      (one) =>
        (stated.kind === undefined || one.kind === stated.kind) && (taxId === null || plainTaxId(one.tax_id) === null),
    ),
  );
}

function onlyOne(found: CustomerAlike[]): string | null {
  return found.length === 1 && !found[0]!.is_known ? found[0]!.id : null;
}

/** Systems write the same number with and without spaces, points and dashes. */
function plainTaxId(taxId: string | null | undefined): string | null {
  return taxId?.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase() || null;
}
