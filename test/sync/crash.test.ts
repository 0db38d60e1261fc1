import 'reflect-metadata';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { Engine, type EngineOptions } from './engine.js';

const PROGRAM = fileURLToPath(new URL('./crash-process.js', import.meta.url));

let fresh: FreshDatabase;
const engines: Engine[] = [];
const children: ChildProcess[] = [];
let integrationId: string;
beforeEach(async () => {
  fresh = await freshDatabase();
  const engine = await Engine.start({ fresh });
  await engine.connect();
  integrationId = (await engine.rows<{ id: string }>('select id from integration'))[0]!.id;
  await engine.stop();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const engine of engines.splice(0)) await engine.stop();
  await fresh.drop();
});

async function start(options: EngineOptions = {}): Promise<Engine> {
  const engine = await Engine.start({ fresh, ...options });
  engines.push(engine);
  return engine;
}

/** A message that waits with its job, as the webhook route leaves it. */
async function leaveMessage(engine: Engine, eventId: string, externalId: string): Promise<void> {
  const body = Buffer.from(JSON.stringify({ id: externalId, version: '2026-03-01T10:00:00Z', price: '24.40' }));
  await engine.rows(
    `with m as (insert into inbox_message (integration_id, topic, event_id, external_id, body, received_at)
       values ($1, 'order/changed', $2, $3, $4, now()) returning integration_id, lane)
     select graphile_worker.add_job('work-off-lane', json_build_object('integrationId', m.integration_id::text, 'lane', m.lane % 4),
       queue_name => 'inbox:test', job_key => 'inbox:' || m.integration_id || ':' || m.lane % 4) from m`,
    [integrationId, eventId, externalId, body],
  );
}

/** Several in one lane, with one job. */
async function leaveTogether(engine: Engine, ids: string[]): Promise<void> {
  const bodies = ids.map((id) => JSON.stringify({ id, version: '2026-03-01T10:00:00Z', price: '24.40' }));
  await engine.rows(
    `with m as (insert into inbox_message (integration_id, topic, event_id, external_id, body, received_at)
       select $1, 'order/changed', o.id, o.id, convert_to(o.body, 'UTF8'), now()
         from unnest($2::text[], $3::text[]) as o (id, body) returning integration_id, lane)
     select graphile_worker.add_job('work-off-lane', json_build_object('integrationId', integration_id::text, 'lane', lane % 4),
       queue_name => 'inbox:test', job_key => 'inbox:' || integration_id || ':' || lane % 4)
       from (select distinct integration_id, lane from m) lanes`,
    [integrationId, ids, bodies],
  );
}

describe('a process that is killed at a message', () => {
  test.each([
    ['behind its first write', 'apply-message:after-first-write'],
    ['before its commit', 'apply-message:before-commit'],
    ['behind its commit', 'apply-message:after-commit'],
  ])('%s leaves it to the next, which carries it out once', async (_, point) => {
    const child = fork(PROGRAM, [fresh.url, point], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    await once(child, 'message');
    const setUp = await start({ idle: true });
    await leaveMessage(setUp, '1', 'A');
    const [, signal] = await ended;
    expect(signal).toBe('SIGKILL');
    const survivor = await start();
    // The dead process held the queue too: its next message must not wait for it either.
    await leaveMessage(survivor, '2', 'B');
    expect(await survivor.inbox()).toMatchObject([
      { event_id: '1', status: 'APPLIED', detail: 'created' },
      { event_id: '2', status: 'APPLIED', detail: 'created' },
    ]);
    await eventually(
      'all jobs to be done',
      async () => (await survivor.count(`graphile_worker.jobs where task_identifier = 'work-off-lane'`)) === 0,
    );
    expect(await survivor.count('orders')).toBe(2);
    expect(await survivor.count(`event where subject_kind = 'order'`)).toBe(2);
  });

  test.each([
    ['behind its first write', 'apply-messages:after-first-write'],
    ['before its commit', 'apply-messages:before-commit'],
    ['behind its commit', 'apply-messages:after-commit'],
  ])('at several that it carries out together, %s: none is lost and none repeated', async (_, point) => {
    const child = fork(PROGRAM, [fresh.url, point], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    await once(child, 'message');
    const setUp = await start({ idle: true });
    const lane = await setUp.rows<{ id: string }>(
      `select 'T' || n as id from generate_series(100, 999) n where (hashtext('T' || n) & 15) = 3 order by 1 limit 3`,
    );
    await leaveTogether(
      setUp,
      lane.map(({ id }) => id),
    );
    expect((await ended)[1]).toBe('SIGKILL');
    const survivor = await start();
    const inbox = await survivor.inbox();
    expect(inbox.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(Array(3).fill('APPLIED 1'));
    expect(await survivor.count('orders')).toBe(3);
    expect(await survivor.count('order_line')).toBe(3);
    expect(await survivor.count(`event where subject_kind = 'order'`)).toBe(3);
  });

  test('keeps its jobs while it lives, however many others start', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    const busy = await start({
      checkpoint: async (point) => {
        if (point !== 'apply-message:before-commit') return;
        reach();
        await released;
      },
    });
    await leaveMessage(busy, '1', 'A');
    await reached;
    const other = await start();
    const [job] = await other.rows<{ locked_by: string | null }>(
      `select locked_by from graphile_worker.jobs where task_identifier = 'work-off-lane'`,
    );
    expect(job!.locked_by).not.toBeNull();
    expect(other.log.lines.filter(({ message }) => message === 'the inbox was mended')).toEqual([]);
    release();
    expect(await other.inbox()).toMatchObject([{ event_id: '1', status: 'APPLIED', attempts: 1 }]);
  });
});
