import type { Scope } from './work.js';
import type { World } from './world.js';

/** Something the company does at a time of its past. What it finds then decides what it can do. */
export interface Step {
  at: Date;
  act(scope: Scope, world: World): Promise<unknown>;
}

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Times of the company's past. No two are the same: by its time a record is found again. */
export class Calendar {
  readonly end: Date;
  readonly #midnight: number;
  readonly #given = new Set<number>();

  constructor(
    readonly openedAt: Date,
    readonly days: number,
  ) {
    this.end = new Date(openedAt.getTime() + days * DAY_MS);
    this.#midnight = Math.floor(openedAt.getTime() / DAY_MS) * DAY_MS;
  }

  /** A time of a day, counted from the day it opened; minutes from midnight. Never before it opened. */
  at(day: number, minutes: number): Date {
    return this.#free(this.#midnight + day * DAY_MS + minutes * MINUTE_MS);
  }

  beforeEnd(minutes: number): Date {
    return this.#free(this.end.getTime() - minutes * MINUTE_MS);
  }

  after(time: Date, minutes: number): Date {
    return this.#free(time.getTime() + minutes * MINUTE_MS);
  }

  isWorkday(day: number): boolean {
    const weekday = new Date(this.#midnight + day * DAY_MS).getUTCDay();
    return weekday > 0 && weekday < 6;
  }

  #free(wanted: number): Date {
    let time = Math.max(wanted, this.openedAt.getTime() + 3_600_000);
    while (this.#given.has(time)) time += 1_000;
    this.#given.add(time);
    return new Date(time);
  }
}
