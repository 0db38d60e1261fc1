import type { IncomingHttpHeaders } from 'node:http';
import {
  ConnectorFailure,
  rejected,
  type ConnectorWebhooks,
  type WebhookMessage,
  type WebhookRequest,
} from '../../connect/index.js';
import { readBody, sendJson, type Exchange, type Route } from '../../graph/http.js';
import { selectConnectionByCode, type ConnectionRow } from '../../modules/integrations/index.js';
import { credentialsOf, type SyncParts } from '../parts.js';
import type { Receiver } from './receiver.js';

const PREFIX = '/webhooks/';
const CODE = /^[a-z][a-z0-9-]{1,40}$/;
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_NAME_LENGTH = 255;

/** Where connected systems deliver. What is kept has its job in the same transaction; the answer does not wait for it. */
export function webhookRoute(parts: SyncParts, receiver: Receiver): Route {
  const find = addressees(parts);
  return {
    method: 'POST',
    path: `${PREFIX}*`,
    async handle(exchange) {
      const code = exchange.url.pathname.slice(PREFIX.length);
      const addressee = CODE.test(code) ? await find(code) : undefined;
      if (!addressee) return refuseUnread(exchange, 404, 'no integration takes webhooks here');
      const { connection, webhooks } = addressee;
      const status: string = connection.status;
      if (status === 'DISCONNECTED') return refuseUnread(exchange, 410, 'the integration is disconnected');
      const request: WebhookRequest<unknown, unknown> = {
        method: 'POST',
        url: `${parts.publicUrl()}${exchange.url.pathname}${exchange.url.search}`,
        receivedAt: parts.clock.now(),
        headers: exchange.req.headers satisfies IncomingHttpHeaders,
        rawBody: await readBody(exchange.req, MAX_BODY_BYTES),
        settings: connection.settings,
        credentials: addressee.credentials(),
      };
      if (!webhooks.verify(request)) {
        exchange.log.warn({ integration: code }, 'a webhook with a wrong signature was refused');
        return sendJson(exchange.res, 401, { error: 'the signature does not fit' });
      }
      await keep(receiver, exchange, { connection, webhooks, request });
    },
  };
}

interface Addressee {
  connection: ConnectionRow;
  webhooks: ConnectorWebhooks;
  /** Opened when they are first asked for. */
  credentials(): unknown;
}

/** Finds whom a code names. Deliveries that ask while it is being read share the answer. */
function addressees(parts: SyncParts): (code: string) => Promise<Addressee | undefined> {
  const underway = new Map<string, Promise<Addressee | undefined>>();
  const read = async (code: string): Promise<Addressee | undefined> => {
    try {
      const connection = await parts.db.readOne(selectConnectionByCode(code));
      const webhooks = connection && parts.connectors.get(connection.connector)?.webhooks;
      let opened: { credentials: unknown } | undefined;
      const credentials = () => (opened ??= { credentials: credentialsOf(parts, connection!) }).credentials;
      return webhooks ? { connection, webhooks, credentials } : undefined;
    } finally {
      underway.delete(code);
    }
  };
  return (code) => {
    const asked = underway.get(code) ?? read(code);
    underway.set(code, asked);
    return asked;
  };
}

async function keep(
  receiver: Receiver,
  { res, log }: Exchange,
  {
    connection,
    webhooks,
    request,
  }: { connection: ConnectionRow; webhooks: ConnectorWebhooks; request: WebhookRequest<unknown, unknown> },
): Promise<void> {
  const messages = identify(webhooks, request);
  if (messages instanceof ConnectorFailure) {
    log.warn(
      { integration: connection.code, reason: messages.message },
      'a webhook that cannot be told from others was refused',
    );
    return sendJson(res, 400, { error: messages.message });
  }
  const received = messages.map(({ topic, eventId, externalId, occurredAt, body }) => ({
    topic,
    eventId,
    externalId: externalId ?? null,
    body: body ?? request.rawBody,
    occurredAt: occurredAt ?? null,
  }));
  const kept = await receiver.keep(connection.id, received, request.receivedAt);
  sendJson(res, 200, { received: true, isDuplicate: kept === 0 });
}

function identify(
  webhooks: ConnectorWebhooks,
  request: WebhookRequest<unknown, unknown>,
): WebhookMessage[] | ConnectorFailure {
  try {
    const messages = webhooks.identify(request);
    return messages.map(faultOf).find((fault) => fault !== null) ?? messages;
  } catch (error) {
    if (error instanceof ConnectorFailure) return error;
    throw error;
  }
}

function faultOf({ topic, eventId, externalId }: WebhookMessage): ConnectorFailure | null {
  for (const [name, value] of Object.entries({ topic, eventId, externalId })) {
    if (value === undefined || (value !== '' && value.length <= MAX_NAME_LENGTH)) continue;
    return rejected(`${name}: expected 1 to ${MAX_NAME_LENGTH} characters, got ${value.length}`);
  }
  return null;
}

/** Answers a request of which nothing more is read. */
function refuseUnread({ req, res }: Exchange, status: number, error: string): void {
  sendJson(res, status, { error }, { connection: 'close' });
  req.resume();
}
