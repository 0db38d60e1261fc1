import net from 'node:net';

/** Passes connections on to one of the hubs that live, as what stands before several of them does. */
export class FrontDoor {
  #ports: number[] = [];
  #next = 0;
  readonly #sockets = new Set<net.Socket>();

  private constructor(private readonly server: net.Server) {}

  static async open(): Promise<FrontDoor> {
    const server = net.createServer((from) => door.#pass(from));
    const door = new FrontDoor(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  /** Who is behind the door from now on, by address. */
  leadTo(urls: readonly string[]): void {
    this.#ports = urls.map((url) => Number(new URL(url).port));
  }

  #pass(from: net.Socket): void {
    const port = this.#ports[this.#next++ % this.#ports.length];
    if (port === undefined) return void from.destroy();
    const to = net.connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#sockets.add(socket);
      // What breaks behind the door breaks before it: the caller has to ask again.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    from.pipe(to).pipe(from);
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
