import { z } from 'zod';
import { checkConfiguration } from './configuration.js';
import type { AnyPush, Connector, ConnectorDefinition, ConnectorWebhooks } from './contract.js';
import { parseJsonExactly } from './exact-json.js';
import type { HttpDefinition } from './exchange.js';
import { rejected } from './failures.js';
import type { PullDefinition, StreamContext, TellDifference } from './streams.js';
import type { WebhookDefinition, WebhookRequest } from './webhooks.js';

const CODE = /^[a-z][a-z0-9-]{1,40}$/;

/**
 * Makes the connector that the engine and the graph use from its definition. Throws where the definition breaks the
 * contract: a code that is no folder name, settings without `baseUrl`, webhooks without a topic, a stream that is not
 * announced or has no way to be reached.
 */
export function defineConnector<Settings extends object, Credentials extends object>(
  definition: ConnectorDefinition<Settings, Credentials>,
): Connector {
  const { code, name, kinds, channelKind, settings, credentials, streams, http, webhooks, sandbox } = definition;
  // As input, so that what has a default is not asked for.
  const settingsSchema = z.toJSONSchema(settings, { io: 'input' });
  if (!CODE.test(code)) throw new Error(`connector "${code}": expected a code such as "my-shop"`);
  if (!settingsSchema.properties?.baseUrl) throw new Error(`connector ${code}: its settings have no baseUrl`);
  checkStreams(definition);
  const types: Types<Settings, Credentials> = {
    settings: (value) => settings.parse(value),
    credentials: (value) => credentials.parse(value),
  };
  return {
    code,
    name,
    kinds,
    channelKind: channelKind ?? null,
    streams,
    settingsSchema,
    credentialsSchema: z.toJSONSchema(credentials, { io: 'input' }),
    hasWebhooks: webhooks !== undefined,
    check(givenSettings, givenCredentials) {
      const checked = checkConfiguration(
        { settings, credentials },
        { settings: givenSettings, credentials: givenCredentials },
      );
      const configuration = checked as { settings: Settings; credentials: Credentials };
      const onlyListens = checked.issues.length === 0 && (definition.onlyListens?.(configuration) ?? false);
      return { ...checked, onlyListens };
    },
    http: http ? untypedHttp(types, http) : null,
    pull: new Map(Object.entries(definition.pull ?? {}).map(([stream, pull]) => [stream, untypedPull(types, pull)])),
    push: new Map(Object.entries(definition.push ?? {}).map(([stream, push]) => [stream, untypedPush(types, push)])),
    webhooks: webhooks ? untypedWebhooks(code, types, webhooks) : null,
    policies: definition.policies ?? {},
    sandbox: sandbox ?? null,
  };
}

interface Types<Settings, Credentials> {
  settings(value: unknown): Settings;
  credentials(value: unknown): Credentials;
}

function checkStreams<S extends object, C extends object>(definition: ConnectorDefinition<S, C>): void {
  const { code, streams, http } = definition;
  const used = [...Object.keys(definition.pull ?? {}), ...Object.keys(definition.push ?? {})];
  const unknown = used.filter((stream) => !streams.includes(stream));
  if (unknown.length > 0) throw new Error(`connector ${code}: its streams do not name ${unknown.join(', ')}`);
  if (used.length > 0 && !http) throw new Error(`connector ${code}: expected http, since it pulls or pushes`);
}

function untypedContext<S, C>(types: Types<S, C>, context: StreamContext<unknown, unknown>): StreamContext<S, C> {
  return {
    ...context,
    settings: types.settings(context.settings),
    credentials: types.credentials(context.credentials),
  };
}

function untypedHttp<S, C>(types: Types<S, C>, http: HttpDefinition<S, C>): HttpDefinition<unknown, unknown> {
  const { token } = http;
  return {
    ...http,
    baseUrl: (known) => http.baseUrl({ ...known, settings: types.settings(known.settings) }),
    headers: (known) => http.headers({ ...known, ...configurationOf(types, known) }),
    ...(token && {
      token: (sender, known) => token.call(http, sender, { ...known, ...configurationOf(types, known) }),
    }),
  };
}

function configurationOf<S, C>(types: Types<S, C>, known: { settings: unknown; credentials: unknown }) {
  return { settings: types.settings(known.settings), credentials: types.credentials(known.credentials) };
}

function untypedPull<S, C>(types: Types<S, C>, pull: PullDefinition<S, C>): PullDefinition<unknown, unknown> {
  const { one, census } = pull;
  return {
    ...pull,
    page: (context, from) => pull.page(untypedContext(types, context), from),
    read: (raw, { settings }) => pull.read(raw, { settings: types.settings(settings) }),
    ...(one && { one: (context, externalId) => one.call(pull, untypedContext(types, context), externalId) }),
    ...(census && { census: (context, cursor) => census.call(pull, untypedContext(types, context), cursor) }),
  };
}

function untypedPush<S, C>(types: Types<S, C>, push: AnyPush<S, C>): AnyPush<unknown, unknown> {
  // One kind's functions take that kind's records only; the engine hands each the kind it names.
  const of = push as PushOf<S, C>;
  const { concerns, differs } = of;
  const untyped: PushOf<unknown, unknown> = {
    ...of,
    send: (context, batch) => of.send(untypedContext(types, context), batch),
    ...(concerns && {
      concerns: (record: never, { settings }: { settings: unknown }) =>
        concerns.call(of, record, { settings: types.settings(settings) }),
    }),
    ...(differs && {
      differs: (raw: unknown, record: never, { settings }: { settings: unknown }) =>
        differs.call(of, raw, record, { settings: types.settings(settings) }),
    }),
  };
  return untyped as AnyPush<unknown, unknown>;
}

type PushOf<S, C> = Omit<AnyPush<S, C>, 'send' | 'concerns' | 'differs'> & {
  send(context: StreamContext<S, C>, batch: readonly never[]): ReturnType<AnyPush<S, C>['send']>;
  concerns?(record: never, context: { settings: S }): boolean;
  differs?(raw: unknown, record: never, context: { settings: S }): TellDifference[];
};

function untypedWebhooks<S, C>(code: string, types: Types<S, C>, webhooks: WebhookDefinition<S, C>): ConnectorWebhooks {
  const topics = new Map(Object.entries(webhooks.topics));
  if (topics.size === 0) throw new Error(`connector ${code}: its webhooks have no topic`);
  const typed = (request: WebhookRequest<unknown, unknown>): WebhookRequest<S, C> => ({
    ...request,
    ...configurationOf(types, request),
  });
  return {
    topics: [...topics.keys()],
    verify: (request) => webhooks.verify(typed(request)),
    identify: (request) => webhooks.identify(typed(request)),
    read: (topic, rawBody, givenSettings) => {
      const reader = topics.get(topic);
      if (!reader) throw rejected(`topic: expected one of ${[...topics.keys()].join(', ')}, got "${topic}"`);
      return reader(parseJsonExactly(rawBody), { settings: types.settings(givenSettings) });
    },
  };
}
