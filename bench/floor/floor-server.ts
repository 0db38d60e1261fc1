// What the hub is measured against: a bare node:http server with one prepared statement for each read, whose JSON
// PostgreSQL builds, and the hub's placing transaction in raw SQL.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { givenOptions, serveParent } from '../run/serve-parent.js';
import { floorSql } from './floor-sql.js';
import { placer, type PlaceRequest } from './place.js';

const { databaseUrl } = givenOptions<{ databaseUrl: string }>();

await serveParent(async () => {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 16,
    pipeline: true,
    options: '-c timezone=UTC',
  } as pg.PoolConfig);
  const names = ['page', 'order', 'filtered', 'deep', 'customers'] as const;
  const [texts, place] = await Promise.all([Promise.all(names.map(floorSql)), placer(pool)]);
  const [page, order, filtered, deep, customers] = texts as [string, string, string, string, string];
  const read = async (name: string, text: string, values: unknown[]): Promise<string> =>
    (await pool.query<{ json: string }>({ name, text, values })).rows[0]!.json;
  const answer = async (req: IncomingMessage): Promise<string> => {
    const url = req.url ?? '';
    if (url === '/page') return read('page', page, [50]);
    if (url === '/customers') return read('customers', customers, [50, 5]);
    if (url.startsWith('/filtered/'))
      return read('filtered', filtered, [50, ...url.slice('/filtered/'.length).split('/')]);
    if (url.startsWith('/deep/')) return read('deep', deep, [50, ...url.slice('/deep/'.length).split('/')]);
    if (url.startsWith('/order/')) return read('order', order, [url.slice('/order/'.length)]);
    return place(JSON.parse(await bodyOf(req)) as PlaceRequest);
  };
  const http = createServer((req, res) => {
    answer(req).then(
      (json) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
        res.end(json);
      },
      (error: Error) => {
        res.writeHead(500);
        res.end(error.message);
      },
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    ready: { port: (http.address() as AddressInfo).port },
    stop: async () => {
      http.close();
      http.closeAllConnections();
      await pool.end();
    },
  };
});

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
