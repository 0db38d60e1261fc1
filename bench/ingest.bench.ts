// Orders of a web shop that come by webhook: from the request to the order in the graph, against plain inserts of the very rows
// that it took, on a copy of the database; and how soon a delivery is answered when 200 come a second.
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { randomSecret } from '../src/shared/ids.js';
import { benchDatabase } from './bench-database.js';
import { soldOrders } from './ingest/deliveries.js';
import { answerTimes } from './ingest/answer-times.js';
import { insertPlainly, writtenFor } from './ingest/plain-inserts.js';
import { LoadConnection } from './load/connection.js';
import { Child } from './run/child.js';
import { keep, median } from './run/report.js';

const CODE = 'bench-shop';
const SECRET = 'the secret of a shop in a measurement';
const CONNECT = `mutation($input: ConnectIntegrationInput!) { connectIntegration(input: $input) { userErrors { message } } }`;
const POLL_MS = 15;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '7' },
    connections: { type: 'string', default: '16' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    'hub-node-args': { type: 'string', default: '' },
  },
});
const [orders, rounds, connections] = [Number(values.orders), Number(values.rounds), Number(values.connections)];
const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
const hubArgv = values['hub-node-args'].split(' ').filter((argument) => argument !== '');

const key = `hub_${randomSecret()}`;
const { settings, credentials, deliveries } = await soldOrders(
  orders * (rounds + 1) + rate * seconds,
  `/webhooks/${CODE}`,
  SECRET,
);
const database = await benchDatabase(10_000);
let hub: { child: Child; port: number } | undefined;
let plain: pg.Pool | undefined;
const watch = new pg.Client({ connectionString: database.url });
try {
  hub = await startHub();
  await connectShop(hub.port);
  await hub.child.stop();
  plain = new pg.Pool({ connectionString: await database.copy(), max: connections });
  await watch.connect();
  hub = await startHub();
  const measured: { hub: number; floor: number; cpuMs: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = await newestMessage(watch);
    const cpuBefore = await hub.child.cpu();
    const hubMs = await ingest(hub.port, watch, deliveries.splice(0, orders));
    const cpuMs = ((await hub.child.cpu()) - cpuBefore) / 1_000 / orders;
    const floorMs = await insertPlainly(plain, await writtenFor(watch, before), connections);
    // The first warms both up.
    if (round > 0) measured.push({ hub: (orders * 1_000) / hubMs, floor: (orders * 1_000) / floorMs, cpuMs });
  }
  const ratio = median(measured.map((one) => one.hub / one.floor));
  process.stdout.write(
    `\ningest, ${connections} connections\n` +
      `  hub            ${median(measured.map((one) => one.hub)).toFixed(0)} orders/s   ${median(measured.map((one) => one.cpuMs)).toFixed(2)} ms CPU each\n` +
      `  plain inserts  ${median(measured.map((one) => one.floor)).toFixed(0)} orders/s\n` +
      `  ratio          ${ratio.toFixed(2)}\n`,
  );
  const times = (await answerTimes(hub.port, deliveries, { rate, seconds })).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  await untilWorkedOff(watch);
  process.stdout.write(
    `\nwebhooks, ${rate} a second for ${seconds} s: answered in ms\n` +
      `  p50 ${at(0.5).toFixed(1)}   p95 ${at(0.95).toFixed(1)}   p99 ${at(0.99).toFixed(1)}   longest ${at(1).toFixed(1)}\n`,
  );
  await keep('ingest', { orders, connections, rounds: measured, rate, seconds, times });
} finally {
  await watch.end();
  await plain?.end();
  await hub?.child.stop();
  await database.stop();
}

async function startHub(): Promise<{ child: Child; port: number }> {
  const given = { databaseUrl: database.url, key };
  const [child, { port }] = await Child.start<{ port: number }>('hub-server.js', given, hubArgv);
  return { child, port };
}

async function connectShop(port: number): Promise<void> {
  const input = { idempotencyKey: CODE, code: CODE, connector: 'shopify', settings, credentials };
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: CONNECT, variables: { input } }),
  });
  const text = await response.text();
  if (!text.includes('"userErrors":[]')) throw new Error(`the shop could not be connected: ${text}`);
}

/** Milliseconds until all of it is in the graph. */
async function ingest(port: number, watch: pg.Client, requests: Buffer[]): Promise<number> {
  const lines = await Promise.all(Array.from({ length: connections }, () => LoadConnection.open(port)));
  const startedAt = performance.now();
  let next = 0;
  await Promise.all(
    lines.map(async (line) => {
      for (let request = requests[next++]; request; request = requests[next++]) await line.send(request);
      line.close();
    }),
  );
  await untilWorkedOff(watch);
  return performance.now() - startedAt;
}

async function untilWorkedOff(watch: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await watch.query<{ status: string }>(
      `select status from inbox_message where status <> 'APPLIED' limit 1`,
    );
    if (rows.length === 0) return;
    if (rows[0]!.status !== 'RECEIVED') throw new Error(`a message became ${rows[0]!.status}`);
    await wait(POLL_MS);
  }
}

async function newestMessage(watch: pg.Client): Promise<string> {
  const { rows } = await watch.query<{ id: string }>('select coalesce(max(id), 0)::text as id from inbox_message');
  return rows[0]!.id;
}
