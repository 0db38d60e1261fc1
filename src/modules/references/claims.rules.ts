import { canonical } from '../../graph/canonical.js';
import { SET_IN_HUB, SOURCE_STATES_IT } from './provenance.rules.js';

/** As the connector kit names them: who is believed where several know a field. */
export type Policy = 'SOURCE_WINS' | 'LATEST' | 'NON_EMPTY' | 'HUMAN_DECIDES';

/** What one system, or the hub's users, said last of a field. */
export interface Claim {
  /** Null: the hub's users. */
  integrationId: string | null;
  /** The integration's code; empty for the hub's users. */
  code: string;
  value: unknown;
  /** Since when it is said there. */
  saidAt: Date;
  /** When it was seen there last. */
  observedAt: Date;
}
export type Held = Claim & { policy: Policy };

export interface Verdict {
  /** What stands from now on. */
  value: unknown;
  /** Whose word that is; null where a field stays as it is and nobody says so any more. */
  winner: Held | null;
  rule: string;
  /** The words differ, and a person is to decide. */
  isOpen: boolean;
}

export interface Standing {
  value: unknown;
  winner: Held | null;
}

export const RULES: Record<Policy, string> = {
  SOURCE_WINS: 'source-wins',
  LATEST: 'latest',
  NON_EMPTY: 'non-empty',
  HUMAN_DECIDES: 'human-decides',
};

export function isEmptyValue(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A part that is empty and one that is not there are the same: systems differ in how they leave one out. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return canonical(withoutNulls(a ?? null)) === canonical(withoutNulls(b ?? null));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [name, withoutNulls(part)]));
}

/**
 * A speaker's claim behind a new word of it. Saying the same again keeps the time since when it is said: a record that
 * changed in one field says nothing new of the others.
 */
export function claimBehind(before: Held | undefined, word: Held): Held {
  if (!before) return word;
  if (isSameValue(before.value, word.value)) return { ...word, saidAt: before.saidAt };
  if (word.policy === 'NON_EMPTY' && isEmptyValue(word.value)) return { ...before, policy: word.policy };
  return word;
}

/**
 * Which of the claims stands, whatever the order in which they came. `standing` is what stands at present: it matters
 * only while a person is to decide. A person's word settles all that was said before it.
 */
export function decide(claims: readonly Held[], standing: Standing | null): Verdict {
  const owners = claims.filter(({ policy }) => policy === 'SOURCE_WINS');
  if (owners.length > 0) return stands(latest(owners), RULES.SOURCE_WINS);
  if (claims.length === 1) return stands(claims[0]!, claims[0]!.integrationId === null ? SET_IN_HUB : SOURCE_STATES_IT);
  const hub = claims.find(({ integrationId }) => integrationId === null);
  const unsettled = hub ? claims.filter((claim) => claim === hub || claim.saidAt > hub.saidAt) : claims;
  const isForPeople = claims.some(({ policy }) => policy === 'HUMAN_DECIDES');
  if (!unsettled.some(({ policy }) => policy === 'HUMAN_DECIDES')) {
    const winner = latest(filled(claims.filter(({ policy }) => policy !== 'HUMAN_DECIDES')));
    return stands(winner, winner === hub && isForPeople ? RULES.HUMAN_DECIDES : ruleOf(winner));
  }
  const first = latest(unsettled);
  if (unsettled.every(({ value }) => isSameValue(value, first.value))) return stands(first, ruleOf(first));
  const { value, winner } = standing ?? stands(earliest(unsettled), '');
  return { value, winner, rule: winner ? ruleOf(winner) : SET_IN_HUB, isOpen: true };
}

function stands(winner: Held, rule: string): Verdict {
  return { value: winner.value, winner, rule, isOpen: false };
}

function ruleOf({ integrationId, policy }: Held): string {
  if (integrationId === null) return SET_IN_HUB;
  return policy === 'HUMAN_DECIDES' ? SOURCE_STATES_IT : RULES[policy];
}

/** Where anything is said, nothing said by a system that is believed in what it says alone does not count. */
function filled(claims: readonly Held[]): readonly Held[] {
  const kept = claims.filter(({ policy, value }) => policy !== 'NON_EMPTY' || !isEmptyValue(value));
  return kept.length > 0 ? kept : claims;
}

/** Of those said at the same time the one whose system's code comes first; the hub's users come before all. */
function latest(claims: readonly Held[]): Held {
  return claims.reduce((best, claim) => (isBefore(best, claim) ? claim : best));
}

function earliest(claims: readonly Held[]): Held {
  return claims.reduce((best, claim) => (isBefore(claim, best) ? claim : best));
}

function isBefore(a: Claim, b: Claim): boolean {
  const apart = a.saidAt.getTime() - b.saidAt.getTime();
  return apart === 0 ? a.code > b.code : apart < 0;
}
