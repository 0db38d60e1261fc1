import { WebSocket } from 'ws';

export interface ClientMessage {
  id?: string;
  type: string;
  payload?: unknown;
}

export interface StreamPayload {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

/** A graphql-transport-ws client that keeps to the wire, so that it also shows what a library would hide. */
export class LiveClient {
  readonly messages: ClientMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  #waiting: (() => void)[] = [];

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data) => {
      this.messages.push(JSON.parse(String(data)) as ClientMessage);
      this.#tell();
    });
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#tell();
    });
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<LiveClient> {
    const ws = new WebSocket(url, 'graphql-transport-ws', { headers, perMessageDeflate: false });
    const client = new LiveClient(ws);
    await new Promise<void>((resolve, reject) => {
      ws.once('open', () => resolve());
      ws.once('error', reject);
    });
    return client;
  }

  static async connect(url: string, key: string): Promise<LiveClient> {
    const client = await LiveClient.open(url);
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
    await client.until('the acknowledgement', () => client.messages.some(({ type }) => type === 'connection_ack'));
    return client;
  }

  send(message: ClientMessage): void {
    this.ws.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: Record<string, unknown>): void {
    this.send({ id, type: 'subscribe', payload: { query, ...(variables && { variables }) } });
  }

  of(id: string): ClientMessage[] {
    return this.messages.filter((message) => message.id === id);
  }

  nexts(id: string): StreamPayload[] {
    return this.of(id)
      .filter(({ type }) => type === 'next')
      .map(({ payload }) => payload as StreamPayload);
  }

  /** Waits for messages or the close until there is an answer. */
  async until<T>(what: string, ask: () => T | undefined | false, timeoutMs = 20_000): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const answer = ask();
      if (answer) return answer;
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`waited ${timeoutMs} ms for ${what}; got ${JSON.stringify(this.messages.slice(-5))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  untilNexts(id: string, count: number): Promise<StreamPayload[]> {
    return this.until(`${count} messages of ${id}`, () => this.nexts(id).length >= count && this.nexts(id));
  }

  untilError(id: string): Promise<{ message: string; extensions: Record<string, unknown> }> {
    return this.until(`an error of ${id}`, () => {
      const error = this.of(id).find(({ type }) => type === 'error');
      return error && (error.payload as { message: string; extensions: Record<string, unknown> }[])[0];
    });
  }

  untilClosed(): Promise<{ code: number; reason: string }> {
    return this.until('the close', () => this.closed);
  }

  close(): void {
    this.ws.close();
  }

  #tell(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
