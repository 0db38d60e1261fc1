import type { SandboxAnswer } from '#connect';

/** An error as Salesforce writes one: always a list. */
export function refusal(status: number, errorCode: string, message: string): SandboxAnswer {
  return { status, body: [{ message, errorCode }] };
}

/** Thrown on the way to an answer. */
export class Refusal extends Error {
  constructor(
    readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }
}

/** With a time to wait that is shorter than Salesforce’s own, so that a trial does not take a day. */
export function throttled(): SandboxAnswer {
  const refused = refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  return { ...refused, headers: { 'retry-after': '0.1' } };
}

export function failed(): SandboxAnswer {
  return refusal(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred');
}
