import { ConnectorFailure, type FailureKind, type IncomingResponse, type OutgoingRequest } from '#connect';
import type { Said } from './wire.js';

export const TOKEN_OPERATION = 'get a token';
/** The allowance is of the last 24 hours and comes back bit by bit, so ask now and then. */
const LIMIT_PAUSE_MS = 900_000;
const CONCURRENT_PAUSE_MS = 30_000;

const KINDS: Readonly<Record<string, FailureKind>> = {
  REQUEST_LIMIT_EXCEEDED: 'throttled',
  INVALID_SESSION_ID: 'unauthorized',
  INVALID_AUTH_HEADER: 'unauthorized',
  API_DISABLED_FOR_ORG: 'unauthorized',
  API_CURRENTLY_DISABLED: 'unauthorized',
  INSUFFICIENT_ACCESS: 'unauthorized',
  UNABLE_TO_LOCK_ROW: 'transient',
  SERVER_UNAVAILABLE: 'transient',
  QUERY_TIMEOUT: 'transient',
  UNKNOWN_EXCEPTION: 'transient',
  TXN_SECURITY_METERING_ERROR: 'transient',
};
const NO_PARENT_YET = /^Foreign key external ID: .* not found/i;

/** Errors come as a list, those of the token as an object. */
export function failureOf(response: IncomingResponse, { operation }: OutgoingRequest): ConnectorFailure | null {
  const { status, body, headers } = response;
  if (status < 300) return null;
  if (operation === TOKEN_OPERATION && !Array.isArray(body)) return failureOfToken(response);
  const [said] = saidIn(body);
  const kind = said && KINDS[said.code];
  if (!said || !kind) return null;
  // A time that is stated is the kit’s to read where the status says the same.
  const stated = headers['retry-after'];
  const pause = /concurrent/i.test(said.message) ? CONCURRENT_PAUSE_MS : LIMIT_PAUSE_MS;
  const retryAfterMs = stated !== undefined && /^\d{1,6}(\.\d{1,3})?$/.test(stated) ? Number(stated) * 1_000 : pause;
  return new ConnectorFailure(kind, `${operation}: got ${status}: ${said.code}: ${said.message}`, {
    ...(kind === 'throttled' && { retryAfterMs: Math.ceil(retryAfterMs) }),
  });
}

/** Whether a page’s locator is gone: two days old, or one of too many. */
export function isLocatorGone(body: unknown): boolean {
  return saidIn(body).some(({ code }) => ['INVALID_QUERY_LOCATOR', 'NOT_FOUND'].includes(code));
}

function failureOfToken({ status, body }: IncomingResponse): ConnectorFailure | null {
  if (status !== 400 && status !== 401 && status !== 403) return null;
  const { error, error_description: description } = (body ?? {}) as Record<string, unknown>;
  const because = `${TOKEN_OPERATION}: got ${status}: ${textOf(error)}: ${textOf(description)}`;
  if (/login rate exceeded|retry your request/i.test(textOf(description))) {
    return new ConnectorFailure('throttled', because, { retryAfterMs: CONCURRENT_PAUSE_MS });
  }
  return new ConnectorFailure('unauthorized', because);
}

function saidIn(body: unknown): { code: string; message: string }[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((each: unknown) => {
    const { errorCode, message } = (each ?? {}) as Record<string, unknown>;
    return typeof errorCode === 'string' ? [{ code: errorCode, message: textOf(message) }] : [];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 300) : 'no reason';
}

/** What went wrong with one record of several. */
export function failureOfRecord(operation: string, errors: readonly Said[]): ConnectorFailure {
  const [first] = errors;
  const because = errors
    .map(({ statusCode, message, fields }) => `${statusCode}: ${message.slice(0, 300)}${fieldsIn(fields)}`)
    .join('; ');
  const message = `${operation}: ${because || 'refused without a reason'}`;
  if (first && NO_PARENT_YET.test(first.message)) return new ConnectorFailure('transient', message);
  const kind = KINDS[first?.statusCode ?? ''] ?? 'rejected';
  return new ConnectorFailure(kind, message, { ...(kind === 'throttled' && { retryAfterMs: LIMIT_PAUSE_MS }) });
}

function fieldsIn(fields: readonly string[] | null | undefined): string {
  return fields && fields.length > 0 ? ` (${fields.join(', ')})` : '';
}
