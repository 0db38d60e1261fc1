import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { ConnectorFailure } from './failures.js';

/** The lines of a stream as they come. One that does not end is refused before it fills the memory. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop()!;
    for (const line of parts) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    if (rest.length > longest) {
      throw new ConnectorFailure('unexpected_shape', `expected lines of at most ${longest} characters`);
    }
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

/** How long a file is waited for: for each part of it, and for the whole. A slow reader costs it nothing of the first. */
export class Patience {
  readonly #ended = new AbortController();
  readonly #whole: ReturnType<typeof setTimeout>;

  constructor(
    private readonly operation: string,
    private readonly times: { timeoutMs: number; wholeMs: number },
  ) {
    this.#whole = setTimeout(() => this.#giveUp('it took too long'), times.wholeMs).unref();
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  async wait<T>(part: Promise<T>): Promise<T> {
    const late = setTimeout(() => this.#giveUp('nothing came'), this.times.timeoutMs);
    try {
      return await part;
    } catch (error) {
      throw this.signal.aborted ? this.signal.reason : error;
    } finally {
      clearTimeout(late);
    }
  }

  async *chunks(data: Readable): AsyncGenerator<Buffer> {
    this.signal.addEventListener('abort', () => data.destroy(this.signal.reason as Error), { once: true });
    const iterator = data[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.wait(iterator.next());
      if (done) return;
      yield value as Buffer;
    }
  }

  end(): void {
    clearTimeout(this.#whole);
  }

  #giveUp(why: string): void {
    this.#ended.abort(new ConnectorFailure('transient', `${this.operation}: ${why}`));
  }
}
