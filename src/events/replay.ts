import type { Database } from '../db/database.js';
import { sql } from '../db/statement.js';
import type { EventFilter } from './filter.js';
import { SELECT_EVENTS, streamedEvent, type EventRow, type StreamedEvent } from './streamed-event.js';

/** Events up to and including `position`; those of the filter among them are all in here or in earlier pages. */
export interface EventPage {
  events: StreamedEvent[];
  position: number;
}

// How far one statement looks: the longest it can take is bounded, however rare the events it looks for.
const WINDOW = 10_000;

/** $1 to $2 is the window, $3 the limit. */
const readAll = sql<EventRow>(
  'events.replay',
  `${SELECT_EVENTS} where p.position > $1 and p.position <= $2 order by p.position limit $3`,
);
const readKind = sql<EventRow>(
  'events.replay-kind',
  `${SELECT_EVENTS} where p.position > $1 and p.position <= $2 and ($4::text is null or e.subject_kind = $4)
      and ($5::bigint is null or e.customer_id = $5)
    order by p.position limit $3`,
);
const readSubject = sql<EventRow>(
  'events.replay-subject',
  `${SELECT_EVENTS} where p.position > $1 and p.position <= $2 and e.subject_kind = $4 and e.subject_id = $5
      and ($6::bigint is null or e.customer_id = $6)
    order by p.position limit $3`,
);

/** One page of what lies behind `after` and not behind `until`, in order. */
export async function readPage(
  db: Database,
  epoch: string,
  { after, until, filter, limit }: { after: number; until: number; filter: EventFilter; limit: number },
): Promise<EventPage> {
  const { subjectKind, subjectId, customerId } = filter;
  const isOneSubject = subjectKind !== undefined && subjectId !== undefined;
  const end = isOneSubject ? until : Math.min(until, after + WINDOW);
  const statement = isOneSubject
    ? readSubject(after, end, limit, subjectKind, subjectId, customerId ?? null)
    : subjectKind === undefined && customerId === undefined
      ? readAll(after, end, limit)
      : readKind(after, end, limit, subjectKind ?? null, customerId ?? null);
  const events = (await db.read(statement)).map((row) => streamedEvent(row, epoch));
  return { events, position: events.length === limit ? events.at(-1)!.position : end };
}
