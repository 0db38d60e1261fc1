import type { ZodType } from 'zod';
import type { OutgoingKind } from '../shared/outgoing/index.js';
import type { ConfigurationCheck } from './configuration.js';
import type { Change } from './changes.js';
import type { HttpDefinition } from './exchange.js';
import type { FieldPolicies } from './policies.js';
import type { SandboxDefinition } from './sandbox/contract.js';
import type { PullDefinition, PushDefinition } from './streams.js';
import type { WebhookDefinition, WebhookMessage, WebhookRequest } from './webhooks.js';

export type IntegrationKind = 'CRM' | 'CPQ' | 'CHANNEL' | 'ERP' | 'PAYMENT' | 'CARRIER';
export type ChannelKind = 'MARKETPLACE' | 'WEB_SHOP' | 'PHONE' | 'EMAIL' | 'CPQ' | 'API' | 'POINT_OF_SALE';

/** A connector as its vendor folder writes it: data, and functions over what the vendor sends. */
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
  /** What it keeps in step, e.g. "orders"; the names that `pull` and `push` use. */
  streams: string[];
  /** How it is talked to; needed for `pull` and `push`. */
  http?: HttpDefinition<Settings, Credentials>;
  pull?: Record<string, PullDefinition<Settings, Credentials>>;
  push?: Record<string, AnyPush<Settings, Credentials>>;
  /** Whether what is configured suffices for its webhooks alone, so that it is never called; left out: it does not. */
  onlyListens?(configuration: { settings: Settings; credentials: Credentials }): boolean;
  webhooks?: WebhookDefinition<Settings, Credentials>;
  /** Whose word counts for which fields of a customer and a product, unless the company decides otherwise. */
  policies?: FieldPolicies;
  sandbox?: SandboxDefinition;
}

/** A push of any one kind. */
export type AnyPush<Settings, Credentials> = {
  [K in OutgoingKind]: PushDefinition<Settings, Credentials, K>;
}[OutgoingKind];

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
  check(settings: unknown, credentials: unknown): ConfigurationCheck & { onlyListens: boolean };
  http: HttpDefinition<unknown, unknown> | null;
  pull: ReadonlyMap<string, PullDefinition<unknown, unknown>>;
  push: ReadonlyMap<string, AnyPush<unknown, unknown>>;
  webhooks: ConnectorWebhooks | null;
  policies: FieldPolicies;
  sandbox: SandboxDefinition | null;
}

export interface ConnectorWebhooks {
  topics: string[];
  verify(request: WebhookRequest<unknown, unknown>): boolean;
  identify(request: WebhookRequest<unknown, unknown>): WebhookMessage[];
  /** What a body says; throws a ConnectorFailure, of kind `rejected` for a topic that the connector does not take. */
  read(topic: string, rawBody: Buffer, settings: unknown): Change[];
}
