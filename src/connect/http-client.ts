import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { parseJsonExactly } from './exact-json.js';
import type { ConnectorHttp, Headers, HttpDefinition, IncomingResponse, OutgoingRequest, Token } from './exchange.js';
import { ConnectorFailure, rejected } from './failures.js';
import { guardedAgents, type Resolve } from './guarded-agents.js';
import { addressFrom, callOut, discard, queryText, type Call, type Caller } from './http-call.js';
import { failureOfError, failureOfStatus, isBroken } from './http-failures.js';
import { linesOf, Patience } from './http-lines.js';
import type { CallReport, EgressGuard, Outcome, Pacer, TokenKeeper } from './http-ports.js';
import { secretMask } from './secret-mask.js';

export interface HttpClientParts {
  definition: HttpDefinition<unknown, unknown>;
  settings: unknown;
  credentials: unknown;
  pacer: Pacer;
  tokens: TokenKeeper;
  guard: EgressGuard;
  now(): Date;
  report?(call: CallReport): void;
  /** Looks names up; the system's own way, if left out. */
  resolve?: Resolve;
  limits?: Partial<typeof DEFAULT_HTTP_LIMITS>;
}

export const DEFAULT_HTTP_LIMITS = {
  /** For a whole answer, however slowly it comes; for each part of a file. */
  timeoutMs: 30_000,
  maxBytes: 16 * 1024 * 1024,
  fileTimeoutMs: 30 * 60_000,
  maxFileBytes: 4 * 1024 * 1024 * 1024,
};

/** Sends what a connector asks for. One for each integration and process; `close` lets go of its connections. */
export function httpClient(parts: HttpClientParts): ConnectorHttp & { close(): void } {
  const client = new HttpClient(parts);
  return {
    send: (request) => client.withToken((access) => client.repeated(request, access)),
    lines: (request) => client.lines(request),
    close: () => client.close(),
  };
}

class HttpClient {
  readonly #caller: Caller;
  readonly #limits: typeof DEFAULT_HTTP_LIMITS;
  #mask: (message: string) => string;
  #seen: Token | null = null;

  constructor(private readonly parts: HttpClientParts) {
    this.#caller = { guard: parts.guard, agents: guardedAgents(parts.guard, parts.resolve) };
    this.#limits = { ...DEFAULT_HTTP_LIMITS, ...parts.limits };
    this.#mask = secretMask(parts.credentials);
  }

  close(): void {
    this.#caller.agents.httpAgent.destroy();
    this.#caller.agents.httpsAgent.destroy();
  }

  /** Once more with another token where one is refused: it can be withdrawn before its time. */
  async withToken<T>(work: (access: Token | null) => Promise<T>): Promise<T> {
    const access = await this.#token();
    try {
      return await work(access);
    } catch (error) {
      if (!access || !(error instanceof ConnectorFailure) || error.kind !== 'unauthorized') throw error;
      return work(await this.#token(access));
    }
  }

  async #token(refused?: Token): Promise<Token | null> {
    const { definition, settings, credentials, tokens, now } = this.parts;
    if (!definition.token) return null;
    const token = await tokens.current((last) => {
      this.#see(last);
      const plain: ConnectorHttp = {
        send: (request) => this.repeated(request, null),
        lines: (request) => this.#linesWith(request, null),
      };
      return definition.token!(plain, { settings, credentials, token: last, now: now() });
    }, refused);
    this.#see(token);
    return token;
  }

  /** From now on no failure repeats it. */
  #see(token: Token | null): void {
    if (!token || token === this.#seen) return;
    this.#seen = token;
    this.#mask = secretMask([this.parts.credentials, token.accessToken, token.refreshToken]);
  }

  /** Once more at once where the connection broke and the request may be sent twice. */
  async repeated(request: OutgoingRequest, access: Token | null): Promise<IncomingResponse> {
    const isRepeatable = request.isRepeatable ?? request.method === 'GET';
    let broke = false;
    const onBroken = () => {
      broke = true;
    };
    try {
      return await this.#paced(request, () => this.#exchange(request, access, onBroken));
    } catch (error) {
      if (!broke || !isRepeatable) throw error;
      return this.#paced(request, () => this.#exchange(request, access, () => {}));
    }
  }

