import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConnectorFailure, ConnectorHttp } from '../../src/connect/index.js';
import { disconnectIntegration } from '../../src/modules/integrations/actions/disconnect-integration.js';
import type { ConnectionRow } from '../../src/modules/integrations/index.js';
import { breakersOf } from '../../src/sync/index.js';
import { PaceDesk } from '../../src/sync/pacing/pace-desk.js';
import { pacerOf } from '../../src/sync/pacing/pacer.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { json, loopback, type Answering, type Loopback } from './loopback.js';
import { CREDENTIAL, TransportHub } from './transport-hub.js';
import type { Task } from './transport-process.js';

const CHILD = fileURLToPath(new URL('./transport-process.js', import.meta.url));
const OK: Answering = (_, res) => json(res, {});

let database: FreshDatabase;
/** Two processes, as far as the database can tell. */
let hubs: [TransportHub, TransportHub];
let server: Loopback;
let answering: Answering;
let code = '';
let number = 0;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  hubs = [await TransportHub.open(database.url), await TransportHub.open(database.url)];
  server = await loopback((...request) => answering(...request));
  for (let at = 0; at < 2; at += 1)
    children.push(fork(CHILD, [database.url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  expect(await Promise.all(children.map(told))).toEqual(['ready', 'ready']);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(hubs.map((hub) => hub.close()));
  await server.close();
  await database.drop();
});
beforeEach(() => {
  answering = OK;
  server.seen.length = 0;
  code = `system-${(number += 1)}`;
});

const call = (http: ConnectorHttp, limit = 'default') =>
  http.send({ operation: 'ask', method: 'POST', path: '/ask', json: {}, limit });
const failureOf = async (work: Promise<unknown>): Promise<ConnectorFailure> =>
  work.then(
    () => expect(null).toBe('a failure'),
    (failure: unknown) => failure,
  ) as Promise<ConnectorFailure>;

function forwardBoth(ms: number): void {
  for (const hub of hubs) hub.forward(ms);
}

async function told(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, 'message')) as [unknown];
  return message;
}

function tell(child: ChildProcess, race?: Task['race']): void {
  const task: Task = { code, now: hubs[0].now.toISOString(), ...(race && { race }) };
  child.send(task);
}

