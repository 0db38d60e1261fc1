import type { ConnectorFailure } from './failures.js';

export type Headers = Readonly<Record<string, string>>;
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A call to the connected system. Exactly one of `path` and `url`; at most one of `json`, `form` and `text`. */
export interface OutgoingRequest {
  /** The vendor's name of what is called, e.g. "searchOrders": it stands in logs, metrics and failures. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind the base address; starts with a slash. The caller escapes what it puts into it. */
  path?: string;
  /** Elsewhere, as the system itself said (a page link, a file): sent without what shows who asks, unless `isTheirs`. */
  url?: string;
  /** `url` leads to the system itself; it is refused where its origin is another than the base address has. */
  isTheirs?: boolean;
  query?: Query;
  headers?: Headers;
  json?: unknown;
  form?: Readonly<Record<string, string>>;
  text?: string;
  /** Which of the definition's limits it counts against; "default", if left out. */
  limit?: string;
  /** How much of the limit it uses up; 1, if left out. */
  cost?: number;
  /**
   * Whether it may be sent again where it is not known what became of it; so for GET and not for others, if left out.
   * A request that may not is tried again by the engine, with `mayHaveArrived`.
   */
  isRepeatable?: boolean;
  /** Statuses outside 200 to 299 that the caller reads itself. */
  accept?: readonly number[];
}

export interface IncomingResponse {
  status: number;
  /** Names in lower case. */
  headers: Headers;
  /** JSON with every number as its text (see `parseJsonExactly`); null for an empty body. */
  body: unknown;
}

/** Sends requests: paced over all processes, guarded against private networks, capped in size and time. */
export interface ConnectorHttp {
  /** Throws a ConnectorFailure for everything that is no answer to the request. */
  send(request: OutgoingRequest): Promise<IncomingResponse>;
  /** The lines of a large file as they come, without an end in memory; the same guards, a larger cap. */
  lines(request: OutgoingRequest): AsyncIterable<string>;
}

export interface Token {
  accessToken: string;
  /** Null: until it is refused. */
  expiresAt: Date | null;
  refreshToken?: string;
  /** Where its owner is served, if that is told with the token. */
  baseUrl?: string;
}

/** A token bucket: so many at once, and so many a second flow back. */
export interface Limit {
  burst: number;
  perSecond: number;
  /** The most requests under way at once, over all processes; without it, as many as the bucket lets. */
  concurrency?: number;
}

/** What an answer says about how much may still be asked. */
export interface Allowance {
  limit?: string;
  /** What is left in the bucket now. */
  available?: number;
  /** What the bucket holds and how fast it fills, where the system tells its own. */
  burst?: number;
  perSecond?: number;
}

/** How a vendor is talked to. */
export interface HttpDefinition<Settings, Credentials> {
  /** Where it is reached, without a trailing slash. */
  baseUrl(known: { settings: Settings; token: Token | null }): string;
  /** What shows who asks. */
  headers(known: { settings: Settings; credentials: Credentials; token: Token | null }): Headers;
  /**
   * Gets an access token. The engine keeps it encrypted, shares it among processes, asks again shortly before it ends
   * or once when it is refused, in one process at a time. `token` is the last one: for its refresh token.
   */
  token?(
    http: ConnectorHttp,
    known: { settings: Settings; credentials: Credentials; token: Token | null; now: Date },
  ): Promise<Token>;
  /** By name; "default" is what a request counts against that names none. */
  limits: { default: Limit; [name: string]: Limit };
  allowance?(response: IncomingResponse): Allowance | null;
  /**
   * Looked at before the kit's own reading of the status, for systems that answer 200 to what has failed. Null leaves
   * it to the kit: 401 unauthorized; 429 and 503 with Retry-After throttled; 408, 425 and other 5xx transient; other
   * 4xx rejected; a body that is no JSON unexpected_shape and no answer.
   */
  failure?(response: IncomingResponse, request: OutgoingRequest): ConnectorFailure | null;
}
