import type { Statement } from '../../db/statement.js';
import { receiveMessages, type InboxRow } from './inbox.queries.js';

export interface Received {
  topic: string;
  eventId: string;
  externalId: string | null;
  body: Buffer;
  occurredAt: Date | null;
}

/** Keeps messages with the jobs that carry them out; how many of them are new comes back. */
export function receive(
  integrationId: string,
  origin: InboxRow['origin'],
  messages: readonly Received[],
  receivedAt: Date,
): Statement<{ kept: number }> {
  // A statement may touch a row once: of the same message the last stands.
  const once = [...new Map(messages.map((message) => [`${message.topic}\n${message.eventId}`, message])).values()];
  return receiveMessages(
    integrationId,
    origin,
    receivedAt.toISOString(),
    once.map(({ topic }) => topic),
    once.map(({ eventId }) => eventId),
    once.map(({ externalId }) => externalId),
    once.map(({ body }) => body),
    once.map(({ occurredAt }) => occurredAt?.toISOString() ?? null),
  );
}
