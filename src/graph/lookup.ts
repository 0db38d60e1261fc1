import { badInput, type UserErrorFacts } from '../shared/failures.js';

/** Lookups that offer several ways to name a record want exactly one; throws BAD_USER_INPUT otherwise. */
export function exactlyOne(lookup: string, ways: Record<string, unknown>): void {
  const given = givenWays(ways);
  if (given.length !== 1) {
    throw badInput(lookup, `exactly one of ${Object.keys(ways).join(', ')}`, given.length === 0 ? undefined : given);
  }
}

/** The same for an input: an INVALID user error to add, or null where exactly one is given. */
export function exactlyOneError(ways: Record<string, unknown>): UserErrorFacts | null {
  const given = givenWays(ways);
  if (given.length === 1) return null;
  const names = Object.keys(ways).join(', ');
  return {
    code: 'INVALID',
    message: `expected exactly one of ${names}, got ${given.length === 0 ? 'none' : given.join(' and ')}`,
    field: [given[0] ?? Object.keys(ways)[0]!],
  };
}

function givenWays(ways: Record<string, unknown>): string[] {
  return Object.entries(ways)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name]) => name);
}
