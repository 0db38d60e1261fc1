import { setTimeout as wait } from 'node:timers/promises';
import type { GraphServices } from './context.js';

/** What a part does by itself, now and then. May run in several processes at once, and may be killed at any point. */
export interface UpkeepTask {
  name: string;
  everyMs: number;
  run(hub: GraphServices): Promise<void>;
}

/** Runs the tasks of all parts, each with a pause between; what fails is logged and tried again. */
export class Upkeep {
  readonly #stopped = new AbortController();
  #running: Promise<void>[] = [];

  constructor(
    private readonly tasks: readonly UpkeepTask[],
    private readonly hub: GraphServices,
  ) {}

  start(): void {
    this.#running = this.tasks.map((task) => this.#repeat(task));
  }

  /** One task at once, for whoever cannot wait for its time. */
  async run(name: string): Promise<void> {
    const task = this.tasks.find((candidate) => candidate.name === name);
    if (!task)
      throw new Error(`there is no task "${name}", there are ${this.tasks.map((each) => each.name).join(', ')}`);
    await task.run(this.hub);
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#running);
  }

  async #repeat(task: UpkeepTask): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await task.run(this.hub).catch((error: unknown) => {
        this.hub.log.warn({ err: error, task: task.name }, 'a task of the hub failed; it is tried again');
      });
      await wait(task.everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
