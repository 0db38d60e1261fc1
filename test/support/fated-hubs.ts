import { FrontDoor } from './front-door.js';
import { askGraph, type GraphAnswer } from './hub.js';
import type { HubChildOptions } from './hub-child.js';
import { HubProcess } from './hub-process.js';

/**
 * Two hubs on one database behind one address. One of them kills itself at whichever of the named points it comes to
 * first; another takes its place, and the other one is the next to die. Every point is died at once.
 */
export class FatedHubs {
  /** At which points they died, in order. */
  readonly deaths: string[] = [];
  #hubs: HubProcess[] = [];
  #isSpared = false;
  #aheadMs = 0;
  #mails = 0;
  #dying: Promise<void> = Promise.resolve();
  readonly #over = Promise.withResolvers<'over'>();

  private constructor(
    private readonly options: HubChildOptions,
    private readonly door: FrontDoor,
    private readonly points: Set<string>,
  ) {}

  static async start(options: HubChildOptions, points: readonly string[]): Promise<FatedHubs> {
    const hubs = new FatedHubs({ ...options, isMortal: true }, await FrontDoor.open(), new Set(points));
    // One after the other: the first one makes the tables.
    for (let started = 0; started < 2; started += 1) await hubs.#add();
    return hubs;
  }

  get url(): string {
    return this.door.url;
  }

  /** Points that nobody has died at yet. */
  get left(): string[] {
    return [...this.points];
  }

  /** Where one of them takes mail, each in turn: the one that is to die takes its part. */
  mailPort(): number {
    this.#mails += 1;
    return this.#hubs[this.#mails % this.#hubs.length]!.mailPort!;
  }

  /** From now on they die, one after the other. */
  begin(): void {
    this.#dying = this.#die();
    this.#dying.catch(() => {});
  }

  /** Lets them live from now on; one that is dying just now is still followed by another. */
  spare(): void {
    this.#isSpared = true;
    for (const hub of this.#hubs) hub.dieAt([]);
  }

  /** Lets time pass, for all that live and for those that come. */
  ahead(ms: number): void {
    this.#aheadMs += ms;
    for (const hub of this.#hubs) hub.setAhead(this.#aheadMs);
  }

  /** Asks until somebody answers: a caller whose hub dies asks again, and the same key is carried out once. */
  async ask<Data>(query: string, variables: object = {}): Promise<GraphAnswer<Data>> {
    return this.insist((url) => askGraph<Data>(url, query, variables));
  }

  async insist<T>(call: (url: string) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call(this.url);
      } catch (error) {
        if (attempt === 50) throw error;
      }
    }
  }

  /** Throws where one of them ended in another way than was meant. */
  async stop(): Promise<void> {
    this.#over.resolve('over');
    const ended = await this.#dying.then(
      () => null,
      (error: unknown) => error as Error,
    );
    await Promise.all(this.#hubs.map((hub) => hub.stop()));
    await this.door.close();
    if (ended) throw ended;
  }

  async #die(): Promise<void> {
    for (;;) {
      const victim = this.#hubs[0]!;
      if (!this.#isSpared) victim.dieAt(this.left);
      if ((await Promise.race([victim.gone(), this.#over.promise])) === 'over') return;
      const [death] = victim.hits;
      if (death === undefined) throw new Error('a hub ended without having come to one of its points');
      this.deaths.push(death);
      this.points.delete(death);
      this.#hubs.shift();
      this.#showDoor();
      await this.#add();
    }
  }

  async #add(): Promise<void> {
    const hub = await HubProcess.start({ ...this.options, aheadMs: this.#aheadMs });
    this.#hubs.push(hub);
    this.#showDoor();
  }

  #showDoor(): void {
    this.door.leadTo(this.#hubs.map(({ url }) => url));
  }
}
