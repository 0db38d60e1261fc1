import { randomFraction } from '../../shared/ids.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/** How long to wait behind so many attempts that came to nothing: growing, and not the same everywhere. */
export function pauseMs(attempts: number, fraction = randomFraction()): number {
  const whole = Math.min(FIRST_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_MS);
  return Math.round(whole * (0.5 + fraction / 2));
}
