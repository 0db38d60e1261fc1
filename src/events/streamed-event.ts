import { instantText } from '../shared/clock.js';
import type { Actor, ActorKind } from '../shared/actor.js';
import type { FieldChange } from './append.js';
import { encodeCursor } from './cursor.js';

/** An event as it was written, with the personal values that are not erased. */
export interface RecordedEvent {
  id: string;
  subjectKind: string;
  subjectId: string;
  /** 1, 2, 3 … within the subject, without a gap. */
  sequence: number;
  type: string;
  /** RFC 3339 with milliseconds. */
  at: string;
  actor: Actor;
  message: string;
  /** Personal values are in here until they are erased. */
  changes: FieldChange[];
  data: Record<string, unknown> | null;
  channel: string | null;
  customerId: string | null;
  statusFrom: string | null;
  statusTo: string | null;
}

/** A committed event in its place: what every stream, timeline and consumer of the log is given. */
export interface StreamedEvent extends RecordedEvent {
  /** 1, 2, 3 … over all events, without a gap. */
  position: number;
  cursor: string;
}

export interface EventRow {
  position: string;
  id: string;
  subject_kind: string;
  subject_id: string;
  sequence: number;
  type: string;
  at: string;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  message: string;
  changes: string;
  data: string | null;
  channel: string | null;
  customer_id: string | null;
  status_from: string | null;
  status_to: string | null;
  personal: string | null;
}

export type RecordedEventRow = Omit<EventRow, 'position'>;

/** To be followed by a `where`. Texts instead of parsed values, so that every connection reads them alike. */
export const SELECT_EVENTS = `
  select p.position::text, e.id::text, e.subject_kind, e.subject_id::text, e.sequence, e.type, e.at::text, e.actor_kind,
         e.actor_id, e.actor_name, e.message, e.changes::text, e.data::text, e.channel, e.customer_id::text,
         e.status_from, e.status_to, s.payload::text as personal
    from event_position p
    join event e on e.id = p.event_id
    left join event_personal s on s.id = e.personal_id`;

interface PersonalValues {
  changes?: FieldChange[];
  data?: Record<string, unknown>;
}

export function streamedEvent(row: EventRow, epoch: string): StreamedEvent {
  const position = Number(row.position);
  return { position, cursor: encodeCursor(epoch, position), ...recordedEvent(row) };
}

export function recordedEvent(row: RecordedEventRow): RecordedEvent {
  const changes = JSON.parse(row.changes) as FieldChange[];
  const data = row.data === null ? null : (JSON.parse(row.data) as Record<string, unknown>);
  const personal = row.personal === null ? {} : (JSON.parse(row.personal) as PersonalValues);
  return {
    id: row.id,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    sequence: row.sequence,
    type: row.type,
    at: instantText(row.at),
    actor: { kind: row.actor_kind as ActorKind, id: row.actor_id, name: row.actor_name },
    message: row.message,
    changes: personal.changes ? [...changes, ...personal.changes] : changes,
    data: personal.data ? { ...data, ...personal.data } : data,
    channel: row.channel,
    customerId: row.customer_id,
    statusFrom: row.status_from,
    statusTo: row.status_to,
  };
}
