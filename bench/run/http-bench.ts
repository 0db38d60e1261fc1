import process from 'node:process';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { randomSecret } from '../../src/shared/ids.js';
import { benchDatabase } from '../bench-database.js';
import { typeId } from '../../src/shared/ids.js';
import type { Place, Target, Workload } from '../load/requests.js';
import { Child } from './child.js';
import { report, type Measured } from './report.js';
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
  places: Place[];
  hub(query: string, variables?: object): Promise<Record<string, unknown>>;
  floor(path: string): Promise<unknown>;
}

const SAMPLE = 2_000;
const PLACES = 200;

/** Both servers on one database, and what they can be measured with. */
export interface Sides extends ProofSides {
  /** Times one workload and prints it; the ratio of hub to floor, and each side's rate, by connections. */
  measure(workload: Workload): Promise<Measured[]>;
}

/** The whole of a measurement over HTTP: database, both servers, proof, rounds, report. */
export async function httpBench({ workload, writes = false, prove }: HttpBench): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  await withSides(options, { orders: options.orders[0]!, writes }, async (sides) => {
    await prove(sides);
    await sides.measure(workload);
  });
}

/** Starts both servers on a database of so many orders, and ends all of it behind the work. */
export async function withSides(
  options: BenchOptions,
  { orders, writes = false }: { orders: number; writes?: boolean },
  work: (sides: Sides) => Promise<void>,
): Promise<void> {
  const key = `hub_${randomSecret()}`;
  const database = await benchDatabase(orders);
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
    const ask = (query: string, variables = {}) => askHub(hub.port, key, query, variables);
    const places = await placesOf(database.url, ask);
    const { server: load } = await start('load/load-process.js', {});
    const contenders: Contender[] = [
      { side: 'hub', ...hub },
      { side: 'floor', ...floor },
    ];
    await work({
      databaseUrl: database.url,
      ids,
      places,
      hub: ask,
      floor: async (path) => (await fetch(`http://127.0.0.1:${floor.port}${path}`)).json(),
      measure: async (workload) => {
        const rounds = await inRounds(load, contenders, { workload, key, places, ...ids }, options);
        return report(workload, { ...options, orders }, rounds);
      },
    });
  } finally {
    for (const child of children.reverse()) await child.stop();
    await database.stop();
  }
}

/** Places spread over the whole list of orders; the hub tells the cursor of each. */
async function placesOf(
  url: string,
  hub: (query: string, variables: object) => Promise<Record<string, unknown>>,
): Promise<Place[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const text = `select id, placed_at from orders
    where id in (select id from orders where id % greatest((select count(*) from orders) / $1, 1) = 0 limit $1)`;
  const { rows } = await client.query<{ id: string; placed_at: Date }>(text, [PLACES]);
  await client.end();
  const places: Place[] = [];
  for (const { id, placed_at: at } of rows) {
    const placedAt = at.toISOString();
    const query = `query($at: DateTime!) { orders(first: 1, filter: { placedAt: { lte: $at } }) { edges { cursor node { id } } } }`;
    const { orders } = (await hub(query, { at: placedAt })) as {
      orders: { edges: { cursor: string; node: { id: string } }[] };
    };
    const { cursor, node } = orders.edges[0]!;
    if (node.id === typeId('ord', id)) places.push({ cursor, placedAt, id });
  }
  if (places.length < PLACES / 4) throw new Error(`only ${places.length} places were found in the list of orders`);
  return places;
}

export type BenchOptions = ReturnType<typeof optionsOf>;

export function optionsOf(argv: string[], orders = '10000') {
  const { values } = parseArgs({
    args: argv,
    options: {
      orders: { type: 'string', default: orders },
      rounds: { type: 'string', default: '7' },
      'window-ms': { type: 'string', default: '1000' },
      connections: { type: 'string', default: '1,16' },
      'hub-node-args': { type: 'string', default: '' },
    },
  });
  return {
    orders: values.orders.split(',').map(Number),
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
