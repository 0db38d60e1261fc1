import { CloseCode, type Server } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Log } from '../../shared/log.js';
import type { Viewer } from '../access.js';
import type { CallerFacts } from '../authenticate.js';
import { isOutage } from '../../db/outage.js';
import { MessageOrder } from './message-order.js';

/** Above this much unsent, a live reader is too slow. */
const MAX_UNSENT = 4 * 1_048_576;
/** Above this much unsent, a replay waits for its reader. */
const WAIT_ABOVE = 256 * 1_024;
const TRY_AGAIN_LATER = 1013;

/** One client's socket. `viewer` is there once the client has shown its key. */
export class LiveSocket {
  viewer: Viewer | undefined;
  readonly subscriptions = new Set<{ fail(error: unknown): void }>();
  #order: MessageOrder | undefined;
  #isAlive = true;

  constructor(
    private readonly ws: WebSocket,
    /** What the request that opened it said; browsers cannot say it there. */
    readonly authorization: string | undefined,
    /** From where it was opened, and by what. */
    readonly caller: CallerFacts,
    private readonly log: Log,
  ) {}

  /** Puts the protocol between the socket and the server. */
  serve(server: Server<LiveSocket>, onClosed: () => void): void {
    const closed = server.opened(
      {
        protocol: this.ws.protocol,
        send: (text) => this.send(text),
        close: (code = CloseCode.InternalServerError, reason = '') => this.close(code, reason),
        onMessage: (handle) => {
          this.#order = new MessageOrder(handle);
        },
      },
      this,
    );
    this.ws.on('message', (data) => {
      this.#order?.receive(String(data)).catch((error: unknown) => this.#fault(error));
    });
    this.ws.on('pong', () => {
      this.#isAlive = true;
    });
    this.ws.on('error', (error) => this.log.debug({ err: error }, 'a socket broke'));
    this.ws.on('close', (code, reason) => {
      onClosed();
      Promise.resolve(closed(code, String(reason))).catch((error: unknown) => this.#fault(error));
    });
  }

  get operations(): number {
    return this.#order?.size ?? 0;
  }

  send(text: string): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(text);
  }

  /** Sends; where much is unsent, returns only when this text is out or the socket is gone. */
  async sendInTurn(text: string): Promise<void> {
    if (this.ws.readyState !== WebSocket.OPEN || this.ws.bufferedAmount < WAIT_ABOVE) return this.send(text);
    await new Promise<void>((resolve) => this.ws.send(text, () => resolve()));
  }

  isBehind(): boolean {
    return this.ws.bufferedAmount > MAX_UNSENT;
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }

  terminate(): void {
    this.ws.terminate();
  }

  /** Asks whether the client is still there; ends the socket of one that has not answered the last time. */
  ping(): void {
    if (!this.#isAlive) return this.terminate();
    this.#isAlive = false;
    if (this.ws.readyState === WebSocket.OPEN) this.ws.ping();
  }

  closeForFailure(error: unknown): void {
    if (isOutage(error)) return this.close(TRY_AGAIN_LATER, 'The database cannot be reached');
    this.#fault(error);
  }

  #fault(error: unknown): void {
    this.log.error({ err: error }, 'fault while serving a socket');
    this.close(CloseCode.InternalServerError, 'A fault of the hub');
  }
}
