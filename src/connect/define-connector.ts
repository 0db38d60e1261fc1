import { z } from 'zod';
import { checkConfiguration } from './configuration.js';
import type {
  Connector,
  ConnectorDefinition,
  ConnectorWebhooks,
  WebhookDefinition,
  WebhookRequest,
} from './contract.js';
import { parseJsonExactly } from './exact-json.js';
import { rejected } from './failures.js';

const CODE = /^[a-z][a-z0-9-]{1,40}$/;

/**
 * Makes the connector that the engine and the graph use from its definition. Throws where the definition breaks the
 * contract: a code that is no folder name, settings without `baseUrl`, webhooks without a topic.
 */
export function defineConnector<Settings extends object, Credentials extends object>(
  definition: ConnectorDefinition<Settings, Credentials>,
): Connector {
  const { code, name, kinds, channelKind, settings, credentials, streams, webhooks, sandbox } = definition;
  // As input, so that what has a default is not asked for.
  const settingsSchema = z.toJSONSchema(settings, { io: 'input' });
  if (!CODE.test(code)) throw new Error(`connector "${code}": expected a code such as "my-shop"`);
  if (!settingsSchema.properties?.baseUrl) throw new Error(`connector ${code}: its settings have no baseUrl`);
  return {
    code,
    name,
    kinds,
    channelKind: channelKind ?? null,
    streams,
    settingsSchema,
    credentialsSchema: z.toJSONSchema(credentials, { io: 'input' }),
    hasWebhooks: webhooks !== undefined,
    check: (givenSettings, givenCredentials) =>
      checkConfiguration({ settings, credentials }, { settings: givenSettings, credentials: givenCredentials }),
    webhooks: webhooks ? untyped(definition, webhooks) : null,
    sandbox: sandbox ?? null,
  };
}

function untyped<Settings extends object, Credentials extends object>(
  { code, settings, credentials }: ConnectorDefinition<Settings, Credentials>,
  webhooks: WebhookDefinition<Settings, Credentials>,
): ConnectorWebhooks {
  const topics = new Map(Object.entries(webhooks.topics));
  if (topics.size === 0) throw new Error(`connector ${code}: its webhooks have no topic`);
  const typed = (request: WebhookRequest<unknown, unknown>): WebhookRequest<Settings, Credentials> => ({
    ...request,
    settings: settings.parse(request.settings),
    credentials: credentials.parse(request.credentials),
  });
  return {
    topics: [...topics.keys()],
    verify: (request) => webhooks.verify(typed(request)),
    identify: (request) => webhooks.identify(typed(request)),
    read: (topic, rawBody, givenSettings) => {
      const reader = topics.get(topic);
      if (!reader) throw rejected(`topic: expected one of ${[...topics.keys()].join(', ')}, got "${topic}"`);
      return reader(parseJsonExactly(rawBody), { settings: settings.parse(givenSettings) });
    },
  };
}
