import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Database } from '../../src/db/database.js';
import { appendEvents, type NewEvent } from '../../src/events/append.js';
import { resolveEpoch } from '../../src/events/epoch.js';
import { Feed } from '../../src/events/feed.js';
import { follow, type FollowedEvent, type FollowOptions } from '../../src/events/follow.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { committedEventIds, createSubjects, eventOf, runWriters, seededRandom } from '../support/event-writers.js';
import { eventually } from '../support/eventually.js';
import { recordedLog } from '../support/recorded-log.js';
import { faultsOf } from '../support/stream-checker.js';

const isSoak = Boolean(process.env.HUB_SOAK);
const SUBJECTS = 30;

let fresh: FreshDatabase;
let db: Database;
let feed: Feed;
let sequencer: Sequencer;

beforeEach(async () => {
  fresh = await freshDatabase();
  db = await Database.open({ url: fresh.url, entities: [] });
  await createSubjects(db, SUBJECTS);
  feed = new Feed(db, recordedLog());
  await feed.start();
  sequencer = new Sequencer(db.url, recordedLog());
  sequencer.start();
});
afterEach(async () => {
  await sequencer.stop();
  await feed.stop();
  await db.close();
  await fresh.drop();
});

async function write(...events: NewEvent[]): Promise<void> {
  await db.transaction('test.write', (tx) => appendEvents(tx, events));
}

