import { randomId } from '../../shared/ids.js';
import type { Log } from '../../shared/log.js';
import { Living } from '../jobs/living.js';

/** This process as one that sends: others know by its living lock whether what it holds will still be worked on. */
export class Sender {
  readonly name = `push-${randomId()}`;
  readonly #living: Living;
  readonly #leases = new Set<string>();

  constructor(url: string, log: Log) {
    this.#living = new Living(url, this.name, log);
  }

  /** Takes the living lock, or takes it again; to be called before anything is claimed. */
  hold(): Promise<void> {
    return this.#living.hold();
  }

  release(): Promise<void> {
    return this.#living.release();
  }

  /** Leases under which this process works just now. */
  get leases(): string[] {
    return [...this.#leases];
  }

  async holding<T>(lease: string, work: () => Promise<T>): Promise<T> {
    this.#leases.add(lease);
    try {
      return await work();
    } finally {
      this.#leases.delete(lease);
    }
  }
}
