import type { SandboxAnswer } from '#connect';

const CORRELATION_ID = '0d0f4ff2-2a1c-4a52-9d6c-000000000000';

/** An error as HubSpot writes one. */
export function refusal(
  status: number,
  category: string,
  message: string,
  more: Record<string, unknown> = {},
): SandboxAnswer {
  return { status, body: { status: 'error', message, correlationId: CORRELATION_ID, category, ...more } };
}

export interface ItemError {
  status: 'error';
  category: string;
  message: string;
  errors: [];
  context: Record<string, string[]>;
  links: Record<string, never>;
}

export function itemError(category: string, message: string, context: Record<string, string[]>): ItemError {
  return { status: 'error', category, message, errors: [], context, links: {} };
}

/** With a time to wait that is shorter than HubSpot’s own, so that a trial does not take a day. */
export function throttled(): SandboxAnswer {
  const more = { errorType: 'RATE_LIMIT', policyName: 'SECONDLY' };
  const refused = refusal(429, 'RATE_LIMITS', 'You have reached your secondly limit.', more);
  return { ...refused, headers: { 'retry-after': '0.1' } };
}

export function failed(): SandboxAnswer {
  return refusal(500, 'INTERNAL_ERROR', 'internal error');
}
