import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import net from 'node:net';
import pg from 'pg';
import { Database } from '../../src/db/database.js';
import { unnamed } from '../../src/db/statement.js';
import { freshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const pid = unnamed<{ pid: number }>('select pg_backend_pid() as pid', []);
const running = `select from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'`;
const wait = unnamed('select pg_sleep(60)', []);

/** Hands on all that the server says, but never that it has hung up: as if that were still on its way. */
async function lateHangUp(url: string): Promise<{ url: string; close(): void }> {
  const { port, hostname: host } = new URL(url);
  const sockets: net.Socket[] = [];
  const proxy = net.createServer((near) => {
    const far = net.connect({ port: Number(port), host, allowHalfOpen: true });
    near.pipe(far);
    far.pipe(near, { end: false });
    for (const socket of [near, far]) socket.on('error', () => undefined);
    sockets.push(near, far);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const own = new URL(url);
  own.host = `127.0.0.1:${(proxy.address() as net.AddressInfo).port}`;
  return {
    url: own.href,
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('does not hand a connection that the server has ended to the next caller, even before it hangs up', async () => {
  const fresh = await freshDatabase();
  const proxy = await lateHangUp(fresh.url);
  const database = await Database.open({ url: proxy.url, entities: [], poolSize: 1 });
  const rival = new pg.Client({ connectionString: fresh.url });
  await rival.connect();
  const endedWhile = async (work: () => Promise<unknown>): Promise<void> => {
    const victim = (await database.readOne(pid))!;
    const failed = expect(work()).rejects.toMatchObject({ code: '57P01' });
    await eventually('the statement to run', async () => (await rival.query(running, [victim.pid])).rowCount);
    await rival.query('select pg_terminate_backend($1)', [victim.pid]);
    await failed;
    expect(await database.readOne(pid)).not.toEqual(victim);
  };
  try {
    await endedWhile(() => database.read(wait));
    await endedWhile(() => database.transaction('test', (tx) => tx.query(wait)));
  } finally {
    await rival.end();
    proxy.close();
    await database.close();
    await fresh.drop();
  }
});
