import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Database } from '../../src/db/database.js';
import { Feed } from '../../src/events/feed.js';
import { Sequencer, type SequencerMetrics } from '../../src/events/sequencer.js';
import type { StreamedEvent } from '../../src/events/streamed-event.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { committedEventIds, createSubjects, runWriters, seededRandom } from '../support/event-writers.js';
import { eventually } from '../support/eventually.js';
import { recordedLog } from '../support/recorded-log.js';
import { faultsOf } from '../support/stream-checker.js';

const isSoak = Boolean(process.env.HUB_SOAK);
const TRANSACTIONS = isSoak ? 40_000 : 1_500;
const PROCESS = fileURLToPath(new URL('../support/sequencer-process.js', import.meta.url));

let fresh: FreshDatabase;
let db: Database;
let feed: Feed;
let seen: StreamedEvent[];
const children: ChildProcess[] = [];

beforeEach(async () => {
  fresh = await freshDatabase();
  db = await Database.open({ url: fresh.url, entities: [] });
  await createSubjects(db, 40);
  feed = new Feed(db, recordedLog());
  await feed.start();
  seen = [];
  feed.listen({ onEvents: (events) => seen.push(...events) });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await feed.stop();
  await db.close();
  await fresh.drop();
});

async function allSeen(): Promise<string[]> {
  const committed = await committedEventIds(db);
  await eventually('every committed event in the feed', () => seen.length >= committed.length);
  return faultsOf(seen, committed);
}

test('gives every committed event one position, in the order of each record, under many writers', async () => {
  const sequencer = new Sequencer(db.url, recordedLog());
  sequencer.start();
  const report = await runWriters(db, {
    writers: 12,
    transactions: TRANSACTIONS,
    subjects: 40,
    random: seededRandom(1),
  });
  expect(await allSeen()).toEqual([]);
  await sequencer.stop();

  expect(report.rolledBack).toBeGreaterThan(20);
  expect(report.overtaken).toBeGreaterThan(20);
  expect(positionsInOrderOfIds(seen)).toBe(false);
});

function positionsInOrderOfIds(events: StreamedEvent[]): boolean {
  return events.every((event, index) => index === 0 || Number(event.id) > Number(events[index - 1]!.id));
}

const INSERT = `insert into event (id, subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes)
  overriding system value
  values ($1, 'order', 9000, 1, 'CREATED', now(), 'SYSTEM', 'Hub', 'late', '[]')`;

test.each([
  ['has written its event', true],
  ['has taken no more than an id', false],
])('finds the event of a transaction that %s and stays open while thousands of ids go by', async (_, isWritten) => {
  const sequencer = new Sequencer(db.url, recordedLog());
  sequencer.start();
  const late = new pg.Client({ connectionString: db.url });
  await late.connect();
  await late.query('begin');
  const { rows } = await late.query<{ id: string }>(`select nextval('event_id_seq') as id`);
  const { id } = rows[0]!;
  if (isWritten) await late.query(INSERT, [id]);
  await runWriters(db, { writers: 8, transactions: 700, subjects: 40, random: seededRandom(2) });
  const others = await committedEventIds(db);
  await eventually('the others to be seen', () => seen.length === others.length);
  const { observations } = sequencer.metrics;
  await eventually('two more looks at the horizon', () => sequencer.metrics.observations > observations + 1);
  expect(seen.some((event) => event.id === id)).toBe(false);

  if (!isWritten) await late.query(INSERT, [id]);
  await late.query('commit');
  await late.end();
  expect(await allSeen()).toEqual([]);
  expect(seen.at(-1)!.id).toBe(id);
  await sequencer.stop();
});

test('moves its horizon behind what is decided, and past ids that were rolled back', async () => {
  const sequencer = new Sequencer(db.url, recordedLog());
  sequencer.start();
  await runWriters(db, { writers: 8, transactions: 300, subjects: 40, random: seededRandom(3) });
  await db.pool.query(`select nextval('event_id_seq')`);
  const newest = Number((await db.pool.query('select last_value from event_id_seq')).rows[0].last_value);
  await eventually('the horizon to reach the newest id', async () => {
    const { rows } = await db.pool.query('select horizon from event_sequencer');
    return Number(rows[0].horizon) === newest;
  });
  expect(await allSeen()).toEqual([]);
  await sequencer.stop();
});

test('hands its work to another process when it is killed', async () => {
  const first = await startProcess();
  await eventually('the first process to lead', async () => (await metricsOf(first)).leading);
  const second = await startProcess();
  const random = seededRandom(4);
  const writing = runWriters(db, { writers: 8, transactions: TRANSACTIONS, subjects: 40, random });
  const processes = [first, second];
  let kills = 0;
  for (let round = 0; round < 4; round += 1) {
    const before = seen.length;
    await eventually('progress under this leader', () => seen.length > before + 50 || (kills > 0 && seen.length > 0));
    const leaderIndex = await eventually('a leader', async () => {
      const leading = await Promise.all(processes.map(async (child) => (await metricsOf(child)).leading));
      expect(leading.filter(Boolean).length).toBeLessThanOrEqual(1);
      return leading.includes(true) && { index: leading.indexOf(true) };
    });
    processes[leaderIndex.index]!.kill('SIGKILL');
    kills += 1;
    processes[leaderIndex.index] = await startProcess();
  }
  await writing;
  expect(kills).toBe(4);
  expect(await allSeen()).toEqual([]);
});

test('goes on by itself after the database has ended its sessions', async () => {
  const log = recordedLog();
  const sequencer = new Sequencer(db.url, log);
  sequencer.start();
  const writing = runWriters(db, { writers: 4, transactions: 400, subjects: 40, random: seededRandom(5) });
  await eventually('the first events', () => seen.length > 50);
  const { rows } = await db.pool.query<{ ended: boolean }>(
    `select pg_terminate_backend(pid) as ended from pg_stat_activity
      where application_name in ('hub-sequencer', 'hub-feed') and datname = current_database()`,
  );
  expect(rows).toEqual([{ ended: true }, { ended: true }]);
  await writing;
  expect(await allSeen()).toEqual([]);
  expect(log.lines.some((line) => line.level === 'warn')).toBe(true);
  await sequencer.stop();
});

async function startProcess(): Promise<ChildProcess> {
  const child = fork(PROCESS, [db.url]);
  children.push(child);
  await once(child, 'spawn');
  return child;
}

async function metricsOf(child: ChildProcess): Promise<SequencerMetrics> {
  const answer = once(child, 'message');
  child.send('metrics');
  return (await answer)[0] as SequencerMetrics;
}
