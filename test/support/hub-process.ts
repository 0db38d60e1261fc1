import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { askGraph, type GraphAnswer } from './hub.js';
import type { HubChildMessage, HubChildOptions } from './hub-child.js';

const CHILD = fileURLToPath(new URL('./hub-child.js', import.meta.url));

/** A hub in a process of its own. */
export class HubProcess {
  hits: string[] = [];
  readonly #exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Where it takes mail; null: nowhere. */
    readonly mailPort: number | null,
  ) {
    child.on('message', (message: { hit?: string }) => {
      if (message.hit) this.hits.push(message.hit);
    });
    this.#exited = once(child, 'exit');
  }

  static async start(options: HubChildOptions): Promise<HubProcess> {
    const child = fork(CHILD, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { url, mailPort } = await new Promise<{ url: string; mailPort: number | null }>((resolve, reject) => {
      child.once('message', (message: { url: string; mailPort: number | null }) => resolve(message));
      child.once('exit', (code, signal) => reject(new Error(`the hub ended before it was ready: ${code ?? signal}`)));
    });
    return new HubProcess(child, url, mailPort);
  }

  get pid(): number {
    return this.child.pid!;
  }

  graph<Data>(query: string, variables: object = {}): Promise<GraphAnswer<Data>> {
    return askGraph<Data>(this.url, query, variables);
  }

  /** Resolves when the process is gone, by whatever end. */
  async gone(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.#exited;
  }

  /** Whichever of the checkpoints it comes to first is its last. */
  dieAt(points: string[]): void {
    this.#tell({ dieAt: points });
  }

  /** Sets its clock, by how much it is ahead. */
  setAhead(aheadMs: number): void {
    this.#tell({ aheadMs });
  }

  #tell(message: HubChildMessage): void {
    this.child.send(message);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.#tell('stop');
      await this.#exited;
    }
  }
}
