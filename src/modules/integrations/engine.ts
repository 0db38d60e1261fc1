import type { Statement } from '../../db/statement.js';
import type { ServiceKey } from '../../graph/context.js';

/** What the sync engine does when asked; statements, so that it happens with the change that asks for it. */
export interface EngineCommands {
  /** Goes over what the system has as soon as may be: one stream, or all of the connector's. */
  syncNow(integration: { id: string; connector: string }, stream: string | null): Statement[];
  /** Streams of a connector whose records can be compared one with another. */
  comparable(connector: string): string[];
  /** Compares hub and system of one such stream as soon as may be. */
  compareNow(integrationId: string, stream: string): Statement[];
  /** Reads one record again and takes it as it is then. `reason` tells the asking from another: the same asks once. */
  reread(record: { integrationId: string; stream: string; externalId: string; reason: string; at: Date }): Statement[];
  /** Takes up what has come in and was left lying. */
  workOff(integrationId: string): Statement[];
  /** Carries a message out again that was given up. */
  replay(message: { integrationId: string; messageId: string }): Statement[];
}
export const engineCommands: ServiceKey<EngineCommands> = { name: 'engine-commands' };
