import { createHash } from 'node:crypto';
import { ConnectorFailure, type PulledPage } from '../../connect/index.js';

/** The pages of a walk cannot be believed: it begins anew. */
export class LostPlace extends ConnectorFailure {
  constructor(message: string) {
    super('unexpected_shape', message);
  }
}

/** A walk under way: from where, how far, and what to recognize a circle by. */
export interface Walk {
  /** Rises with each page, so that two processes never both move it on. */
  step: number;
  /** Null: all there is. */
  since: string | null;
  cursor: string | null;
  startedAt: string;
  /** The newest state seen. */
  reachedTo: string | null;
  /** Failures since the last page that could be read. */
  failures: number;
  rows: number;
  total: number | null;
  /** Where the last pages began, shortened. */
  seen: string[];
}

const REMEMBERED = 64;

export function beginWalk(checkpoint: string | null, overlapMs: number, now: Date): Walk {
  const since = checkpoint === null ? null : new Date(Date.parse(checkpoint) - overlapMs).toISOString();
  return {
    step: 0,
    since,
    cursor: null,
    startedAt: now.toISOString(),
    reachedTo: checkpoint,
    failures: 0,
    rows: 0,
    total: null,
    seen: [],
  };
}

/**
 * The walk behind a page; null where that was the last. Throws a ConnectorFailure where the next page begins where an
 * earlier one did: such a walk would never end.
 */
export function behindPage(walk: Walk, page: PulledPage): Walk | null {
  if (page.next === null) return null;
  const mark = markOf(page.next);
  // A page that the system is not ready to give is asked for again where it was.
  const isPatient = page.waitMs !== undefined;
  if (!isPatient && (page.next === walk.cursor || walk.seen.includes(mark))) {
    throw new LostPlace(`page: the one behind "${walk.cursor}" leads back to "${page.next}"`);
  }
  return {
    ...walk,
    step: walk.step + 1,
    cursor: page.next,
    reachedTo: reachedBy(walk, page),
    failures: 0,
    rows: walk.rows + page.records.length,
    total: page.total ?? walk.total,
    seen: isPatient ? walk.seen : [...walk.seen, mark].slice(-REMEMBERED),
  };
}

/** Where the next walk starts from: the newest state seen, but never ahead of the hub's own clock. */
export function checkpointBehind(walk: Walk, lastPage: PulledPage): string | null {
  const reached = reachedBy(walk, lastPage);
  return reached !== null && reached > walk.startedAt ? walk.startedAt : reached;
}

function reachedBy(walk: Walk, page: PulledPage): string | null {
  const times = page.reachedTo ? [page.reachedTo] : page.records.map(({ modifiedAt }) => modifiedAt);
  const newest = times.reduce<string | null>((latest, time) => {
    const at = time.toISOString();
    return latest === null || at > latest ? at : latest;
  }, null);
  if (newest === null || (walk.reachedTo !== null && walk.reachedTo > newest)) return walk.reachedTo;
  return newest;
}

/** A cursor, shortened, to recognize it by. */
export function markOf(cursor: string): string {
  return createHash('sha256').update(cursor).digest('base64url').slice(0, 16);
}
