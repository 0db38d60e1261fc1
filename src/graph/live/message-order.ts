interface Running {
  settled: Promise<void>;
  isCompleted: boolean;
}

/**
 * Lets a client use an operation's id again right after it has completed it. graphql-ws knows operations by id
 * alone: the end of the earlier one, still on its way, would be taken for the end of the later one. So the later
 * `subscribe` waits until the earlier operation has settled.
 */
export class MessageOrder {
  readonly #running = new Map<string, Running>();
  readonly #held = new Map<string, { isCanceled: boolean }>();

  constructor(private readonly handle: (text: string) => Promise<void>) {}

  /** Operations that have not settled yet, canceled ones included. */
  get size(): number {
    return this.#running.size + this.#held.size;
  }

  async receive(text: string): Promise<void> {
    const { type, id } = peek(text);
    if (id === undefined || (type !== 'subscribe' && type !== 'complete')) return this.handle(text);
    if (type === 'complete') return this.#complete(id, text);
    const earlier = this.#running.get(id);
    if (earlier?.isCompleted && !(await this.#hold(id, earlier))) return;
    await this.#run(id, text);
  }

  async #complete(id: string, text: string): Promise<void> {
    const held = this.#held.get(id);
    if (held) {
      held.isCanceled = true;
      return;
    }
    const running = this.#running.get(id);
    if (running) running.isCompleted = true;
    await this.handle(text);
  }

  /** Answers whether the operation is still wanted. */
  async #hold(id: string, earlier: Running): Promise<boolean> {
    const held = { isCanceled: false };
    this.#held.set(id, held);
    await earlier.settled;
    if (this.#held.get(id) === held) this.#held.delete(id);
    return !held.isCanceled;
  }

  async #run(id: string, text: string): Promise<void> {
    let settle!: () => void;
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const running: Running = { settled, isCompleted: false };
    this.#running.set(id, running);
    try {
      await this.handle(text);
    } finally {
      settle();
      if (this.#running.get(id) === running) this.#running.delete(id);
    }
  }
}

/** What is no message at all is left to graphql-ws to refuse. */
function peek(text: string): { type?: unknown; id?: string } {
  try {
    const message = JSON.parse(text) as { type?: unknown; id?: unknown } | null;
    return typeof message?.id === 'string' ? { type: message.type, id: message.id } : { type: message?.type };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
