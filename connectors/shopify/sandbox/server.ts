import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wireText, type ShopOrder } from './orders.js';

/** The shop's Admin API, as far as anybody asks for it: its orders, all or one. */
export async function serveShop(
  orders: ReadonlyMap<string, ShopOrder>,
): Promise<{ baseUrl: string; close(): Promise<void> }> {
  const server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0]!;
    const one = /^\/admin\/api\/[\w-]+\/orders\/(\d+)\.json$/.exec(path);
    const order = one && orders.get(one[1]!);
    const isList = /^\/admin\/api\/[\w-]+\/orders\.json$/.test(path);
    const body = order ? { order } : isList ? { orders: [...orders.values()] } : { errors: 'Not Found' };
    res.writeHead(order || isList ? 200 : 404, { 'content-type': 'application/json' }).end(wireText(body));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
