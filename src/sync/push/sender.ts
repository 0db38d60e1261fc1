import { randomId } from '../../shared/ids.js';
import type { Log } from '../../shared/log.js';
import { Living } from '../jobs/living.js';

/** This process as one that sends: others know by its living lock whether what it holds will still be worked on. */
export class Sender {
  readonly name = `push-${randomId()}`;
  readonly #living: Living;
  readonly #dropped = new Set<string>();

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

  /** Leases whose work ended before what became of it was written down; nobody works under them any more. */
  get dropped(): string[] {
    return [...this.#dropped];
  }

  async holding<T>(lease: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#dropped.add(lease);
      throw error;
    }
  }

  forget(leases: readonly string[]): void {
    for (const lease of leases) this.#dropped.delete(lease);
  }
}
