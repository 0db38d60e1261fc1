import { FrontDoor } from './front-door.js';
import { askGraph, type GraphAnswer } from './hub.js';
import { HubProcess } from './hub-process.js';

/** Two hubs on one database behind one address; one of them at a time may be killed, and another takes its place. */
export class WorkingHubs {
  kills = 0;
  #hubs: HubProcess[] = [];
  #killing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly databaseUrl: string,
    private readonly door: FrontDoor,
  ) {}

  static async start(databaseUrl: string): Promise<WorkingHubs> {
    const hubs = new WorkingHubs(databaseUrl, await FrontDoor.open());
    // One after the other: the first one makes the tables.
    for (let started = 0; started < 2; started += 1) hubs.#hubs.push(await HubProcess.start({ databaseUrl }));
    hubs.#showDoor();
    return hubs;
  }

  get url(): string {
    return this.door.url;
  }

  /** Asks until somebody answers: a caller whose hub is killed asks again, and the same key is carried out once. */
  async ask<Data>(query: string, variables: object = {}): Promise<GraphAnswer<Data>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await askGraph<Data>(this.url, query, variables);
      } catch (error) {
        if (attempt === 50) throw error;
      }
    }
  }

  /** kill -9 of the one that has lived longest; another takes its place. */
  kill(): Promise<void> {
    this.#killing = this.#killing.then(async () => {
      const [victim, ...others] = this.#hubs;
      victim!.kill();
      this.kills += 1;
      await victim!.gone();
      this.#hubs = others;
      this.#showDoor();
      this.#hubs.push(await HubProcess.start({ databaseUrl: this.databaseUrl }));
      this.#showDoor();
    });
    return this.#killing;
  }

  async stop(): Promise<void> {
    await this.#killing;
    await Promise.all(this.#hubs.map((hub) => hub.stop()));
    await this.door.close();
  }

  #showDoor(): void {
    this.door.leadTo(this.#hubs.map((hub) => hub.url));
  }
}
