import { ConnectorFailure, type FailureKind, type IncomingResponse, type OutgoingRequest } from '#connect';
import type { WireError } from './wire.js';

/** How long each policy takes to let go; a day's quota comes back at midnight of the account, so ask now and then. */
const PAUSES: Readonly<Record<string, number>> = {
  SECONDLY: 1_000,
  TEN_SECONDLY_ROLLING: 10_000,
  DAILY: 900_000,
};
const LOCKED = 423;
const LOCKED_PAUSE_MS = 2_000;
const MIGRATING = 477;
const MIGRATING_PAUSE_MS = 600_000;

/** https://developers.hubspot.com/docs/api-reference/error-handling */
export function failureOf(response: IncomingResponse, { operation }: OutgoingRequest): ConnectorFailure | null {
  const { status, headers } = response;
  const { category, policyName, message } = saidIn(response.body);
  const because = `${operation}: got ${status}: ${message ?? 'no reason'}`;
  if (status === 429) {
    // A time that HubSpot states itself is the kit's to read.
    if (headers['retry-after'] !== undefined) return null;
    const retryAfterMs = PAUSES[policyName ?? ''] ?? PAUSES.TEN_SECONDLY_ROLLING!;
    return new ConnectorFailure('throttled', `${because} (${policyName ?? 'no policy'})`, { retryAfterMs });
  }
  if (status === LOCKED) return new ConnectorFailure('throttled', because, { retryAfterMs: LOCKED_PAUSE_MS });
  if (status === MIGRATING) return new ConnectorFailure('throttled', because, { retryAfterMs: MIGRATING_PAUSE_MS });
  // Nothing that waits helps against a scope that the app was not given, or a refresh token that was withdrawn.
  if (status === 403 && category === 'MISSING_SCOPES') return new ConnectorFailure('unauthorized', because);
  if (status === 400 && operation === 'refreshToken') return new ConnectorFailure('unauthorized', because);
  return null;
}

function saidIn(body: unknown): { category?: string; policyName?: string; message?: string } {
  if (body === null || typeof body !== 'object') return {};
  const { category, policyName, message } = body as Record<string, unknown>;
  return {
    ...(typeof category === 'string' && { category }),
    ...(typeof policyName === 'string' && { policyName }),
    ...(typeof message === 'string' && { message: message.slice(0, 300) }),
  };
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  RATE_LIMITS: 'throttled',
  MISSING_SCOPES: 'unauthorized',
  INTERNAL_ERROR: 'transient',
};

/** What went wrong with one item of a batch. */
export function failureOfItem(operation: string, { message, category }: WireError): ConnectorFailure {
  return new ConnectorFailure(KINDS[category ?? ''] ?? 'rejected', `${operation}: ${category ?? 'error'}: ${message}`);
}
