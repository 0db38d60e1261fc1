import { ConnectorFailure, MOST_UNANSWERED, type Sent } from '../../connect/index.js';
import { pauseMs } from './pauses.js';
import type { Snapshot } from './snapshots/index.js';

/** An item that was claimed, with what is told of its record; nothing where the system is not to hear of it. */
export interface ClaimedItem {
  recordId: string;
  attempts: number;
  round: number;
  mayHaveArrived: boolean;
  snapshot: Snapshot | null;
}

/** How an item stands behind an attempt. */
export interface Settled {
  item: ClaimedItem;
  state: 'DONE' | 'DUE' | 'DEAD';
  dueAt: Date;
  attempts: number;
  error: string | null;
  mayHaveArrived: boolean;
  isAlone: boolean;
  /** It waits for what it rests on, and goes as soon as that is there. */
  isWaiting: boolean;
  sent: Sent | null;
  failure: ConnectorFailure | null;
}

const THROTTLED_MS = 1_000;

/** The system has kept it, or is not to hear of it. Pure, as the next. */
export function settledWell(item: ClaimedItem, sent: Sent | null, now: Date): Settled {
  const isUnanswered = sent === null && item.mayHaveArrived;
  return {
    item,
    state: 'DONE',
    dueAt: now,
    attempts: 0,
    error: null,
    mayHaveArrived: isUnanswered,
    isAlone: false,
    isWaiting: false,
    sent,
    failure: null,
  };
}

/** It was not sent: what it rests on goes first. */
export function settledWaiting(item: ClaimedItem, why: string, now: Date): Settled {
  const attempts = item.attempts + 1;
  return {
    item,
    state: 'DUE',
    dueAt: new Date(now.getTime() + pauseMs(attempts)),
    attempts,
    error: why,
    mayHaveArrived: item.mayHaveArrived,
    isAlone: false,
    isWaiting: true,
    sent: null,
    failure: null,
  };
}

/**
 * What follows from a failure: wait as long as the system asks, or for a growing pause, or until a person has mended
 * what is wrong. `isShared`: it is the failure of a whole call, which one of several records may have caused.
 */
export function settledBadly(item: ClaimedItem, failure: ConnectorFailure, now: Date, isShared: boolean): Settled {
  const { kind, message, retryAfterMs } = failure;
  const settled = { item, error: message, sent: null, failure, isAlone: false, isWaiting: false };
  const later = (ms: number) => new Date(now.getTime() + ms);
  const { attempts, mayHaveArrived } = item;
  switch (kind) {
    case 'throttled':
      return { ...settled, state: 'DUE', dueAt: later(retryAfterMs ?? THROTTLED_MS), attempts, mayHaveArrived };
    case 'unauthorized':
      return { ...settled, state: 'DUE', dueAt: now, attempts, mayHaveArrived };
    case 'transient': {
      const wait = Math.max(pauseMs(attempts + 1), retryAfterMs ?? 0);
      return { ...settled, state: 'DUE', dueAt: later(wait), attempts: attempts + 1, mayHaveArrived: true };
    }
    case 'rejected':
    case 'unexpected_shape': {
      // A refusal did nothing; behind an answer that nobody understands anything may have happened.
      const arrived = mayHaveArrived || kind === 'unexpected_shape';
      const again = { ...settled, state: 'DUE' as const, mayHaveArrived: arrived, isAlone: true };
      if (isShared) return { ...again, dueAt: now, attempts };
      if (failure.isNoAnswer && attempts + 1 < MOST_UNANSWERED) {
        return { ...again, dueAt: later(pauseMs(attempts + 1)), attempts: attempts + 1 };
      }
      return { ...settled, state: 'DEAD', dueAt: now, attempts: attempts + 1, mayHaveArrived: arrived };
    }
  }
}

/** Until when the whole stream waits: as the system asks, or where it answered nothing at all. */
export function waitOf(
  outcomes: readonly Settled[],
  failures: number,
  now: Date,
): { until: Date | null; isSilent: boolean } {
  const asked = outcomes.filter(({ failure }) => failure?.kind === 'throttled').map(({ dueAt }) => dueAt.getTime());
  if (asked.length > 0) return { until: new Date(Math.max(...asked)), isSilent: false };
  const isSilent = outcomes.length > 0 && outcomes.every(({ failure }) => failure?.kind === 'transient');
  return { until: isSilent ? new Date(now.getTime() + pauseMs(failures + 1)) : null, isSilent };
}

/** What was thrown, as a failure. A fault of the connector's own is like an answer that it does not understand. */
export function failureOf(error: unknown): ConnectorFailure {
  if (error instanceof ConnectorFailure) return error;
  return new ConnectorFailure('unexpected_shape', `the connector failed: ${(error as Error).message}`, {
    cause: error,
  });
}
