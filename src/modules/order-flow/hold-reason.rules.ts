import type { UserErrorFacts } from '../../shared/failures.js';
import { HOLD_REASONS, HoldReason, type HoldRow } from '../orders/index.js';

/** What an order is held for in place of being refused. */
export interface Finding {
  reason: HoldReason;
  note: string;
}

/** Of what only a channel can have said. */
const REASONS: typeof HOLD_REASONS = { ...HOLD_REASONS, INVALID: HoldReason.UNREADABLE, NOT_FOUND: HoldReason.STOCK };
/** What somebody can let go on; goods that are not there stay away whoever releases the hold. */
const MAY_BE_LET_GO = new Set([HoldReason.ADDRESS, HoldReason.CREDIT, HoldReason.DUPLICATE, HoldReason.PRICE]);

/** One for each reason, with all that was found in words. */
export function findingsOf(errors: readonly UserErrorFacts[]): Finding[] {
  const byReason = Map.groupBy(errors, ({ code }) => REASONS[code] ?? HoldReason.MANUAL);
  return [...byReason].map(([reason, found]) => ({ reason, note: found.map(({ message }) => message).join('; ') }));
}

/**
 * Those that nobody has let go on yet. Who releases a hold has seen what its note says: other findings hold the order
 * again. How much credit is used changes with every other order, so what was let go on of it stays so.
 */
export function openFindings(
  findings: readonly Finding[],
  released: readonly Pick<HoldRow, 'reason' | 'note'>[],
): Finding[] {
  const wasLetGo = ({ reason, note }: Finding) =>
    released.some((hold) => hold.reason === reason && (reason === HoldReason.CREDIT || hold.note === note));
  return findings.filter((finding) => !(MAY_BE_LET_GO.has(finding.reason) && wasLetGo(finding)));
}