/** Somebody waits for a lock of this database. */
async function isWaiting(kind: string): Promise<boolean> {
  const { rowCount } = await hubs[1].db.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = any($1)`,
    [kind.split(' ')],
  );
  return rowCount! > 0;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

interface Known {
  status: string;
  last_error: string | null;
  turns: string[];
}
async function known(): Promise<Known> {
  const { rows } = await hubs[0].db.pool.query<Known>(
    `select status, last_error, array(select e.status_from || ' to ' || e.status_to from event e
       where e.subject_kind = 'integration' and e.subject_id = i.id and e.status_from is not null order by e.sequence) as turns
       from integration i where code = $1`,
    [code],
  );
  return rows[0]!;
}

describe('the limit of a system', () => {
  const race = async (isLocked: boolean): Promise<number[]> => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    await call(hubs[0].http(connection), 'wide');
    const [first, second] = children as [ChildProcess, ChildProcess];
    const stopped = told(first);
    tell(first, { places: 20, stops: true, isLocked });
    expect(await stopped).toBe('stopped');
    const granted = [told(first), told(second)];
    tell(second, { places: 20, stops: false, isLocked });
    await eventually('the second to come upon the first', () => isWaiting('transactionid tuple'));
    first.send('go on');
    return (await Promise.all(granted)) as number[];
  };

  test('is kept by two processes together', async () => {
    const [first, second] = await race(true);
    expect(first! + second!).toBe(20);
  });

  test('is kept by the lock: without it two processes go beyond it', async () => {
    const [first, second] = await race(false);
    expect(first! + second!).toBeGreaterThan(20);
  });

  test('is counted over all processes; what would wait too long is sent away, to come again', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    const asks = Array.from({ length: 16 }, (_, at) => call(hubs[at % 2]!.http(connection)));
    const settled = await Promise.allSettled(asks);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(server.seen).toHaveLength(10);
    const [sentAway] = settled.filter((one) => one.status === 'rejected');
    expect(sentAway!.reason).toMatchObject({ kind: 'throttled', retryAfterMs: 1_000_000 });
    forwardBoth(1_000_000);
    await call(hubs[1].http(connection));
  });

  test('leaves live work its half', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    const backfill = await Promise.allSettled(
      Array.from({ length: 8 }, () => call(hubs[0].http(connection, 'backfill'))),
    );
    expect(backfill.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const live = await Promise.allSettled(Array.from({ length: 8 }, () => call(hubs[1].http(connection))));
    expect(live.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  test('is what the system says it is', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    answering = (_, res) => json(res, {}, 200, { 'x-left': '1' });
    await call(hubs[0].http(connection));
    const left = `select buckets->'default'->>'tokens' as left from integration_pace where integration_id = $1`;
    await eventually('the word to be taken', async () => {
      const { rows } = await hubs[0].db.pool.query<{ left: string }>(left, [connection.id]);
      return rows[0]?.left === '1';
    });
    answering = OK;
    await call(hubs[1].http(connection));
    expect(await failureOf(call(hubs[1].http(connection)))).toMatchObject({ kind: 'throttled' });
  });

  test('is waited for in turn where that is not long', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    const started = hubs[0].now.getTime();
    const order: [string, number][] = [];
    const ask = async (hub: TransportHub, name: string) => {
      const desk = new PaceDesk(connection.id, { ...hub.parts, onTurn: () => Promise.resolve() });
      const pause = (ms: number) => {
        order.push([name, ms]);
        forwardBoth(Math.max(0, started + ms - hub.now.getTime()));
        return Promise.resolve();
      };
      const limit = { burst: 1, perSecond: 1 };
      const pacer = pacerOf(desk, code, { priority: 'live', pause });
      const { done } = await pacer.admit({ name: 'slow', limit, cost: 1 });
      await done({ kind: 'answered', allowance: null });
    };
    await ask(hubs[0], 'first');
    await ask(hubs[1], 'second');
    expect(order).toEqual([['second', 1_000]]);
  });

  test('is closed to all processes for as long as the system asks', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    answering = (_, res) => json(res, {}, 429, { 'retry-after': '30' });
    expect(await failureOf(call(hubs[0].http(connection), 'wide'))).toMatchObject({ kind: 'throttled' });
    answering = OK;
    forwardBoth(20_000);
    expect(await failureOf(call(hubs[1].http(connection), 'wide'))).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 10_000,
    });
    expect(server.seen).toHaveLength(1);
    forwardBoth(10_001);
    await call(hubs[1].http(connection), 'wide');
    expect((await known()).status).toBe('HEALTHY');
  });

  test('counts a killed process as gone once its lease has run out', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    answering = (req, res) => (req.url === '/held' ? undefined : OK(req, res, 0));
    const holder = children[0]!;
    tell(holder);
    await eventually('the call to be under way', () => server.seen.length === 1);
    await kill(holder);
    const desk = new PaceDesk(connection.id, { ...hubs[0].parts, onTurn: () => Promise.resolve() });
    const pacer = pacerOf(desk, code, { priority: 'live', patienceMs: 0 });
    const limit = { burst: 1_000, perSecond: 1_000, concurrency: 1 };
    expect(await failureOf(pacer.admit({ name: 'single', limit, cost: 1 }))).toMatchObject({ kind: 'throttled' });
    forwardBoth(30_001);
    await call(hubs[0].http(connection), 'single');
  });
});

describe('a system that fails', () => {
  const failing: Answering = (_, res) => json(res, {}, 500);
  const open = async (): Promise<ConnectionRow> => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    answering = failing;
    for (let at = 0; at < 5; at += 1) await failureOf(call(hubs[at % 2]!.http(connection), 'wide'));
    await eventually('the breaker to open', async () => (await known()).status === 'FAILING');
    return connection;
  };
  const breaker = async ({ id }: ConnectionRow) => (await breakersOf(hubs[0].db, [id], hubs[0].now))[0]!;

  test('is not asked any more by any process, and marked as failing', async () => {
    const connection = await open();
    for (const hub of hubs) {
      const failure = await failureOf(call(hub.http(connection), 'wide'));
      expect(failure).toMatchObject({ kind: 'transient', message: expect.stringContaining('failed too often') });
      expect(failure.retryAfterMs).toBeGreaterThan(4_000);
    }
    expect(server.seen).toHaveLength(5);
    expect(await known()).toMatchObject({ last_error: 'ask: got 500: {}', turns: ['HEALTHY to FAILING'] });
    expect(await breaker(connection)).toMatchObject({ state: 'OPEN', lastFailure: 'ask: got 500: {}' });
  });

  test('is asked by one request of all processes when the pause is over, and is healthy when that is answered', async () => {
    const connection = await open();
    forwardBoth(6_001);
    expect((await breaker(connection)).state).toBe('HALF_OPEN');
    let answer = () => {};
    answering = (_, res) => {
      answer = () => json(res, {});
    };
    const asks = hubs.flatMap((hub) => [1, 2, 3].map(() => call(hub.http(connection), 'wide')));
    const settled = asks.map((ask) =>
      ask.then(
        () => 'answered',
        () => 'sent away',
      ),
    );
    await eventually('the probe', () => server.seen.length === 6);
    const others = Promise.all(asks.map((ask) => ask.catch((failure: ConnectorFailure) => failure)));
    await eventually('the others to be sent away', async () => {
      const outcomes = await Promise.all(settled.map((one) => Promise.race([one, Promise.resolve('open')])));
      return outcomes.filter((outcome) => outcome === 'sent away').length === 5;
    });
    answer();
    await others;
    expect(server.seen).toHaveLength(6);
    await eventually('the breaker to close', async () => (await known()).status === 'HEALTHY');
    expect((await known()).turns).toEqual(['HEALTHY to FAILING', 'FAILING to HEALTHY']);
    answering = OK;
    await Promise.all(hubs.map((hub) => call(hub.http(connection), 'wide')));
    expect(await breaker(connection)).toEqual({ state: 'CLOSED', openUntil: null, lastFailure: null });
  });

  test('is left alone for longer when it fails again', async () => {
    const connection = await open();
    forwardBoth(6_001);
    expect((await failureOf(call(hubs[1].http(connection), 'wide'))).message).toBe('ask: got 500: {}');
    const failure = await failureOf(call(hubs[0].http(connection), 'wide'));
    expect(failure.retryAfterMs).toBeGreaterThanOrEqual(10_000);
    expect((await known()).turns).toEqual(['HEALTHY to FAILING']);
  });

  test('is asked again when it is connected anew, and when the database has forgotten its state', async () => {
    const connection = await open();
    await hubs[0].db.pool.query('truncate integration_pace');
    answering = OK;
    await call(hubs[1].http(connection), 'wide');
    await eventually('its status to be mended', async () => (await known()).status === 'HEALTHY');
  });

  test('with a refusal of the credentials waits for a person', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    answering = (req, res) => json(res, { error: `wrong: ${req.headers.authorization}` }, 401);
    expect(await failureOf(call(hubs[0].http(connection)))).toMatchObject({ kind: 'unauthorized' });
    expect(await known()).toEqual({
      status: 'UNAUTHORIZED',
      last_error: 'ask: got 401: {"error":"wrong: •••"}',
      turns: ['HEALTHY to UNAUTHORIZED'],
    });
  });
});

describe('an access token', () => {
  let issued = 0;
  /** Takes each refresh token once, as systems do that rotate them. */
  const rotating = (seconds = 3_600): Answering => {
    let refresh = 'first';
    return (req, res) => {
      if (req.url !== '/token') return json(res, {}, req.headers.authorization === `access-${issued}` ? 200 : 401);
      if (new URLSearchParams(req.body).get('refresh') !== refresh) return json(res, { error: 'invalid_grant' }, 400);
      issued += 1;
      refresh = `refresh-${issued}`;
      json(res, { access: `access-${issued}`, refresh, seconds });
    };
  };
  const paths = () => server.seen.map(({ url }) => url);

  test('is got once by all processes together, and kept sealed', async () => {
    const connection = await hubs[0].connect(code, 'tokened', server.url);
    answering = rotating();
    await Promise.all(
      [...hubs, ...hubs].flatMap((hub) => [
        call(hub.http(connection), 'wide'),
        call(hub.http(connection, 'backfill'), 'wide'),
      ]),
    );
    expect(paths().filter((path) => path === '/token')).toHaveLength(1);
    const { rows } = await hubs[0].db.pool.query<{ text: string }>(
      `select encode(sealed, 'escape') as text from integration_token`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { text } of rows) expect(text).not.toMatch(/access|refresh/);
  });

  test('is renewed shortly before its end, and where it is refused, with the newest refresh token', async () => {
    const connection = await hubs[0].connect(code, 'tokened', server.url);
    answering = rotating();
    await call(hubs[0].http(connection));
    await call(hubs[1].http(connection));
    forwardBoth(3_541_000);
    await call(hubs[1].http(connection));
    // The other process has the old one in memory.
    await call(hubs[0].http(connection));
    issued += 100;
    answering = (req, res) =>
      req.url === '/token'
        ? json(res, { access: `access-${issued}`, seconds: 3_600 })
        : json(res, {}, req.headers.authorization === `access-${issued}` ? 200 : 401);
    await call(hubs[0].http(connection));
    await call(hubs[1].http(connection));
    expect(paths()).toEqual([
      '/token',
      '/ask',
      '/ask',
      '/token',
      '/ask',
      '/ask',
      '/ask',
      '/token',
      '/ask',
      '/ask',
      '/ask',
    ]);
    expect(new URLSearchParams(server.seen[7]!.body).get('refresh')).toBe(`refresh-${issued - 100}`);
    expect((await known()).status).toBe('HEALTHY');
  });

  test('of a process that is killed while it renews it is got by the next', async () => {
    const connection = await hubs[0].connect(code, 'tokened', server.url);
    let isHung = true;
    const rotates = rotating();
    answering = (req, res, at) => (req.url === '/token' && isHung ? undefined : rotates(req, res, at));
    const holder = children[1]!;
    tell(holder);
    await eventually('the child to ask for a token', () => server.seen.length === 1);
    const waiting = call(hubs[0].http(connection));
    await eventually('the hub to wait for the child', () => isWaiting('advisory'));
    isHung = false;
    expect(paths()).toEqual(['/token']);
    await kill(holder);
    await waiting;
    expect(paths()).toEqual(['/token', '/token', '/ask']);
  });

  test('that the system does not renew any more waits for a person', async () => {
    const connection = await hubs[0].connect(code, 'tokened', server.url);
    answering = (_, res) => json(res, { error: 'invalid_grant' }, 400);
    expect(await failureOf(call(hubs[0].http(connection)))).toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining('invalid_grant'),
    });
    expect(await known()).toMatchObject({ status: 'UNAUTHORIZED', turns: ['HEALTHY to UNAUTHORIZED'] });
  });

  test('is erased when the integration is disconnected, and one that was under way is not kept', async () => {
    const connection = await hubs[0].connect(code, 'tokened', server.url);
    const kept = async () =>
      (await hubs[0].db.pool.query('select from integration_token where integration_id = $1', [connection.id]))
        .rowCount;
    const rotates = rotating(10);
    answering = rotates;
    await call(hubs[0].http(connection));
    expect(await kept()).toBe(1);
    forwardBoth(9_000);
    answering = async (req, res, at) => {
      if (req.url === '/token')
        await hubs[1].db.transaction('disconnect', (tx) =>
          disconnectIntegration(hubs[1].scope(tx), { idempotencyKey: '', code }),
        );
      return rotates(req, res, at);
    };
    expect((await failureOf(call(hubs[0].http(connection)))).message).toContain('connected anew');
    expect(await kept()).toBe(0);
    expect(await known()).toMatchObject({ status: 'DISCONNECTED' });
  });
});

describe('the client of an integration', () => {
  test('is the same until the configuration changes, and then finishes what is under way', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    const http = hubs[0].http(connection);
    expect(hubs[0].http({ ...connection, status: 'DEGRADED' })).toBe(http);
    expect(hubs[0].http(connection, 'backfill')).not.toBe(http);
    let answer = () => {};
    answering = (_, res) => {
      answer = () => json(res, {});
    };
    const underway = call(http);
    await eventually('the call', () => server.seen.length === 1);
    expect(hubs[0].http({ ...connection, settings: { baseUrl: `${server.url}/v2` } })).not.toBe(http);
    answer();
    expect((await underway).status).toBe(200);
  });

  test('tells what it does in metrics and log, without a secret', async () => {
    const connection = await hubs[0].connect(code, 'keyed', server.url);
    await call(hubs[0].http(connection));
    answering = (req, res) => json(res, { said: req.headers.authorization }, 422);
    await failureOf(call(hubs[0].http(connection)));
    const metrics = await hubs[0].registry.metrics();
    expect(metrics).toContain(`hub_connector_calls_total{integration="${code}",outcome="ok"} 1`);
    expect(metrics).toContain(`hub_connector_calls_total{integration="${code}",outcome="rejected"} 1`);
    const lines = hubs[0].log.lines.filter(({ facts }) => 'integration' in facts && facts.integration === code);
    expect(lines).toMatchObject([
      { level: 'debug', facts: { operation: 'ask', status: 200 }, message: 'a system was called' },
      { level: 'debug', facts: { operation: 'ask', status: 422, failure: 'rejected' } },
    ]);
    const all = inspect(
      hubs.map(({ log }) => log.lines),
      { depth: 12 },
    );
    expect(all).not.toContain(CREDENTIAL);
    expect(all).not.toMatch(/access-\d|refresh-\d/);
  });
});
