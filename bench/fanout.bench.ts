// Order events to many WebSockets: the hub, from the commit to the last socket, against bare `ws` sends of the same bytes.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { randomSecret } from '../src/shared/ids.js';
import { benchDatabase } from './bench-database.js';
import { chanceFrom } from './dataset/company.js';
import { OrderEvents } from './fanout/order-events.js';
import { Child } from './run/child.js';
import { keep, median } from './run/report.js';

interface Cost {
  perSecond: number;
  /** Server's CPU microseconds for each delivery. */
  cpuUs: number;
}

const QUERY = 'subscription { orderEvents { id cursor type at sequence message actor { kind name } data } }';
const MESSAGE = 'x'.repeat(700);

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '1000' },
    events: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '7' },
  },
});
const [sockets, events, rounds] = [Number(values.sockets), Number(values.events), Number(values.rounds)];
const key = `hub_${randomSecret()}`;
const children: Child[] = [];
const database = await benchDatabase(1_000);
const writer = await OrderEvents.open(database.url);
try {
  const hub = await start('hub-server.js', { databaseUrl: database.url, key });
  const bare = await start('fanout/bare-server.js', {});
  const text = await oneMessage(hub.port);
  const hubSockets = await start('fanout/sockets-process.js', { port: hub.port, sockets, key, query: QUERY });
  const bareSockets = await start('fanout/sockets-process.js', { port: bare.port, sockets, key, query: QUERY });
  const contenders = {
    hub: () =>
      measure(hub.child, hubSockets.child, async () => {
        for (let event = 0; event < events; event += 1) await writer.write(MESSAGE);
      }),
    bare: () =>
      measure(bare.child, bareSockets.child, async () => {
        await bare.child.ask({ text, times: events });
      }),
  };
  await contenders.hub();
  await contenders.bare();
  const chance = chanceFrom(rounds);
  const measured: { hub: Cost; bare: Cost }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const isHubFirst = chance(2) === 0;
    const first = await contenders[isHubFirst ? 'hub' : 'bare']();
    const second = await contenders[isHubFirst ? 'bare' : 'hub']();
    measured.push(isHubFirst ? { hub: first, bare: second } : { hub: second, bare: first });
  }
  show(measured);
  await keep('fanout', { sockets, events, bytes: text.length, rounds: measured });
} finally {
  await writer.close();
  for (const child of children.reverse()) await child.stop();
  await database.stop();
}

async function start(file: string, options: object): Promise<{ child: Child; port: number }> {
  const [child, ready] = await Child.start<{ port: number }>(file, options);
  children.push(child);
  return { child, port: ready.port };
}

/** What the hub sends for one event; the bare server sends the same. */
async function oneMessage(port: number): Promise<string> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { perMessageDeflate: false });
  const message = new Promise<string>((resolve, reject) => {
    ws.on('error', reject);
    ws.on('open', () =>
      ws.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })),
    );
    ws.on('message', (data) => {
      const received = String(data);
      const { type } = JSON.parse(received) as { type: string };
      if (type === 'next') return resolve(received);
      if (type !== 'connection_ack') return reject(new Error(`the hub said ${received}`));
      ws.send(JSON.stringify({ id: 'sub-00000000', type: 'subscribe', payload: { query: QUERY } }));
      setTimeout(() => void writer.write(MESSAGE), 500);
    });
  });
  const text = await message;
  ws.close();
  return text;
}

async function measure(server: Child, counter: Child, send: () => Promise<void>): Promise<Cost> {
  const deliveries = sockets * events;
  const cpuBefore = await server.cpu();
  const before = performance.now();
  const all = counter.ask({ expect: deliveries });
  await send();
  await all;
  const seconds = (performance.now() - before) / 1_000;
  return { perSecond: deliveries / seconds, cpuUs: ((await server.cpu()) - cpuBefore) / deliveries };
}

function show(measured: { hub: Cost; bare: Cost }[]): void {
  const of = (side: 'hub' | 'bare', figure: keyof Cost): number => median(measured.map((round) => round[side][figure]));
  const ratio = (figure: keyof Cost): string =>
    median(measured.map(({ hub, bare }) => hub[figure] / bare[figure])).toFixed(2);
  const row = (...cells: string[]): string => cells.map((cell) => cell.padStart(16)).join('');
  process.stdout.write(
    [
      `\nfanout: ${events} events to ${sockets} sockets in each round`,
      row('', 'deliveries/s', 'CPU us/delivery'),
      row('hub', of('hub', 'perSecond').toFixed(0), of('hub', 'cpuUs').toFixed(1)),
      row('bare ws', of('bare', 'perSecond').toFixed(0), of('bare', 'cpuUs').toFixed(1)),
      row('ratio', ratio('perSecond'), ratio('cpuUs')),
      '',
    ].join('\n'),
  );
}
