import { ConnectorFailure, type IncomingResponse, type Limit, type OutgoingRequest } from '#connect';

/**
 * No time to wait is promised with a 429: what flows back into the bucket of that operation is what there is to go by.
 * https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
 */
export function failureIn(
  { status, headers, body }: IncomingResponse,
  { operation, limit = 'default' }: OutgoingRequest,
  limits: Readonly<Record<string, Limit>>,
): ConnectorFailure | null {
  const because = `${operation}: got ${status}: ${saidIn(body)} (request ${headers['x-amzn-requestid'] ?? 'without id'})`;
  if (status === 429) {
    if (headers['retry-after'] !== undefined) return null;
    const perSecond = rateIn(headers) ?? limits[limit]!.perSecond;
    return new ConnectorFailure('throttled', because, { retryAfterMs: Math.ceil(1_000 / perSecond) });
  }
  // An expired token and a role that is missing look alike: the client asks once more with another token.
  if (status === 403) return new ConnectorFailure('unauthorized', because);
  if (operation === 'refreshToken' && status === 400) return new ConnectorFailure('unauthorized', because);
  if (status === 401 || (status >= 400 && status < 500 && status !== 408 && status !== 425)) {
    return new ConnectorFailure(status === 401 ? 'unauthorized' : 'rejected', because);
  }
  return null;
}

/** The rate that an operation has for this seller, where it is told. */
export function rateIn(headers: IncomingResponse['headers']): number | null {
  const rate = headers['x-amzn-ratelimit-limit'];
  return rate !== undefined && /^\d{1,6}(\.\d{1,9})?$/.test(rate) && Number(rate) > 0 ? Number(rate) : null;
}

const MOST_SHOWN = 300;

function saidIn(body: unknown): string {
  if (body === null || typeof body !== 'object') return 'no reason';
  const { errors, error, error_description: description } = body as Record<string, unknown>;
  if (typeof error === 'string') return [error, description].filter(Boolean).join(': ').slice(0, MOST_SHOWN);
  if (!Array.isArray(errors)) return 'no reason';
  const said = (errors as Record<string, unknown>[]).map(({ code, message, details }) =>
    [code, message, details].filter((part) => typeof part === 'string' && part !== '').join(': '),
  );
  return said.join('; ').slice(0, MOST_SHOWN);
}
