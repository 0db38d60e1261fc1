import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { FeedListener } from '../../events/feed.js';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { authorizationOf, callerOf, type Gatekeeper } from '../authenticate.js';
import type { CostMeter, Limits } from '../limits.js';
import type { DocumentTexts } from '../trusted/document-texts.js';
import { Documents } from './documents.js';
import { Groups } from './groups.js';
import { KeyWatch } from './key-watch.js';
import { LiveSocket } from './live-socket.js';
import type { LiveParts } from './message.js';
import { liveMetrics, type LiveMetrics } from './metrics.js';
import { isAllowedOrigin } from './origin.js';
import { liveProtocol } from './protocol.js';

export interface LiveServerOptions extends Omit<LiveParts, 'metrics'> {
  gatekeeper: Gatekeeper;
  limits: Limits;
  cost: CostMeter;
  texts: DocumentTexts;
  /** Pages of these origins may open sockets, besides those of the host that was asked. */
  allowedOrigins?: readonly string[];
}

const PATH = '/graphql';
const MAX_MESSAGE_BYTES = 256 * 1_024;
const TICK_MS = 1_000;
const TICKS_PER_PING = 12;
const GOODBYE_MS = 1_000;
const GOING_AWAY = 1001;

/** GraphQL over WebSocket (graphql-transport-ws) on the server that HTTP is served on. */
export class LiveServer implements FeedListener {
  readonly metrics: LiveMetrics = liveMetrics();
  readonly #sockets = new Set<LiveSocket>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #wss: WebSocketServer;
  readonly #groups: Groups;
  readonly #protocol: Server<LiveSocket>;
  readonly #keys: KeyWatch;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;
  #stopListening: (() => void) | undefined;

  constructor(private readonly options: LiveServerOptions) {
    const { executor, limits, cost, texts, graph } = options;
    const parts = { ...options, metrics: this.metrics };
    this.#groups = new Groups(parts);
    this.#keys = new KeyWatch(graph.clock);
    this.#protocol = liveProtocol({
      ...parts,
      groups: this.#groups,
      documents: new Documents(executor.schema, limits, cost, texts),
      mayStay: (viewer) => this.#keys.isGood(viewer),
      onRunning: (work) => this.#track(work),
    });
    // One message for each turn of the loop: what a message leads to at once is done before the next is read.
    this.#wss = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      allowSynchronousEvents: false,
      handleProtocols,
    });
  }

  /** Serves sockets on this server from now on. */
  attach(http: HttpServer): void {
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** Takes no more sockets, lets queries and mutations end, then says goodbye: clients are to connect elsewhere. */
  async drain(graceMs: number): Promise<void> {
    this.#isDraining = true;
    await Promise.race([Promise.allSettled([...this.#running]), pause(graceMs, undefined, { ref: false })]);
    clearInterval(this.#timer);
    const closed = new Promise<void>((resolve) => this.#wss.close(() => resolve()));
    for (const socket of this.#sockets) socket.close(GOING_AWAY, 'The hub is going away');
    await Promise.race([closed, pause(GOODBYE_MS, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.terminate();
    await closed;
  }

  onEvents(events: readonly StreamedEvent[]): void {
    const revoked = this.#keys.note(events);
    if (revoked) this.#closeBadKeys();
    this.#groups.onEvents(events);
  }

  onNewEpoch(): void {
    const error = this.options.feed.expired('The database now tells another history');
    for (const socket of this.#sockets) for (const subscription of [...socket.subscriptions]) subscription.fail(error);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = (request.url ?? '').split('?')[0];
    if (this.#isDraining) return refuse(socket, '503 Service Unavailable');
    if (path !== PATH) return refuse(socket, '404 Not Found');
    if (!isAllowedOrigin(request, this.options.allowedOrigins ?? [])) return refuse(socket, '403 Forbidden');
    this.#wss.handleUpgrade(request, socket, head, (ws) => {
      this.#open(new LiveSocket(ws, authorizationOf(request), callerOf(request), this.options.graph.log));
    });
  }

  #open(socket: LiveSocket): void {
    this.#sockets.add(socket);
    this.#stopListening ??= this.options.feed.listen(this);
    this.metrics.socketsOpened += 1;
    this.metrics.sockets = this.#sockets.size;
    socket.serve(this.#protocol, () => {
      this.#sockets.delete(socket);
      this.metrics.sockets = this.#sockets.size;
      if (this.#sockets.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
    });
  }

  #tick(): void {
    this.#closeBadKeys();
    this.#ticks += 1;
    if (this.#ticks % TICKS_PER_PING === 0) for (const socket of this.#sockets) socket.ping();
  }

  #closeBadKeys(): void {
    for (const socket of this.#sockets) {
      if (socket.viewer && !this.#keys.isGood(socket.viewer)) {
        socket.close(CloseCode.Forbidden, 'The API key is expired or revoked');
      }
    }
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
