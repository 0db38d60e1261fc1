import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { committedEventIds, createSubjects, eventOf, runWriters, seededRandom } from '../support/event-writers.js';
import { appendEvents } from '../../src/events/append.js';
import { LiveClient } from '../support/live-client.js';
import { LiveHub } from '../support/live-hub.js';
import { faultsOf, type SeenEvent } from '../support/stream-checker.js';

const isSoak = Boolean(process.env.HUB_SOAK);
const SEED = Number(process.env.HUB_TEST_SEED ?? 20_260_301);
const CLIENTS = isSoak ? 60 : 12;
const TRANSACTIONS = isSoak ? 30_000 : 1_500;
const LOST_SESSIONS = isSoak ? 40 : 4;
const LAST_SUBJECT = '900000';

const STREAM = `subscription Stream($after: String) {
  changes(after: $after) { cursor kind position id subject sequence }
}`;

let hub: LiveHub;
beforeAll(async () => {
  hub = await LiveHub.start();
  await createSubjects(hub.db, 40);
});
afterAll(() => hub.stop());

interface Change extends Record<string, unknown> {
  cursor: string;
  kind: string;
  position: number;
  id: string;
  subject: string;
  sequence: number;
}

/** Cuts its line at random points and goes on behind the last cursor that it has read, until the last event. */
async function restlessReader(seed: number, start: string): Promise<{ changes: Change[]; connections: number }> {
  const random = seededRandom(seed);
  const changes: Change[] = [];
  let connections = 0;
  while (changes.at(-1)?.subject !== LAST_SUBJECT) {
    const client = await LiveClient.connect(hub.url, 'staff');
    connections += 1;
    client.subscribe('stream', STREAM, { after: changes.at(-1)?.cursor ?? start });
    const most = 1 + Math.floor(random() * 150);
    const received = await client.until(`${most} messages or the last`, () => {
      const nexts = client.nexts('stream').map((next) => next.data!.changes as Change);
      return (nexts.length >= most || nexts.at(-1)?.subject === LAST_SUBJECT) && nexts;
    });
    client.ws.terminate();
    changes.push(...received);
  }
  return { changes, connections };
}

async function loseSessions(): Promise<number> {
  const { rows } = await hub.db.pool.query<{ ended: boolean }>(
    `select pg_terminate_backend(pid) as ended from pg_stat_activity
      where application_name in ('hub-sequencer', 'hub-feed') and datname = current_database()`,
  );
  return rows.filter(({ ended }) => ended).length;
}

function seenBy(changes: Change[]): SeenEvent[] {
  return changes.map(({ position, id, subject, sequence }) => ({
    position,
    id,
    subjectKind: 'order',
    subjectId: subject,
    sequence,
  }));
}

test('no reader misses an event or sees one twice, however often its line is cut while others write', async () => {
  const start = hub.feed.cursorAt(0);
  const reading = Promise.all(Array.from({ length: CLIENTS }, (_, n) => restlessReader(SEED + n, start)));
  let lost = 0;
  for (let part = 0; part < LOST_SESSIONS; part += 1) {
    const transactions = TRANSACTIONS / LOST_SESSIONS;
    const writing = runWriters(hub.db, { writers: 8, transactions, subjects: 40, random: seededRandom(SEED + part) });
    lost += await loseSessions();
    await writing;
  }
  await hub.db.transaction('test.last', (tx) => appendEvents(tx, [eventOf(LAST_SUBJECT, 1)]));
  const readers = await reading;
  const committed = await committedEventIds(hub.db);

  for (const { changes } of readers) expect(faultsOf(seenBy(changes), committed)).toEqual([]);
  expect(lost).toBeGreaterThanOrEqual(LOST_SESSIONS);
  expect(readers.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThan(CLIENTS * 10);
  const kinds = new Set(readers.flatMap(({ changes }) => changes.map(({ kind }) => kind)));
  expect(kinds).toEqual(new Set(['REPLAYED', 'LIVE']));

  const dropped = Math.floor(seededRandom(SEED)() * committed.length);
  const careless = seenBy(readers[0]!.changes).filter((_, index) => index !== dropped);
  expect(faultsOf(careless, committed)).not.toEqual([]);
});
