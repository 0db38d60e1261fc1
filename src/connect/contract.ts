import type { ZodType } from 'zod';
import type { ConfigurationCheck } from './configuration.js';
import type { StatedOrder } from '../shared/stated-order.js';

export type IntegrationKind = 'CRM' | 'CPQ' | 'CHANNEL' | 'ERP' | 'PAYMENT' | 'CARRIER';
export type ChannelKind = 'MARKETPLACE' | 'WEB_SHOP' | 'PHONE' | 'EMAIL' | 'CPQ' | 'API' | 'POINT_OF_SALE';

/** One thing that another system says happened to one of its records, in the hub's words. */
export type Change = { kind: 'order'; order: StatedOrder };

export interface WebhookRequest<Settings, Credentials> {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came: what a signature is over. */
  rawBody: Buffer;
  settings: Settings;
  credentials: Credentials;
}

/** What makes a delivery the same as another: topic and event id, whatever the number of deliveries. */
export interface WebhookIdentity {
  topic: string;
  eventId: string;
  /** The record it is about; messages of one record are taken one after the other. */
  externalId?: string;
  occurredAt?: Date;
}

export interface WebhookDefinition<Settings, Credentials> {
  /** Whether the delivery comes from the system; called before anything of the body is read. */
  verify(request: WebhookRequest<Settings, Credentials>): boolean;
  /** Called on verified requests only. Throws a ConnectorFailure where the delivery cannot be told from others. */
  identify(request: WebhookRequest<Settings, Credentials>): WebhookIdentity;
  /**
   * What each topic's body says. Pure, since it may be called again for the same body. The payload's numbers come
   * as their text (see `parseJsonExactly`). Throws a ConnectorFailure for what cannot be said exactly.
   */
  topics: Record<string, (payload: unknown, context: { settings: Settings }) => Change[]>;
}

/** A connector as its vendor folder writes it: data, and pure functions over what the vendor sends. */
export interface ConnectorDefinition<Settings extends object, Credentials extends object> {
  /** The folder's name. */
  code: string;
  name: string;
  kinds: IntegrationKind[];
  /** Orders come from it: connecting it makes a channel of this kind. */
  channelKind?: ChannelKind;
  /** Includes `baseUrl`, so that it can be pointed at a sandbox. */
  settings: ZodType<Settings>;
  credentials: ZodType<Credentials>;
  /** What it keeps in step, e.g. "orders". */
  streams: string[];
  webhooks?: WebhookDefinition<Settings, Credentials>;
  sandbox?: SandboxDefinition;
}

/** A stand-in for the vendor, to try the hub out with: it makes records of its own and delivers them. */
export interface SandboxDefinition {
  /** What to connect with, so that what the sandbox signs with the secret is taken. */
  connection(secret: string): { settings: object; credentials: object };
  start(options: SandboxOptions): Promise<Sandbox>;
}

export interface SandboxOptions {
  webhookUrl: string;
  secret: string;
  /** What is sold there; prices include tax, rates are fractions. */
  products: { sku: string; name: string; price: string; taxRate: string; requiresShipping?: boolean }[];
  currency?: string;
  /** One record each so many milliseconds; 0: all of `limit` at once. */
  everyMs: number;
  /** The same seed makes the same records, however they are delivered. */
  seed: number;
  /** Number of the first record; one that is started again goes on behind its last one, or nothing is new. */
  firstNumber?: number;
  limit?: number;
  /** How badly it delivers: shares of deliveries made twice and of records told in the wrong order, and the longest wait. */
  habits?: { duplicates?: number; reordering?: number; maxDelayMs?: number };
  clock?: { now(): Date };
}

export interface Sandbox {
  baseUrl: string;
  sentOrders: readonly { id: string; number: string; total: string }[];
  /** Resolves when all deliveries so far have been taken or given up. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** A connector as the engine and the graph use it: its types are gone, its settings are checked at each use. */
export interface Connector {
  code: string;
  name: string;
  kinds: IntegrationKind[];
  channelKind: ChannelKind | null;
  streams: string[];
  /** JSON Schemas of what `check` takes. */
  settingsSchema: object;
  credentialsSchema: object;
  hasWebhooks: boolean;
  check(settings: unknown, credentials: unknown): ConfigurationCheck;
  webhooks: ConnectorWebhooks | null;
  sandbox: SandboxDefinition | null;
}

export interface ConnectorWebhooks {
  topics: string[];
  verify(request: WebhookRequest<unknown, unknown>): boolean;
  identify(request: WebhookRequest<unknown, unknown>): WebhookIdentity;
  /** What a body says; throws a ConnectorFailure, of kind `rejected` for a topic that the connector does not take. */
  read(topic: string, rawBody: Buffer, settings: unknown): Change[];
}
