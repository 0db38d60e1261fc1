import { LostPlace, markOf } from '../pull/walk.rules.js';

/** A compare of a stream under way: what is there is listed first, then what is not as it was noted is looked at. */
export interface Run {
  id: string;
  /** Rises with each step, so that two processes never both move it on. */
  step: number;
  startedAt: string;
  phase: 'CENSUS' | 'COMPARE';
  cursor: string | null;
  /** Where the last pages of the census began, shortened. */
  seen: string[];
  /** Records listed by the system. */
  rows: number;
  /** Windows that are still to be looked at, and how far the first of them have been. */
  windows: number[];
  after: string;
  here: number;
  gone: number;
  figures: Figures;
}
export interface Figures {
  /** Records that were read one by one. */
  read: number;
  /** Drift that was found, and that had vanished. */
  opened: number;
  settled: number;
  /** Records that are fetched, or found to be gone, by the inbox. */
  sent: number;
}

const REMEMBERED = 64;
/** Windows of which candidates are listed together. */
export const WINDOWS_AT_ONCE = 16;
/** More than so many, and so large a part of what is known, are not deleted unless a person says so. */
const FEW_GONE = 10;
const PART_GONE = 0.2;

export function beginning(id: string, now: Date): Run {
  return {
    id,
    step: 0,
    startedAt: now.toISOString(),
    phase: 'CENSUS',
    cursor: null,
    seen: [],
    rows: 0,
    windows: [],
    after: '',
    here: 0,
    gone: 0,
    figures: { read: 0, opened: 0, settled: 0, sent: 0 },
  };
}

/** The run behind a page that is not the last. Throws a LostPlace where the next page begins where an earlier one did. */
export function behindCensusPage(run: Run, records: number, next: string): Run {
  const mark = markOf(next);
  if (next === run.cursor || run.seen.includes(mark))
    throw new LostPlace(`census: the page behind "${run.cursor}" leads back to "${next}"`);
  const seen = [...run.seen, mark].slice(-REMEMBERED);
  return { ...run, step: run.step + 1, cursor: next, rows: run.rows + records, seen };
}

/** The run behind the cheap compare. */
export function behindTotals(run: Run, totals: { here: number; gone: number; windows: number[] }): Run {
  return { ...run, ...totals, step: run.step + 1, phase: 'COMPARE', cursor: null, seen: [], after: '' };
}

/** The run behind so many candidates of its first windows; `last` is null where there were no more. */
export function behindCandidates(run: Run, last: string | null, done: Figures): Run {
  const { figures } = run;
  const next = {
    ...run,
    step: run.step + 1,
    figures: {
      read: figures.read + done.read,
      opened: figures.opened + done.opened,
      settled: figures.settled + done.settled,
      sent: figures.sent + done.sent,
    },
  };
  if (last !== null) return { ...next, after: last };
  return { ...next, after: '', windows: run.windows.slice(WINDOWS_AT_ONCE) };
}

/** A system that suddenly lists much less may have lost it, or only its way: then a person is asked. */
export function mayDelete({ here, gone }: Pick<Run, 'here' | 'gone'>): boolean {
  return gone <= FEW_GONE || gone <= here * PART_GONE;
}
