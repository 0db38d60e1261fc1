// Bare `ws`: sends one shared text to every socket, again and again.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { serveParent } from '../run/serve-parent.js';

await serveParent<{ text: string; times: number }>(async () => {
  const http = createServer();
  const sockets = new WebSocketServer({
    server: http,
    perMessageDeflate: false,
    handleProtocols: () => 'graphql-transport-ws',
  });
  sockets.on('connection', (ws) => ws.once('message', () => ws.send('{"type":"connection_ack"}')));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    ready: { port: (http.address() as AddressInfo).port },
    answer: async ({ text, times }) => {
      const shared = Buffer.from(text);
      for (let time = 0; time < times; time += 1) {
        for (const ws of sockets.clients) ws.send(shared, { binary: false });
        await nextTurn();
      }
      return {};
    },
    stop: () => {
      for (const ws of sockets.clients) ws.terminate();
      http.close();
    },
  };
});
