import { setTimeout as delay } from 'node:timers/promises';
import { streamedEvent, type StreamedEvent } from '../../events/streamed-event.js';
import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, type ReadScope } from '../../graph/context.js';
import { feedKey } from '../../graph/live/feed-key.js';
import { RequestError } from '../../shared/failures.js';
import { selectOrderEvents, type OrderEventRow } from './order-event.queries.js';
import { OrderEventType } from './order-event.type.js';

const RECHECK_MS = [2, 5, 10, 20, 50, 100, 200, 400, 800];

/**
 * Events with their cursors. One that was committed a moment ago waits here for its position: a caller reads what it
 * has just written.
 */
export async function inTheirPlaces(rows: OrderEventRow[], scope: ReadScope): Promise<StreamedEvent[]> {
  const places = new Map(rows.map((row) => [row.id, row.position]));
  for (const wait of RECHECK_MS) {
    const unplaced = rows.filter((row) => places.get(row.id) === null).map((row) => row.id);
    if (unplaced.length === 0) break;
    await delay(wait);
    for (const row of await scope.db.read(selectOrderEvents(unplaced))) places.set(row.id, row.position);
  }
  const { epoch } = scope.service(feedKey);
  return rows.map((row) => {
    const position = places.get(row.id);
    if (position == null)
      throw new RequestError('BUSY', 'The event log is being brought up to date; send the same call again');
    return streamedEvent({ ...row, position }, epoch);
  });
}

export const orderEventsById = defineLoader<string, OrderEventType | null>('orderEventsById', async (ids, scope) => {
  const rows = (await scope.db.read(selectOrderEvents(ids))).filter((row) => maySee(scope.viewer, row.customer_id));
  const events = await inTheirPlaces(rows, scope);
  return inOrderOf(
    ids,
    events.map((event) => new OrderEventType(event)),
    ({ event }) => event.id,
  );
});
