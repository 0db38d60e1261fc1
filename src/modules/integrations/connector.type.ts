import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { ServiceKey } from '../../graph/context.js';
import { Json } from '../../graph/scalars.js';
import type { createChannel } from '../orders/index.js';

export enum IntegrationKind {
  CRM = 'CRM',
  CPQ = 'CPQ',
  CHANNEL = 'CHANNEL',
  ERP = 'ERP',
  PAYMENT = 'PAYMENT',
  CARRIER = 'CARRIER',
}
registerEnumType(IntegrationKind, {
  name: 'IntegrationKind',
  description: 'What a connected system is to the company.',
  valuesConfig: {
    CRM: { description: 'Keeps customers and opportunities.' },
    CPQ: { description: 'Configures, prices and quotes.' },
    CHANNEL: { description: 'Orders come from it.' },
    ERP: { description: 'Keeps the books and the stock.' },
    PAYMENT: { description: 'Takes payments.' },
    CARRIER: { description: 'Carries shipments.' },
  },
});

type ChannelKind = Parameters<typeof createChannel>[1]['kind'];

export interface ConfigurationIssue {
  path: string[];
  message: string;
  isMissing: boolean;
}

/** What the graph needs of a connector; the connector kit's `Connector` has it all. */
export interface ConnectorFacts {
  code: string;
  name: string;
  kinds: readonly `${IntegrationKind}`[];
  /** Connecting it makes a channel of this kind. */
  channelKind: ChannelKind | null;
  streams: string[];
  /** What is pulled and pushed, by stream. */
  pull: ReadonlyMap<string, unknown>;
  push: ReadonlyMap<string, unknown>;
  settingsSchema: object;
  credentialsSchema: object;
  hasWebhooks: boolean;
  /** The values with defaults filled in, and everything that is wrong with them. */
  check(
    settings: unknown,
    credentials: unknown,
  ): {
    settings: Record<string, unknown>;
    credentials: Record<string, unknown>;
    issues: ConfigurationIssue[];
    /** What is configured suffices for its webhooks alone. */
    onlyListens: boolean;
  };
}

/** Encrypts credentials; `boundTo` names the integration they belong to. */
export interface CredentialCipher {
  seal(plain: string, boundTo: string): Buffer;
  open(sealed: Buffer, boundTo: string): string;
}

/** Which addresses the hub calls; the connector kit's `PrivateNetworkGuard` has it all. */
export interface EgressRules {
  /** Why an address cannot be called, as far as it tells without being looked up; null where it may be. */
  obstacle(url: string): string | null;
  /** Throws for an address that a host is or leads to and that is not to be called. */
  allow(host: string, address: string, port: number): void;
}

/** The connectors this hub has, by code. */
export const connectorCatalog: ServiceKey<ReadonlyMap<string, ConnectorFacts>> = { name: 'connectors' };
export const credentialCipher: ServiceKey<CredentialCipher> = { name: 'credential-cipher' };
export const egressRules: ServiceKey<EgressRules> = { name: 'egress-rules' };
/** Where the hub is reached from outside, without a trailing slash. */
export const publicUrl: ServiceKey<string> = { name: 'public-url' };

@ObjectType('Connector', {
  description:
    'What can be connected. Every connector takes `baseUrl` in its settings, so that it can be pointed at a sandbox.',
})
export class ConnectorType {
  constructor(private readonly facts: Omit<ConnectorFacts, 'check'>) {}

  @Field(() => String, { description: 'The name it goes by in inputs.' })
  get code(): string {
    return this.facts.code;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.facts.name;
  }
  @Field(() => [IntegrationKind], {
    description: 'What it can be to the company; empty where this hub no longer has the connector.',
  })
  get kinds(): readonly string[] {
    return this.facts.kinds;
  }
  @Field(() => Json, { description: 'JSON Schema of the settings.' })
  get settingsSchema(): object {
    return this.facts.settingsSchema;
  }
  @Field(() => Json, { description: 'JSON Schema of the credentials.' })
  get credentialsSchema(): object {
    return this.facts.credentialsSchema;
  }
  @Field(() => [String], { description: 'What it keeps in step, e.g. "orders".' })
  get streams(): string[] {
    return this.facts.streams;
  }
}

/** An integration outlives its connector's folder: what is left to say of one that the hub no longer has. */
export function connectorOf(catalog: ReadonlyMap<string, ConnectorFacts>, code: string): ConnectorType {
  const gone = {
    code,
    name: code,
    kinds: [],
    channelKind: null,
    streams: [],
    pull: new Map(),
    push: new Map(),
    settingsSchema: {},
    credentialsSchema: {},
    hasWebhooks: false,
  };
  return new ConnectorType(catalog.get(code) ?? gone);
}
