import type { Statement } from '../../../db/statement.js';
import { selectEcho, type EchoRow } from '../references.queries.js';

/** A state of its record as a system tells it. At least one of the two ways to tell it from others. */
export interface ToldState {
  integrationId: string;
  kind: string;
  externalId: string;
  version?: string | null;
  modifiedAt?: Date | null;
}

/** Asks for what `originOfState` reads; to be sent with others. */
export function echoQuestion({ integrationId, kind, externalId, version, modifiedAt }: ToldState): Statement<EchoRow> {
  return selectEcho(integrationId, kind, externalId, version ?? null, modifiedAt?.toISOString() ?? null);
}

/**
 * What a system's state of a record is to the hub: OWN, what the hub itself wrote there last; UNKNOWN where the hub is writing
 * to the record just now and does not know yet what comes of it (of a record the hub does not know: where it may be one that
 * the hub is making there), so that the message should wait; THEIRS otherwise.
 */
export function originOfState({ is_echo: isEcho, is_being_told: isTold }: EchoRow): 'OWN' | 'UNKNOWN' | 'THEIRS' {
  if (isEcho) return 'OWN';
  return isTold ? 'UNKNOWN' : 'THEIRS';
}
