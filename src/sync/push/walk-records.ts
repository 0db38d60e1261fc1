import type { PushJob, PushParts } from './parts.js';
import { keepWalk, lockStream, walkPage, type StreamRow, type Walk } from './push.queries.js';

const PAGE = 500;

/**
 * Makes the next records due of a stream whose system is told all there is. Place and items are kept in one transaction,
 * so that a walk goes on where it was. Answers whether more are to come.
 */
export async function walkOn(parts: PushParts, job: PushJob, { walk: seen }: StreamRow): Promise<boolean> {
  if (seen === null) return false;
  const { integrationId, stream } = job;
  return parts.db.transaction('push-walk', async (tx) => {
    const row = await tx.one(lockStream(integrationId, stream));
    if (!row?.walk) return false;
    const { after, rows, startedAt } = row.walk;
    const now = parts.clock.now().toISOString();
    const page = (await tx.one(walkPage[row.record_kind](integrationId, stream, after, PAGE, now, startedAt)))!;
    const isOver = page.rows < PAGE;
    const next: Walk = { after: page.last ?? after, rows: rows + page.rows, startedAt };
    tx.defer(keepWalk(integrationId, stream, isOver ? null : JSON.stringify(next)));
    if (isOver) parts.log.info({ stream, integrationId, rows: next.rows }, 'all that was there is due at a system');
    return !isOver;
  });
}
