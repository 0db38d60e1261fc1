import { fork, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';

export type Answer = Record<string, unknown> & { fault?: string };

/** A process of the measurement's own, which answers each message with one. */
export class Child {
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  #exit: Promise<void>;

  private constructor(
    private readonly name: string,
    private readonly process: ChildProcess,
  ) {
    process.on('message', (answer: Answer) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if (answer.fault === undefined) resolve(answer);
      else reject(new Error(`${name}: ${answer.fault}`));
    });
    this.#exit = new Promise((resolve) => {
      process.once('exit', (code, signal) => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${name} ended with ${signal ?? code}`));
        resolve();
      });
    });
  }

  /** Starts a compiled file of bench/; what it logs goes where a benchmark's log belongs. `execArgv` are Node's. */
  static async start<Ready extends Answer>(
    file: string,
    options: object,
    execArgv: string[] = [],
  ): Promise<[Child, Ready]> {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
    const log = openSync(devNull, 'w');
    const child = new Child(
      file,
      fork(path, [JSON.stringify(options)], { execArgv, stdio: ['ignore', 'inherit', log, 'ipc'] }),
    );
    return [child, (await child.#answer()) as Ready];
  }

  ask<T extends Answer>(question: object): Promise<T> {
    const answer = this.#answer();
    this.process.send(question);
    return answer as Promise<T>;
  }

  /** Microseconds of CPU that the process has used. */
  async cpu(): Promise<number> {
    return (await this.ask<{ cpu: number }>({ ask: 'cpu' })).cpu;
  }

  async stop(): Promise<void> {
    if (this.process.connected) this.process.disconnect();
    const force = setTimeout(() => this.process.kill('SIGKILL'), 15_000);
    await this.#exit;
    clearTimeout(force);
  }

  #answer(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }
}
