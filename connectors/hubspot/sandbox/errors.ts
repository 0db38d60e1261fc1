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

export function throttled(): SandboxAnswer {
  return refusal(429, 'RATE_LIMITS', 'You have reached your ten_secondly_rolling limit.', {
    policyName: 'TEN_SECONDLY_ROLLING',
  });
}

export function failed(): SandboxAnswer {
  return refusal(500, 'INTERNAL_ERROR', 'internal error');
}
