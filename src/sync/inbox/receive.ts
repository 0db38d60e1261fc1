import type { Statement } from '../../db/statement.js';
import { receiveMessages, type InboxRow, type KeptRow } from './inbox.queries.js';

export interface Received {
  topic: string;
  eventId: string;
  externalId: string | null;
  body: Buffer;
  occurredAt: Date | null;
}

/** Keeps messages with the jobs that carry them out; those that are new come back. */
export function receive(
  integrationId: string,
  origin: InboxRow['origin'],
  messages: readonly Received[],
  receivedAt: Date,
): Statement<KeptRow> {
  return receiveAll(
    integrationId,
    origin,
    messages.map((message) => ({ ...message, receivedAt })),
  );
}

/** The same of messages that came at different times. */
export function receiveAll(
  integrationId: string,
  origin: InboxRow['origin'],
  messages: readonly (Received & { receivedAt: Date })[],
): Statement<KeptRow> {
  // A statement may touch a row once: of the same message the last stands.
  const once = [...new Map(messages.map((message) => [`${message.topic}\n${message.eventId}`, message])).values()];
  return receiveMessages(
    integrationId,
    origin,
    once.map(({ receivedAt }) => receivedAt.toISOString()),
    once.map(({ topic }) => topic),
    once.map(({ eventId }) => eventId),
    once.map(({ externalId }) => externalId),
    once.map(({ body }) => body),
    once.map(({ occurredAt }) => occurredAt?.toISOString() ?? null),
  );
}
