import { chanceFrom, type Chance } from './chance.js';

/** What may go wrong between a hub and a system, and what a sandbox does on purpose. */
export const FAULT_MODES = {
  duplicate: 'A delivery is made twice.',
  reorder: 'A delivery arrives behind a later one.',
  delay: 'A delivery comes late.',
  drop: 'A delivery never comes.',
  '429': 'Too many requests, in the vendor’s own way of saying so.',
  '500': 'A fault of the system; what was asked may have been done or not.',
  timeout: 'No answer; what was asked may have been done or not.',
  reset: 'The connection breaks; what was asked may have been done or not.',
  html: 'A page for people with status 200.',
  'empty-page': 'A page without records in the middle of a walk.',
  'repeated-page': 'The records of the page before come again.',
  'cursor-loop': 'The next page begins where this one began.',
  'huge-body': 'An answer without an end.',
  'missing-field': 'A record lacks a field that is always there.',
  'unknown-enum': 'A record has a status that nobody has heard of.',
  'clock-skew': 'Times of the system are minutes off.',
} as const;
export type FaultMode = keyof typeof FAULT_MODES;

/** Decides by its seed which faults strike when, and counts those that did. */
export class Faults {
  readonly #chance: Chance;
  readonly #modes: ReadonlySet<FaultMode>;
  readonly #share: number;
  readonly #isEager: boolean;
  readonly #counts = new Map<FaultMode, number>();
  #isCalm = false;

  /** `share`: how often each of the modes strikes where it can, 0 to 1. `isEager`: and the first time in any case. */
  constructor(options: { seed: number; modes: Iterable<FaultMode>; share?: number; isEager?: boolean }) {
    const { seed, modes, share = 0.15, isEager = false } = options;
    this.#chance = chanceFrom(seed);
    this.#modes = new Set(modes);
    this.#share = share;
    this.#isEager = isEager;
  }

  /** Whether the fault strikes here and now; it is counted where it does, so do it. */
  strikes(mode: FaultMode): boolean {
    if (this.#isCalm || !this.#modes.has(mode)) return false;
    const isFirst = this.#isEager && this.count(mode) === 0;
    if (!isFirst && this.#chance.fraction() >= this.#share) return false;
    this.#counts.set(mode, this.count(mode) + 1);
    return true;
  }

  /** Even odds, for faults that come in two kinds. */
  either(): boolean {
    return this.#chance.fraction() < 0.5;
  }

  count(mode: FaultMode): number {
    return this.#counts.get(mode) ?? 0;
  }

  /** No more of it from now on: what was delayed by faults can come to its end. */
  calm(): void {
    this.#isCalm = true;
  }

  /** It goes on as before. */
  resume(): void {
    this.#isCalm = false;
  }
}

/** A sandbox that does nothing wrong. */
export const NO_FAULTS = new Faults({ seed: 0, modes: [] });
