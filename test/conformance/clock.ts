const DAY_MS = 86_400_000;

/**
 * The time of a run, in days. A system's stand-in sees the day begin and then stand still, so that what it makes does not
 * depend on how long the hub takes; the hub's clock runs from there and leaps over what it would have to wait for.
 */
export class RunClock {
  #day: number;
  #leapt = 0;
  #began = performance.now();

  constructor(first: Date) {
    this.#day = first.getTime();
  }

  readonly hub = { now: () => new Date(this.#day + this.#leapt + Math.floor(performance.now() - this.#began)) };
  readonly system = { now: () => new Date(this.#day) };

  leap(ms: number): void {
    this.#leapt += ms;
    if (this.#leapt > DAY_MS / 2) throw new Error('more than half a day was waited for in a day of the run');
  }

  nextDay(): void {
    this.#day += DAY_MS;
    this.#leapt = 0;
    this.#began = performance.now();
  }
}
