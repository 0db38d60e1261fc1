import process from 'node:process';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { randomSecret } from '../../src/shared/ids.js';
import { benchDatabase } from '../bench-database.js';
import type { Target, Workload } from '../load/requests.js';
import { Child } from './child.js';
import { report } from './report.js';
import { inRounds, type Contender } from './rounds.js';

export interface HttpBench {
  workload: Workload;
  /** Whether each side gets a database of its own, since both write. */
  writes?: boolean;
  /** What must hold before anything is timed; throws where it does not. */
  prove(sides: ProofSides): Promise<void>;
}

export interface ProofSides {
  databaseUrl: string;
  ids: Pick<Target, 'orders' | 'customers'>;
  hub(query: string, variables?: object): Promise<Record<string, unknown>>;
  floor(path: string): Promise<unknown>;
}

const SAMPLE = 2_000;

/** The whole of a measurement over HTTP: database, both servers, proof, rounds, report. */
export async function httpBench({ workload, writes = false, prove }: HttpBench): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  const key = `hub_${randomSecret()}`;
  const database = await benchDatabase(options.orders);
  const children: Child[] = [];
  const start = async (
    file: string,
    given: object,
    execArgv: string[] = [],
  ): Promise<{ server: Child; port: number }> => {
    const [server, { port }] = await Child.start<{ port: number }>(file, given, execArgv);
    children.push(server);
    return { server, port };
  };
  try {
    const ids = await idsOf(database.url);
    const floorUrl = writes ? await database.copy() : database.url;
    const floor = await start('floor/floor-server.js', { databaseUrl: floorUrl });
    const hub = await start('hub-server.js', { databaseUrl: database.url, key }, options.hubArgv);
    await prove({
      databaseUrl: database.url,
      ids,
      hub: (query, variables = {}) => askHub(hub.port, key, query, variables),
      floor: async (path) => (await fetch(`http://127.0.0.1:${floor.port}${path}`)).json(),
    });
    const { server: load } = await start('load/load-process.js', {});
    const contenders: Contender[] = [
      { side: 'hub', ...hub },
      { side: 'floor', ...floor },
    ];
    const rounds = await inRounds(load, contenders, { workload, key, ...ids }, options);
    await report(workload, options, rounds);
  } finally {
    for (const child of children.reverse()) await child.stop();
    await database.stop();
  }
}

function optionsOf(argv: string[]) {
  const { values } = parseArgs({
    args: argv,
    options: {
      orders: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '7' },
      'window-ms': { type: 'string', default: '1000' },
      connections: { type: 'string', default: '1,16' },
      'hub-node-args': { type: 'string', default: '' },
    },
  });
  return {
    orders: Number(values.orders),
    rounds: Number(values.rounds),
    windowMs: Number(values['window-ms']),
    connections: values.connections.split(',').map(Number),
    hubArgv: values['hub-node-args'].split(' ').filter((argument) => argument !== ''),
  };
}

async function askHub(port: number, key: string, query: string, variables: object): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: object[] };
  if (errors) throw new Error(`the hub answered ${JSON.stringify(errors)}`);
  return data;
}

async function idsOf(url: string): Promise<Pick<Target, 'orders' | 'customers'>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const some = async (table: string): Promise<string[]> => {
      const text = `select id from ${table} where id % greatest((select count(*) from ${table}) / ${SAMPLE}, 1) = 0 order by id limit ${SAMPLE}`;
      return (await client.query<{ id: string }>(text)).rows.map((row) => row.id);
    };
    return { orders: await some('orders'), customers: await some('customer') };
  } finally {
    await client.end();
  }
}
