import type { Transaction } from '../../../db/transaction.js';
import { selectSuccessors } from '../references.queries.js';

/**
 * By which id each foreign record goes on that the hub does not know: another one's where the system said that it was
 * merged there before the hub came to know of it, else its own.
 */
export async function successorsOf(
  tx: Transaction,
  integrationCode: string,
  kind: string,
  externalIds: readonly string[],
): Promise<(externalId: string) => string> {
  const rows = await tx.query(selectSuccessors(integrationCode, kind, [...externalIds]));
  const successors = new Map(rows.map((row) => [row.external_id, row.successor]));
  return (externalId) => successors.get(externalId) ?? externalId;
}
