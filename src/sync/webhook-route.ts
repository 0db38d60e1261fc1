import type { IncomingHttpHeaders } from 'node:http';
import {
  ConnectorFailure,
  type ConnectorWebhooks,
  type WebhookIdentity,
  type WebhookRequest,
} from '../connect/index.js';
import { readBody, sendJson, type Exchange, type Route } from '../graph/http.js';
import { selectConnectionByCode, type ConnectionRow } from '../modules/integrations/index.js';
import { receiveMessage } from './inbox.queries.js';
import { credentialsOf, type SyncParts } from './parts.js';

const PREFIX = '/webhooks/';
const CODE = /^[a-z][a-z0-9-]{1,40}$/;
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_NAME_LENGTH = 255;

/** Where connected systems deliver. What is kept has its job in the same transaction; the answer does not wait for it. */
export function webhookRoute(parts: SyncParts): Route {
  return {
    method: 'POST',
    path: `${PREFIX}*`,
    async handle(exchange) {
      const code = exchange.url.pathname.slice(PREFIX.length);
      const connection = CODE.test(code) ? await parts.db.readOne(selectConnectionByCode(code)) : undefined;
      const webhooks = connection && parts.connectors.get(connection.connector)?.webhooks;
      if (!connection || !webhooks) return refuseUnread(exchange, 404, 'no integration takes webhooks here');
      const status: string = connection.status;
      if (status === 'DISCONNECTED') return refuseUnread(exchange, 410, 'the integration is disconnected');
      const request: WebhookRequest<unknown, unknown> = {
        headers: exchange.req.headers satisfies IncomingHttpHeaders,
        rawBody: await readBody(exchange.req, MAX_BODY_BYTES),
        settings: connection.settings,
        credentials: credentialsOf(parts, connection),
      };
      if (!webhooks.verify(request)) {
        exchange.log.warn({ integration: code }, 'a webhook with a wrong signature was refused');
        return sendJson(exchange.res, 401, { error: 'the signature does not fit' });
      }
      await receive(parts, exchange, { connection, webhooks, request });
    },
  };
}

async function receive(
  parts: SyncParts,
  { res, log }: Exchange,
  {
    connection,
    webhooks,
    request,
  }: { connection: ConnectionRow; webhooks: ConnectorWebhooks; request: WebhookRequest<unknown, unknown> },
): Promise<void> {
  const identity = identify(webhooks, request);
  if (identity instanceof ConnectorFailure) {
    log.warn(
      { integration: connection.code, reason: identity.message },
      'a webhook that cannot be told from others was refused',
    );
    return sendJson(res, 400, { error: identity.message });
  }
  const { topic, eventId, externalId, occurredAt } = identity;
  const kept = await parts.db.transaction('receive-message', (tx) =>
    tx.one(
      receiveMessage(
        connection.id,
        topic,
        eventId,
        externalId ?? null,
        request.rawBody,
        occurredAt?.toISOString() ?? null,
        parts.clock.now().toISOString(),
      ),
    ),
  );
  sendJson(res, 200, { received: true, isDuplicate: kept === undefined });
}

function identify(
  webhooks: ConnectorWebhooks,
  request: WebhookRequest<unknown, unknown>,
): WebhookIdentity | ConnectorFailure {
  try {
    const identity = webhooks.identify(request);
    for (const [name, value] of Object.entries({
      topic: identity.topic,
      eventId: identity.eventId,
      externalId: identity.externalId,
    })) {
      if (value !== undefined && (value === '' || value.length > MAX_NAME_LENGTH)) {
        return new ConnectorFailure(
          'rejected',
          `${name}: expected 1 to ${MAX_NAME_LENGTH} characters, got ${value.length}`,
        );
      }
    }
    return identity;
  } catch (error) {
    if (error instanceof ConnectorFailure) return error;
    throw error;
  }
}

/** Answers a request of which nothing more is read. */
function refuseUnread({ req, res }: Exchange, status: number, error: string): void {
  sendJson(res, status, { error }, { connection: 'close' });
  req.resume();
}
