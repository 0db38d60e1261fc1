const DAY_MS = 86_400_000;

/**
 * The time of a run, in days. It leaps over what the hub would have to wait for. A system that makes something sees the
 * day begin, so that what it makes does not depend on how long the hub takes.
 */
export class RunClock {
  #day: number;
  #leapt = 0;
  #began = performance.now();
  #isStill = false;

  constructor(first: Date) {
    this.#day = first.getTime();
  }

  readonly hub = { now: () => new Date(this.#day + this.#leapt + Math.floor(performance.now() - this.#began)) };
  readonly system = { now: () => (this.#isStill ? new Date(this.#day) : this.hub.now()) };

  /** Does what happens in a system by itself, at the beginning of the day. */
  async atDawn<T>(work: () => T | Promise<T>): Promise<T> {
    this.#isStill = true;
    try {
      return await work();
    } finally {
      this.#isStill = false;
    }
  }

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
