import type { UserErrorFacts } from '../../shared/failures.js';
import { HOLD_REASONS, HoldReason } from '../orders/index.js';

/** So many runs may stand behind each other, one setting off the next. */
export const MOST_DEPTH = 5;
/** So often a rule may act on one order within the span. */
export const MOST_RUNS = 20;
export const SPAN_MS = 3_600_000;
/** So often a run is tried that ends in a fault. */
export const MOST_TRIES = 3;
const PAUSE_MS = 30_000;

/** What an order is held for that a rule was refused to act on; null where it is held already. */
export function holdReasonOf(errors: readonly UserErrorFacts[]): HoldReason | null {
  const open = errors.filter(({ code }) => code !== 'ON_HOLD');
  if (open.length === 0) return null;
  return open.map(({ code }) => HOLD_REASONS[code]).find((reason) => reason !== undefined) ?? HoldReason.MANUAL;
}

/** Why a run is cut, in words; null where it may go on. */
export function reasonToCut(depth: number, recentRuns: number): string | null {
  if (depth > MOST_DEPTH) return `a loop: ${depth} runs of rules stand behind it, one setting off the next`;
  if (recentRuns >= MOST_RUNS) return `a loop: it has acted on the order ${recentRuns} times within an hour`;
  return null;
}

/** When a run that has ended so often in a fault is tried again. */
export function nextTry(now: Date, tries: number): Date {
  return new Date(now.getTime() + PAUSE_MS * tries);
}
