import type { IncomingResponse } from './exchange.js';
import { ConnectorFailure, type FailureKind } from './failures.js';

const TRANSIENT = new Set([408, 425]);
const MOST_SHOWN = 300;

/** How the kit reads a status; null for one that says all is well. */
export function failureOfStatus(operation: string, response: IncomingResponse): ConnectorFailure | null {
  const { status, headers, body } = response;
  if (status >= 200 && status < 300) return null;
  const retryAfterMs = retryAfter(headers['retry-after']);
  const shown = body === null ? '' : `: ${JSON.stringify(body).slice(0, MOST_SHOWN)}`;
  return new ConnectorFailure(kindOf(status, retryAfterMs), `${operation}: got ${status}${shown}`, {
    ...(retryAfterMs !== null && { retryAfterMs }),
  });
}

function kindOf(status: number, retryAfterMs: number | null): FailureKind {
  if (status === 401) return 'unauthorized';
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return 'throttled';
  if (status >= 500 || TRANSIENT.has(status)) return 'transient';
  // No redirect is followed: an API that moved is not what it was.
  return status >= 300 && status < 400 ? 'unexpected_shape' : 'rejected';
}

/** Seconds only: what a date means depends on whose clock is right. */
function retryAfter(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,6}(\.\d{1,3})?$/.test(value) ? Math.ceil(Number(value) * 1000) : null;
}

/** What was thrown on the way, as a failure: no answer is transient, an answer beyond the cap is not as documented. */
export function failureOfError(operation: string, error: unknown): ConnectorFailure {
  if (error instanceof ConnectorFailure) return error;
  const { message, code, cause } = error as { message: string; code?: string; cause?: unknown };
  if (cause instanceof ConnectorFailure) return cause;
  const isTooLarge = code === 'ERR_BAD_RESPONSE' || /maxContentLength/.test(message);
  // The message of the HTTP library alone: its error holds the request, and that its secrets.
  return new ConnectorFailure(isTooLarge ? 'unexpected_shape' : 'transient', `${operation}: ${message}`);
}
