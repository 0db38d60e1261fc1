import type { ConnectionRow } from '../../modules/integrations/index.js';
import type { StatedOrigin } from '../../modules/order-flow/index.js';
import { instantText, parseInstant } from '../../shared/clock.js';
import type { InboxRow } from './inbox.queries.js';

/** Where a change comes from. */
export interface Origin extends StatedOrigin {
  /** When the hub got to know; no state can be newer. */
  receivedAt: Date;
  /** The message says other things too. */
  isOneOfSeveral: boolean;
}

export function originOf(connection: ConnectionRow, message: InboxRow): Omit<Origin, 'isOneOfSeveral'> {
  const receivedAt = parseInstant(instantText(message.received_at));
  const occurredAt = parseInstant(instantText(message.occurred_at ?? message.received_at));
  return {
    integrationId: connection.id,
    integrationCode: connection.code,
    channelCode: connection.code,
    receivedAt,
    // A clock that is ahead must not make what is said later look old.
    observedAt: occurredAt > receivedAt ? receivedAt : occurredAt,
  };
}

/** A system whose clock is ahead must not make what it says later look old. */
export function notAhead<T extends { sourceVersion: Date }>(stated: T, { receivedAt }: Pick<Origin, 'receivedAt'>): T {
  return stated.sourceVersion > receivedAt ? { ...stated, sourceVersion: receivedAt } : stated;
}
