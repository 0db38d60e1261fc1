import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from './db/database.js';
import { selectWalks, type WalkRow } from './modules/integrations/index.js';
import { instantText, type Clock } from './shared/clock.js';

const EVERY_MS = 2_000;

/**
 * Says how far each stream that is read has come, of one integration or of all; with `isWatching`, again and again until no
 * walk is under way.
 */
export async function showProgress(
  db: Database,
  { integration, isWatching }: { integration: string | null; isWatching: boolean },
  clock: Clock,
  say: (line: string) => void,
): Promise<void> {
  for (;;) {
    const walks = await db.read(selectWalks(integration));
    for (const walk of walks) say(progressLine(walk, clock.now()));
    if (walks.length === 0)
      say(integration === null ? 'no stream is read yet' : `no stream of "${integration}" is read yet`);
    if (!isWatching || walks.every(({ started_at: startedAt }) => startedAt === null)) return;
    await wait(EVERY_MS);
  }
}

/** A walk with its rows, rate and time left; what has come to its end says when. */
export function progressLine(walk: WalkRow, now: Date): string {
  const name = `${walk.code} ${walk.stream}`.padEnd(32);
  if (walk.started_at === null) {
    const last =
      walk.last_success_at === null ? 'was never read whole' : `complete at ${instantText(walk.last_success_at)}`;
    return `${name}${walk.processed} rows in all, ${last}`;
  }
  const seconds = Math.max(0.001, (now.getTime() - Date.parse(walk.started_at)) / 1_000);
  const rows = walk.rows ?? 0;
  const rate = rows / seconds;
  const of = walk.total === null ? '' : ` of ${walk.total}`;
  const isTold = walk.total !== null && rows > 0;
  const left = isTold ? `, ${Math.ceil(Math.max(0, walk.total! - rows) / rate)} s left` : '';
  return `${name}${rows}${of} rows${walk.is_initial ? ' of all there is' : ' of what changed'}, ${rate.toFixed(1)} a second${left}`;
}
