import type { Actor } from '../shared/actor.js';
import { sql, type Statement } from '../db/statement.js';
import type { Transaction } from '../db/transaction.js';

export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

/** One thing that happened to one record. `sequence` counts the record's own events: 1, 2, 3 … */
export interface NewEvent {
  subjectKind: string;
  subjectId: string;
  sequence: number;
  type: string;
  at: Date;
  actor: Actor;
  message: string;
  changes?: FieldChange[];
  data?: unknown;
  /** Values that name a person; kept apart so that they can be erased, merged in when the event is read. */
  personal?: { changes?: FieldChange[]; data?: Record<string, unknown> };
  channel?: string | null;
  customerId?: string | null;
  statusFrom?: string | null;
  statusTo?: string | null;
}

/** The channel on which a commit tells the sequencer that there are events without a position. */
export const EVENT_CHANNEL = 'hub_event';

const insertEvents = sql(
  'events.insert',
  `with written as (
     insert into event (subject_kind, subject_id, sequence, type, at, actor_kind, actor_id, actor_name, message,
                        changes, data, personal_id, channel, customer_id, status_from, status_to)
     select e.subject_kind, e.subject_id, e.sequence, e.type, e.at, e.actor_kind, e.actor_id, e.actor_name, e.message,
            e.changes::jsonb, e.data::jsonb, e.personal_id, e.channel, e.customer_id, e.status_from, e.status_to
       from unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
                   $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::text[], $14::bigint[],
                   $15::text[], $16::text[])
         as e (subject_kind, subject_id, sequence, type, at, actor_kind, actor_id, actor_name, message, changes,
               data, personal_id, channel, customer_id, status_from, status_to))
   select pg_notify('${EVENT_CHANNEL}', '')`,
);

const insertPersonal = sql(
  'events.insert-personal',
  `insert into event_personal (id, customer_id, payload)
   select * from unnest($1::bigint[], $2::bigint[], $3::jsonb[])`,
);

/**
 * Leaves the events to the transaction's last trip. Call it after every lock is taken, and with the record's
 * row locked: that is what puts a record's events in the order of its changes.
 */
export async function appendEvents(tx: Transaction, events: NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const personal = events.filter((event) => event.personal);
  const ids = personal.length > 0 ? await tx.ids.take(personal.length) : [];
  const personalIds = new Map(personal.map((event, index) => [event, ids[index]!]));
  if (personal.length > 0) {
    tx.defer(
      insertPersonal(
        ids,
        personal.map((event) => event.customerId ?? null),
        personal.map((event) => JSON.stringify(event.personal)),
      ),
    );
  }
  tx.defer(insertStatement(events, personalIds));
}

function insertStatement(events: NewEvent[], personalIds: Map<NewEvent, string>): Statement {
  return insertEvents(
    events.map((e) => e.subjectKind),
    events.map((e) => e.subjectId),
    events.map((e) => e.sequence),
    events.map((e) => e.type),
    events.map((e) => e.at.toISOString()),
    events.map((e) => e.actor.kind),
    events.map((e) => e.actor.id),
    events.map((e) => e.actor.name),
    events.map((e) => e.message),
    events.map((e) => JSON.stringify(e.changes ?? [])),
    events.map((e) => (e.data === undefined ? null : JSON.stringify(e.data))),
    events.map((e) => personalIds.get(e) ?? null),
    events.map((e) => e.channel ?? null),
    events.map((e) => e.customerId ?? null),
    events.map((e) => e.statusFrom ?? null),
    events.map((e) => e.statusTo ?? null),
  );
}
