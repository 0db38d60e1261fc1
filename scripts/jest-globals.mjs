// Stands in for @jest/globals where suites run outside of Jest's own module system. `let`, because each suite brings its
// own: an import sees the ones of the suite that runs.
export let afterAll;
export let afterEach;
export let beforeAll;
export let beforeEach;
export let describe;
export let expect;
export let test;

export function useGlobals(globals) {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = globals);
}
