import { defineLoader, inOrderOf } from '../../graph/context.js';
import { selectFirstOrdered, selectOffered, type OfferedRow } from './recurring-line.queries.js';

/** Of order lines that the viewer sees already; null where the line was made of no quote's. */
export const offeredOfLine = defineLoader<string, OfferedRow | null>('offeredOfLine', async (ids, { db }) =>
  inOrderOf(ids, await db.read(selectOffered(ids)), ({ id }) => id),
);

/** When what stands of a quote's line was ordered first; null where nothing of it was. */
export const firstOrdered = defineLoader<string, string | null>('firstOrdered', async (ids, { db }) => {
  const rows = await db.read(selectFirstOrdered(ids));
  return inOrderOf(ids, rows, ({ id }) => id).map((row) => row?.placed_at ?? null);
});
