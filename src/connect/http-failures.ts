import type { IncomingResponse } from './exchange.js';
import { ConnectorFailure, type FailureKind } from './failures.js';

const TRANSIENT = new Set([408, 425]);
const MOST_SHOWN = 300;
/** The connection ended before an answer: the other side had closed it while it was kept, say. */
const BROKEN = new Set<string | undefined>(['ECONNRESET', 'EPIPE']);

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
  // A redirect that is not followed: an API that moved is not what it was.
  return status >= 300 && status < 400 ? 'unexpected_shape' : 'rejected';
}

/** Seconds only: what a date means depends on whose clock is right. */
function retryAfter(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,6}(\.\d{1,3})?$/.test(value) ? Math.ceil(Number(value) * 1000) : null;
}

/**
 * What was thrown on the way, as a failure: no answer is transient, an answer beyond the cap is not as documented, and so
 * is one over which the connector's own code falls.
 */
export function failureOfError(operation: string, error: unknown): ConnectorFailure {
  if (error instanceof ConnectorFailure) return error;
  const { message, code, cause, isAxiosError } = error as {
    message: string;
    code?: unknown;
    cause?: unknown;
    isAxiosError?: boolean;
  };
  if (cause instanceof ConnectorFailure) return cause;
  // The message of the HTTP library alone: its error holds the request, and that its secrets.
  if (/maxContentLength/.test(message)) {
    return new ConnectorFailure('unexpected_shape', `${operation}: the answer is larger than the cap`, {
      isNoAnswer: true,
    });
  }
  if (isAxiosError || typeof code === 'string') {
    return new ConnectorFailure('transient', `${operation}: ${message || String(code)}`);
  }
  return new ConnectorFailure('unexpected_shape', `${operation}: ${message}`, { cause: error });
}

export function isBroken(error: unknown): boolean {
  return BROKEN.has((error as { code?: string }).code);
}
