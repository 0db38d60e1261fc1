import 'reflect-metadata';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { addPushJobs } from '../../src/modules/integrations/index.js';
import type { Actor } from '../../src/shared/actor.js';
import { pushBatch } from '../../src/sync/push/push-batch.js';
import { pushStream } from '../../src/sync/push/push-stream.js';
import { followEvents } from '../../src/sync/push/follow-events.js';
import { Sender } from '../../src/sync/push/sender.js';
import { sweepPushes } from '../../src/sync/push/sweep-pushes.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { PushHub } from './push-hub.js';
import { office, PushVendor } from './push-vendor.js';

const PROGRAM = fileURLToPath(new URL('./push-process.js', import.meta.url));

let fresh: FreshDatabase;
let vendor: PushVendor;
const done = Promise.resolve();
const hubs: PushHub[] = [];
const children: ChildProcess[] = [];
beforeEach(async () => {
  [fresh, vendor] = await Promise.all([freshDatabase(), PushVendor.start()]);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const hub of hubs.splice(0)) await hub.stop();
  await vendor.close();
  await fresh.drop();
});
async function start(options: Parameters<typeof PushHub.start>[1] = {}): Promise<PushHub> {
  const hub = await PushHub.start(fresh, options);
  hubs.push(hub);
  return hub;
}

