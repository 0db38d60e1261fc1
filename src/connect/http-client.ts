import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { lookup } from 'node:dns';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import axios, { type AxiosResponse } from 'axios';
import { parseJsonExactly } from './exact-json.js';
import type {
  ConnectorHttp,
  Headers,
  HttpDefinition,
  IncomingResponse,
  OutgoingRequest,
  Query,
  Token,
} from './exchange.js';
import { ConnectorFailure, rejected } from './failures.js';
import type { CallReport, EgressGuard, Pacer, TokenKeeper } from './http-ports.js';
import { failureOfError, failureOfStatus } from './http-failures.js';

export interface HttpClientParts {
  definition: HttpDefinition<unknown, unknown>;
  settings: unknown;
  credentials: unknown;
  pacer: Pacer;
  tokens: TokenKeeper;
  guard: EgressGuard;
  now(): Date;
  report?(call: CallReport): void;
  limits?: Partial<typeof DEFAULT_HTTP_LIMITS>;
}

export const DEFAULT_HTTP_LIMITS = {
  timeoutMs: 30_000,
  maxBytes: 16 * 1024 * 1024,
  maxFileBytes: 4 * 1024 * 1024 * 1024,
};

/** Sends what a connector asks for. One for each integration and process; `close` lets go of its connections. */
export function httpClient(parts: HttpClientParts): ConnectorHttp & { close(): void } {
  const { definition, pacer, tokens } = parts;
  const limits = { ...DEFAULT_HTTP_LIMITS, ...parts.limits };
  const agents = agentsFor(parts.guard);

  /** Without a token: for getting one. */
  const plain: ConnectorHttp = {
    send: (request) => paced(request, null),
    lines: (request) => lines(request, null),
  };
  const token = async (refused?: Token): Promise<Token | null> => {
    const { token: get } = definition;
    if (!get) return null;
    const { settings, credentials } = parts;
    return tokens.current((last) => get(plain, { settings, credentials, token: last, now: parts.now() }), refused);
  };

  async function paced(request: OutgoingRequest, access: Token | null): Promise<IncomingResponse> {
    const name = request.limit ?? 'default';
    const limit = definition.limits[name];
    if (!limit) throw new Error(`${request.operation}: there is no limit "${name}"`);
    const admitted = await pacer.admit({ name, limit, cost: request.cost ?? 1 });
    try {
      const response = await exchange(request, access);
      admitted.done({ kind: 'answered', allowance: definition.allowance?.(response) ?? null });
      return response;
    } catch (error) {
      admitted.done({ kind: 'failed', failure: failureOfError(request.operation, error) });
      throw error;
    }
  }

  async function exchange(request: OutgoingRequest, access: Token | null): Promise<IncomingResponse> {
    const started = performance.now();
    let status: number | null = null;
    let failure: ConnectorFailure | null = null;
    try {
      const raw = await call(request, access, 'arraybuffer', limits.maxBytes);
      status = raw.status;
      const response = readResponse(raw, request);
      failure = failureOf(response, request);
      if (failure) throw failure;
      return response;
    } catch (error) {
      failure ??= failureOfError(request.operation, error);
      throw failure;
    } finally {
      const { operation, method } = request;
      parts.report?.({ operation, method, status, durationMs: performance.now() - started, failure });
    }
  }

  function failureOf(response: IncomingResponse, request: OutgoingRequest): ConnectorFailure | null {
    if (request.accept?.includes(response.status)) return null;
    return definition.failure?.(response, request) ?? failureOfStatus(request.operation, response);
  }

  function call(
    request: OutgoingRequest,
    access: Token | null,
    responseType: 'arraybuffer' | 'stream',
    maxBytes: number,
  ): Promise<AxiosResponse<unknown>> {
    const { url, own } = addressOf(request, access);
    const identity = own
      ? definition.headers({ settings: parts.settings, credentials: parts.credentials, token: access })
      : {};
    return axios.request({
      ...agents,
      url,
      method: request.method,
      headers: { accept: 'application/json', ...contentType(request), ...identity, ...request.headers },
      data: bodyOf(request),
      responseType,
      timeout: limits.timeoutMs,
      signal: AbortSignal.timeout(responseType === 'stream' ? limits.timeoutMs * 60 : limits.timeoutMs),
      maxContentLength: maxBytes,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
    });
  }

  function addressOf(request: OutgoingRequest, access: Token | null): { url: string; own: boolean } {
    const base = definition.baseUrl({ settings: parts.settings, token: access });
    if (request.path !== undefined) return { url: `${base}${request.path}${queryText(request.query)}`, own: true };
    if (request.url === undefined) throw new Error(`${request.operation}: expected a path or a url`);
    if (!URL.canParse(request.url)) throw rejected(`${request.operation}: expected an address, got "${request.url}"`);
    const isTheirs = request.isTheirs ?? false;
    if (isTheirs && new URL(request.url).origin !== new URL(base).origin) {
      throw rejected(`${request.operation}: expected an address at ${new URL(base).origin}, got "${request.url}"`);
    }
    return { url: request.url + queryText(request.query), own: isTheirs };
  }

  async function* lines(request: OutgoingRequest, access: Token | null): AsyncGenerator<string> {
    const admitted = await pacer.admit({
      name: request.limit ?? 'default',
      limit: definition.limits[request.limit ?? 'default']!,
      cost: request.cost ?? 1,
    });
    try {
      const { status, data } = await call(request, access, 'stream', limits.maxFileBytes);
      if (status < 200 || status >= 300) throw failureOfStatus(request.operation, { status, headers: {}, body: null })!;
      yield* createInterface({ input: data as Readable, crlfDelay: Infinity });
      admitted.done({ kind: 'answered', allowance: null });
    } catch (error) {
      const failure = failureOfError(request.operation, error);
      admitted.done({ kind: 'failed', failure });
      throw failure;
    }
  }

  return {
    async send(request) {
      const access = await token();
      try {
        return await paced(request, access);
      } catch (error) {
        // Once: a token can be withdrawn before its time.
        if (!access || !(error instanceof ConnectorFailure) || error.kind !== 'unauthorized') throw error;
        return paced(request, await token(access));
      }
    },
    async *lines(request) {
      yield* lines(request, await token());
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function readResponse(raw: AxiosResponse<unknown>, request: OutgoingRequest): IncomingResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.headers)) headers[name.toLowerCase()] = String(value);
  const bytes = raw.data as Buffer;
  const isEmpty = bytes.length === 0;
  const isGood = raw.status >= 200 && raw.status < 300;
  if (isEmpty) return { status: raw.status, headers, body: null };
  try {
    return { status: raw.status, headers, body: parseJsonExactly(bytes) };
  } catch (error) {
    // What went wrong is told by the status; its page for people is of no use.
    if (!isGood) return { status: raw.status, headers, body: null };
    throw new ConnectorFailure('unexpected_shape', `${request.operation}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function queryText(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) search.append(name, each);
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

function contentType({ json, form, text }: OutgoingRequest): Headers {
  if (json !== undefined) return { 'content-type': 'application/json' };
  if (form) return { 'content-type': 'application/x-www-form-urlencoded' };
  return text === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' };
}

function bodyOf({ json, form, text }: OutgoingRequest): string | undefined {
  if (json !== undefined) return JSON.stringify(json);
  return form ? new URLSearchParams(form).toString() : text;
}

/** Connections that ask the guard about every address a name leads to, when it is connected to. */
function agentsFor(guard: EgressGuard): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const guarded: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      try {
        for (const { address } of addresses) guard.allow(hostname, address);
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, '', 0);
      }
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
  const options = { keepAlive: true, maxSockets: 16, lookup: guarded };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}
