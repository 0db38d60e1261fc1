import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from '@apollo/server';
import { isOutage } from '../db/outage.js';
import { RequestError } from '../shared/failures.js';
import { GraphContext, type GraphServices } from './context.js';
import { authorizationOf, callerOf, type Gatekeeper } from './authenticate.js';
import { BodyError, readBody, sendErrors, type Exchange, type Route } from './http.js';
import type { Limits } from './limits.js';
import { mediaTypeFor } from './media-type.js';
import type { DocumentTexts } from './trusted/document-texts.js';
import { withDocumentText } from './trusted/named-request.js';

interface GraphRouteParts {
  apollo: ApolloServer<GraphContext>;
  gatekeeper: Gatekeeper;
  graph: GraphServices;
  limits: Limits;
  texts: DocumentTexts;
}

const STATUS: Partial<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
};

/** GraphQL over HTTP. Nothing of a request is read before its key is known. */
export function graphRoute({ apollo, gatekeeper, graph, limits, texts }: GraphRouteParts): Route {
  return {
    method: '*',
    path: '/graphql',
    async handle(exchange) {
      const { req, res } = exchange;
      let context: GraphContext;
      try {
        const viewer = await gatekeeper.admit(authorizationOf(req), callerOf(req));
        context = new GraphContext({ ...graph, log: exchange.log }, viewer, exchange.requestId);
      } catch (error) {
        req.resume();
        return refuseRequest(exchange, error);
      }
      // Found before anything runs: a change must not take effect and answer that nobody can read what it did.
      const mediaType = mediaTypeFor(req.headers.accept);
      if (!mediaType)
        throw new BodyError(406, 'accept: expected application/graphql-response+json or application/json');
      const sent = await httpRequest(exchange, limits.bodyBytes);
      sent.headers.set('accept', mediaType);
      let request: HTTPGraphQLRequest;
      try {
        request = withDocumentText(sent, texts);
      } catch (error) {
        return refuseDocument(exchange, mediaType, error);
      }
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: request,
        context: () => Promise.resolve(context),
      });
      for (const [name, value] of answer.headers) res.setHeader(name, value);
      res.statusCode = answer.status ?? 200;
      if (answer.body.kind === 'complete') {
        const text = answer.body.string;
        const bytes = Buffer.byteLength(text);
        res.setHeader('content-length', bytes);
        // As many bytes as characters: ASCII, which needs no encoder.
        res.end(text, bytes === text.length ? 'latin1' : 'utf8');
        return;
      }
      for await (const chunk of answer.body.asyncIterator) res.write(chunk);
      res.end();
    },
  };
}

async function httpRequest({ req, url }: Exchange, maxBytes: number): Promise<HTTPGraphQLRequest> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const method = (req.method ?? 'GET').toUpperCase();
  const body = method === 'POST' ? parseJson(await readBody(req, maxBytes), headers) : undefined;
  return { method, headers, search: url.search, body };
}

function parseJson(raw: Buffer, headers: HeaderMap): unknown {
  const type = (headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json') throw new BodyError(415, `content-type: expected application/json, got "${type}"`);
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch (error) {
    throw new BodyError(400, `body: expected JSON: ${(error as Error).message}`);
  }
}

/** As with any document that was understood and refused, `application/json` answers 200: clients of old look no further. */
function refuseDocument(exchange: Exchange, mediaType: string, error: unknown): void {
  if (!(error instanceof RequestError)) throw error;
  const isLegacy = mediaType === 'application/json' && error.code !== 'BAD_USER_INPUT';
  sendErrors(exchange, isLegacy ? 200 : 400, error.message, error.code);
}

/** Answers what a request as a whole is refused with; throws again what is a fault. */
export function refuseRequest(exchange: Exchange, error: unknown): void {
  if (error instanceof RequestError) {
    const retryAfterMs = error.extensions.retryAfterMs;
    const headers = {
      ...(error.code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer realm="commerce-hub"' }),
      ...(typeof retryAfterMs === 'number' && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    };
    return sendErrors(exchange, STATUS[error.code] ?? 400, error.message, error.code, headers);
  }
  if (isOutage(error)) {
    exchange.log.error({ err: error }, 'the database cannot be reached');
    return sendErrors(exchange, 503, 'The database cannot be reached; send the same call again', 'UNAVAILABLE');
  }
  throw error;
}