describe('a process that is killed while it tells a system of a record', () => {
  test.each([
    ['behind the note that it will', 'push-claim:after-commit', 1, [true]],
    ['before what came of it is kept', 'push-settle:before-commit', 2, [false, true]],
    ['behind what came of it', 'push-settle:after-commit', 1, [false]],
    ['before the event is followed', 'push-follow:before-commit', 1, [false]],
  ])('%s, leaves it to the next, and the system has it once', async (_, point, times, mayHaveArrived) => {
    const setUp = await start({ idle: true });
    const crm = await setUp.connect('crm', office, vendor.url);
    const id = await setUp.customer({ name: 'ACME' });
    const child = fork(PROGRAM, [fresh.url, point], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    // More is due before anybody knows of the end: another job, instead of the one that the dead process held.
    await setUp.db.transaction('due', (tx) => tx.query(addPushJobs([crm.id!], ['customers'])));
    const survivor = await start();
    await survivor.quiet();
    await eventually('no job to be left', async () => {
      const left = await survivor.rows(`select from graphile_worker.jobs where task_identifier = 'push-stream'`);
      return left.length === 0;
    });
    expect(await survivor.items(crm, 'customers')).toMatchObject([{ state: 'DONE', may_have_arrived: false }]);
    expect(vendor.idsOf(id)).toEqual(['customers-1']);
    const told = vendor.toldOf('customers', id);
    expect(told).toHaveLength(times);
    expect(told.map((one) => one.mayHaveArrived)).toEqual(mayHaveArrived);
    expect(new Set(told.map(({ key }) => key)).size).toBe(1);
    expect(await survivor.rows('select external_id from external_reference')).toEqual([{ external_id: 'customers-1' }]);
  });
});

/** Two processes' halves of one hub, both about to tell the same system of the same record; the first is at a point. */
async function twoAtOneRecord(point: string): Promise<{
  first: PushHub;
  second: PushHub;
  crm: Actor;
  id: string;
  tell: (hub: PushHub) => { sender: Sender; done: Promise<boolean> };
  reached: Promise<void>;
  release: () => void;
}> {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const first = await start({
    idle: true,
    checkpoint: async (at) => {
      if (at !== point) return;
      arrived.resolve();
      await gate.promise;
    },
  });
  const second = await start();
  const crm = await second.connect('crm', office, vendor.url);
  await second.quiet();
  await second.setStatus(crm, 'PAUSED');
  const id = await second.customer({ name: 'Older' });
  await second.quiet();
  // From here on by hand alone: no event wakes a job.
  await second.rows(`update integration set status = 'HEALTHY'`);
  const senders: Sender[] = [];
  const tell = (hub: PushHub) => {
    const sender = new Sender(fresh.url, hub.log);
    senders.push(sender);
    const done = sender
      .hold()
      .then(() => pushBatch(hub.parts, sender, { integrationId: crm.id!, stream: 'customers' }));
    return { sender, done: done.finally(() => sender.release()) };
  };
  return { first, second, crm, id, tell, reached: arrived.promise, release: gate.resolve };
}

/** The statements that take an item, without what keeps others from it. */
function withoutLocks(): () => void {
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function query(this: unknown, ...args: unknown[]) {
    const [config] = args;
    if (config !== null && typeof config === 'object' && 'name' in config && config.name === 'push.claim') {
      const { text } = config as unknown as { text: string };
      args[0] = { ...config, text: text.replace('for update skip locked', '').replace(`and p.state = 'DUE'`, '') };
    }
    if (config !== null && typeof config === 'object' && 'name' in config && config.name === 'push.leased') {
      const { text } = config as unknown as { text: string };
      args[0] = { ...config, text: text.replace('and lease = $3', 'and $3::text is not null') };
    }
    return send.apply(this, args);
  } as typeof pg.Client.prototype.query;
  return () => {
    pg.Client.prototype.query = send as typeof pg.Client.prototype.query;
  };
}

/** Keeps the statement that gives back what failed from the database until it is let go. */
function heldGivingBack(): { reached: Promise<void>; release: () => void; restore: () => void } {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function query(this: unknown, ...args: unknown[]) {
    const [config] = args as [{ name?: string } | undefined];
    if (config?.name !== 'push.give-back-own') return send.apply(this, args);
    arrived.resolve();
    return gate.promise.then(() => send.apply(this, args));
  } as typeof pg.Client.prototype.query;
  return {
    reached: arrived.promise,
    release: gate.resolve,
    restore: () => {
      pg.Client.prototype.query = send as typeof pg.Client.prototype.query;
    },
  };
}

describe('a job that fails while it tells a system of a record', () => {
  test('is made up for by the next one, which leaves alone what the process sends meanwhile', async () => {
    const faults = ['push-settle:before-commit'];
    const hub = await start({
      idle: true,
      checkpoint: (at) => (faults[0] === at ? Promise.reject(new Error(`no database ${faults.shift()}`)) : done),
    });
    const live = await start();
    const integrations = [await live.connect('one', office, vendor.url), await live.connect('two', office, vendor.url)];
    for (const integration of integrations) await live.setStatus(integration, 'PAUSED');
    await live.customer({ name: 'ACME' });
    await live.quiet();
    await live.rows(`update integration set status = 'HEALTHY'`);
    const [one, two] = integrations.map(({ id }) => ({ integrationId: id!, stream: 'customers' }));
    const sender = new Sender(fresh.url, hub.log);
    const givingBack = heldGivingBack();
    const gate = Promise.withResolvers<void>();
    try {
      await expect(pushStream(hub.parts, sender, one!)).rejects.toThrow('no database');
      const again = pushStream(hub.parts, sender, one!);
      await givingBack.reached;
      const met = Promise.withResolvers<void>();
      vendor.whims.push({ hold: gate.promise, reached: met.resolve });
      const other = pushBatch(hub.parts, sender, two!);
      await met.promise;
      givingBack.release();
      await again;
      expect(await live.items(integrations[1]!, 'customers')).toMatchObject([{ state: 'SENDING' }]);
      gate.resolve();
      await other;
    } finally {
      gate.resolve();
      givingBack.restore();
      await sender.release();
    }
    for (const integration of integrations)
      expect(await live.items(integration, 'customers')).toMatchObject([{ state: 'DONE', may_have_arrived: false }]);
    expect(vendor.told.map((told) => told.mayHaveArrived)).toEqual([false, false, true]);
  });
});

describe('two processes at one record', () => {
  test('never tell it at the same time, nor an older state behind a newer one', async () => {
    const { first, second, id, tell, reached, release } = await twoAtOneRecord('push-claim:before-commit');
    const one = tell(first).done;
    await reached;
    expect(await tell(second).done).toBe(false);
    await second.customer({ id, name: 'Newer' });
    release();
    await one;
    await eventually('nothing more to be due', async () => !(await tell(second).done));
    await second.quiet();
    expect(vendor.overlaps).toBe(0);
    const names = vendor.toldOf<'customer'>('customers', id).map(({ record }) => record.name);
    expect(names.at(-1)).toBe('Newer');
    expect(names).toEqual([...names].sort().reverse());
  });

  test('do tell it at the same time where nothing keeps them from it, which is what the test above would see', async () => {
    const restore = withoutLocks();
    try {
      const { first, second, tell, reached, release } = await twoAtOneRecord('push-claim:before-commit');
      const gate = Promise.withResolvers<void>();
      const met = Promise.withResolvers<void>();
      vendor.whims.push({ hold: gate.promise, reached: met.resolve });
      const one = tell(first).done;
      await reached;
      const other = tell(second).done;
      await eventually('the second to wait for the first', async () => {
        const waiting = await second.rows(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%push_item%'`,
        );
        return waiting.length > 0;
      });
      release();
      await met.promise;
      await eventually('the other to come', () => vendor.told.length === 2 || vendor.overlaps > 0).finally(
        gate.resolve,
      );
      await Promise.all([one, other]);
      expect(vendor.overlaps).toBe(1);
    } finally {
      restore();
    }
  });

  test('that was taken for dead tells nothing any more when it comes back', async () => {
    const { first, second, id, crm, tell, reached, release } = await twoAtOneRecord('push-claim:after-commit');
    const late = tell(first);
    await reached;
    await late.sender.release();
    await sweepPushes(second.parts);
    await second.later(0);
    await second.quiet();
    expect(vendor.toldOf('customers', id)).toHaveLength(1);
    release();
    await late.done;
    expect(vendor.toldOf('customers', id)).toHaveLength(1);
    expect(await second.items(crm, 'customers')).toMatchObject([{ state: 'DONE' }]);
  });

  test('follow each event once', async () => {
    const hub = await start({ idle: true });
    const other = await start();
    const crm = await other.connect('crm', office, vendor.url);
    await other.quiet();
    await Promise.all(Array.from({ length: 20 }, (_, index) => other.customer({ name: `Customer ${index}` })));
    await Promise.all(Array.from({ length: 10 }, () => followEvents(hub.parts)));
    await other.quiet();
    expect(await other.items(crm, 'customers')).toHaveLength(20);
    expect(vendor.told.filter(({ stream }) => stream === 'customers')).toHaveLength(20);
  });
});
