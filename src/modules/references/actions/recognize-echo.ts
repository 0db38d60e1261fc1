import type { Transaction } from '../../../db/transaction.js';
import { selectEcho } from '../references.queries.js';

/** A state of its record as a system tells it. At least one of the two ways to tell it from others. */
export interface ToldState {
  integrationId: string;
  kind: string;
  externalId: string;
  version?: string | null;
  modifiedAt?: Date | null;
}

/**
 * Whether a system tells what the hub itself wrote there last. False says so only where the hub is not writing to the
 * record just now: ask `isBeingTold` first.
 */
export async function isOwnEcho(tx: Transaction, state: ToldState): Promise<boolean> {
  return (await tx.one(echoOf(state)))!.is_echo;
}

/**
 * Whether the hub is writing to the record just now and does not know yet what comes of it; of a record the hub does not
 * know, whether it may be one that the hub is making there. The message should wait: it may be an echo.
 */
export async function isBeingTold(tx: Transaction, state: ToldState): Promise<boolean> {
  const { is_echo: isEcho, is_being_told: isTold } = (await tx.one(echoOf(state)))!;
  return isTold && !isEcho;
}

function echoOf({ integrationId, kind, externalId, version, modifiedAt }: ToldState) {
  return selectEcho(integrationId, kind, externalId, version ?? null, modifiedAt?.toISOString() ?? null);
}
