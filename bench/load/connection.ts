import net from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** One kept-alive HTTP/1.1 connection with one request at a time; no more of the protocol than a measurement needs. */
export class LoadConnection {
  #parts: Buffer[] = [];
  #received = 0;
  #needed = Infinity;
  #headLength = 0;
  #settle: { resolve(body: Buffer): void; reject(error: Error): void } | undefined;

  private constructor(private readonly socket: net.Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.off('error', reject);
        resolve(new LoadConnection(socket));
      });
      socket.once('error', reject);
    });
  }

  /** Answers with the body of a 200; anything else is an error. */
  send(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#received += chunk.length;
    if (this.#needed === Infinity) this.#readHead();
    if (this.#received < this.#needed) return;
    const whole = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const body = whole.subarray(this.#headLength);
    const isGood = whole.toString('latin1', 9, 12) === '200';
    this.#parts = [];
    this.#received = 0;
    this.#needed = Infinity;
    if (isGood) this.#settle?.resolve(body);
    else this.#fail(new Error(`the server answered ${whole.toString('utf8', 0, 400)}`));
  }

  #readHead(): void {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts)];
    const end = this.#parts[0]!.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const length = LENGTH.exec(this.#parts[0]!.toString('latin1', 0, end))?.[1];
    if (length === undefined) return this.#fail(new Error('the server did not say how long its answer is'));
    this.#headLength = end + END_OF_HEAD.length;
    this.#needed = this.#headLength + Number(length);
  }

  #fail(error: Error): void {
    this.#settle?.reject(error);
    this.#settle = undefined;
  }
}