  async #paced(request: OutgoingRequest, work: () => Promise<IncomingResponse>): Promise<IncomingResponse> {
    const done = await this.#admit(request);
    try {
      const response = await work();
      void done({ kind: 'answered', allowance: this.parts.definition.allowance?.(response) ?? null });
      return response;
    } catch (error) {
      const failure = this.#failureOf(request, error);
      // Whoever acts on the failure finds that it is known.
      await done({ kind: 'failed', failure });
      throw failure;
    }
  }

  async #admit(request: OutgoingRequest): Promise<(outcome: Outcome) => void | Promise<void>> {
    const name = request.limit ?? 'default';
    const limit = this.parts.definition.limits[name];
    if (!limit) throw new Error(`${request.operation}: there is no limit "${name}"`);
    const { done } = await this.parts.pacer.admit({ name, limit, cost: request.cost ?? 1 });
    return done;
  }

  async #exchange(request: OutgoingRequest, access: Token | null, onBroken: () => void): Promise<IncomingResponse> {
    const report = this.#reporter(request);
    let status: number | null = null;
    try {
      const { timeoutMs, maxBytes } = this.#limits;
      const signal = AbortSignal.timeout(timeoutMs);
      const raw = await this.#call(request, access, { responseType: 'arraybuffer', timeoutMs, maxBytes, signal });
      status = raw.status;
      const response = readResponse(raw, request);
      const failure = this.#failureIn(response, request);
      if (failure) throw failure;
      report(status, null);
      return response;
    } catch (error) {
      if (isBroken(error)) onBroken();
      const failure = this.#failureOf(request, error);
      report(status, failure);
      throw failure;
    }
  }

  #failureIn(response: IncomingResponse, request: OutgoingRequest): ConnectorFailure | null {
    if (request.accept?.includes(response.status)) return null;
    return this.parts.definition.failure?.(response, request) ?? failureOfStatus(request.operation, response);
  }

  /** The failure to throw; what it says is rid of secrets first. */
  #failureOf({ operation }: OutgoingRequest, error: unknown): ConnectorFailure {
    const failure = failureOfError(operation, error);
    const message = this.#mask(failure.message);
    if (message === failure.message) return failure;
    const { kind, retryAfterMs, isNoAnswer } = failure;
    return new ConnectorFailure(kind, message, { ...(retryAfterMs !== null && { retryAfterMs }), isNoAnswer });
  }

  #call(
    request: OutgoingRequest,
    access: Token | null,
    how: Omit<Call, 'request' | 'url' | 'identity'>,
  ): Promise<AxiosResponse<unknown>> {
    const { definition, settings, credentials } = this.parts;
    const { url, isOwn } = this.#addressOf(request, access);
    const identity: Headers = isOwn ? definition.headers({ settings, credentials, token: access }) : {};
    return callOut(this.#caller, { ...how, request, url, identity });
  }

  #addressOf(request: OutgoingRequest, access: Token | null): { url: URL; isOwn: boolean } {
    const { operation, path, isTheirs = false } = request;
    const base = this.parts.definition.baseUrl({ settings: this.parts.settings, token: access });
    const text = path === undefined ? request.url : `${base}${path}`;
    if (text === undefined) throw new Error(`${operation}: expected a path or a url`);
    const url = addressFrom(operation, text);
    const isOwn = path !== undefined || isTheirs;
    const { origin } = new URL(base);
    if (isOwn && url.origin !== origin)
      throw rejected(`${operation}: expected an address at ${origin}, got ${url.origin}`);
    const query = queryText(request.query);
    if (query !== '') url.search = url.search === '' ? query : `${url.search}&${query}`;
    return { url, isOwn };
  }

  async *lines(request: OutgoingRequest): AsyncGenerator<string> {
    yield* this.#linesOf(request, await this.withToken((access) => this.#open(request, access)));
  }

  async *#linesWith(request: OutgoingRequest, access: Token | null): AsyncGenerator<string> {
    yield* this.#linesOf(request, await this.#open(request, access));
  }

  /** The file, once its head is there and says that it comes. */
  async #open(request: OutgoingRequest, access: Token | null): Promise<OpenFile> {
    const done = await this.#admit(request);
    const report = this.#reporter(request);
    const { timeoutMs, fileTimeoutMs: wholeMs, maxFileBytes } = this.#limits;
    const patience = new Patience(request.operation, { timeoutMs, wholeMs });
    let status: number | null = null;
    const end = (failure: ConnectorFailure | null) => {
      patience.end();
      report(status, failure);
      return done(failure ? { kind: 'failed', failure } : { kind: 'answered', allowance: null });
    };
    try {
      const how = { timeoutMs: wholeMs, maxBytes: maxFileBytes, signal: patience.signal };
      const raw = await patience.wait(this.#call(request, access, { ...how, responseType: 'stream' }));
      status = raw.status;
      const failure = this.#failureIn({ status, headers: headersOf(raw), body: null }, request);
      if (!failure) return { data: raw.data as Readable, patience, end };
      discard(raw);
      throw failure;
    } catch (error) {
      const failure = this.#failureOf(request, error);
      await end(failure);
      throw failure;
    }
  }

  async *#linesOf(request: OutgoingRequest, { data, patience, end }: OpenFile): AsyncGenerator<string> {
    let failure: ConnectorFailure | null = null;
    try {
      yield* linesOf(patience.chunks(data), this.#limits.maxBytes);
    } catch (error) {
      failure = this.#failureOf(request, error);
      throw failure;
    } finally {
      // Also where the reader has had enough.
      data.destroy();
      await end(failure);
    }
  }

  #reporter({ operation, method }: OutgoingRequest): (status: number | null, failure: ConnectorFailure | null) => void {
    const started = performance.now();
    return (status, failure) =>
      this.parts.report?.({ operation, method, status, durationMs: performance.now() - started, failure });
  }
}

interface OpenFile {
  data: Readable;
  patience: Patience;
  end(failure: ConnectorFailure | null): void | Promise<void>;
}

function headersOf(raw: AxiosResponse<unknown>): Headers {
  return Object.fromEntries(Object.entries(raw.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function readResponse(raw: AxiosResponse<unknown>, request: OutgoingRequest): IncomingResponse {
  const { status } = raw;
  const headers = headersOf(raw);
  const bytes = raw.data as Buffer;
  if (bytes.length === 0) return { status, headers, body: null };
  try {
    return { status, headers, body: parseJsonExactly(bytes) };
  } catch (error) {
    // What went wrong is told by the status; its page for people is of no use.
    if (status < 200 || status >= 300) return { status, headers, body: null };
    const message = `${request.operation}: ${(error as Error).message}`;
    throw new ConnectorFailure('unexpected_shape', message, { isNoAnswer: true });
  }
}
