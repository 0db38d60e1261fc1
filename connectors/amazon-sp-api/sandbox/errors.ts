import type { SandboxAnswer } from '#connect';

const REQUEST_ID = '6f2a9a52-0000-4000-8000-5d1c7e0b9a11';

/** Rates that a trial can live with: a search in three minutes is what most sellers have. */
export const TOLD = { 'x-amzn-RateLimit-Limit': '50.0', 'x-amzn-RequestId': REQUEST_ID };

/** An error as the Selling Partner API writes one. */
export function refusal(status: number, code: string, message: string, details = ''): SandboxAnswer {
  return { status, headers: { 'x-amzn-RequestId': REQUEST_ID }, body: { errors: [{ code, message, details }] } };
}

export function invalid(message: string): SandboxAnswer {
  return refusal(400, 'InvalidInput', message);
}

export function throttled(): SandboxAnswer {
  const refused = refusal(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.');
  return { ...refused, headers: TOLD };
}

export function failed(): SandboxAnswer {
  return refusal(500, 'InternalFailure', 'We encountered an internal error. Please try again.');
}
