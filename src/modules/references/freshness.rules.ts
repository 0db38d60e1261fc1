import type { ConnectorHabits } from './field-policies.js';

export type FreshnessStateName = 'LOCAL' | 'FRESH' | 'LAGGING' | 'STALE' | 'UNKNOWN';

/** A system that states a record, as far as its freshness goes. */
export interface Sourced {
  integrationId: string;
  code: string;
  isConnected: boolean;
  /** When the state that the hub has was seen there. */
  observedAt: Date;
  /** Since when the hub has word of a newer state that it has not applied; null where it has none. */
  pendingSince: Date | null;
  /** Some of what the record holds is this system's word. */
  isHeard: boolean;
  /** When what it keeps of this kind was last known to be here whole; null where nothing tells. */
  completeAt: Date | null;
  /** How often it is asked for changes; null where it is not. */
  everyMs: number | null;
}

export interface FreshnessFacts {
  integrationId: string | null;
  source: string | null;
  asOf: Date | null;
  lagSeconds: number;
  state: FreshnessStateName;
}

export const LOCAL: FreshnessFacts = { integrationId: null, source: null, asOf: null, lagSeconds: 0, state: 'LOCAL' };

/** A walk that is late by one is no reason to worry; ten walks that did not end are. */
const FRESH_WALKS = 2;
const LAGGING_WALKS = 10;
/** Of a system that tells by itself and is never asked. */
const FRESH_WITHOUT_WALKS_MS = 300_000;

/**
 * How fresh a record is: as fresh as the stalest of the systems whose word it holds, each as fresh as the later of when
 * its state was seen and when its stream was known to be complete.
 */
export function freshnessOf(sources: readonly Sourced[], now: Date): FreshnessFacts {
  const heard = sources.filter(({ isHeard }) => isHeard);
  const counting = heard.length > 0 ? heard : sources;
  const facts = counting.map((source) => factsOf(source, now));
  return facts.toSorted((a, b) => b.lagSeconds - a.lagSeconds || (a.source! < b.source! ? -1 : 1))[0] ?? LOCAL;
}

function factsOf(source: Sourced, now: Date): FreshnessFacts {
  const { observedAt, completeAt, pendingSince, integrationId, code } = source;
  const complete = pendingSince && completeAt && pendingSince < completeAt ? pendingSince : completeAt;
  const asOf = complete && complete > observedAt ? complete : observedAt;
  const lagMs = Math.max(0, now.getTime() - asOf.getTime());
  return { integrationId, source: code, asOf, lagSeconds: lagMs / 1000, state: stateOf(source, lagMs) };
}

function stateOf({ isConnected, everyMs, completeAt, pendingSince }: Sourced, lagMs: number): FreshnessStateName {
  if (!isConnected) return 'UNKNOWN';
  if (everyMs === null || completeAt === null) {
    return lagMs <= FRESH_WITHOUT_WALKS_MS && !pendingSince ? 'FRESH' : 'UNKNOWN';
  }
  if (lagMs <= everyMs * FRESH_WALKS && !pendingSince) return 'FRESH';
  return lagMs <= everyMs * LAGGING_WALKS ? 'LAGGING' : 'STALE';
}

/** The pull streams that bring a system's records of a kind. */
export function streamsOf(kind: string, habits: ConnectorHabits | undefined): { stream: string; everyMs: number }[] {
  return [...(habits?.pull ?? [])]
    .filter(([, { of }]) => of === kind)
    .map(([stream, { everyMs }]) => ({ stream, everyMs }));
}