async function take(count: number, options: FollowOptions): Promise<FollowedEvent[]> {
  const taken: FollowedEvent[] = [];
  const events = follow(feed, options);
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

async function sequenced(count: number): Promise<void> {
  await eventually(`${count} positions`, async () => {
    const { rows } = await db.pool.query<{ count: string }>('select count(*) from event_position');
    return Number(rows[0]!.count) === count && feed.head() === count;
  });
}

test('replays then goes on live under writes, while every reader disconnects again and again', async () => {
  const transactions = isSoak ? 20_000 : 1_200;
  const readers = 16;
  const random = seededRandom(11);
  let isWriting = true;
  let disconnects = 0;
  const read = async (readerRandom: () => number) => {
    const seen: FollowedEvent[] = [];
    const start = feed.cursorAt(0);
    for (;;) {
      const after = seen.at(-1)?.event.cursor ?? start;
      const committed = isWriting ? Infinity : (await committedEventIds(db)).length;
      if (seen.length >= committed) return seen;
      const most = 1 + Math.floor(readerRandom() * 60);
      seen.push(...(await take(Math.min(most, committed - seen.length), { after })));
      disconnects += 1;
    }
  };
  const reading = Promise.all(Array.from({ length: readers }, (_, n) => read(seededRandom(100 + n))));
  const writing = runWriters(db, { writers: 8, transactions, subjects: SUBJECTS, random });
  await writing;
  // The last write wakes readers that wait for more events than there will be.
  isWriting = false;
  await write(...Array.from({ length: 60 }, (_, n) => eventOf('77', n + 1)));
  const streams = await reading;
  const committed = await committedEventIds(db);
  for (const seen of streams) {
    expect(faultsOf(seen.map(({ event }) => event).slice(0, committed.length), committed)).toEqual([]);
  }
  expect(disconnects).toBeGreaterThan(readers * 20);
  expect(streams.flat().some(({ isReplayed }) => !isReplayed)).toBe(true);
  expect(streams.flat().some(({ isReplayed }) => isReplayed)).toBe(true);
});

test('begins with the next event where there is no cursor', async () => {
  await write(eventOf('1', 1));
  await sequenced(1);
  const taking = take(1, {});
  await write(eventOf('1', 2));
  expect((await taking).map(({ event, isReplayed }) => [event.sequence, isReplayed])).toEqual([[2, false]]);
});

test('narrows replay and live alike to a subject, a kind, a customer and a condition', async () => {
  const events = [
    eventOf('1', 1, { customerId: '7' }),
    eventOf('2', 1, { customerId: '8' }),
    eventOf('1', 1, { subjectKind: 'quote', customerId: '7' }),
    eventOf('1', 2, { customerId: '7', channel: 'web' }),
  ];
  const again = events.map((event) => ({ ...event, sequence: event.sequence + 10 }));
  await write(...events);
  await sequenced(4);
  const after = feed.cursorAt(0);
  const expected: [FollowOptions, number[]][] = [
    [{ filter: { subjectKind: 'order', subjectId: '1' } }, [1, 4, 5, 8]],
    [{ filter: { subjectKind: 'order' } }, [1, 2, 4, 5, 6, 8]],
    [{ filter: { customerId: '7' } }, [1, 3, 4, 5, 7, 8]],
    [{ filter: { subjectKind: 'order', customerId: '7' } }, [1, 4, 5, 8]],
    [{ matches: ({ channel }) => channel === 'web' }, [4, 8]],
    [{}, [1, 2, 3, 4, 5, 6, 7, 8]],
  ];
  const taking = Promise.all(expected.map(([options, positions]) => take(positions.length, { ...options, after })));
  await write(...again);
  const taken = await taking;
  expect(taken.map((stream) => stream.map(({ event }) => event.position))).toEqual(
    expected.map(([, positions]) => positions),
  );
});

test('merges personal values in until they are erased', async () => {
  const personal = { changes: [{ field: 'email', from: null, to: 'a@example.com' }], data: { phone: '1' } };
  await write(eventOf('1', 1, { customerId: '7', data: { open: true }, personal }));
  await sequenced(1);
  const [before] = (await feed.readAfter(0, 1)).events;
  expect(before!.changes.map(({ field }) => field)).toEqual(['note', 'email']);
  expect(before!.data).toEqual({ open: true, phone: '1' });

  await db.pool.query('update event_personal set payload = null, erased_at = now()');
  const another = new Feed(db, recordedLog());
  await another.start();
  const [after] = (await another.readAfter(0, 1)).events;
  await another.stop();
  expect(after!.changes.map(({ field }) => field)).toEqual(['note']);
  expect(after!.data).toEqual({ open: true });
});

test('ends a reader that lets too many events wait with LAGGED, and lets it go on behind the last cursor', async () => {
  const events = follow(feed, { after: feed.cursorAt(0), maxWaiting: 10 });
  await write(eventOf('1', 1));
  const first = await events.next();
  expect(first.value!.event.sequence).toBe(1);
  await sequenced(1);
  const second = events.next();
  await write(eventOf('1', 2));
  await second;
  for (let sequence = 3; sequence <= 30; sequence += 1) await write(eventOf('1', sequence));
  await sequenced(30);
  const failure = await drain(events);
  expect(failure).toMatchObject({ code: 'LAGGED', extensions: { lastCursor: expect.any(String) } });
  const { lastCursor } = (failure as { extensions: { lastCursor: string } }).extensions;
  const rest = await take(1, { after: lastCursor });
  expect(rest[0]!.event.position).toBe((await feed.positionOf(lastCursor)) + 1);
});

async function drain(events: AsyncIterable<FollowedEvent>): Promise<unknown> {
  try {
    for await (const _ of events);
    return undefined;
  } catch (error) {
    return error;
  }
}

test('refuses a cursor of another history, one behind the end and one that is garbage', async () => {
  await write(eventOf('1', 1));
  await sequenced(1);
  const good = feed.cursorAt(1);
  await expect(take(1, { after: feed.cursorAt(2) })).rejects.toMatchObject({
    code: 'CURSOR_EXPIRED',
    extensions: { lastCursor: good },
  });
  await expect(take(1, { after: 'garbage' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  const other = Buffer.from('ffffffff.1').toString('base64url');
  await expect(take(1, { after: other })).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
});

test('keeps its epoch while the database is the same, and begins one when it is a restored copy', async () => {
  const epochs = await Promise.all([resolveEpoch(db.url), resolveEpoch(db.url), resolveEpoch(db.url)]);
  expect(new Set(epochs)).toEqual(new Set([feed.epoch]));
  await db.pool.query(`update hub_state set system_identifier = 'elsewhere'`);
  const restored = await Promise.all([resolveEpoch(db.url), resolveEpoch(db.url)]);
  expect(new Set(restored).size).toBe(1);
  // Not the feed's: a session of it that connects again meanwhile has begun the new one already.
  expect(restored[0]).not.toBe(epochs[0]);
});

test('ends every reader with CURSOR_EXPIRED when a lost connection comes back to another history', async () => {
  const events = follow(feed, { after: feed.cursorAt(0) });
  await write(eventOf('1', 1));
  await events.next();
  const next = events.next();
  const settled = next.then(
    () => undefined,
    (error: unknown) => error,
  );
  await db.pool.query(`update hub_state set timeline_id = timeline_id + 1`);
  await db.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hub-feed' and datname = current_database()`,
  );
  expect(await settled).toMatchObject({ code: 'CURSOR_EXPIRED', extensions: { lastCursor: expect.any(String) } });
});

test('stops at once when its reader goes away, also while it waits', async () => {
  const events = follow(feed, {});
  const next = events.next();
  expect(await events.return!()).toEqual({ done: true, value: undefined });
  expect(await next).toEqual({ done: true, value: undefined });
});
