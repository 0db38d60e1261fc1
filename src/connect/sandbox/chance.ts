/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export interface Chance {
  /** At least 0 and below 1. */
  fraction(): number;
  /** A whole number of at least 0 and below `end`. */
  below(end: number): number;
  oneOf<T>(items: readonly T[]): T;
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(fraction() * end);
  return { fraction, below, oneOf: (items) => items[below(items.length)]! };
}
