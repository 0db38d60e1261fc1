/** Whether a system is asked at all. All times in milliseconds. */
export interface Breaker {
  /** Failures in a row that may pass. */
  failures: number;
  /** How often in a row it has opened: the pauses grow with it. */
  openings: number;
  /** Nobody asks until then; 0: it is closed. */
  openUntil: number;
  /** The one request that may find out whether the system is back, and until when it is waited for. */
  probe: { id: string; until: number } | null;
  lastFailure: string | null;
}

export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';
export type Turn = 'opened' | 'closed' | null;

export const CLOSED: Breaker = { failures: 0, openings: 0, openUntil: 0, probe: null, lastFailure: null };
export const MOST_FAILURES = 5;
export const PROBE_MS = 60_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
const JITTER = 0.2;
const ASK_AGAIN_MS = 1_000;

/** How long nobody is to ask; 0: go. Behind the pause one asks, and the others wait for what it finds. */
export function pass(breaker: Breaker, id: string, now: number): number {
  if (breaker.openUntil === 0) return 0;
  if (now < breaker.openUntil) return breaker.openUntil - now;
  if (breaker.probe && breaker.probe.id !== id && now < breaker.probe.until) return ASK_AGAIN_MS;
  breaker.probe = { id, until: now + PROBE_MS };
  return 0;
}

/** The probe did not go out after all. */
export function forgetProbe(breaker: Breaker, id: string): void {
  if (breaker.probe?.id === id) breaker.probe = null;
}

/** The system has answered, whatever it said. */
export function succeed(breaker: Breaker, id: string): Turn {
  if (breaker.openUntil === 0) {
    breaker.failures = 0;
    return null;
  }
  // What was under way when it opened says nothing of now.
  if (breaker.probe?.id !== id) return null;
  Object.assign(breaker, CLOSED);
  return 'closed';
}

/** `chance`: at least 0 and below 1; it keeps many hubs from coming back in the same moment. */
export function fail(breaker: Breaker, id: string, what: { reason: string; now: number; chance: number }): Turn {
  const isOpen = breaker.openUntil !== 0;
  if (isOpen && breaker.probe?.id !== id) return null;
  breaker.lastFailure = what.reason;
  breaker.failures += 1;
  if (!isOpen && breaker.failures < MOST_FAILURES) return null;
  breaker.openings += 1;
  breaker.probe = null;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (breaker.openings - 1));
  breaker.openUntil = what.now + pause * (1 + JITTER * what.chance);
  return isOpen ? null : 'opened';
}

export function stateOf({ openUntil }: Breaker, now: number): BreakerState {
  if (openUntil === 0) return 'CLOSED';
  return now < openUntil ? 'OPEN' : 'HALF_OPEN';
}
