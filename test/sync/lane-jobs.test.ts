import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { receiveAll } from '../../src/sync/inbox/receive.js';
import { eventually } from '../support/eventually.js';
import { Engine } from './engine.js';

let engine: Engine;
/** What happens once at a point of a transaction. */
const atPoint = new Map<string, () => Promise<unknown>>();
beforeAll(async () => {
  engine = await Engine.start({
    checkpoint: async (point) => {
      const act = atPoint.get(point);
      atPoint.delete(point);
      await act?.();
    },
  });
});
afterAll(() => engine.stop());
let shops = 0;
let integrationId: string;
beforeEach(async () => {
  shops += 1;
  await engine.connect(`shop-${shops}`);
  const [row] = await engine.rows<{ id: string }>('select id from integration where code = $1', [`shop-${shops}`]);
  integrationId = row!.id;
});

/** Receives in a transaction of its own, as another hub does; answers once the statement is through. */
async function receiveIn(client: pg.PoolClient, id: string): Promise<void> {
  const body = Buffer.from(JSON.stringify({ id, version: '2026-03-01T10:00:00Z', price: '24.40' }));
  const receivedAt = new Date('2026-03-01T10:00:00Z');
  const message = { topic: 'order/changed', eventId: id, externalId: id, body, occurredAt: null, receivedAt };
  const { text, values } = receiveAll(integrationId, 'WEBHOOK', [message]);
  await client.query(text, values);
}
const someoneWaits = () =>
  eventually(
    'someone to wait for the transaction',
    async () =>
      (await engine.count(
        `pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'transactionid'`,
      )) > 0,
  );
const jobs = () =>
  engine.rows(
    `select key, locked_by from graphile_worker.jobs where queue_name like 'inbox:' || $1 || ':%' order by id`,
    [integrationId],
  );
/** Two records whose messages share a job. */
async function sharingOne(): Promise<[string, string]> {
  const [row] = await engine.rows<{ ids: [string, string] }>(
    `select array_agg(id order by id) as ids from unnest($1::text[]) as id group by hashtext(id) & 3 having count(*) > 1 limit 1`,
    [Array.from({ length: 8 }, (_, n) => `R${n}`)],
  );
  return row!.ids;
}

test('what comes where the job that waits for its lane is just being taken has a job of its own', async () => {
  const [first, second] = await sharingOne();
  const mine = 'inbox:' + integrationId + ':%';
  const [taker, receiver] = [await engine.db.pool.connect(), await engine.db.pool.connect()];
  try {
    await taker.query('begin');
    await receiveIn(taker, first);
    // Not for a worker of this process.
    await taker.query(
      `update graphile_worker._private_job_queues set locked_at = now(), locked_by = 'another' where queue_name like $1`,
      [mine],
    );
    await taker.query('commit');
    await taker.query('begin');
    await taker.query(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'another' where key like $1`,
      [mine],
    );
    const received = receiveIn(receiver, second);
    await someoneWaits();
    await taker.query('commit');
    await received;
    expect(await jobs()).toEqual([
      { key: null, locked_by: 'another' },
      { key: expect.any(String), locked_by: null },
    ]);
  } finally {
    taker.release();
    receiver.release();
  }
});

test('what comes where a lane is left until later does not wait for that time', async () => {
  const [first, second] = await sharingOne();
  const receiver = await engine.db.pool.connect();
  try {
    const isTried = new Promise<void>((reached) => {
      atPoint.set('apply-message:before-commit', async () => {
        reached();
        await isHeld;
        throw new Error('broken');
      });
    });
    let letGo = (): void => {};
    const isHeld = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await receiver.query('begin');
    await receiveIn(receiver, first);
    // The next pause is one of minutes.
    await receiver.query('update inbox_message set attempts = 6 where integration_id = $1', [integrationId]);
    await receiver.query('commit');
    await isTried;
    await receiver.query('begin');
    await receiveIn(receiver, second);
    letGo();
    // The lane has not seen the second, and asks for a job for the time of the first.
    await someoneWaits();
    await receiver.query('commit');
  } finally {
    receiver.release();
  }
  const status = async (id: string) =>
    (
      await engine.rows<{ status: string }>(
        'select status from inbox_message where integration_id = $1 and external_id = $2',
        [integrationId, id],
      )
    )[0]!.status;
  await eventually('the second to be carried out', async () => (await status(second)) === 'APPLIED');
  expect(await status(first)).toBe('RECEIVED');
});
