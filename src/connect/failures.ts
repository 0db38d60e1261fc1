/** What went wrong between the hub and a connected system; each kind has one reaction. */
export const FAILURE_KINDS = {
  unauthorized: 'The system refuses the credentials: the integration pauses and a person is asked.',
  throttled: 'Too many calls: wait as long as the system says.',
  transient: 'It may work a moment later: try again with growing pauses.',
  rejected: 'It will never be taken as it is: it goes to the dead letters.',
  unexpected_shape: 'It does not look as documented: it goes to the dead letters and the integration is degraded.',
} as const;
export type FailureKind = keyof typeof FAILURE_KINDS;

/** Thrown by connectors. The message names the field, what was expected and what came; it holds no secret. */
export class ConnectorFailure extends Error {
  override name = 'ConnectorFailure';
  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: ErrorOptions & { retryAfterMs?: number; isNoAnswer?: boolean },
  ) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs ?? null;
    this.isNoAnswer = options?.isNoAnswer ?? false;
  }

  /** How long the system asks to be left alone, where it says so. */
  readonly retryAfterMs: number | null;

  /**
   * The answer was no JSON, but a page for people say, or had no end. Something stands before the system, for a while perhaps,
   * so that it is asked again some times (MOST_UNANSWERED); a JSON of another shape would be the same again.
   */
  readonly isNoAnswer: boolean;
}

/** How often a system is asked that answers nothing. */
export const MOST_UNANSWERED = 5;

export function rejected(message: string): ConnectorFailure {
  return new ConnectorFailure('rejected', message);
}

const THROTTLED_MS = 2_000;

/**
 * For how long to wait because the system, or the hub's own pacing, says so: nothing is the worse for that. Null for all
 * else, a refusal above all, whatever it says of later: to ask the same again is no cure.
 */
export function askedToWait({ kind, retryAfterMs }: ConnectorFailure): number | null {
  if (kind !== 'throttled' && kind !== 'transient') return null;
  return retryAfterMs ?? (kind === 'throttled' ? THROTTLED_MS : null);
}
