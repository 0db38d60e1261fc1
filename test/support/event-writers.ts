import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/db/database.js';
import { unnamed } from '../../src/db/statement.js';
import type { Transaction } from '../../src/db/transaction.js';
import { appendEvents, EVENT_CHANNEL, type NewEvent } from '../../src/events/append.js';
import { SYSTEM } from '../../src/shared/actor.js';

export interface WriterOptions {
  writers: number;
  transactions: number;
  subjects: number;
  random: () => number;
}

/** What happened: a test of many writers proves nothing where none of this came about. */
export interface WriterReport {
  committed: number;
  rolledBack: number;
  /** Transactions that took their event's id, then let others overtake them. */
  overtaken: number;
}

class Abandoned extends Error {}

/** Numbers from a seed, so that a failure can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function createSubjects(db: Database, count: number): Promise<void> {
  await db.pool.query('create table subject (id bigint primary key, sequence integer not null)');
  await db.pool.query('insert into subject select n, 0 from generate_series(1, $1::int) n', [count]);
}

/** Many writers, each transaction with one event for each of several subjects whose rows it locks in order. */
export async function runWriters(db: Database, options: WriterOptions): Promise<WriterReport> {
  const report: WriterReport = { committed: 0, rolledBack: 0, overtaken: 0 };
  let left = options.transactions;
  const writer = async () => {
    while (left > 0) {
      left -= 1;
      await writeOnce(db, options, report);
    }
  };
  await Promise.all(Array.from({ length: options.writers }, writer));
  return report;
}

async function writeOnce(db: Database, { subjects, random }: WriterOptions, report: WriterReport): Promise<void> {
  const count = 1 + Math.floor(random() * 3);
  const picked = Array.from({ length: count }, () => 1 + Math.floor(random() * subjects));
  const isOvertaken = random() < 0.1;
  const isAbandoned = random() < 0.15;
  try {
    await db.transaction('test.write', async (tx) => {
      const locked = await tx.query(
        unnamed<{ id: string; sequence: number }>(
          `update subject set sequence = sequence + 1
            where id in (select id from subject where id = any($1::bigint[]) order by id for update)
           returning id::text, sequence`,
          [picked],
        ),
      );
      const events = locked.map((row) => eventOf(row.id, row.sequence));
      if (isOvertaken) {
        await insertNow(tx, events);
        await pause(random() * 120);
        report.overtaken += 1;
      } else {
        await appendEvents(tx, events);
      }
      if (isAbandoned) throw new Abandoned();
    });
    report.committed += 1;
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    report.rolledBack += 1;
  }
}

export function eventOf(subjectId: string, sequence: number, more: Partial<NewEvent> = {}): NewEvent {
  const at = new Date('2026-03-01T09:30:00.000Z');
  return {
    subjectKind: 'order',
    subjectId,
    sequence,
    type: 'EDITED',
    at,
    actor: SYSTEM,
    message: `change ${sequence}`,
    changes: [{ field: 'note', from: sequence - 1, to: sequence }],
    ...more,
  };
}

/** Takes the events' ids at once, long before the commit. */
async function insertNow(tx: Transaction, events: NewEvent[]): Promise<void> {
  await tx.query(
    unnamed(
      `insert into event (subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes)
       select 'order', subject_id, sequence, 'EDITED', now(), 'SYSTEM', 'Hub', 'early', '[]'
         from unnest($1::bigint[], $2::int[]) as e (subject_id, sequence)`,
      [events.map((event) => event.subjectId), events.map((event) => event.sequence)],
    ),
  );
  tx.defer(unnamed(`select pg_notify('${EVENT_CHANNEL}', '')`, []));
}

export async function committedEventIds(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>('select id::text from event order by id');
  return rows.map(({ id }) => id);
}
