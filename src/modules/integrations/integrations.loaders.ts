import { defineLoader, inOrderOf } from '../../graph/context.js';
import { instantText, parseInstant } from '../../shared/clock.js';
import { DeadLetterType, shownPayload } from './dead-letter.type.js';
import { selectDeadLetterBodies, selectDeadLetters, selectOldestOpen } from './integrations.queries.js';

export const deadLettersById = defineLoader<string, DeadLetterType | null>('deadLettersById', async (ids, { db }) => {
  const rows = await db.read(selectDeadLetters(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new DeadLetterType(row)),
    ({ row }) => row.id,
  );
});

/** Bodies can be large: they are read only where they are selected. */
export const deadLetterPayloads = defineLoader<string, unknown>('deadLetterPayloads', async (ids, { db }) => {
  const rows = await db.read(selectDeadLetterBodies(ids));
  return inOrderOf(ids, rows, (row) => row.id).map((row) => (row?.body ? shownPayload(row.body) : null));
});

/** Seconds since the oldest message that waits came in; 0 where none waits. */
export const lagByIntegration = defineLoader<string, number>('lagByIntegration', async (ids, { db, clock }) => {
  const rows = await db.read(selectOldestOpen(ids));
  const now = clock.now().getTime();
  return inOrderOf(ids, rows, (row) => row.integration_id).map((row) =>
    row === null ? 0 : Math.max(0, (now - parseInstant(instantText(row.oldest)).getTime()) / 1000),
  );
});
