import type { Path, Run } from './run.js';

/** Where in the answer something stands; worked out for errors alone. */
export type PathOf = (index: number) => Path;

/** What an error has taken along: it takes what holds it too, up to a value that may be null. */
export const LOST = Symbol('lost');

/** What one level of an answer is made of: values, one for each record of the level above, or the items of their lists. */
export interface Level {
  values: readonly unknown[];
  pathOf: PathOf;
  run: Run;
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** The values of a level that `isKept` keeps. */
export function levelOf({ values, pathOf, run }: Level, isKept: (value: unknown) => boolean): Level {
  const kept: unknown[] = [];
  const places: number[] = [];
  values.forEach((value, index) => {
    if (!isKept(value)) return;
    kept.push(value);
    places.push(index);
  });
  return { values: kept, pathOf: (index) => pathOf(places[index]!), run };
}

/** Puts answers for the kept values into their places, and `otherwise` into the others. */
export function inPlaces(
  values: readonly unknown[],
  isKept: (value: unknown) => boolean,
  answers: readonly unknown[],
  otherwise: unknown,
): unknown[] {
  let at = 0;
  return values.map((value) => (isKept(value) ? answers[at++] : otherwise));
}
