import axios, { type AxiosResponse } from 'axios';
import type { Headers, OutgoingRequest, Query } from './exchange.js';
import { ConnectorFailure, rejected } from './failures.js';
import { checkLiteral, type Agents } from './guarded-agents.js';
import type { EgressGuard } from './http-ports.js';

const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface Caller {
  guard: EgressGuard;
  agents: Agents;
}

export interface Call {
  request: OutgoingRequest;
  url: URL;
  /** What shows who asks; empty where the address is not the system's own. */
  identity: Headers;
  responseType: 'arraybuffer' | 'stream';
  timeoutMs: number;
  maxBytes: number;
  /** Ends the call, whatever it is at: also an answer that comes drop by drop. */
  signal: AbortSignal;
}

/**
 * One request over the wire. A GET follows redirects, each hop by the guard; to another origin it goes without anything
 * that shows who asks. Others are not followed: what they were to do would be done elsewhere, or twice.
 */
export async function callOut(caller: Caller, call: Call): Promise<AxiosResponse<unknown>> {
  const { request } = call;
  let { url, identity } = call;
  let own: Headers = request.headers ?? {};
  for (let hop = 0; ; hop += 1) {
    const answer = await hopTo(caller, call, url, { ...identity, ...own });
    const next = request.method === 'GET' ? redirectOf(answer) : null;
    if (next === null) return answer;
    discard(answer);
    if (hop === MOST_REDIRECTS) {
      throw new ConnectorFailure('unexpected_shape', `${request.operation}: more than ${MOST_REDIRECTS} redirects`);
    }
    const target = addressFrom(request.operation, next, url);
    if (url.protocol === 'https:' && target.protocol !== 'https:') {
      throw rejected(`${request.operation}: a redirect leads from https to ${target.origin}`);
    }
    if (target.origin !== url.origin) {
      identity = {};
      own = {};
    }
    url = target;
  }
}

function hopTo(
  { guard, agents }: Caller,
  { request, responseType, timeoutMs, maxBytes, signal }: Call,
  url: URL,
  headers: Headers,
): Promise<AxiosResponse<unknown>> {
  checkLiteral(guard, url);
  return axios.request({
    ...agents,
    url: url.href,
    method: request.method,
    headers: { accept: 'application/json', ...contentType(request), ...headers },
    data: bodyOf(request),
    responseType,
    timeout: timeoutMs,
    signal,
    maxContentLength: maxBytes,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
  });
}

function redirectOf({ status, headers }: AxiosResponse<unknown>): string | null {
  const { location } = headers as { location?: unknown };
  return REDIRECTS.has(status) && typeof location === 'string' ? location : null;
}

/** Gives a body that nobody reads up, so that its connection is not kept waiting. */
export function discard({ data }: AxiosResponse<unknown>): void {
  (data as { destroy?: () => void }).destroy?.();
}

/** A web address, or a failure that shows no more of it than its host: the rest may be a key to what it leads to. */
export function addressFrom(operation: string, text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href))
    throw rejected(`${operation}: expected an address, got ${text.length} characters`);
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol)) throw rejected(`${operation}: expected http or https, got ${url.protocol}`);
  if (url.username || url.password) throw rejected(`${operation}: ${url.host}: expected no user in the address`);
  return url;
}

export function queryText(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) search.append(name, each);
  }
  return search.toString();
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
