import type { Change } from './changes.js';

export interface WebhookRequest<Settings, Credentials> {
  method: string;
  /** As the system called it, the hub's public address in front: some signatures are over it. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came: what a signature is over. */
  rawBody: Buffer;
  receivedAt: Date;
  settings: Settings;
  credentials: Credentials;
}

/** One message of a delivery. Topic and event id make it the same as another, whatever the number of deliveries. */
export interface WebhookMessage {
  topic: string;
  eventId: string;
  /** The record it is about; messages of one record are taken one after the other. */
  externalId?: string;
  occurredAt?: Date;
  /** Its part of a delivery of several; the whole body, if left out. */
  body?: Buffer;
}

export interface WebhookDefinition<Settings, Credentials> {
  /** Whether the delivery comes from the system; called before anything of the body is read. */
  verify(request: WebhookRequest<Settings, Credentials>): boolean;
  /** Called on verified requests only. Throws a ConnectorFailure where the delivery cannot be told from others. */
  identify(request: WebhookRequest<Settings, Credentials>): WebhookMessage[];
  /**
   * What each topic's body says. Pure, since it may be called again for the same body. The payload's numbers come
   * as their text (see `parseJsonExactly`). Throws a ConnectorFailure for what cannot be said exactly.
   */
  topics: Record<string, (payload: unknown, context: { settings: Settings }) => Change[]>;
}
