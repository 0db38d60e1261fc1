import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Living } from '../../src/sync/jobs/living.js';
import { eventually } from '../support/eventually.js';
import { Engine } from './engine.js';
import { deliver } from './fake-vendor.js';

let engine: Engine;
let url: string;
/** What happens behind the next commits of messages, in turn. */
const behindCommits: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  engine = await Engine.start({
    checkpoint: async (point) => {
      if (point === 'apply-message:after-commit') await behindCommits.shift()?.();
    },
  });
  url = await engine.connect('shop');
});
afterAll(() => engine.stop());
afterEach(async () => {
  await engine.rows('delete from inbox_message');
});

const jobs = () => engine.count(`graphile_worker.jobs where queue_name like 'inbox:%'`);
const reports = (start: string) => engine.log.lines.filter(({ message }) => message.startsWith(start)).length;

/** Records of which each has a lane of its own. */
async function apart(): Promise<string[]> {
  const rows = await engine.rows<{ id: string }>(
    `select min(id) as id from unnest($1::text[]) as id group by hashtext(id) & 3 order by hashtext(min(id)) & 3`,
    [Array.from({ length: 40 }, (_, n) => `R${n}`)],
  );
  return rows.map(({ id }) => id);
}

function gate(): { isHeld: Promise<void>; open(): void } {
  let open = (): void => {};
  const isHeld = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isHeld, open };
}

test('a worker that gives up while jobs run is followed by another once they are done', async () => {
  const ids = await apart();
  expect(ids).toHaveLength(4);
  const gates = [gate(), gate(), gate()];
  for (const [n, { isHeld }] of gates.entries()) {
    behindCommits.push(() => isHeld);
    await deliver(url, { event: `${n}`, order: { id: ids[n]! } });
    await eventually('its job to be held', () => behindCommits.length === 0);
  }
  // The end of the fourth cannot be reported.
  behindCommits.push(() => engine.rows('alter table graphile_worker._private_jobs rename to hidden'));
  await deliver(url, { event: '3', order: { id: ids[3]! } });
  await eventually('the worker to give up', () => reports('Failed to complete jobs') > 0);
  await engine.rows('alter table graphile_worker.hidden rename to _private_jobs');
  for (const [n, { open }] of gates.entries()) {
    open();
    if (n < 2) await eventually('the end of a job to be reported', async () => (await jobs()) === 3 - n);
  }
  await deliver(url, { event: '4', order: { id: 'later' } });
  expect(await engine.inbox()).toMatchObject(Array(5).fill({ status: 'APPLIED', attempts: 1 }));
  expect(reports('the job worker ended')).toBe(1);
});

test('a report that meets another in a deadlock is made again, and the worker goes on', async () => {
  const { isHeld, open } = gate();
  behindCommits.push(() => isHeld);
  await deliver(url, { event: 'd', order: { id: 'deadlock' } });
  await eventually('its job to be held', () => behindCommits.length === 0);
  const ended = reports('the job worker ended');
  const other = await engine.db.pool.connect();
  try {
    await other.query('begin');
    // The report is to be the one that finds the deadlock, and gives up.
    await other.query(`set local deadlock_timeout = '1min'`);
    const held = `from graphile_worker._private_jobs j
      join graphile_worker._private_job_queues q on q.id = j.job_queue_id where q.queue_name like 'inbox:%'`;
    await other.query(`select q.id ${held} for update of q`);
    open();
    await eventually('the report to wait', () =>
      engine.count(`pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`),
    );
    // It holds the job by now.
    await other.query(`select j.id ${held} for update of j`);
    await other.query('commit');
  } finally {
    other.release(true);
  }
  await eventually('the end of the job to be reported', async () => (await jobs()) === 0);
  await deliver(url, { event: 'n', order: { id: 'next' } });
  expect(await engine.inbox()).toMatchObject(Array(2).fill({ status: 'APPLIED', attempts: 1 }));
  expect(reports('the job worker ended')).toBe(ended);
});

test('a worker that is shown alive twice at once holds one lock, and neither waits for the other', async () => {
  const living = new Living(engine.db.url, 'twice', engine.log);
  const locks = () =>
    engine.count(`pg_locks where locktype = 'advisory' and objid = hashtext('twice')::bit(32)::bigint::oid`);
  let held = 0;
  for (let n = 0; n < 2; n += 1) void living.hold().then(() => (held += 1));
  await eventually('both to hold it', () => held === 2);
  await living.hold();
  expect(await locks()).toBe(1);
  await living.release();
  expect(await eventually('the lock to be free', async () => (await locks()) === 0)).toBe(true);
});
