// Holds many WebSockets in a process of its own and counts what comes in; without a library, so that it costs little.
import net from 'node:net';
import { givenOptions, serveParent } from '../run/serve-parent.js';

interface Options {
  port: number;
  sockets: number;
  key: string;
  query: string;
}

const NEXT = Buffer.from('"type":"next"');
const NO_MASK = Buffer.alloc(4);
const UPGRADE =
  'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';

let received = 0;
let expected = Infinity;
let onAll: () => void = () => undefined;

function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = body.length < 126 ? [0x81, 0x80 | body.length] : [0x81, 0x80 | 126, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from(head), NO_MASK, body]);
}

function count(chunk: Buffer): void {
  for (let at = chunk.indexOf(NEXT); at >= 0; at = chunk.indexOf(NEXT, at + NEXT.length)) received += 1;
  if (received >= expected) onAll();
}

function open({ port, key, query }: Options, index: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let step = 0;
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      step += 1;
      if (step > 2) return count(chunk);
      if (step === 1) {
        socket.write(frame(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
        return;
      }
      const id = `sub-${String(index).padStart(8, '0')}`;
      socket.write(frame(JSON.stringify({ id, type: 'subscribe', payload: { query } })), () => resolve(socket));
    });
    socket.write(UPGRADE);
  });
}

await serveParent<{ expect: number }>(async () => {
  const options = givenOptions<Options>();
  const sockets: net.Socket[] = [];
  for (let index = 0; index < options.sockets; index += 1) sockets.push(await open(options, index));
  return {
    ready: {},
    /** Answers when so many messages have come since the last answer. */
    answer: ({ expect }) =>
      new Promise((resolve) => {
        expected = expect;
        onAll = () => {
          received -= expected;
          expected = Infinity;
          resolve({});
        };
        if (received >= expected) onAll();
      }),
    stop: () => sockets.forEach((socket) => socket.destroy()),
  };
});
